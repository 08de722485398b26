"""预警立案 · Signals become cases: one for each episode, however long it stands and in whatever order its months come.

A muted alert opens none. What people decide comes back to the figures by `heng.app.decided`.
"""

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from heng.app.desk import Desk
from heng.app.episodes import Episode, Row, episodes
from heng.app.inputs import Cell
from heng.app.opening import CaseReport, next_key
from heng.app.region import Region
from heng.core.indicator import INDICATORS
from heng.desk.cases import About
from heng.desk.decisions import inform
from heng.desk.episodes import Span, follow
from heng.desk.schema import Case
from heng.rooms.steering.alert_case import ALERT, days
from heng.tables.steering import LEVEL, Signal


def open_cases(region: Region, desk: Desk, cells: Iterable[Cell]) -> CaseReport:
    """为预警立案 · A case for every episode that stands in these months; the same run again opens nothing twice."""
    wanted = set(cells)
    orgs = {org for org, _ in wanted}
    parts = [p for p in region.manifest.of(Signal.__name__) if p.rows and p.org in orgs]
    rows = pl.read_parquet([region.path / p.file for p in parts]).iter_rows(named=True) if parts else ()
    return cases_for(desk, rows, wanted, days(region.policy, desk.db.today))


def cases_for(desk: Desk, signals: Iterable[Row], wanted: set[Cell], terms: dict[str, int]) -> CaseReport:
    """每次一件 · The cases of these signals, opened where one of the wanted months shows an alert that is not muted."""
    report = CaseReport()
    for (org, watch, dept), found in episodes(signals).items():
        subject = "/".join(("alert", watch, org, dept or "-"))
        followed = follow(desk.db, ALERT, subject, [Span(e.first, e.last) for e in found])
        for episode, case in zip(found, followed.cases, strict=True):
            shown = [r for r in episode.rows if (org, r["month"]) in wanted and r["state"] != "muted"]
            if shown:
                key = next_key(f"{subject}/{episode.first}", followed.keys)
                _answered_for(desk, report, case or _about(shown[0], episode, key, terms), shown[0]["owners"])
    return report


def _answered_for(desk: Desk, report: CaseReport, found: Case | About, owners: str) -> None:
    """The case that is there, or a new one, in the report; the further owners of the watch are told of it."""
    if isinstance(found, Case):
        report.cases.append(found)
        case: Case | None = found
    else:
        case = report.open(desk, ALERT, found)
    if case:
        inform(desk.db, case.id, tuple(owners.split()[1:]))


def _about(row: Row, episode: Episode, key: str, terms: dict[str, int]) -> About:
    indicator = INDICATORS[row["indicator"]]
    more, far = row["deviation"] > 0, f"{abs(row['deviation']) * 100:.1f}%"
    level = LEVEL[row["level"]]
    value, line = (_plain(row[n], indicator.unit) for n in ("value", "line"))
    title = (
        f"{level[0]}预警：{indicator.zh} {value}，比 {line} {'高' if more else '低'} {far}",
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
        "since": episode.first,
        "seen": episode.last,
    }
    return About(key, row["org"], row["dept"] or None, row["month"], title, data)


def _plain(number: Decimal, unit: str) -> str:
    return f"{number * 100:,.1f}%" if unit == "1" else f"{number:,.2f}"
