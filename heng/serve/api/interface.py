"""接口 · The interface for programs at /api/v1: its ways, who may take them, and what its documentation says."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

import heng
import heng.serve.api.routes
from heng.serve.api.answers import AT
from heng.serve.api.caller import BEARER
from heng.serve.api.limits import Limits
from heng.serve.api.problem import MEDIA, Problem, problems
from heng.serve.web.house import House

ABOUT = (
    "衡的接口：与网页同样的问题、同样的范围。用机器令牌（Bearer）；看也可用网页的登录。更改要带 Idempotency-Key。\n\n"
    "The interface of Heng: the questions of the pages, in the same scope. Show a machine's token (Bearer); to read, the session of "
    "the pages will do. A change carries an Idempotency-Key."
)
WRONG = {
    400: "请求写得不对 · the request is not well formed",
    401: "不知道是谁在问 · it is not known who asks",
    403: "不在权限内 · not allowed",
    404: "没有 · not found",
    409: "与先前的请求或数据不合 · in conflict with an earlier request or with the data",
    422: "写得对而办不成 · well formed, but cannot be done",
    429: "问得太快 · too many requests",
    503: "还没建案头 · not set up yet",
}


def interface(house: House, limits: Limits | None = None) -> FastAPI:
    """一个区域的接口 · The interface of a region that is served."""
    app = _ways()
    app.state.house, app.state.limits = house, limits or Limits()
    app.middleware("http")(_limited)
    problems(app)
    app.openapi = lambda: documentation(app)  # type: ignore[method-assign]  # FastAPI's own way to say it otherwise
    return app


def documented() -> dict[str, Any]:
    """文档 · The documentation, without a region."""
    return documentation(_ways())


def _ways() -> FastAPI:
    responses: dict[int | str, dict[str, Any]] = {status: {"model": Problem, "description": said} for status, said in WRONG.items()}
    app = FastAPI(docs_url=None, redoc_url=None, responses=responses, generate_unique_id_function=_named)
    app.title, app.version, app.description = "衡 Heng", heng.__version__, ABOUT
    for name in sorted(m.name for m in pkgutil.iter_modules(heng.serve.api.routes.__path__)):
        app.include_router(importlib.import_module(f"{heng.serve.api.routes.__name__}.{name}").router)
    return app


def _named(way: APIRoute) -> str:
    return f"{way.tags[0]}_{way.name}" if way.tags else way.name


async def _limited(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call_next(request)
    if limit := getattr(request.state, "limit", None):
        answer.headers.update(limit.headers)
    return answer


def documentation(app: FastAPI) -> dict[str, Any]:
    """文档（OpenAPI 3.1） · The documentation: what FastAPI reads off the ways, with problems as what they are."""
    if app.openapi_schema is None:
        said = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes, servers=[{"url": AT}])
        for how, way in ((how, way) for ways in said["paths"].values() for how, way in ways.items()):
            if how != "get":
                way["security"] = [{BEARER.scheme_name: []}]
            for status, answer in way["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {MEDIA: next(iter(answer["content"].values()))}
        app.openapi_schema = said
    return app.openapi_schema
