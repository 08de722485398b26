"""分与万分之一 · Whole fen and ten-thousandths as the decimals of a table, and back, exactly; the columns that tell a month or a case."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

CELL = ["org", "month"]
CASE = [*CELL, "encounter"]
FINE = 10**4
"""万分之一 · Points and quantities keep four decimals."""


def yuan(column: str) -> pl.Expr:
    """分转元 · A column of whole fen as yuan."""
    return whole(column, 2)


def fen(column: str) -> pl.Expr:
    """元转分 · A column of yuan as whole fen."""
    return pl.col(column).cast(pl.Decimal(38, 2)).to_physical().cast(pl.Int64)


def coarse(column: str) -> pl.Expr:
    """万分之一转数量 · A column of ten-thousandths as a quantity with four decimals."""
    return whole(column, 4)


def millionths(column: str) -> pl.Expr:
    """以百万分之一计 · A column of decimals as whole millionths."""
    return pl.col(column).cast(pl.Decimal(38, 6)).to_physical().cast(pl.Int64)


def whole(column: str, digits: int) -> pl.Expr:
    """还原为小数 · A column of whole numbers of the last of so many decimals as a decimal; one too large for a table is refused."""
    one: int = 10**digits
    return (pl.col(column).cast(pl.Decimal(38, digits)) / one).cast(pl.Decimal(18, digits)).alias(column)


def in_fen(money: Decimal | None) -> int | None:
    """元转分 · Yuan as whole fen; None stays None."""
    return None if money is None else int(money.scaleb(2))


def frame(rows: Iterable[tuple[Any, ...]], kinds: Mapping[str, Any]) -> pl.DataFrame:
    """逐例的结果成表 · Rows as a frame of columns of these kinds; column by column, which is several times faster than row by row."""
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return pl.DataFrame([pl.Series(n, c, kind) for (n, kind), c in zip(kinds.items(), columns, strict=True)])
