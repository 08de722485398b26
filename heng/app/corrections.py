"""数据整改 · A data check that fails becomes a case with an owner, a deadline and a re-test; while it is open it is not opened again.

The deadline is the one of the check's result where that is still to come. Finance, IT and medical affairs mend what is
theirs; what another department of the hospital holds is set right through the cost accountant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.region import Region
from heng.core.errors import DeskError, Say
from heng.desk.cases import About, open_case, still_open
from heng.desk.schema import Case
from heng.rooms.steering.correction_case import CORRECT, CORRECTION
from heng.tables.codes import ROLE
from heng.tables.quality import CheckResult

OWNERS = {zh: role for role, (zh, _) in ROLE.items()}


@dataclass
class CorrectionReport:
    """整改开立了什么 · The cases opened, and the keys of those that nobody could answer, with why."""

    cases: list[Case] = field(default_factory=list)
    without_owner: dict[str, Say] = field(default_factory=dict)


def open_corrections(region: Region, desk: Desk, cells: Iterable[Cell]) -> CorrectionReport:
    """为不通过的检查立案 · Cases for the checks that fail in these months; a check still being mended opens none."""
    wanted, parts, report = set(cells), region.manifest.of(CheckResult.__name__), CorrectionReport()
    rows = [pl.read_parquet(region.path / p.file) for p in parts if (p.org, p.month) in wanted and p.rows]
    busy = {(c.org, c.data["check"]) for c in still_open(desk.db, CORRECTION)}
    failed = pl.concat(rows).filter(pl.col("outcome") == "fail").sort("org", "check", "month") if rows else pl.DataFrame()
    for row in failed.iter_rows(named=True):
        if (row["org"], row["check"]) in busy:
            continue
        about = _about(desk, row)
        try:
            report.cases.append(open_case(desk.db, CORRECTION, about, desk.workdays))
        except DeskError as e:
            report.without_owner[about.key] = (e.zh, e.en)
        busy.add((row["org"], row["check"]))
    return report


def _about(desk: Desk, row: dict[str, Any]) -> About:
    share = row["failed"] / row["checked"]
    left = desk.workdays.between(desk.db.today, row["due"]) if row["due"] else 0
    title = (
        f"数据整改：{row['name_zh']}（{row['failed']}/{row['checked']} 行不合格，{row['owner']}）",
        f"data to correct: {row['name_en']} ({row['failed']} of {row['checked']} rows fail)",
    )
    data = {
        "check": row["check"],
        "table": row["table"],
        "value": f"{share:.6f}",
        "line": str(row["threshold"]),
        "roles": {CORRECT.key: OWNERS.get(row["owner"], CORRECT.role)},
        "days": {CORRECT.key: left if left > 0 else CORRECT.days},
    }
    key = f"correction/{row['check']}/{row['org']}/{row['month']}"
    return About(key, row["org"], None, row["month"], (title[0][:200], title[1][:200]), data)
