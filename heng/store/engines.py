"""选引擎 · Choosing an engine: DuckDB is always there, Spark with the extra `spark`.

A result does not say which of them worked it out: they give the same rows, which `heng diff --engines` shows.
"""

from pathlib import Path

from heng.core.errors import StoreError, did_you_mean
from heng.store.engine import DuckDB, Engine

ENGINES = ("duckdb", "spark")


def open_engine(name: str, folder: Path | None = None) -> Engine:
    """按名字打开引擎 · Open an engine by name; StoreError when there is no such engine or its packages are missing."""
    if name == "duckdb":
        return DuckDB(folder)
    if name != "spark":
        raise StoreError(f"没有引擎 {name}", f"there is no engine {name}", mend=did_you_mean(name, ENGINES))
    try:
        from heng.store.spark import Spark  # noqa: PLC0415 - its packages come with the extra only
    except ModuleNotFoundError as e:
        raise StoreError(
            f"引擎 spark 需要的 {e.name} 没有安装",
            f"the engine spark needs {e.name}, which is not installed",
            mend=("请安装：pip install 'heng[spark]'", "install it: pip install 'heng[spark]'"),
        ) from e
    return Spark(folder)
