"""装入 · Load: hand in a hospital's files, see what is wrong with them, mend it and hand it in again; what is there, what is missing."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from heng.app.load_schemes import everywhere, may_load_schemes, must_load_schemes
from heng.core.errors import AccessError, HengError, did_you_mean
from heng.core.period import period
from heng.core.scope import Level
from heng.core.table import table as table_of
from heng.desk.jobs import jobs
from heng.desk.schema import Job
from heng.intake.vocabulary import templates
from heng.serve.excel.template import write_template
from heng.serve.taught import taught
from heng.serve.web import delivered
from heng.serve.web.amiss import amiss
from heng.serve.web.doing import doer, open_ones, ordered, places
from heng.serve.web.downloads import as_file
from heng.serve.web.pages.jobs import entry, opened
from heng.serve.web.shown import page, told
from heng.serve.web.uploads import MOST, Known, fingerprint, form_of, kept, removed, there
from heng.serve.web.visit import Visit, Visiting

router = APIRouter(route_class=Known)
Sent = Annotated[FormData, Depends(form_of)]
OVERLAP = ("refuse", "add", "replace")
LISTED = 50
WRITTEN = ("org", "month", "table", "overlap", "headers")


@dataclass(frozen=True)
class Typed:
    """填了什么 · What was typed into the form, kept when it is refused."""

    org: str = ""
    month: str = ""
    table: str = ""
    overlap: str = "refuse"
    headers: str = ""
    lines: list[str] = field(default_factory=list)


@router.get("/load")
def load(request: Request, visit: Visiting, org: str = "") -> Response:
    """装入 · The form, and what the hospital has handed in so far."""
    return _page(request, visit, Typed(org))


@router.post("/load")
def hand_in(request: Request, visit: Visiting, form: Sent) -> Response:
    """交来文件 · Keep the files and queue their loading; what cannot be taken is told in place."""
    org, month, table, overlap, headers = (_said(form, name) for name in WRITTEN)
    typed = Typed(org, month, table, overlap, headers)
    try:
        job = queued(visit, typed, form)
    except AccessError:
        raise
    except HengError as e:
        return _page(request, visit, replace(typed, lines=told(e, visit.voice)), status=400)
    return RedirectResponse(f"/jobs/{job.id}", 303)


@router.post("/load/again")
def again(visit: Visiting, form: Sent) -> Response:
    """同样的文件再装一次 · Load the files of a hand-in that was refused once more, as another part or in place of what is held."""
    job = opened(visit, _said(form, "job"))
    if job.kind != "load" or not there(visit.region.path, job.asked["folder"]):
        raise HengError("交来的文件已经清掉了", "these files are no longer kept", mend=("请再交一次", "hand them in again"))
    asked = {**job.asked, "overlap": _overlap(_said(form, "overlap"))}
    return RedirectResponse(f"/jobs/{ordered(visit, 'load', _key(form), asked).id}", 303)


@router.post("/load/withdraw")
def withdraw(visit: Visiting, form: Sent) -> Response:
    """撤回 · Queue the withdrawal of a file, of one month or altogether; or of a grouping scheme."""
    if scheme := _said(form, "scheme"):
        of_all = {"orgs": everywhere(visit.region), "file": scheme, "month": "", "scheme": True}
        return RedirectResponse(f"/jobs/{ordered(visit, 'withdraw', _key(form), of_all).id}", 303)
    asked = {"orgs": [_org(visit, _said(form, "org"))], "file": _said(form, "file"), "month": _month(_said(form, "month"))}
    return RedirectResponse(f"/jobs/{ordered(visit, 'withdraw', _key(form), asked).id}", 303)


@router.get("/load/returned/{org}/{name}")
def returned(visit: Visiting, org: str, name: str) -> Response:
    """退回的文件 · Rows that were sent back, in their own template; for who may load there, names and all."""
    doer(visit, "load").must([org], Level.NAMED)
    if name not in delivered.returned(visit, org):
        raise HengError(
            f"没有退回的文件「{name}」", f"no file {name!r} was sent back", mend=("看装入页上的清单", "see the list on the page")
        )
    return FileResponse(visit.region.path / "returned" / org / name, filename=name)


@router.get("/load/template/{name}.xlsx")
def template(visit: Visiting, name: str) -> Response:
    """空白模板 · A blank template of a table."""
    if name not in templates():
        raise HengError(f"没有 {name} 的模板", f"there is no template of {name}", mend=did_you_mean(name, templates()))
    of = table_of(name)
    return as_file(visit.voice.pick(of.zh, of.__name__), ".xlsx", lambda path: write_template(of, path, visit.voice))


def queued(visit: Visit, typed: Typed, form: FormData) -> Job:
    """排上装入 · Keep the files and queue their loading; HengError for what cannot be taken, before anything is kept."""
    asked = _asked(visit, typed)
    files = [f for f in form.getlist("files") if isinstance(f, UploadFile)]
    folder = kept(visit.region.path, files)
    names = sorted(p.name for p in (visit.region.path / "uploads" / folder).iterdir())
    once = f"{_key(form)}/{fingerprint(visit.region.path, folder)}"
    job = ordered(visit, "load", once, {**asked, "folder": folder, "names": names})
    if job.asked["folder"] != folder:  # the same form sent twice: the first is loaded
        removed(visit.region.path, folder)
    return job


def _asked(visit: Visit, typed: Typed) -> dict[str, Any]:
    """要装什么 · What is asked for, before anything is kept: the files of a hospital, or schemes, which are of none."""
    if not typed.org:
        must_load_schemes(doer(visit, "load"))
        return {"orgs": everywhere(visit.region), "scheme": True, "month": "", "table": "", "overlap": OVERLAP[0]}
    org = _org(visit, typed.org)
    doer(visit, "load").must([org])
    if typed.table and typed.table not in templates():
        raise HengError(f"没有 {typed.table} 的模板", f"there is no template of {typed.table}", mend=did_you_mean(typed.table, templates()))
    asked: dict[str, Any] = {"orgs": [org], "month": _month(typed.month), "table": typed.table, "overlap": _overlap(typed.overlap)}
    asked["headers"] = taught(typed.table, typed.headers.splitlines(), visit.voice.pick("本院的表头", "own headers"))
    return asked


def _page(request: Request, visit: Visit, typed: Typed, status: int = 200) -> Response:
    orgs = places(visit, "load")
    if not orgs and not may_load_schemes(doer(visit, "load")):
        doer(visit, "load").must(visit.orgs or [""])  # says what is missing
    org = _org(visit, typed.org) if typed.org else next(iter(orgs), "")
    recent = [(j, n) for j, n in jobs(visit.desk.db, ("load", "withdraw")) if (org in j.asked["orgs"] if org else j.asked.get("scheme"))]
    values: dict[str, Any] = {
        "typed": typed,
        "org": org,
        "orgs": [(o, f"{o} {visit.region.hospitals[o].name}") for o in orgs],
        "recent": [entry(visit, j, n) for j, n in open_ones(visit, recent[:5])],
        "most": MOST // 2**20,
        "once": secrets.token_hex(8),
    }
    return page(request, "load.html", visit, status=status, **values, **(_held(visit, org) if org else {}))


def _held(visit: Visit, org: str) -> dict[str, Any]:
    """这家医院交了什么 · What a hospital has handed in, and what is to be mended of it."""
    doer(visit, "load").must([org])
    months = delivered.months_of(visit)
    found = amiss(visit, org).standing
    return {
        "months": months,
        "grid": delivered.grid(visit, org, months, found.back),
        "lasting": delivered.lasting(visit, org),
        "feeds": delivered.feeds(visit, org),
        "tables": delivered.sources(),
        "findings": found.told(visit.voice, 0, LISTED),
        "counted": found.findings.height,
        "returned": found.returned(delivered.returned(visit, org)),
    }


def _org(visit: Visit, written: str) -> str:
    return visit.region.hospital(written).code


def _month(written: str) -> str:
    if not written:
        return ""
    months = period(written).months
    if len(months) > 1:
        raise HengError(f"「{written}」不是一个月", f"{written!r} is not one month", mend=("写如 2026-03", "write 2026-03, say"))
    return months[0]


def _overlap(written: str) -> str:
    return written if written in OVERLAP else OVERLAP[0]


def _said(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _key(form: FormData) -> str:
    return _said(form, "once")[:64] or secrets.token_hex(8)
