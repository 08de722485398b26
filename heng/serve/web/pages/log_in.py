"""登录与退出 · The way in and out: login, password, one-time code; the language and the role that are chosen."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import AccessError, HengError
from heng.desk.account import log_in, log_out, set_password, signed
from heng.serve.web.provider import provider_of
from heng.serve.web.shown import page, told
from heng.serve.web.visit import LANG, PURPOSE, ROLE, TOKEN, NotSetUp, Visiting, desk_of, house_of, voice_of
from heng.words import LANGUAGES

router = APIRouter()
YEAR = 31_536_000


@router.get("/login")
def ask(request: Request, to: str = "/", login: str = "", done: str = "") -> Response:
    """登录页 · The log-in page; `done`: a password has just been set."""
    desk_of(house_of(request))
    return _asked(request, to, login, done=bool(done))


@router.post("/login")
def let_in(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """登录 · Let the person in, or say why not; what was typed stays, but for the secrets."""
    db = desk_of(house_of(request)).db
    try:
        token = log_in(db, login, password, code.strip())
        signed(db, token)  # an account that is locked is told so here
    except AccessError as e:
        return _asked(request, to, login, lines=told(e, voice_of(request)))
    return entered(request, token, to)


def entered(request: Request, token: str, to: str) -> Response:
    """进来了 · On to where she wanted to go, with the session in a cookie that no script reads."""
    answer = RedirectResponse(inside(to), 303)
    answer.set_cookie(TOKEN, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def refused(request: Request, error: HengError) -> Response:
    """没放进来 · The log-in page with what was wrong."""
    return _asked(request, "/", "", lines=told(error, voice_of(request)))


def _asked(request: Request, to: str, login: str, *, lines: Sequence[str] = (), done: bool = False) -> Response:
    provider = provider_of(house_of(request).region())
    status = 403 if lines else 200
    values = {"to": inside(to), "login": login, "done": done, "provider": provider.name if provider else ""}
    return page(request, "log_in.html", status=status, lines=lines, **values)


@router.get("/password")
def ask_password(request: Request, login: str = "") -> Response:
    """设口令页 · Where a password is set with the code that was handed over, before there is a session."""
    return page(request, "password.html", login=login, lines=[])


@router.post("/password")
def choose(
    request: Request,
    login: Annotated[str, Form()] = "",
    proof: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """设口令 · Set the password, with the code or the present one; then she logs in with it."""
    desk = house_of(request).desk()
    if desk is None:
        raise NotSetUp
    try:
        agreeing(new, again)
        set_password(desk.db, login, proof, new)
    except HengError as e:
        return page(request, "password.html", status=400, login=login, lines=told(e, voice_of(request)))
    return RedirectResponse(f"/login?{urlencode({'login': login, 'done': '1'})}", 303)


def agreeing(new: str, again: str) -> None:
    """两次一样 · HengError where a new password was not typed twice the same."""
    if new != again:
        raise HengError("两次输入的口令不同", "the two passwords differ", where="password", mend=("再输一遍", "type them again"))


@router.post("/logout")
def let_out(visit: Visiting) -> Response:
    """退出 · End the session."""
    log_out(visit.desk.db, visit.token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(TOKEN)
    answer.delete_cookie(ROLE)
    answer.delete_cookie(PURPOSE)
    return answer


@router.get("/language/{lang}")
def speak(request: Request, lang: str, to: str = "/") -> Response:
    """换语言 · Choose the language of the pages."""
    answer = RedirectResponse(inside(to), 303)
    if lang in LANGUAGES:
        answer.set_cookie(LANG, lang, max_age=YEAR, samesite="lax", secure=request.url.scheme == "https")
    return answer


@router.post("/role")
def act_as(request: Request, visit: Visiting, role: Annotated[str, Form()]) -> Response:
    """换身份 · Choose in which of her roles the person asks from now on."""
    answer = RedirectResponse("/", 303)
    if role in visit.roles:
        answer.set_cookie(ROLE, role, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def inside(to: str) -> str:
    """只去本站 · Where to go next, if it is a place of this site; else the first page."""
    if not to.startswith("/") or to.startswith("//") or "\\" in to:
        return "/"
    parts = urlsplit(to)
    return "/" if parts.scheme or parts.netloc else to
