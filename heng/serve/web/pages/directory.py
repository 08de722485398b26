"""名册 · Posts and deputies of all, and which hospitals work together."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from heng.desk.partners import NewPartner, pair, part
from heng.desk.register import deputies, partnerships, posts
from heng.desk.standing import SECURITY
from heng.serve.web.administration import administering, orgs, tabs, tried
from heng.serve.web.filled import Filled, Form, day, until, whole
from heng.serve.web.listing import Listing, carried, listing
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()
Register = Callable[[Visit, Mapping[str, str]], Listing]


def _posts(visit: Visit, asked: Form) -> Listing:
    rows = posts(visit.desk.db, visit.login, day(asked, "day", visit.desk.db.today))
    return listing(visit.voice.pick("任职", "Posts"), "name login role org dept since until by reason", rows, visit.voice, _person)


def _deputies(visit: Visit, asked: Form) -> Listing:
    rows = deputies(visit.desk.db, visit.login, day(asked, "day", visit.desk.db.today))
    return listing(visit.voice.pick("代理", "Deputies"), "name login deputy since until by reason", rows, visit.voice, _person)


def _partners(visit: Visit, asked: Form) -> Listing:
    rows = partnerships(visit.desk.db, visit.login, day(asked, "day", visit.desk.db.today))
    return listing(visit.voice.pick("合作医院", "Partners"), "org partner since until by reason", rows, visit.voice)


def _person(row: Mapping[str, Any]) -> str:
    return f"/people/{row['login']}"


REGISTERS: dict[str, Register] = {"/posts": _posts, "/deputies": _deputies, "/partners": _partners}


@router.get("/posts")
@router.get("/posts.{kind}")
@router.get("/deputies")
@router.get("/deputies.{kind}")
@router.get("/partners")
@router.get("/partners.{kind}")
def register(request: Request, visit: Visiting, kind: str = "") -> Response:
    """一张名册 · A register, as it stands on a day."""
    path = request.url.path.partition(".")[0]
    administering(visit, path)
    if kind:
        return carried(REGISTERS[path](visit, request.query_params), f".{kind}", visit.voice)
    return _shown(request, visit, path, {})


@router.post("/partners")
def make(request: Request, visit: Visiting, form: Filled) -> Response:
    """结成合作 · Two hospitals become partners."""
    administering(visit, "/partners")
    db = visit.desk.db

    def do() -> None:
        new = NewPartner(
            form.get("one", ""), form.get("other", ""), day(form, "since", db.today), until(form), form.get("reason", "").strip()
        )
        pair(db, new, visit.login)

    return tried(request, visit, "/partners", do, lambda lines: _shown(request, visit, "/partners", form, lines))


@router.post("/partners/end")
def finish(request: Request, visit: Visiting, form: Filled) -> Response:
    """结束合作 · They are partners no longer."""
    administering(visit, "/partners")
    db = visit.desk.db
    return tried(
        request,
        visit,
        "/partners",
        lambda: part(db, whole(form, "number"), db.today, visit.login),
        lambda lines: _shown(request, visit, "/partners", {}, lines),
    )


def _shown(request: Request, visit: Visit, path: str, form: Form, lines: list[str] | None = None) -> Response:
    values: dict[str, Any] = {
        "tabs": tabs(visit),
        "at": path,
        "list": REGISTERS[path](visit, request.query_params),
        "day": request.query_params.get("day", ""),
        "orgs": orgs(visit),
        "form": form,
        "lines": lines or [],
        "done": bool(request.query_params.get("done")) and not lines,
        "guard": visit.role == SECURITY,
    }
    return page(request, "directory.html", visit, 400 if lines else 200, **values)
