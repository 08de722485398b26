"""取一张表存着的行 · The stored rows of a table, as they are, in key order."""

import polars as pl

from heng.app.inputs import Cell, stored
from heng.app.region import Region
from heng.core.table import Table
from heng.store.engine import DuckDB


def held(region: Region, table: type[Table], cells: list[Cell]) -> pl.DataFrame:
    """这些（医院, 月）的行 · The rows of these (hospital, month) pairs; an empty frame when there are no pairs."""
    engine = DuckDB(region.path)
    rows = engine.rows(stored(engine, region.path, region.manifest, cells).raw(table) if cells else table.empty())
    engine.close()
    return rows.sort(table.full_key(), nulls_last=True)
