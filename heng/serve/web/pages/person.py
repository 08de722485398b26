"""一个人 · One person, for administrators: leaving, the code for a password, posts given and taken, who stands in."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from heng.core.errors import HengError
from heng.desk.account import reset
from heng.desk.people import NewDeputy, NewPost, end, find, give, stand_in, take
from heng.desk.register import deputies, posts
from heng.desk.standing import SECURITY, SYSTEM
from heng.serve.web.administration import administering, orgs, place, tabs, tried
from heng.serve.web.filled import Filled, Form, day, until, whole
from heng.serve.web.listing import listing, spelt
from heng.serve.web.shown import page, told
from heng.serve.web.visit import Visit, Visiting
from heng.tables.codes import ROLE

router = APIRouter()


@router.get("/people/{login}")
def person(request: Request, visit: Visiting, login: str) -> Response:
    """一个人 · Who she is, her posts and deputies."""
    administering(visit, "/people")
    return _shown(request, visit, login, {})


@router.post("/people/{login}/end")
def leave(request: Request, visit: Visiting, login: str) -> Response:
    """离开 · She leaves: no log-in, no posts any more."""
    administering(visit, "/people")
    again = _again(request, visit, login, {})
    return tried(request, visit, _path(login), lambda: end(visit.desk.db, login, visit.login), again)


@router.post("/people/{login}/code")
def code(request: Request, visit: Visiting, login: str) -> Response:
    """设口令的代码 · A code to hand over; shown once."""
    administering(visit, "/people")
    try:
        made = reset(visit.desk.db, login, visit.login)
    except HengError as e:
        return _shown(request, visit, login, {}, told(e, visit.voice))
    return _shown(request, visit, login, {"code": made})


@router.post("/people/{login}/posts")
def give_post(request: Request, visit: Visiting, login: str, form: Filled) -> Response:
    """任职 · Give a post."""
    administering(visit, "/posts")
    db = visit.desk.db

    def do() -> None:
        new = NewPost(form.get("role", ""), *place(visit, form), day(form, "since", db.today), until(form), form.get("reason", "").strip())
        give(db, find(db, login), new, visit.login)

    return tried(request, visit, _path(login), do, _again(request, visit, login, form))


@router.post("/people/{login}/posts/end")
def take_post(request: Request, visit: Visiting, login: str, form: Filled) -> Response:
    """免职 · Take a post away, today."""
    administering(visit, "/posts")
    db = visit.desk.db
    return tried(
        request,
        visit,
        _path(login),
        lambda: take(db, whole(form, "number"), db.today, visit.login),
        _again(request, visit, login, {}),
    )


@router.post("/people/{login}/deputies")
def add_deputy(request: Request, visit: Visiting, login: str, form: Filled) -> Response:
    """请人代理 · Name who stands in."""
    administering(visit, "/deputies")
    db = visit.desk.db

    def do() -> None:
        new = NewDeputy(form.get("deputy", "").strip(), day(form, "since", db.today), day(form, "until"), form.get("reason", "").strip())
        stand_in(db, login, new, visit.login)

    return tried(request, visit, _path(login), do, _again(request, visit, login, form))


def _path(login: str) -> str:
    return f"/people/{login}"


def _again(request: Request, visit: Visit, login: str, form: Form) -> Any:
    return lambda lines: _shown(request, visit, login, form, lines)


def _shown(request: Request, visit: Visit, login: str, form: Form, lines: list[str] | None = None) -> Response:
    db, voice = visit.desk.db, visit.voice
    who, today = find(db, login), visit.desk.db.today
    now, later = posts(db, visit.login, today, who.login), posts(db, visit.login, date.max, who.login)  # given already, to begin later
    held = list({p["id"]: p for p in now + later}.values())
    away = deputies(db, visit.login, today, who.login)
    values: dict[str, Any] = {
        "who": who,
        "ended": spelt("ended", who.ended, voice) if who.ended else "",
        "posts": listing(voice.pick("任职", "Posts"), "role org dept since until by reason", held, voice),
        "deputies": listing(voice.pick("代理", "Deputies"), "login deputy since until by reason", away, voice),
        "roles": [(r, voice.pick(*words)) for r, words in ROLE.items() if r != "public"],
        "orgs": orgs(visit),
        "tabs": tabs(visit),
        "form": form,
        "lines": lines or [],
        "done": bool(request.query_params.get("done")) and not lines,
        "code": form.get("code", ""),
        "keeper": visit.role == SYSTEM,
        "guard": visit.role == SECURITY,
    }
    return page(request, "person.html", visit, 400 if lines else 200, **values)
