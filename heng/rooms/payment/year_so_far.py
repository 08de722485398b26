"""本年至今 · The months of a year up to one of them, added up; a sum of which a part is not known stays unknown."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import polars as pl

from heng.core.params import Params

YEAR = 12


class Funds(Params, at="payment.point_values"):
    """基金 · The fund of the year for stays paid by group, by insurance."""

    funds: list[Any]


def year_so_far(rows: pl.DataFrame, month: str) -> pl.DataFrame:
    """当年截至某月 · The rows of the year of a month, up to it."""
    return rows.filter((pl.col("month") <= month) & (pl.col("month").str.slice(0, 4) == month[:4]))


def summed(rows: pl.DataFrame, by: Iterable[str], wanted: Iterable[str]) -> pl.DataFrame:
    """相加 · Sums as whole fen or ten-thousandths; empty where a row does not say."""
    known = [pl.when(pl.col(n).count() == pl.len()).then(pl.col(n).to_physical().cast(pl.Int64).sum()).alias(n) for n in wanted]
    return rows.group_by(*by).agg(*known, months=pl.col("month").n_unique().cast(pl.Int64)).sort(*by)


def fund_of(rule: Funds, insurance: str, months: int) -> int | None:
    """几个月的基金 · The fund of so many months of the year in fen, a twelfth each; None where the region tells none."""
    found = next((r for r in rule.funds if r["insurance"] == insurance), None)
    return None if found is None else int(Decimal(found["amount"]) * 100 * months) // YEAR
