"""合计：屏幕与文件同一规则 · Totals: one rule for the screen and for files.

A total is given only where it means something: never over rows that overlap, over different units, or over a value
that is not known.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from heng.app.period import Sums
from heng.core.table import Column

OVERLAP = ("scope", "method", "step", "by")
"""这些列有多个值时，合计会重复计算 · Rows that differ in these columns hold the same money more than once: no total."""


KINDS = (*OVERLAP, "stage", "receiver", "month")
"""合计要看的列 · The columns whose kinds of values decide what may be added up."""


def totals(rows: pl.DataFrame, columns: Mapping[str, Column]) -> dict[str, Any]:
    """合计 · The total of every column whose rows may be added up; None where one of them is not known."""
    added = [n for n, c in columns.items() if c.additive]
    sums = {n: None if rows[n].null_count() else rows[n].sum() for n in added}
    return told(Sums(rows.height, sums, {n: rows[n].n_unique() for n in KINDS if n in rows.columns}), columns)


def told(whole: Sums, columns: Mapping[str, Column]) -> dict[str, Any]:
    """合计的规则 · Of what all rows come to, that which means something.

    A column whose unit changes from row to row (按参数, 按业务量) and one that is worked out from others has no total; nor
    has a level, such as staff, over rows of several months.
    """
    several = {n for n, many in whole.kinds.items() if many > 1}
    if not whole.rows or several & set(OVERLAP):
        return {}
    if "stage" in whole.kinds and "receiver" in several:
        return {}  # what a department receives and passes on would count at every step
    wanted = [n for n, c in columns.items() if c.additive and not c.unit.startswith("按") and not (c.stock and "month" in several)]
    return {n: whole.sums[n] for n in wanted}
