"""任务的结果 · What came of a job, as its page shows it: read again through the scope of who looks."""

from typing import Any

import polars as pl

from heng.app.held import held
from heng.core.errors import Say
from heng.core.table import TABLES
from heng.desk.schema import Job
from heng.serve.months import spans, unlikely
from heng.serve.web.amiss import amiss
from heng.serve.web.drill import address
from heng.serve.web.figures import figure
from heng.serve.web.grid import LESSER, NUMBER
from heng.serve.web.on_page import on_page
from heng.serve.web.trying import Tried
from heng.serve.web.uploads import there
from heng.serve.web.visit import Visit
from heng.serve.whatif import STANDS
from heng.tables.steering import LEVEL, Signal

SHOWN, TRIED = 200, 60
"""一页列几处 · Findings of a page; rows of a trial."""


def outcome(visit: Visit, job: Job, number: str = "1") -> dict[str, Any]:
    """结果 · What the page of a finished job shows, by its kind."""
    match job.kind:
        case "load" | "withdraw":
            return _loaded(visit, job, int(number) if number.isdecimal() and len(number) < 10 else 1)
        case "run":
            return _run(visit, job)
        case "scenario":
            return _tried(visit, job)
        case _:
            return {}


def _loaded(visit: Visit, job: Job, number: int) -> dict[str, Any]:
    pick, result = visit.voice.pick, job.result
    months = result.get("months", {})
    rows = [
        {"name": pick(TABLES[t].zh, TABLES[t].en), "href": address(TABLES[t]), "rows": n, "months": spans(months.get(t, ()))}
        for t, n in sorted(result["rows"].items())
    ]
    found = amiss(visit, job.asked["orgs"][0]).of(result.get("files", ()))
    counted, first = found.findings.height, SHOWN * (max(1, number) - 1)
    odd = unlikely(m for some in months.values() for m in some)
    return {
        "rows": rows,
        "refused": [_error(visit, e) for e in result.get("refused", ())],
        "again": bool(result.get("refused")) and not job.asked.get("scheme") and there(visit.region.path, job.asked["folder"]),
        "findings": found.told(visit.voice, first, SHOWN),
        "counted": counted,
        "mended": bool(result.get("files")) and not found.standing.findings.height,
        "first": first,
        "each": SHOWN,
        "odd": spans(odd),
        "schemes": [(s["name"], s.get("dip"), [pick(n["zh"], n["en"]) for n in s["notes"]]) for s in result.get("schemes", ())],
    }


def _error(visit: Visit, e: dict[str, str]) -> dict[str, str]:
    lang = visit.voice.lang
    return {"where": e["where"], "said": e[lang], "mend": on_page(e[f"mend_{lang}"], visit.voice)}


def _run(visit: Visit, job: Job) -> dict[str, Any]:
    result, pick = job.result, visit.voice.pick
    names = {o: h.name for o, h in visit.region.hospitals.items()}
    blocked = [{**b, "said": pick(b["zh"], b["en"]), "name": names.get(b["org"], "")} for b in result["blocked"]]
    cases = [
        (pick(*words), [{**c, "title": pick(c["zh"], c["en"])} for c in result[key]["cases"]])
        for key, words in CASES.items()
        if key in result
    ]
    left = [{**c, "said": pick(c["zh"], c["en"])} for key in CASES if key in result for c in result[key]["without_owner"]]
    return {
        "written": sum(result["written"].values()),
        "blocked": blocked,
        "cases": [c for c in cases if c[1]],
        "left": left,
        "signals": _signals(visit, {(o, m) for o, m in job.asked["cells"]}),
        "newest": max((m for _, m in job.asked["cells"]), default=""),
    }


CASES: dict[str, Say] = {
    "alerts": ("预警事项", "cases of alerts"),
    "corrections": ("数据整改事项", "cases of data to correct"),
    "returns": ("返回差异事项", "cases of differences from returns"),
}


def _signals(visit: Visit, cells: set[tuple[str, str]]) -> list[tuple[str, str, int]]:
    reader = visit.reader()
    seen = sorted(c for c in cells if reader.sees(Signal, c[0]))
    found = held(reader, Signal, seen) if seen else pl.DataFrame({"level": []}, schema={"level": pl.String})
    counted = dict(found.group_by("level").len().iter_rows())
    return [(level, visit.voice.pick(*LEVEL[level]), counted[level]) for level in ("red", "yellow") if counted.get(level)]


def _tried(visit: Visit, job: Job) -> dict[str, Any]:
    tried = Tried(visit.reader(), job.asked, job.result, visit.voice)
    voice, name = visit.voice, tried.measure
    matter = {*tried.keys[:2], *(name + end for end in STANDS)} if name else set(tried.keys)
    heads = [(voice.pick(c.zh, c.en).split("\n"), _look(n not in tried.keys, n in matter)) for n, c in tried.columns.items()]
    lines = [[_cell(tried, n, row) for n in tried.columns] for row in tried.rows.head(TRIED).iter_rows(named=True)]
    return {"tried": tried, "heads": heads, "lines": lines, "picture": tried.chart()}


def _look(number: bool, matter: bool) -> str:  # noqa: FBT001 - two plain facts of a column
    return " ".join(filter(None, (NUMBER if number else "", "" if matter else LESSER)))


def _cell(tried: Tried, name: str, row: dict[str, Any]) -> tuple[str, bool]:
    column, value = tried.columns[name], row[name]
    if name in tried.keys:
        return tried.labels.text(column, value, str(row.get("org") or "")), False
    shown = figure(value, column, tried.voice)
    return f"{shown.text} {shown.unit}".strip(), shown.sign == -1
