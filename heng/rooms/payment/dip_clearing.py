"""DIP 清算 · The pool of the year so far, split among the hospitals by their points, to the fen.

Largest remainder: what the hospitals get adds up to the pool. An insurance whose fund is not told has no clearing, nor has one in
which the points of a hospital are refunds alone.
Source: 医保办发〔2020〕50号 DIP 技术规范（结算点值、年度清算）.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.methods.apportion import apportion
from heng.rooms.payment.year_so_far import YEAR, year_so_far
from heng.tables.dip import DipCase, DipClearing, DipValue


@capability("DIP 清算", "DIP clearing", months=YEAR)
def dip_clearing(cases: DipCase, point_values: DipValue) -> DipClearing:
    """按得分分配 · One row per month, insurance with a known pool, and hospital with points in the year so far."""
    scored, rows = cases.frame().filter(pl.col("points").is_not_null()), list[dict[str, Any]]()
    for month, insurance, pool in point_values.frame().drop_nulls("pool").select("month", "insurance", "pool").iter_rows():
        own = year_so_far(scored, month).filter(pl.col("insurance") == insurance)
        sums = own.group_by("org").agg(pl.len().alias("cases"), pl.col("points").sum(), pl.col("fee").sum()).sort("org")
        rows += [{"month": month, "insurance": insurance, **r} for r in _split(sums, pool)]
    return pl.DataFrame(rows, schema={n: t for n, t in DipClearing.schema().items() if n != "difference"})


def _split(sums: pl.DataFrame, pool: Decimal) -> Iterator[dict[str, Any]]:
    points = sums["points"].cast(pl.Decimal(38, 4)).to_physical().cast(pl.Int64).to_numpy()
    if points.sum() <= 0 or points.min() < 0:
        return
    parts = apportion(np.array([int(pool * 100)], np.int64), points)[0].tolist()
    for row, part in zip(sums.to_dicts(), parts, strict=True):
        yield {**row, "amount": Decimal(part).scaleb(-2)}
