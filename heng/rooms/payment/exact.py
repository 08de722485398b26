"""分与万分之一 · Whole fen and ten-thousandths as the decimals of a table, and back, exactly; the columns that tell a month or a case."""

from decimal import Decimal

import polars as pl

CELL = ["org", "month"]
CASE = [*CELL, "encounter"]


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
