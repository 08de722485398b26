"""接口令牌 · Tokens of machines: the register, a new one that is shown this once, taking one back; for the security administrator."""

from typing import Any

from fastapi import APIRouter, Request, Response

from heng.core.errors import HengError
from heng.desk.register import people
from heng.desk.rights import ACTION, EMERGENCY
from heng.desk.standing import APART
from heng.desk.tokens import NewToken, make, tokens, withdraw
from heng.serve.api.answers import AT
from heng.serve.web.administration import administering, orgs, tabs, tried
from heng.serve.web.filled import Filled, Form, day, whole
from heng.serve.web.listing import carried, listing
from heng.serve.web.shown import page, told
from heng.serve.web.visit import Visit, Visiting
from heng.tables.codes import ROLE

router = APIRouter()
COLUMNS = "id login name role actions orgs purpose made until used ended by"
HERE = "/tokens"


@router.get("/tokens")
@router.get("/tokens.{kind}")
def register(request: Request, visit: Visiting, kind: str = "") -> Response:
    """令牌名册 · The register, those that have ended when asked; never what a token says."""
    administering(visit, HERE)
    if kind:
        return carried(listing(visit.voice.pick("令牌", "tokens"), COLUMNS, _rows(request, visit), visit.voice), f".{kind}", visit.voice)
    return _shown(request, visit, {})


@router.post("/tokens")
def new(request: Request, visit: Visiting, form: Filled) -> Response:
    """做令牌 · Make a token; this answer is the only place where it is shown."""
    administering(visit, HERE)
    try:
        number, said = make(visit.desk.db, visit.login, _new(visit, form))
    except HengError as e:
        return _shown(request, visit, form, lines=told(e, visit.voice))
    return _shown(request, visit, {}, made=(number, said))


@router.post("/tokens/withdraw")
def take_back(request: Request, visit: Visiting, form: Filled) -> Response:
    """收回 · Take a token back: it ends at once."""
    administering(visit, HERE)
    return tried(
        request,
        visit,
        HERE,
        lambda: withdraw(visit.desk.db, visit.login, whole(form, "number")),
        lambda lines: _shown(request, visit, {}, lines=lines),
    )


def _new(visit: Visit, form: Form) -> NewToken:
    text = {n: form.get(n, "").strip() for n in ("login", "name", "role", "org", "purpose")}
    actions = tuple(a for a in ACTION if form.get(f"action.{a}"))
    org = (visit.region.hospital(text["org"]).code,) if text["org"] else ()
    return NewToken(text["login"], text["name"], text["role"], actions, day(form, "until"), org, text["purpose"])


def _rows(request: Request, visit: Visit) -> list[dict[str, Any]]:
    return tokens(visit.desk.db, visit.login, every=bool(request.query_params.get("all")))


def _shown(request: Request, visit: Visit, form: Form, *, lines: list[str] | None = None, made: tuple[int, str] | None = None) -> Response:
    voice, rows = visit.voice, _rows(request, visit)
    accounts = [p for p in people(visit.desk.db, visit.login) if not p["password"]]
    values: dict[str, Any] = {
        "tabs": tabs(visit),
        "list": listing(voice.pick("接口令牌", "API tokens"), COLUMNS, rows, voice),
        "all": bool(request.query_params.get("all")),
        "open": {r["id"] for r in rows if r["ended"] is None},
        "orgs": orgs(visit),
        "accounts": [(p["login"], f"{p['login']} {p['name']}") for p in accounts],
        "roles": [(r, voice.pick(*words)) for r, words in ROLE.items() if r not in APART],
        "actions": [(a, voice.pick(*words)) for a, words in ACTION.items() if a != EMERGENCY],
        "documentation": f"{AT}/openapi.json",
        "form": form,
        "lines": lines or [],
        "made": made,
        "done": bool(request.query_params.get("done")) and not lines,
    }
    return page(request, "tokens.html", visit, 400 if lines else 200, **values)
