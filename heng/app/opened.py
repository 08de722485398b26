"""打开若干（医院, 月）来看 · Some hospital-months opened for a reader: the one place where rows are fetched for a person."""

import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from heng.app.inputs import Cell, stored
from heng.app.reader import Reader, Sight
from heng.core.table import Table, quoted
from heng.store.engine import DuckDB


@lru_cache(maxsize=4)
def _engine(folder: Path) -> DuckDB:
    # Setting an engine up costs more than a question to it: those who read a region share one, each in a session of her own.
    return DuckDB(folder)


LOCK = threading.Lock()


def _session(folder: Path) -> DuckDB:
    with LOCK:
        return _engine(folder).beside()


class Opened:
    """打开的（医院, 月） · The rows of some hospital-months, as one reader sees them."""

    def __init__(self, reader: Reader, cells: Iterable[Cell]) -> None:
        """打开 · Open them; without any, every table is empty."""
        self._reader, self._engine, wanted = reader, _session(reader.region.path), list(cells)
        self._inputs = stored(self._engine, reader.region.path, reader.region.manifest, wanted) if wanted else None

    def rows(self, sight: Sight, select: str, values: dict[str, Any] | None = None) -> pl.DataFrame:
        """取行 · The rows of a SELECT from `source`: the rows seen of a table, in force, departments resolved.

        The SELECT gives no column that is not in `sight.columns`, nor one worked out from it.
        """
        self._engine.view("source", self._in_force(sight))
        return self._noted(sight, self._engine.rows(select, values))

    def as_stored(self, sight: Sight) -> pl.DataFrame:
        """存着的行 · The stored rows seen, as they are, with every column they are told apart by: for `heng.app` to project."""
        table = sight.table
        if self._inputs and sight.narrow and table.source:  # a department as written is resolved before it is judged
            rows = f"select distinct {', '.join(map(quoted, table.columns))} from ({self._in_force(sight)})"
        else:
            raw = self._inputs.raw(table) if self._inputs else table.empty()
            rows = f"select * from ({raw}) where {sight.where}"
        return self._noted(sight, self._engine.rows(rows).sort(table.full_key(), nulls_last=True))

    def unscoped(self, table: type[Table], sight: Sight | None) -> pl.DataFrame:
        """计算要用的全部行 · Every row, to compute with; `seen` tells those of a sight (none without one). Never given to a person."""
        seen = f"({sight.where})" if sight else "false"
        return self._engine.rows(f"select *, {seen} as seen from ({self._rows(table)}) order by {table.order()}")

    def close(self) -> None:
        """关闭 · Close the engine."""
        self._engine.close()

    def _in_force(self, sight: Sight) -> str:
        return f"select * from ({self._rows(sight.table)}) where {sight.where}"

    def _rows(self, table: type[Table]) -> str:
        if self._inputs:
            return self._inputs.select(table)
        return f"select *, null::varchar as month from ({table.empty()})" if table.dated() else table.empty()

    def _noted(self, sight: Sight, found: pl.DataFrame) -> pl.DataFrame:
        self._reader.note(sight.table.__name__, found.height)
        return found
