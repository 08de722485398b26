"""组成网站 · The web application: pages, files of the program, what is said when something goes wrong."""

import importlib
import logging
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

import heng
import heng.serve.web.pages
from heng.core.errors import AccessError, HengError
from heng.serve.api.answers import AT
from heng.serve.api.interface import interface
from heng.serve.api.problem import no_such_way
from heng.serve.api.problem import told as problem
from heng.serve.web.house import House
from heng.serve.web.kept import Kept
from heng.serve.web.security import Secured
from heng.serve.web.shown import STATIC, page, told
from heng.serve.web.visit import NotSetUp, NotSignedIn, form_checked, voice_of

LOG = logging.getLogger("heng.web")


def application(folder: Path) -> FastAPI:
    """一个区域的网站 · The web application of one region folder; HengError when it is not a region."""
    house = House(folder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        house.close()

    app = FastAPI(title="衡 Heng", version=heng.__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.house = house
    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount(AT, interface(house))
    app.add_middleware(Kept, told=_told)
    app.add_middleware(Secured)
    for name in sorted(m.name for m in pkgutil.iter_modules(heng.serve.web.pages.__path__)):
        router = importlib.import_module(f"{heng.serve.web.pages.__name__}.{name}").router
        app.include_router(router, dependencies=[Depends(form_checked)])
    app.add_exception_handler(NotSetUp, _set_up)
    app.add_exception_handler(NotSignedIn, _log_in)
    app.add_exception_handler(HengError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(Exception, _unexpected)
    return app


async def _set_up(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/setup", 303)


async def _log_in(request: Request, _error: Exception) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    answer: Response = RedirectResponse(f"/login?to={quote(here, safe='')}", 303)
    if "hx-request" in request.headers:  # a part of a page: the whole page goes to the log-in
        answer = Response(
            status_code=204, headers={"HX-Redirect": f"/login?to={quote(request.headers.get('hx-current-url', '/'), safe='')}"}
        )
    return answer


async def _told(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(f"{AT}/") and isinstance(error, HengError):
        return problem(request, error)
    status = 403 if isinstance(error, AccessError) else 400
    return page(request, "error.html", status=status, lines=told(error, voice_of(request)))


async def _malformed(request: Request, error: Exception) -> Response:
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    names = ", ".join(dict.fromkeys(str(part) for e in wrong for part in e["loc"][1:2]))
    voice = voice_of(request)
    lines = [
        voice.pick(f"没有填，或写得不对：{names}", f"missing or not well formed: {names}"),
        voice.pick("→ 请从页面上的链接或表单再来一次", "→ come again by a link or a form of the pages"),
    ]
    return page(request, "error.html", status=400, lines=lines)


async def _missing(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(f"{AT}/"):
        return await no_such_way(request, error)
    voice, status = voice_of(request), getattr(error, "status_code", 404)
    said = voice.pick("这里没有页面", "there is no page here") if status == 404 else voice.pick("这样问不行", "this cannot be asked so")
    return page(request, "error.html", status=status, lines=[said])


async def _unexpected(request: Request, error: Exception) -> Response:
    LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    voice = voice_of(request)
    return page(
        request,
        "error.html",
        status=500,
        lines=[
            voice.pick("出了意外，这一步没有做成", "something unexpected happened: this step was not done"),
            voice.pick(
                "→ 请再试一次；仍不行，把时间和做法告诉信息科", "→ try again; if it fails again tell your IT department when and what"
            ),
        ],
    )
