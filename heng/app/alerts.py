"""预警与案头 · Signals become cases, and what people decide about them comes back as a table before the next run.

An episode is one case however long it stands and however often it is worked out: its key is the watch, the place and the
month in which it was first seen. A muted alert opens none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from heng.app.compute import Progress, RunReport, run
from heng.app.desk import Desk, place_of
from heng.app.inputs import Cell
from heng.app.region import Region
from heng.core.errors import DeskError, Say
from heng.core.indicator import INDICATORS
from heng.desk.cases import About, open_case
from heng.desk.decisions import Decided, decisions, inform
from heng.rooms.steering.alert_case import ALERT, days
from heng.store.manifest import Part
from heng.store.parts import write_part
from heng.tables.steering import LEVEL, Signal, SignalDecision

FEED = "desk"
"""决定表的来源名 · The feed that the desk's decisions are published as."""


@dataclass
class AlertReport:
    """预警开立了什么 · Keys of the cases that the run opened or found open, and of signals without anybody to answer, with why."""

    cases: list[str] = field(default_factory=list)
    without_owner: dict[str, Say] = field(default_factory=dict)


def run_watched(region: Region, cells: Iterable[Cell], progress: Progress, engine: str) -> tuple[RunReport, AlertReport]:
    """带案头的运行 · A run with the desk's decisions in it, and cases for what it signals; a region without a desk just runs."""
    wanted = list(cells)
    place = place_of(region)
    if not isinstance(place, str) and not place.exists():
        return run(region, wanted, progress=progress, engine=engine), AlertReport()
    desk = Desk(region)
    try:
        publish_decisions(region, desk)
        done = run(region, wanted, progress=progress, engine=engine)
        return done, open_cases(region, desk, wanted)
    finally:
        desk.db.close()


def publish_decisions(region: Region, desk: Desk) -> int:
    """发布决定 · Write what people decided as the table `SignalDecision`, month by month; gives how many months changed.

    A closed month keeps what it had.
    """
    found = dict[Cell, list[Decided]]()
    for decided in decisions(desk.db):
        found.setdefault((decided.org, decided.month), []).append(decided)
    with region.writing("heng run"):
        parts = [_part(region, cell, rows) for cell, rows in sorted(found.items()) if not region.manifest.is_closed(*cell)]
        fresh = [p for p in parts if region.manifest.part(*p.place) != p]
        if fresh:
            region.publish("decisions", fresh)
    return len(fresh)


def _part(region: Region, cell: Cell, rows: list[Decided]) -> Part:
    org, month = cell
    given: list[dict[str, Any]] = [
        {"org": org, "month": month, "watch": d.watch, "dept": d.dept, "kind": d.kind, "until": d.until, "reason": d.reason}
        | {"file": FEED, "row": n}
        for n, d in enumerate(rows, 1)
    ]
    frame = pl.DataFrame(given, schema=SignalDecision.schema()).sort(SignalDecision.full_key(), nulls_last=True)
    return write_part(region.path, SignalDecision, frame, (org, month, FEED))


def open_cases(region: Region, desk: Desk, cells: Iterable[Cell]) -> AlertReport:
    """为预警立案 · A case for every episode that stands in these months; the same run again opens nothing twice."""
    report, wanted = AlertReport(), set(cells)
    terms = days(region.policy, desk.db.today)
    for row, began in episodes(region):
        if (row["org"], row["month"]) not in wanted or row["state"] == "muted":
            continue
        about = _about(row, began, terms)
        try:
            case = open_case(desk.db, ALERT, about, desk.workdays)
        except DeskError as e:
            report.without_owner[about.key] = (e.zh, e.en)
            continue
        inform(desk.db, case.id, tuple(row["owners"].split()[1:]))
        if about.key not in report.cases:
            report.cases.append(about.key)
    return report


def episodes(region: Region) -> Iterator[tuple[dict[str, Any], str]]:
    """各月的预警及其起始 · Every signal, by place and month, with the month in which its episode was first seen.

    A row goes on with the one before it when its episode had begun by then: a window that moves on does not begin it anew.
    """
    parts = region.manifest.of(Signal.__name__)
    rows = [pl.read_parquet(region.path / p.file) for p in parts if p.rows]
    last, began = dict[tuple[str, str, str], str](), dict[tuple[str, str, str], str]()
    for row in pl.concat(rows).sort("org", "watch", "dept", "month").iter_rows(named=True) if rows else ():
        place = (row["org"], row["watch"], row["dept"])
        if place not in last or last[place] < row["since"]:
            began[place] = row["month"]
        last[place] = row["month"]
        yield row, began[place]


def _about(row: dict[str, Any], began: str, terms: dict[str, Any]) -> About:
    indicator = INDICATORS[row["indicator"]]
    more, far = row["deviation"] > 0, f"{abs(row['deviation']) * 100:.1f}%"
    level = LEVEL[row["level"]]
    value, line = (_plain(row[n]) for n in ("value", "line"))
    title = (
        f"{level[0]}预警：{indicator.zh} {value}，{'高于' if more else '低于'} {line} {far}",
        f"{level[1]} alert: {indicator.en} {value}, {far} {'above' if more else 'below'} {line}",
    )
    data = {
        "watch": row["watch"],
        "indicator": row["indicator"],
        "value": str(row["value"]),
        "line": str(row["clears_at"]),
        "better": "lower" if more else "higher",
        "rule": row["rule"],
        "level": row["level"],
        "cause_zh": row["cause_zh"],
        "cause_en": row["cause_en"],
        "roles": {"self_check": row["owners"].split()[0]},
        "days": terms,
    }
    key = "/".join(("alert", row["watch"], row["org"], row["dept"] or "-", began))
    return About(key, row["org"], row["dept"] or None, row["month"], title, data)


def _plain(number: Decimal) -> str:
    return f"{number:,.2f}"
