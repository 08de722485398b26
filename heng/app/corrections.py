"""数据整改 · A data check that fails becomes a case with an owner, a deadline and a re-test; while it is open it is not opened again.

A check that fails again after its case was closed is the next round of it, unless the commission ruled that there is nothing to
correct and no larger share fails now. A closed month opens none: nothing in it can be mended. The deadline is the one of the
check's result where that is still to come. Finance, IT and medical affairs mend what is theirs; what another department of
the hospital holds is set right through the cost accountant.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import polars as pl

from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.opening import CaseReport, next_key
from heng.app.region import Region
from heng.core.case import CLOSED
from heng.desk.cases import About, cases_of
from heng.desk.schema import Case
from heng.rooms.steering.correction_case import CORRECT, CORRECTION, WITHDRAWN
from heng.tables.codes import ROLE
from heng.tables.quality import CheckResult

OWNERS = {zh: role for role, (zh, _) in ROLE.items()}
Row = dict[str, Any]


def open_corrections(region: Region, desk: Desk, cells: Iterable[Cell]) -> CaseReport:
    """为不通过的检查立案 · Cases for the checks that fail in these months; a check still being mended opens none."""
    report, known = CaseReport(), cases_of(desk.db, CORRECTION)
    busy = {(c.org, c.data["check"]) for c, _ in known if c.state != CLOSED}
    ruled = {(c.org, c.data["check"], c.month): Decimal(c.data["value"]) for c, outcome in known if outcome == WITHDRAWN}
    for row in _failed(region, {c for c in cells if not region.manifest.is_closed(*c)}):
        place = (row["org"], row["check"])
        if place not in busy and not Decimal(_share(row)) <= ruled.get((*place, row["month"]), Decimal(-1)):
            report.open(desk, CORRECTION, _about(desk, row, [c for c, _ in known]))
            busy.add(place)
    return report


def _failed(region: Region, wanted: set[Cell]) -> Iterable[Row]:
    parts = [p for p in region.manifest.of(CheckResult.__name__) if (p.org, p.month) in wanted and p.rows]
    rows = pl.read_parquet([region.path / p.file for p in parts]) if parts else CheckResult.schema().to_frame()
    return rows.filter(pl.col("outcome") == "fail").sort("org", "check", "month").iter_rows(named=True)


def _share(row: Row) -> str:
    return f"{row['failed'] / row['checked']:.6f}"


def _about(desk: Desk, row: Row, known: list[Case]) -> About:
    left = desk.workdays.between(desk.db.today, row["due"]) if row["due"] else 0
    title = (
        f"数据整改：{row['name_zh']}（{row['failed']}/{row['checked']} 行不合格，{row['owner']}）",
        f"data to correct: {row['name_en']} ({row['failed']} of {row['checked']} rows fail)",
    )
    data = {
        "check": row["check"],
        "table": row["table"],
        "value": _share(row),
        "line": str(row["threshold"]),
        "roles": {CORRECT.key: OWNERS.get(row["owner"], CORRECT.role)},
        "days": {CORRECT.key: left if left > 0 else CORRECT.days},
    }
    key = next_key(f"correction/{row['check']}/{row['org']}/{row['month']}", {c.key for c in known})
    return About(key, row["org"], None, row["month"], (title[0][:200], title[1][:200]), data)
