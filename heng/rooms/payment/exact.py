"""分与万分之一 · Whole fen and ten-thousandths as the decimals of a table, and back, exactly; the columns that tell a month."""

from decimal import Decimal

import polars as pl

from heng.methods.payment.clearing import FINE

CELL = ["org", "month"]


def yuan(column: str) -> pl.Expr:
    """分转元 · A column of whole fen as yuan."""
    return (pl.col(column).cast(pl.Decimal(38, 2)) / 100).cast(pl.Decimal(18, 2)).alias(column)


def fen(column: str) -> pl.Expr:
    """元转分 · A column of yuan as whole fen."""
    return pl.col(column).cast(pl.Decimal(38, 2)).to_physical().cast(pl.Int64)


def coarse(column: str) -> pl.Expr:
    """万分之一转数量 · A column of ten-thousandths as a quantity with four decimals."""
    return (pl.col(column).cast(pl.Decimal(38, 4)) / FINE).cast(pl.Decimal(18, 4)).alias(column)


def in_fen(money: Decimal | None) -> int | None:
    """元转分 · Yuan as whole fen; None stays None."""
    return None if money is None else int(money.scaleb(2))
