"""合计：屏幕与文件同一规则 · Totals: one rule for the screen and for files.

A total is given only where it means something: never over rows that overlap, over different units, or over a value
that is not known.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from heng.core.table import Column

OVERLAP = ("scope", "method", "step")
"""这些列有多个值时，合计会重复计算 · Rows that differ in these columns hold the same money more than once: no total."""


def totals(rows: pl.DataFrame, columns: Mapping[str, Column]) -> dict[str, Any]:
    """合计 · The total of every column whose rows may be added up; None where one of them is not known.

    A column whose unit changes from row to row (按参数, 按业务量) and one that is worked out from others has no total; nor
    has a level, such as staff, over rows of several months.
    """
    if not rows.height or any(n in rows.columns and rows[n].n_unique() > 1 for n in OVERLAP):
        return {}
    if "stage" in rows.columns and "receiver" in rows.columns and rows["receiver"].n_unique() > 1:
        return {}  # what a department receives and passes on would count at every step
    months = "month" in rows.columns and rows["month"].n_unique() > 1
    wanted = [n for n, c in columns.items() if c.additive and not c.unit.startswith("按") and not (c.stock and months)]
    return {n: None if rows[n].null_count() else rows[n].sum() for n in wanted}
