"""事项 · Cases: the list of those that she sees, and one of them: what happened, why, who did what, what is to be answered now."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import polars as pl
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.app.attached import KINDS, attach, content_of
from heng.app.attached import parted as parted_text
from heng.app.effects import answered
from heng.core.case import CASE_TYPES, CLOSED
from heng.core.errors import AccessError, HengError, did_you_mean
from heng.desk.answering import must_answer
from heng.desk.cases import Answer, Reopen, reopen
from heng.desk.register import Eyes, case_of, cases
from heng.desk.schema import Case, Step
from heng.serve.columns import plain_data
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.serve.web.casework import (
    EVIDENCE,
    SAYING,
    Places,
    choices,
    kind_of,
    mine,
    moment,
    plain,
    refused,
    step_named,
    taken,
    term,
    worded,
)
from heng.serve.web.downloads import as_file, as_json, parted
from heng.serve.web.grounds import ground
from heng.serve.web.query import Query, Querying
from heng.serve.web.shown import page
from heng.serve.web.typed import Typed, Typing
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()
STATES = {"open": ("办理中", "open"), "closed": ("已结束", "closed")}
HEADERS = {
    "id": ("号码", "number"),
    "kind": ("类别", "kind"),
    "title": ("事项", "case"),
    "hospital": ("医院", "hospital"),
    "dept": ("科室", "department"),
    "month": ("月份", "month"),
    "state": ("状态", "state"),
    "step": ("步骤", "step"),
    "due": ("期限", "due"),
    "term": ("离期限", "time left"),
    "opened": ("立案", "opened"),
    "closed": ("结束", "closed"),
    "reopened": ("重开次数", "times reopened"),
}
"""文件的列头 · The headings of the list as a file."""


def eyes(visit: Visit) -> Eyes:
    """看得见哪些 · What the visitor sees, in any of the roles held today: her own, and those of whom she stands in for."""
    return Eyes(visit.desk.db, visit.desk.rights, visit.login, visit.roles)


@router.get("/cases")
@router.get("/cases.json")
@router.get("/cases.csv")
@router.get("/cases.xlsx")
def listed(request: Request, visit: Visiting, asked: Querying) -> Response:
    """事项一览 · The cases in scope, the newest first, as a page or a file; filters stand in the address."""
    _, ending = parted(request.url.path)
    seen = cases(visit.desk.db, eyes(visit))
    found = [r for r in seen if _wanted(r, asked, visit)]
    if ending == ".json":
        return as_json({"cases": [plain(r) for r in found]})
    if ending:
        return as_file(visit.voice.pick("事项", "cases"), ending, lambda path: write_rows(_frame(visit, found), None, path, _headed(visit)))
    start = (asked.number - 1) * asked.size
    places, pick = Places(visit), visit.voice.pick
    filters = {
        "org": [(o, places.hospital(o)) for o in dict.fromkeys(r["org"] for r in seen) if o],
        "dept": sorted({(r["dept"], places.dept(r["org"], r["dept"])) for r in seen if r["dept"] and asked.one("org") in ("", r["org"])}),
        "kind": [(k, pick(t.zh, t.en)) for k, t in CASE_TYPES.items() if any(r["type"] == k for r in seen)],
        "state": [(k, pick(*words)) for k, words in STATES.items()],
    }
    shown: dict[str, Any] = {
        "rows": [_row(visit, places, r) for r in found[start : start + asked.size]],
        "count": len(found),
        "first": start + 1,
    }
    pages = max(1, -(-len(found) // asked.size))
    return page(request, "cases.html", visit, asked=asked, filters=filters, pages=pages, any=bool(seen), **shown)


def _wanted(row: Mapping[str, Any], asked: Query, visit: Visit) -> bool:
    state, overdue = asked.one("state"), asked.one("overdue") not in ("", "0", "false")
    if state and state not in STATES:
        raise HengError(f"没有状态 {state}", f"there is no state {state}", where="state", mend=did_you_mean(state, STATES))
    org = visit.region.hospital(asked.one("org")).code if asked.one("org") else ""
    same = {"state": state, "org": org, "dept": asked.one("dept"), "type": asked.one("kind")}
    late = row["due"] is not None and row["due"] < visit.desk.db.today
    return all(not value or row[n] == value for n, value in same.items()) and (late or not overdue)


def _row(visit: Visit, places: Places, row: Mapping[str, Any]) -> dict[str, Any]:
    voice = visit.voice
    return {
        "id": row["id"],
        "kind": kind_of(row["type"], voice),
        "title": voice.pick(row["title_zh"], row["title_en"]),
        "hospital": places.hospital(row["org"]),
        "dept": places.dept(row["org"], row["dept"]),
        "month": row["month"],
        "state": voice.pick(*STATES[row["state"]]),
        "step": "" if row["state"] == CLOSED else step_named(row["type"], row["step"], voice),
        "due": row["due"],
        "term": term(visit, row["due"]) if row["due"] else None,
        "opened": moment(row["opened"]),
        "closed": moment(row["closed"]),
        "reopened": row["reopened"],
    }


def _frame(visit: Visit, rows: list[dict[str, Any]]) -> pl.DataFrame:
    places = Places(visit)
    told_ = [_row(visit, places, r) for r in rows]
    return pl.DataFrame(
        [r | {"due": plain_data(r["due"]), "term": r["term"].words if r["term"] else None} for r in told_],
        schema={n: pl.Int64 if n in ("id", "reopened") else pl.String for n in HEADERS},
    )


def _headed(visit: Visit) -> Words:
    return Words(visit.voice.lang, {}, HEADERS)


@router.get("/case/{name}")
def case(request: Request, visit: Visiting, name: str, done: str = "") -> Response:
    """一件事项 · A case; `.json` gives it as data. `done` is what the visitor has just answered."""
    number, ending = _numbered(name)
    if ending == ".json":
        found, steps = case_of(visit.desk.db, eyes(visit), number, visit.signed.person.id)
        return as_json(_data(found, steps))
    return _shown(request, visit, number, {"done": done})


@router.post("/case/{name}/answer")
def answer_case(request: Request, visit: Visiting, name: str, form: Typing) -> Response:
    """答复 · Answer the present step; what is wrong is told in place, and what was typed stays."""
    number, _ = _numbered(name)
    fields = dict(form.fields)
    try:
        if form.files and mine(visit, number):  # a file of somebody who may not answer is not kept
            (attached, content), text = form.files[SAYING + EVIDENCE], form.one(SAYING + EVIDENCE)
            fields[SAYING + EVIDENCE] = attach(visit.region, text, attached, content)
        reply = _reply(visit, number, Typed(fields))
        made = answered(visit.desk, number, reply)
    except HengError as e:
        return _shown(request, visit, number, {"typed": fields, "lines": refused(e, visit.voice), "error": e})
    return RedirectResponse(f"/case/{made.id}?done={reply.outcome}", 303)


def _reply(visit: Visit, number: int, form: Typed) -> Answer:
    return Answer(visit.signed.person.id, _whole(form.one("step")), form.one("outcome"), form.said, form.one("key") or _key(number))


@router.get("/case/{name}/evidence/{file}")
def evidence(visit: Visiting, name: str, file: str) -> Response:
    """附件 · A file that came with an answer to this case, for who sees the case."""
    number, _ = _numbered(name)
    _, steps = case_of(visit.desk.db, eyes(visit), number, visit.signed.person.id)
    said = [parted_text(str(v)) for s, _ in steps for v in s.data.get("said", {}).values()]
    found = next((a for a in said if a.file == file), None)
    if found is None:
        raise HengError(
            f"事项 {number} 没有这个附件",
            f"case {number} has no such file",
            where=f"case {number}",
            mend=("请从事项里点开", "open it from the case"),
        )
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
    return Response(content_of(visit.region, file), media_type="application/octet-stream", headers=headers)


@router.post("/case/{name}/reopen")
def reopen_case(request: Request, visit: Visiting, name: str, form: Typing) -> Response:
    """重开 · Open a closed case again, with a reason."""
    number, _ = _numbered(name)
    before, _ = case_of(visit.desk.db, eyes(visit), number, visit.signed.person.id)
    try:
        must_answer(visit.desk.db, visit.desk.rights, (visit.login, visit.roles), (before.org, before.dept))
        again = Reopen(visit.signed.person.id, form.one("reason"), form.one("key") or _key(number))
        reopen(visit.desk.db, number, again, visit.desk.workdays)
    except HengError as e:
        return _shown(request, visit, number, {"typed": form.fields, "lines": refused(e, visit.voice), "error": e})
    return RedirectResponse(f"/case/{number}?done=reopen", 303)


def _shown(request: Request, visit: Visit, number: int, more: Mapping[str, Any]) -> Response:
    """The page of a case, also where an answer to it was refused."""
    found, steps = case_of(visit.desk.db, eyes(visit), number, visit.signed.person.id)
    places, voice, given = Places(visit), visit.voice, more.get("typed", {})
    work = next(iter(mine(visit, number)), None)
    error, steps_ = more.get("error"), [taken(visit, places, found, s) for s in steps]
    values = {
        "case": found,
        "kind": kind_of(found.type, voice),
        "state": voice.pick(*STATES[found.state]),
        "place": places.named(found.org, found.dept),
        "cause": voice.pick(found.data.get("cause_zh", ""), found.data.get("cause_en", "")),
        "ground": ground(visit, found),
        "steps": steps_,
        "now": next((s for s in steps_ if s.term), None),
        "work": work,
        "choices": choices(found, given, voice) if work else [],
        "own_figure": _own_figure(found, steps),
        "today": visit.desk.db.today,
        "key": given.get("key") or _key(number),
        "lines": more.get("lines", []),
        "typed": given,
        "files": ",".join(KINDS),
        "done": _done(found, more.get("done", ""), visit),
        "again": found.state == CLOSED and found.reopened < CASE_TYPES[found.type].reopens,
    }
    return page(request, "case.html", visit, status=403 if isinstance(error, AccessError) else 400 if error else 200, **values)


def _own_figure(found: Case, steps: list[tuple[Step, str]]) -> str:
    """The month whose figure the desk takes from the books itself when the present step is answered."""
    now = next((s for s, _ in steps if s.done is None), None)
    return now.data.get("figure_month", "") if now and "indicator" in found.data else ""


def _done(found: Case, outcome: str, visit: Visit) -> str:
    voice = visit.voice
    if outcome == "reopen":
        return voice.pick("已重开", "opened again")
    known = CASE_TYPES.get(found.type)
    return worded(found.type, outcome, voice) if known and outcome in known.words else ""


def _data(found: Case, steps: list[tuple[Step, str]]) -> dict[str, Any]:
    names = "id key type org dept month title_zh title_en state step opened closed reopened data"
    told_ = "number name role org dept began due escalated done outcome data"
    rows = [plain({n: getattr(s, n) for n in told_.split()}) | {"by": by} for s, by in steps]
    return plain({n: getattr(found, n) for n in names.split()}) | {"steps": rows}


def _numbered(name: str) -> tuple[int, str]:
    stem, ending = parted(name)
    return _whole(stem), ending


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise HengError(
            f"「{text}」不是号码", f"{text!r} is no number", where="case", mend=("从事项一览点进去", "open it from the list of cases")
        )
    return int(text)


def _key(number: int) -> str:
    return f"web/{number}/{uuid4()}"
