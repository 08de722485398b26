"""两代数据（或两个情景）之间差在哪里 · Where two generations (or a scenario and the present) differ, row by row."""

import polars as pl

from heng.app.held import held
from heng.app.inputs import Cell
from heng.app.region import Region
from heng.core.table import Table


def difference(before: Region, after: Region, table: type[Table], cells: list[Cell]) -> pl.DataFrame:
    """逐行比较 · Rows of a table that differ: key, `change` (added, removed, changed), and old and new values.

    Value columns come twice, `<column>_before` and `<column>_after`; rows that are equal in every column are left out.
    """
    key = table.full_key()
    values = [n for n in table.columns if n not in key and n not in ("file", "row")]
    old, new = (held(r, table, cells).select([*key, *values]) for r in (before, after))
    joined = old.with_columns(pl.lit(1).alias("was")).join(
        new.with_columns(pl.lit(1).alias("is")), on=key, how="full", coalesce=True, nulls_equal=True, suffix="_after"
    )
    gone, new_one = pl.col("is").is_null(), pl.col("was").is_null()
    differ = pl.any_horizontal([gone, new_one, *(pl.col(v).ne_missing(pl.col(f"{v}_after")) for v in values)])
    change = pl.when(new_one).then(pl.lit("added")).when(gone).then(pl.lit("removed")).otherwise(pl.lit("changed"))
    shown = joined.filter(differ).with_columns(change.alias("change"))
    pairs = [c for v in values for c in (pl.col(v).alias(f"{v}_before"), pl.col(f"{v}_after"))]
    return shown.select([*key, "change", *pairs]).sort(key, nulls_last=True)
