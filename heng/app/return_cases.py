"""返回差异立案 · A hospital's month whose return differs from its own cases becomes one case, once; a closed month opens none.

Where the groups of the whole hospital agree so much less than a month ago that the back-test raises its alarm, the case says so.
"""

from collections.abc import Iterable

import polars as pl

from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.opening import CaseReport
from heng.app.region import Region
from heng.core.errors import Say
from heng.desk.cases import About, cases_of
from heng.rooms.payment.return_case import RETURN
from heng.tables.returns import BackTest, ReturnCheck

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
                report.open(desk, RETURN, _about(key, (part.org, part.month), found, _fallen(region, (part.org, part.month))))
    return report


def _fallen(region: Region, cell: Cell) -> Say:
    part = region.manifest.part(BackTest.__name__, *cell)
    rows = pl.read_parquet(region.path / part.file).filter((pl.col("by") == "hospital") & pl.col("alarm")) if part else pl.DataFrame()
    if not rows.height:
        return "", ""
    before, now = (f"{rows.row(0, named=True)[n] * 100:.1f}%" for n in ("before", "drg_share"))
    return f"；分组一致率骤降：{before} → {now}", f"; agreement of groups fell from {before} to {now}"


def _about(key: str, cell: Cell, found: pl.DataFrame, fallen: Say) -> About:
    (org, month), known = cell, found["shortfall"].drop_nulls()
    short = str(known.sum()) if len(known) else ""
    zh, en = (f"，少付 {short} 元", f", {short} yuan less than by our rules") if short else ("", "")
    title = (
        f"医保返回核对：{month} 有 {len(found)} 例差异{zh}{fallen[0]}",
        f"insurer's return of {month}: {len(found)} cases differ{en}{fallen[1]}",
    )
    return About(key, org, None, month, title, {"cases": len(found), "shortfall": short})
