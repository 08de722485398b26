"""返回差异立案 · A hospital's month whose return differs from its own cases becomes one case, once; a closed month opens none."""

from collections.abc import Iterable

import polars as pl

from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.opening import CaseReport
from heng.app.region import Region
from heng.desk.cases import About, cases_of
from heng.rooms.payment.return_case import RETURN
from heng.tables.returns import ReturnCheck

ALIKE = ("equal", "unknown")


def open_returns(region: Region, desk: Desk, cells: Iterable[Cell]) -> CaseReport:
    """为有差异的返回立案 · Cases for the months whose return differs; a month that has had its case opens no second one."""
    report, known = CaseReport(), {c.key for c, _ in cases_of(desk.db, RETURN)}
    wanted = {c for c in cells if not region.manifest.is_closed(*c)}
    for part in sorted(region.manifest.of(ReturnCheck.__name__), key=lambda p: p.place):
        key = f"return/{part.org}/{part.month}"
        if (part.org, part.month) in wanted and part.rows and key not in known:
            found = pl.read_parquet(region.path / part.file).filter(~pl.col("difference").is_in(ALIKE))
            if len(found):
                report.open(desk, RETURN, _about(key, (part.org, part.month), found))
    return report


def _about(key: str, cell: Cell, found: pl.DataFrame) -> About:
    (org, month), known = cell, found["shortfall"].drop_nulls()
    short = str(known.sum()) if len(known) else ""
    zh, en = (f"，少付 {short} 元", f", {short} yuan less than by our rules") if short else ("", "")
    title = (f"医保返回核对：{month} 有 {len(found)} 例差异{zh}", f"insurer's return of {month}: {len(found)} cases differ{en}")
    return About(key, org, None, month, title, {"cases": len(found), "shortfall": short})
