"""两代数据（或两个情景）之间差在哪里 · Where two generations (or a scenario and the present) differ, row by row."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import PurePath

import polars as pl

from heng.app.inputs import Cell
from heng.app.opened import Opened
from heng.app.reader import Reader, Sight
from heng.app.region import Region
from heng.core.table import Table
from heng.store.manifest import Place


def difference(before: Reader, after: Reader, table: type[Table], cells: list[Cell]) -> pl.DataFrame:
    """逐行比较 · Rows of a table that differ: key, `change` (added, removed, changed), and old and new values.

    Value columns come twice, `<column>_before` and `<column>_after`; rows that are equal in every column are left out.
    Private columns are compared, but not shown where the rows of several hospitals stand together.
    """
    sight, key = after.sight(table, {org for org, _ in cells}), table.full_key()
    compared = {*sight.columns, *sight.apart}
    values = [n for n in table.columns if n in compared and n not in key and n not in ("file", "row")]
    old, new = (_stored(r, sight, cells).select([*key, *values]) for r in (before, after))
    joined = old.with_columns(pl.lit(1).alias("was")).join(
        new.with_columns(pl.lit(1).alias("is")), on=key, how="full", coalesce=True, nulls_equal=True, suffix="_after"
    )
    gone, new_one = pl.col("is").is_null(), pl.col("was").is_null()
    differ = pl.any_horizontal([gone, new_one, *(pl.col(v).ne_missing(pl.col(f"{v}_after")) for v in values)])
    change = pl.when(new_one).then(pl.lit("added")).when(gone).then(pl.lit("removed")).otherwise(pl.lit("changed"))
    shown = joined.filter(differ).with_columns(change.alias("change"))
    pairs = [c for v in values if v in sight.columns for c in (pl.col(v).alias(f"{v}_before"), pl.col(f"{v}_after"))]
    return shown.sort(key, nulls_last=True).select([*(k for k in key if k in sight.columns), "change", *pairs])


def _stored(reader: Reader, sight: Sight, cells: list[Cell]) -> pl.DataFrame:
    with closing(Opened(reader, cells)) as opened:
        return opened.as_stored(sight)


def unequal_files(before: Region, after: Region, tables: Iterable[type[Table]]) -> list[type[Table]]:
    """数据文件不相同的表 · Tables whose data files are not the same bytes: files are named by what they hold."""

    def named(region: Region, table: type[Table]) -> dict[Place, str]:
        return {p.place: PurePath(p.file).name for p in region.manifest.of(table.__name__)}

    return [t for t in tables if named(before, t) != named(after, t)]
