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
    if not place or rows.is_empty():
        return _rounded(rows, carried(table))
    # Part by part: far quicker than a window over each column.
    return pl.concat([_rounded(part, carried(table)) for part in rows.partition_by(place, maintain_order=True)])


def _rounded(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    # In two steps, so that the running totals are worked out once.
    total = pl.col(names).fill_null(0).cum_sum().round(FEN, mode="half_away_from_zero").cast(pl.Decimal(38, FEN))
    running = rows.select(total)
    grown = running.select((pl.col(names) - pl.col(names).shift(1, fill_value=0)).cast(pl.Decimal(18, FEN)))
    return rows.with_columns(pl.when(pl.col(n).is_not_null()).then(grown[n]).alias(n) for n in names)
