"""一个科室的分摊收据 · The allocation receipt of a department: who charged it, by what measure, with what share, how much."""

import polars as pl

from heng.core.table import Column, rate
from heng.tables.costing import Allocation

LEAD = ("org", "receiver", "stage", "peer", "giver", "driver")


def receipt(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Column]]:
    """按服务科室与参数汇总 · One line a giver and driver, cost items and funds added up; `share` is base ÷ base total.

    Over several months bases differ from month to month: then they are left out, and so is the share.
    """
    lead = [n for n in LEAD if n in rows.columns]
    bases = [n for n in ("base", "base_total") if n in rows.columns]
    one = rows.group_by([*lead, "item", "fund", "behaviour", "bucket"]).len()["len"].max() in (None, 1)
    sums = [*(pl.col(n).max() for n in bases if one), pl.col("amount").sum()]
    lines = rows.group_by(lead).agg(sums).sort(lead, nulls_last=True)
    columns = {n: Allocation.columns[n] for n in lines.columns}
    if one and len(bases) == 2:
        share = (pl.col("base").cast(pl.Decimal(38, 10)) / pl.col("base_total").cast(pl.Decimal(38, 10))).cast(pl.Decimal(18, 6))
        lines = lines.with_columns(share.alias("share"))
        columns["share"] = rate("份额", "share", "1")
    names = [n for n in (*lead, *bases, "share", "amount") if n in columns]
    return lines.select(names), {n: columns[n] for n in names}
