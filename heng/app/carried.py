"""写表时的取整：余数带到下一行 · Rounding when a table is written: the remainder goes on to the next row.

A capability gives a `carried` column exact. Down the rows of a partition, in key order, each row gets what the rounded
running total grew by: no row is off by more than a fen, one that is 0 stays 0, and together they are the rounded exact
total. The receiver of every remainder is thus known, and no order of work changes it.
"""

import polars as pl

from heng.core.table import Table, quoted

EXACT = "decimal(38,16)"
FEN = 2


def carried(table: type[Table]) -> list[str]:
    """要这样取整的列 · The columns of a table that are rounded so."""
    return [n for n, c in table.columns.items() if c.carried]


def exact(table: type[Table], have: dict[str, str], source: str) -> str:
    """取整之前的行 · SQL of the rows before rounding: carried columns exact, derived ones left out until they are rounded."""
    if not carried(table):
        return table.shaped(have, source)
    own = {n: EXACT if c.carried else c.type for n, c in table.columns.items() if not c.derived}
    table.shaped(have, source)  # says which promised column is missing
    return f"select {', '.join(f'{quoted(n)}::{t} as {quoted(n)}' for n, t in own.items())} from ({source})"


def rounded(table: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    """带余数取整 · Rows in key order, their carried columns rounded to the fen within each partition."""
    place = [n for n in table.full_key() if n in ("org", "month") and n not in table.key]
    columns = [_rounded(n) for n in carried(table)]
    if rows.is_empty():
        return rows.with_columns(columns)
    parts = rows.partition_by(place, maintain_order=True) if place else [rows]  # far quicker than a window over each column
    return pl.concat([part.with_columns(columns) for part in parts])


def _rounded(name: str) -> pl.Expr:
    running = pl.col(name).fill_null(0).cum_sum().round(FEN, mode="half_away_from_zero")
    grown = running - running.shift(1, fill_value=0)
    return pl.when(pl.col(name).is_not_null()).then(grown.cast(pl.Decimal(18, FEN))).alias(name)
