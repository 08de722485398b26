"""我的账号 · One's own account: password, one-time codes, sessions, who stands in while one is away."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import HengError
from heng.desk.account import log_in, new_totp, set_password, set_totp
from heng.desk.people import NewDeputy, stand_in
from heng.desk.sessions import end_session, live_sessions
from heng.serve.web.filled import Filled, Form, day, whole
from heng.serve.web.listing import Listing, listing, spelt
from heng.serve.web.pages.log_in import agreeing, entered
from heng.serve.web.shown import page, told
from heng.serve.web.visit import PURPOSE, Visit, Visiting

router = APIRouter()
DONE = {
    "session": ("那个会话已结束", "that session has ended"),
    "totp": ("以后登录要动态码", "from now on log-in asks for a one-time code"),
    "password": ("口令已设好，别处的登录都已退出", "the password is set; you are logged out everywhere else"),
    "purpose": ("目的已改", "the purpose is changed"),
    "deputy": ("已请人代理，当天生效", "your deputy is named, from that day on"),
}


@router.get("/account")
def account(request: Request, visit: Visiting, done: str = "") -> Response:
    """我的账号 · The page of one's own account."""
    return _shown(request, visit, {}, done=visit.voice.pick(*DONE.get(done, ("", ""))))


@router.get("/account/alive")
def alive(visit: Visiting) -> Response:
    """还在 · A sign of life of somebody who reads or types for long."""
    return Response(status_code=204 if visit.token else 401)


@router.post("/account/password")
def change_password(request: Request, visit: Visiting, form: Filled) -> Response:
    """改口令 · Change the password; the session goes on, every other one ends."""
    new = form.get("new", "")
    try:
        agreeing(new, form.get("again", ""))
        set_password(visit.desk.db, visit.login, form.get("proof", ""), new)
    except HengError as e:
        return _shown(request, visit, {}, told(e, visit.voice))
    try:
        token = log_in(visit.desk.db, visit.login, new, form.get("code", "").strip())
    except HengError:  # the password is set, the one-time code was wrong: she logs in anew
        return RedirectResponse("/login?done=1", 303)
    return entered(request, token, "/account?done=password")


@router.post("/account/totp")
def one_time_codes(request: Request, visit: Visiting, form: Filled) -> Response:
    """动态码 · First shows a secret for the phone; with a code of the phone it comes into use."""
    if not (secret := form.get("secret", "")):
        secret, address = new_totp(visit.login)
        return _shown(request, visit, {"secret": secret, "address": address})
    try:
        set_totp(visit.desk.db, visit.token, secret, form.get("code", "").strip())
    except HengError as e:
        return _shown(request, visit, {"secret": secret}, told(e, visit.voice))
    return RedirectResponse("/account?done=totp", 303)


@router.post("/account/purpose")
def look_for(request: Request, _visit: Visiting, form: Filled) -> Response:
    """为了什么 · What she looks at data for from now on, as grants and the broken glass ask; empty for nothing in particular."""
    answer, wanted = RedirectResponse("/account?done=purpose", 303), form.get("purpose", "").strip()[:200]
    if wanted:
        answer.set_cookie(PURPOSE, quote(wanted), httponly=True, samesite="lax", secure=request.url.scheme == "https")
    else:
        answer.delete_cookie(PURPOSE)
    return answer


@router.post("/account/session")
def end_one(request: Request, visit: Visiting, form: Filled) -> Response:
    """结束会话 · End one of one's own sessions."""
    try:
        end_session(visit.desk.db, visit.token, whole(form, "number"))
    except HengError as e:
        return _shown(request, visit, {}, told(e, visit.voice))
    return RedirectResponse("/account?done=session", 303)


@router.post("/account/deputy")
def name_deputy(request: Request, visit: Visiting, form: Filled) -> Response:
    """请人代理 · Name who stands in while one is away."""
    db = visit.desk.db
    try:
        new = NewDeputy(form.get("deputy", "").strip(), day(form, "since", db.today), day(form, "until"), form.get("reason", "").strip())
        stand_in(db, visit.login, new, visit.login)
    except HengError as e:
        return _shown(request, visit, form, told(e, visit.voice))
    return RedirectResponse("/account?done=deputy", 303)


def _shown(request: Request, visit: Visit, form: Form, lines: Sequence[str] = (), done: str = "") -> Response:
    values: dict[str, Any] = {"form": form, "lines": lines, "done": done, "posts": _posts(visit)}
    sessions = [(s, *(spelt("", m, visit.voice) for m in (s.began, s.seen))) for s in live_sessions(visit.desk.db, visit.token)]
    return page(request, "account.html", visit, status=400 if lines else 200, sessions=sessions, **values)


def _posts(visit: Visit) -> Listing:
    rows = [
        {
            "role": p.role,
            "org": _named(visit, p.org),
            "dept": p.dept,
            "since": p.since,
            "until": p.until,
            "deputy": _standing_in(visit, p.person),
        }
        for p in visit.signed.posts
    ]
    return listing(visit.voice.pick("我的任职", "My posts"), "role org dept since until deputy", rows, visit.voice)


def _named(visit: Visit, org: str) -> str:
    return f"{org} {visit.region.hospitals[org].name}" if org in visit.region.hospitals else org or visit.voice.pick("区域", "the region")


def _standing_in(visit: Visit, person: int) -> str:
    return "" if person == visit.signed.person.id else visit.voice.pick("代理他人", "standing in")
