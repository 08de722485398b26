"""初次使用向导 · The first-run wizard: it opens with the code that the server's console shows, and closes when somebody can log in."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import AccessError, HengError
from heng.desk.account import plain
from heng.serve.web.beginning import Named, begin, make_region, written
from heng.serve.web.house import House
from heng.serve.web.shown import page, told
from heng.serve.web.visit import house_of, voice_of

router = APIRouter()
SHOWN = "heng_setup"
"""放设置码的饼干 · The cookie that keeps the set-up code from step to step."""


@router.get("/setup")
def step(request: Request) -> Response:
    """现在的一步 · The step that is due; the first page when all is done."""
    house = house_of(request)
    if house.begun:
        return RedirectResponse("/", 303)
    if not _opened(request, house):
        return page(request, "setup.html", step="code", lines=[])
    if not house.founded:
        return page(request, "setup.html", step="region", name="", hospitals="", lines=[])
    return page(request, "setup.html", step="people", region=house.region(), people=written(house.region(), house.desk()), lines=[])


@router.post("/setup")
def unlock(request: Request, code: Annotated[str, Form()] = "") -> Response:
    """设置码 · Open the wizard with the code of the console."""
    house = house_of(request)
    if not _same(code, house):
        return page(request, "setup.html", status=403, step="code", lines=told(_locked(), voice_of(request)))
    answer = RedirectResponse("/setup", 303)
    answer.set_cookie(SHOWN, plain(code), httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


@router.post("/setup/region")
def region(request: Request, name: Annotated[str, Form()] = "", hospitals: Annotated[str, Form()] = "") -> Response:
    """区域与医院 · Make the region; what was typed stays where it cannot be."""
    house = _open(request)
    try:
        make_region(house.folder, name, hospitals)
    except HengError as e:
        lines = told(e, voice_of(request))
        return page(request, "setup.html", status=400, step="region", name=name, hospitals=hospitals, lines=lines)
    return RedirectResponse("/setup", 303)


@router.post("/setup/people")
def three(
    request: Request,
    login: Annotated[list[str] | None, Form()] = None,
    name: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """三位管理员与装数的人 · The administrators and loaders; shows each one's code, once."""
    house = _open(request)
    region = house.region()
    places = written(region, house.desk())
    typed = [Named(p.role, p.org, at.strip(), called.strip()) for p, at, called in zip(places, login or [], name or [], strict=False)]
    try:
        slips = begin(region, typed)
    except HengError as e:
        lines = told(e, voice_of(request))
        return page(request, "setup.html", status=400, step="people", region=region, people=typed, lines=lines)
    return page(request, "setup.html", step="slips", region=region, slips=slips, lines=[])


def _open(request: Request) -> House:
    house = house_of(request)
    if house.begun or not _opened(request, house):
        raise _locked()
    return house


def _opened(request: Request, house: House) -> bool:
    return _same(request.cookies.get(SHOWN, ""), house)


def _same(code: str, house: House) -> bool:
    return hmac.compare_digest(plain(code).encode(), plain(house.code).encode())


def _locked() -> AccessError:
    return AccessError(
        "设置码不对，或设置已经完成",
        "that is not the set-up code, or the set-up is done",
        where="setup",
        mend=(
            "设置码显示在启动网站的终端里，每次启动都不同",
            "the console of the server shows it; every start makes a new one",
        ),
    )
