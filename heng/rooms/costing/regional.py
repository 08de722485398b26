"""区域的病例 · The cases of all hospitals of a region, by grouping, and the months that count together."""

from collections.abc import Iterable

import polars as pl

from heng.core.period import shift
from heng.rooms.costing.layers import CELL, fen

QUARTER = 3


def grouped_cases(cases: pl.DataFrame, groups: pl.DataFrame, cares: Iterable[str]) -> pl.DataFrame:
    """计入的病例 · One row per counted case and grouping: org, month, scheme, group, days, and income and cost in fen."""
    counted = cases.filter(pl.col("amount").is_not_null() & pl.col("care").is_in(list(cares)))
    known = counted.select(
        *CELL,
        "encounter",
        "days",
        income=pl.Series(fen(counted["income"].fill_null(0))),
        billed=pl.col("income").is_not_null(),
        cost=pl.Series(fen(counted["amount"])),
    )
    placed = groups.filter((pl.col("excluded") == "") & pl.col("group").is_not_null())
    return placed.select(*CELL, "encounter", "scheme", "group").join(known, on=[*CELL, "encounter"], how="inner")


def months_of(rows: pl.DataFrame) -> list[str]:
    """有病例的月份 · The months that have cases, in order."""
    return sorted(rows["month"].unique().to_list())


def quarter(rows: pl.DataFrame, month: str) -> pl.DataFrame:
    """最近一季 · The rows of the three months that end with this one."""
    return rows.filter(pl.col("month").is_between(pl.lit(shift(month, 1 - QUARTER)), pl.lit(month)))
