"""引擎：内存中的 DuckDB，只能读区域文件夹 · The engine: DuckDB in memory, allowed to read the region folder only."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl

from heng.core.errors import Say, TableError
from heng.store.arrow import Stream

VERSION = f"duckdb {duckdb.__version__}, polars {pl.__version__}"
"""引擎版本：结果的一部分 · The engine's versions: they are part of what a result depends on."""

THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""线程数；结果与它无关 · Threads of the engine: as many as the machine lends us. Results do not depend on it."""

MACROS = """
create macro ratio(a, b) as case when b = 0 then null else (
    sign(a) * sign(b) * ((2 * (abs(a)::decimal(38, 6) * 1000000)::hugeint * 1000000 + (abs(b)::decimal(38, 6) * 1000000)::hugeint)
    // (2 * (abs(b)::decimal(38, 6) * 1000000)::hugeint)))::decimal(30, 0) * 0.000001::decimal(6, 6) end;
create macro scaled(a) as (abs(a)::decimal(38, 4) * 10000)::hugeint;
create macro muldiv(a, b, c) as case when c = 0 then null else (sign(a) * sign(b) * sign(c)
    * ((2 * scaled(a) * scaled(b) + scaled(c)) // (2 * scaled(c))))::decimal(32, 0) * 0.0001::decimal(4, 4) end;
create macro wide(a, b) as sign(a) * sign(b)
    * ((2 * (abs(a)::decimal(38, 2) * 100)::hugeint * 100000000000000 + scaled(b)) // (2 * scaled(b)));
create macro digits(fen, ticks) as (fen // ticks)::hugeint * 100000000000000
    + ((((fen % ticks) * 10000000) // ticks) * 10000000)::hugeint
    + ((2 * ((((fen % ticks) * 10000000) % ticks) * 10000000) + case when fen < 0 then -abs(ticks) else abs(ticks) end)
    // (2 * ticks))::hugeint;
create macro fine(a, b) as case when b = 0 then null when abs(b) < 40000000 then digits((a * 100)::bigint, (b * 10000)::bigint)
    else wide(a, b) end::decimal(24, 0) * 0.000000000001::decimal(12, 12);
create macro breakeven_volume(fixed, variable, income, volume) as
    case when income > variable then muldiv(fixed, volume, income - variable) end;
create macro breakeven_income(fixed, variable, income) as case when income > variable then muldiv(fixed, income, income - variable) end;
"""


class Engine(Protocol):
    """引擎答得出的问题 · What an engine answers: DuckDB, or Spark where a region outgrows one machine."""

    def view(self, name: str, select: str) -> None:
        """给查询起名 · Give a SELECT a name."""

    def table(self, name: str, rows: pl.DataFrame) -> None:
        """把一张数据表交给引擎 · Hand a frame to the engine under a name."""

    def keep(self, name: str, select: str, values: dict[str, Any] | None = None) -> None:
        """算出并留下 · Work a SELECT out and keep its rows under a name."""

    def rows(self, select: str, values: dict[str, Any] | None = None) -> pl.DataFrame:
        """取行；小数保持小数 · Fetch rows; decimals stay decimals."""

    def columns(self, select: str, values: dict[str, Any] | None = None) -> dict[str, str]:
        """查询给出的列名与类型 · Names and types of the columns a SELECT gives."""

    def close(self) -> None:
        """关闭 · Close the session."""


class DuckDB:
    """一个 DuckDB 会话 · One DuckDB session; no extension is loaded, no file outside `folder` is read, without it none at all."""

    def __init__(self, folder: Path | None = None) -> None:
        """打开并锁定设置 · Open, declare the macros, lock the settings."""
        self._db = duckdb.connect(":memory:")
        self._db.execute("set autoinstall_known_extensions=false; set autoload_known_extensions=false")
        self._db.execute(f"set threads={THREADS}")
        self._db.execute("set preserve_insertion_order=true; set TimeZone='UTC'")
        # In DuckDB 2.0.0 this optimiser takes two different aggregates over one joined view for the same and returns one twice.
        self._db.execute("set disabled_optimizers='common_subplan'")
        self._db.execute(MACROS)
        if folder:
            self._db.execute("set allowed_directories=[$folder]", {"folder": f"{folder}/"})
        else:
            self._db.execute("set temp_directory=''")  # a place to spill to is a place to read from
        self._db.execute("set enable_external_access=false; set lock_configuration=true")

    def view(self, name: str, select: str) -> None:
        """给查询起名 · Give a SELECT a name."""
        self._run(f'create or replace temp view "{name}" as {select}')

    def table(self, name: str, rows: pl.DataFrame) -> None:
        """把一张数据表交给引擎 · Hand a frame to the engine under a name."""
        self._db.register(name, Stream(rows))

    def keep(self, name: str, select: str, values: dict[str, Any] | None = None) -> None:
        """算出并留在内存 · Work a SELECT out and keep its rows in memory under a name."""
        self._run(f'create or replace temp table "{name}" as {select}', values)

    def rows(self, select: str, values: dict[str, Any] | None = None) -> pl.DataFrame:
        """取行；小数保持小数 · Fetch rows; decimals stay decimals."""
        with _told():
            return pl.DataFrame(Stream(self._db.sql(select, params=_used(select, values))))

    def columns(self, select: str, values: dict[str, Any] | None = None) -> dict[str, str]:
        """查询给出的列名与类型 · Names and types of the columns a SELECT gives."""
        with _told():
            found = self._db.sql(select, params=_used(select, values))
            return {n: str(t).lower() for n, t in zip(found.columns, found.types, strict=True)}

    def beside(self) -> "DuckDB":
        """同一引擎的另一会话 · One more session of the same engine: its names are its own, and it costs nothing to open."""
        twin = object.__new__(DuckDB)
        twin._db = self._db.cursor()
        return twin

    def close(self) -> None:
        """关闭 · Close the session."""
        self._db.close()

    def _run(self, sql: str, values: dict[str, Any] | None = None) -> None:
        with _told():
            self._db.execute(sql, _used(sql, values))


def _used(sql: str, values: dict[str, Any] | None) -> dict[str, Any] | None:
    return {k: v for k, v in (values or {}).items() if re.search(rf"\${k}\b", sql)} or None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as e:
        told = str(e).strip().splitlines()[0]
        raise TableError(f"查询出错：{told}", f"the query failed: {told}", mend=HINT) from e


HINT: Say = ("请核对列名与类型；heng check 可定位", "check names and types; heng check shows where")
