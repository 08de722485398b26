"""第二个引擎：Spark · The second engine: Spark answers the same SELECTs when a region outgrows one machine.

Exact as the first: decimals keep every digit or the query fails (ANSI, no loss of precision). Rows pass both ways as
Parquet in a scratch folder beside the data, which every worker must be able to read and write.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from sqlglot.errors import SqlglotError

from heng.core.errors import TableError
from heng.store.engine import HINT
from heng.store.jvm import start
from heng.store.spark_sql import translated

START = {
    "spark.master": "local[*]",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
"""没有另行配置时怎样启动 · How Spark starts where nothing else is configured: on this machine, without a network."""
MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.caseSensitive": "false",
}
"""数字与时间的含义 · What numbers and times mean: never another, whatever a cluster is configured to."""
SMALL = 1 << 20
"""多大以内不分区（字节） · Bytes up to which rows stay in one partition: what is not split needs no exchange."""
DUCKDB = {"string": "varchar", "int": "integer", "timestamp_ntz": "timestamp", "void": '"null"'}


class Spark:
    """一个 Spark 会话 · One Spark session that does what DuckDB does."""

    def __init__(self, folder: Path | None = None) -> None:
        """打开 · Open a session of its own; its scratch folder lies in `folder`."""
        self._spark = _context().newSession()
        for name, value in MEANING.items():
            self._spark.conf.set(name, value)
        self._scratch = TemporaryDirectory(prefix=".scratch-", dir=folder)
        self._written = 0

    def view(self, name: str, select: str) -> None:
        """给查询起名 · Give a SELECT a name."""
        with _told():
            self._sql(select).createOrReplaceTempView(name)

    def table(self, name: str, rows: pl.DataFrame) -> None:
        """把一张数据表交给引擎 · Hand a frame to the engine under a name."""
        path = self._path()
        path.mkdir()
        rows.with_columns([pl.col(n).cast(_plain(t)) for n, t in rows.schema.items()]).write_parquet(path / "0.parquet")
        self._stored(path, name)

    def keep(self, name: str, select: str, values: dict[str, Any] | None = None) -> None:
        """算出并留在内存 · Work a SELECT out and keep its rows under a name."""
        with _told():
            found = self._sql(select, values)
            found.createOrReplaceTempView(name)
            if not found.inputFiles():  # what reads nothing is as soon worked out again
                return
        self._stored(self._out(select, values), name)

    def rows(self, select: str, values: dict[str, Any] | None = None) -> pl.DataFrame:
        """取行；小数保持小数 · Fetch rows; decimals stay decimals."""
        return pl.read_parquet(self._out(select, values) / "*.parquet")

    def columns(self, select: str, values: dict[str, Any] | None = None) -> dict[str, str]:
        """查询给出的列名与类型 · Names and types of the columns a SELECT gives, as DuckDB names them."""
        with _told():
            return {n: DUCKDB.get(t, t) for n, t in self._sql(select, values).dtypes}

    def close(self) -> None:
        """关闭 · Close the session; Java goes on until the program ends."""
        self._spark.catalog.clearCache()
        self._scratch.cleanup()

    def _out(self, select: str, values: dict[str, Any] | None = None) -> Path:
        path = self._path()
        with _told():
            self._sql(select, values).write.parquet(str(path))
        return path

    def _stored(self, path: Path, name: str) -> None:
        self._read([str(p) for p in sorted(path.glob("*.parquet"))], name)

    def _sql(self, select: str, values: dict[str, Any] | None = None) -> DataFrame:
        return self._spark.sql(translated(select, values or {}, self._files))

    def _files(self, paths: list[str]) -> str:
        name = "files_" + hashlib.blake2b("\n".join(paths).encode(), digest_size=16).hexdigest()
        self._read(paths, name)
        return name

    def _read(self, paths: list[str], name: str) -> None:
        with _told():
            found = self._spark.read.schema(_shape(pl.read_parquet_schema(paths[0]))).parquet(*paths)
            small = sum(Path(p).stat().st_size for p in paths) < SMALL
            (found.coalesce(1) if small else found).createOrReplaceTempView(name)

    def _path(self) -> Path:
        self._written += 1
        return Path(self._scratch.name) / f"{self._written}.parquet"


@cache
def _context() -> SparkSession:
    """全程序共用一个 Java · One Java for the whole program."""
    start(START)
    session = SparkSession.builder.appName("heng").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def _plain(kind: pl.DataType) -> pl.DataType:
    if kind.is_unsigned_integer() or kind in (pl.Int8, pl.Int16):
        return pl.Int64()
    return pl.String() if kind == pl.Null or kind in (pl.Categorical, pl.Enum) else kind


def _shape(schema: pl.Schema | dict[str, pl.DataType]) -> str:
    return ", ".join(f"`{n}` {_kind(t)}" for n, t in schema.items())


def _kind(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Decimal):
        return f"decimal({kind.precision}, {kind.scale})"
    return KINDS[kind.base_type()]


KINDS = {
    pl.String: "string",
    pl.Date: "date",
    pl.Boolean: "boolean",
    pl.Int64: "bigint",
    pl.Int32: "int",
    pl.Float64: "double",
    pl.Datetime: "timestamp_ntz",
}


def _cause(said: str) -> str:
    # Java tells the first cause last.
    lines = [line for line in said.strip().splitlines() if line.startswith("Caused by: ")] or said.strip().splitlines()
    return lines[-1 if lines[0].startswith("Caused by: ") else 0].removeprefix("Caused by: ")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (PySparkException, Py4JError, SqlglotError) as e:
        told = _cause(str(e))
        raise TableError(f"查询出错：{told}", f"the query failed: {told}", mend=HINT) from e
