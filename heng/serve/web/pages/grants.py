"""授权 · Grants: the register, giving, withdrawing; for the security administrator, who grants nothing to herself."""

from typing import Any

from fastapi import APIRouter, Request, Response

from heng.core.errors import HengError, did_you_mean
from heng.core.scope import Level
from heng.core.table import TABLES
from heng.desk.grants import Given, grant, withdraw
from heng.desk.register import grant_register
from heng.desk.rights import ACTION
from heng.serve.web.administration import administering, orgs, tabs, tried
from heng.serve.web.filled import Filled, Form, day, until, whole
from heng.serve.web.listing import carried, listing
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting
from heng.serve.web.words import LEVELS
from heng.tables.codes import ROLE

router = APIRouter()
COLUMNS = "id role action relation org holder level purpose tables columns since until by reason"
RELATIONS = {
    "own": ("本院", "own hospital"),
    "dept": ("本科室", "own department"),
    "partner": ("合作医院", "partners"),
    "named": ("指定的医院", "a named hospital"),
    "region": ("全区域", "the region"),
}
"""关系 · In which relation the holder stands to the hospital whose data they are."""


@router.get("/grants")
@router.get("/grants.{kind}")
def register(request: Request, visit: Visiting, kind: str = "") -> Response:
    """授权名册 · The register, those that have ended when asked."""
    administering(visit, "/grants")
    if kind:
        return carried(listing(visit.voice.pick("授权", "grants"), COLUMNS, _rows(request, visit), visit.voice), f".{kind}", visit.voice)
    return _shown(request, visit, {})


@router.post("/grants")
def give(request: Request, visit: Visiting, form: Filled) -> Response:
    """授权 · Grant."""
    administering(visit, "/grants")
    desk = visit.desk
    return tried(
        request,
        visit,
        "/grants",
        lambda: grant(desk.db, desk.rights, visit.login, _given(visit, form)),
        lambda lines: _shown(request, visit, form, lines),
    )


@router.post("/grants/withdraw")
def take_back(request: Request, visit: Visiting, form: Filled) -> Response:
    """收回 · Withdraw a grant: it ends today."""
    administering(visit, "/grants")
    return tried(
        request,
        visit,
        "/grants",
        lambda: withdraw(visit.desk.db, visit.login, whole(form, "number"), form.get("reason", "")),
        lambda lines: _shown(request, visit, {}, lines),
    )


def _given(visit: Visit, form: Form) -> Given:
    tables, columns = (tuple(form.get(n, "").replace(",", " ").split()) for n in ("tables", "columns"))
    if strange := [t for t in tables if t not in TABLES]:
        raise HengError(f"没有表 {strange[0]}", f"there is no table {strange[0]}", where="tables", mend=did_you_mean(strange[0], TABLES))
    text = {n: form.get(n, "").strip() for n in ("role", "action", "relation", "reason", "org", "holder", "purpose")}
    level = whole(form, "level")
    if level > max(Level):
        raise HengError(f"没有第 {level} 级", f"there is no level {level}", where="level")
    return Given(
        text["role"],
        text["action"],
        text["relation"],
        Level(level),
        text["reason"],
        org=text["org"] or None,
        holder=text["holder"] or None,
        purpose=text["purpose"],
        tables=tables,
        columns=columns,
        since=day(form, "since", visit.desk.db.today),
        until=until(form),
    )


def _rows(request: Request, visit: Visit) -> list[dict[str, Any]]:
    every = bool(request.query_params.get("all"))
    return grant_register(visit.desk.db, visit.login, visit.desk.db.today, every=every)


def _shown(request: Request, visit: Visit, form: Form, lines: list[str] | None = None) -> Response:
    voice, rows = visit.voice, _rows(request, visit)
    spoken = [{**r, "relation": voice.pick(*RELATIONS.get(r["relation"], (r["relation"], r["relation"])))} for r in rows]
    values: dict[str, Any] = {
        "tabs": tabs(visit),
        "list": listing(voice.pick("授权", "Grants"), COLUMNS, spoken, voice),
        "all": bool(request.query_params.get("all")),
        "open": {r["id"] for r in rows if r["until"] is None or r["until"] > visit.desk.db.today},
        "orgs": orgs(visit),
        "roles": [(r, voice.pick(*words)) for r, words in ROLE.items()],
        "actions": [(a, voice.pick(*words)) for a, words in ACTION.items()],
        "relations": [(r, voice.pick(*words)) for r, words in RELATIONS.items()],
        "levels": [(str(int(n)), f"{int(n)} {voice.pick(*words)}") for n, words in LEVELS.items()],
        "form": form,
        "lines": lines or [],
        "done": bool(request.query_params.get("done")) and not lines,
    }
    return page(request, "grants.html", visit, 400 if lines else 200, **values)
