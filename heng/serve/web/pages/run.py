"""计算与结账 · Run and close: which months are out of date, work them out, close them, reopen them with a reason."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from heng.app.compute import outdated
from heng.app.inputs import Cell
from heng.app.reader import Reader
from heng.core.errors import AccessError, HengError
from heng.desk.jobs import jobs
from heng.serve.months import spans
from heng.serve.web.doing import doer, open_ones, ordered, places
from heng.serve.web.pages.jobs import entry
from heng.serve.web.remembered import Remembered
from heng.serve.web.shown import page, told
from heng.serve.web.visit import Visit, Visiting
from heng.store.manifest import Closing
from heng.tables.costing import DeptCost

router = APIRouter()
MONTHS = 12
"""看几个月 · Months of the page; older ones are asked for."""
STATES = {
    "new": ("yellow", "没有算过", "never worked out"),
    "stale": ("yellow", "数据、规则或程序有改动，要重算", "data, rules or program have changed: run again"),
    "fresh": ("green", "已算好", "worked out"),
    "closed": ("none", "已结账", "closed"),
}
LATELY = 40
"""从最近几件里找 · Jobs that are looked through for what was done lately."""
CELLS = Remembered(4096)
"""各院月是否过时 · Whether hospital-months are out of date, by generation: worked out once."""


@dataclass(frozen=True)
class Month:
    """一个院月 · A hospital's month: how it stands, what of it is out of date, its closing, and the last time it was reopened."""

    org: str
    month: str
    state: str
    stale: tuple[str, ...]
    closed: Closing | None
    reopened: Closing | None
    may_run: bool
    may_close: bool

    @property
    def due(self) -> bool:
        """要不要算 · Whether it is to be worked out."""
        return self.may_run and self.state in ("new", "stale")


@dataclass
class Closed:
    """结账的表单 · The form that closes or reopens a month."""

    org: Annotated[str, Form()]
    month: Annotated[str, Form()]
    act: Annotated[str, Form()] = "close"
    reason: Annotated[str, Form()] = ""
    once: Annotated[str, Form()] = ""


@router.get("/run")
def run(request: Request, visit: Visiting, org: str = "", all: str = "") -> Response:  # noqa: A002 - the word of the address
    """计算与结账 · The months by hospital, with how each stands."""
    return _page(request, visit, org, every=bool(all))


@router.post("/run")
def work_out(
    request: Request,
    visit: Visiting,
    cell: Annotated[tuple[str, ...], Form()] = (),
    due: Annotated[str, Form()] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    """计算 · Queue the working out of the months chosen, or of all that need it."""
    cells = [_cell(visit, c) for c in cell] or [(m.org, m.month) for m in _months(visit, _orgs(visit, due), every=True) if m.due]
    if not cells:
        error = HengError(
            "没有要算的月份", "there is no month to work out", mend=("先装入文件，或勾选要重算的月份", "load files first, or tick months")
        )
        return _page(request, visit, due, error=error)
    asked = {"orgs": sorted({o for o, _ in cells}), "cells": sorted(cells)}
    return RedirectResponse(f"/jobs/{ordered(visit, 'run', once or secrets.token_hex(8), asked).id}", 303)


@router.post("/run/close")
def close(request: Request, visit: Visiting, form: Annotated[Closed, Depends()]) -> Response:
    """结账或反结账 · Queue the closing or reopening of a month; a reopening without a reason is refused in place."""
    org, month = _cell(visit, f"{form.org} {form.month}")
    kind, reason = "reopen" if form.act == "reopen" else "close", form.reason.strip()
    if kind == "reopen" and not reason:
        error = HengError(
            "反结账须写明原因", "reopening needs a reason", where=f"{org} {month}", mend=("写明为何要改", "say what has to be changed")
        )
        return _page(request, visit, org, error=error)
    job = ordered(visit, kind, form.once or secrets.token_hex(8), {"orgs": [org], "month": month, "reason": reason})
    return RedirectResponse(f"/jobs/{job.id}", 303)


def _page(request: Request, visit: Visit, org: str, *, every: bool = False, error: HengError | None = None) -> Response:
    orgs = _orgs(visit, "")
    chosen = _orgs(visit, org)
    months = _months(visit, chosen, every=every)
    recent = [entry(visit, j, n) for j, n in open_ones(visit, jobs(visit.desk.db, ("run", "close", "reopen"), LATELY))]
    values: dict[str, Any] = {
        "lines": told(error, visit.voice) if error else [],
        "org": chosen[0] if org else "",
        "orgs": [(o, f"{o} {visit.region.hospitals[o].name}") for o in orgs],
        "months": months,
        "due": [m for m in months if m.due],
        "due_spans": spans({m.month for m in months if m.due}),
        "states": {k: (level, visit.voice.pick(zh, en)) for k, (level, zh, en) in STATES.items()},
        "every": every,
        "loads": bool(places(visit, "load")),
        "more": not every and len({m for _, m in visit.region.cells(chosen)}) > MONTHS,
        "recent": recent[:5],
        "busy": any(j["open"] for j in recent),
        "once": secrets.token_hex(8),
    }
    return page(request, "run.html", visit, status=400 if error else 200, **values)


def _orgs(visit: Visit, written: str) -> list[str]:
    near = dict.fromkeys([*places(visit, "run"), *places(visit, "close")])
    found = [o for o in visit.region.hospitals if o in near]
    if written:
        code = visit.region.hospital(written).code
        found = [code] if code in found else []
    if not found:
        doer(visit, "run").must([written or (visit.orgs or ("",))[0]])  # says what is missing
        raise AccessError(
            "没有可以计算的医院", "there is no hospital to run", mend=("请安全管理员任命", "ask the security administrator for a post")
        )
    return found


def _months(visit: Visit, orgs: list[str], *, every: bool) -> list[Month]:
    running, closing = set(places(visit, "run")), set(places(visit, "close"))
    cells = visit.region.cells(orgs)
    newest = sorted({m for _, m in cells}, reverse=True)[: None if every else MONTHS]
    reader = visit.reader()
    ordered_cells = sorted((c for c in cells if c[1] in set(newest)), key=lambda c: (newest.index(c[1]), c[0]))
    return [_month(reader, c, (c[0] in running, c[0] in closing)) for c in ordered_cells]


def _month(reader: Reader, cell: Cell, may: tuple[bool, bool]) -> Month:
    manifest, voiced = reader.region.manifest, CELLS.of(reader, cell, lambda r: tuple(c.name for c in outdated(r.region, cell)))
    closed = manifest.is_closed(*cell)
    again = [c for c in manifest.reopened if (c.org, c.month) == cell]
    worked = manifest.part(DeptCost.__name__, *cell) is not None
    state = "closed" if closed else "stale" if voiced else "fresh" if worked else "new"
    return Month(*cell, state, () if closed else voiced, closed, again[-1] if again else None, *may)


def _cell(visit: Visit, written: str) -> Cell:
    org, _, month = written.partition(" ")
    code = visit.region.hospital(org).code
    if (code, month) not in visit.region.manifest.cells:
        raise HengError(f"{code} 没有 {month} 的数据", f"{code} has no data of {month}", mend=("先装入文件", "load files first"))
    return code, month
