"""取一张表存着的行 · The stored rows of a table, as they are, in key order."""

from contextlib import closing

import polars as pl

from heng.app.inputs import Cell
from heng.app.opened import Opened
from heng.app.reader import Reader
from heng.core.table import Table, quoted


def held(reader: Reader, table: type[Table], cells: list[Cell]) -> pl.DataFrame:
    """这些（医院, 月）的行 · The rows of these (hospital, month) pairs, as far as seen; an empty frame when there are no pairs."""
    sight = reader.sight(table, {org for org, _ in cells})
    with closing(Opened(reader, cells)) as opened:
        return opened.as_stored(sight).select(sight.columns)


def in_force(reader: Reader, table: type[Table], cells: list[Cell]) -> pl.DataFrame:
    """这些月里有效的行 · The rows in force in these (hospital, month) pairs, as far as seen: month by month where they are dated."""
    sight, month = reader.sight(table, {org for org, _ in cells}), ["month"] if table.dated() else []
    shown = ", ".join(map(quoted, [*sight.columns, *month]))
    with closing(Opened(reader, cells)) as opened:
        return opened.rows(sight, f"select {shown} from source order by {', '.join([*month, table.order()])}")
