"""写出与读入分区文件 · Write and read the data files of partitions."""

import io
from pathlib import Path

import polars as pl

from heng.core.errors import StoreError, TableError
from heng.core.table import Table, quoted
from heng.store.files import digest, write_whole
from heng.store.manifest import Part


def write_part(folder: Path, table: type[Table], rows: pl.DataFrame, place: tuple[str, str, str], fingerprint: str = "") -> Part:
    """写一个分区，按内容命名 · Write one partition under its content's name; the same rows give the same file.

    `rows` are in key order with exactly the table's columns; `place` is (org, month, part).
    """
    _unique(table, rows, place)
    out = io.BytesIO()
    rows.write_parquet(out, compression="zstd", statistics=False)
    content, (org, month, part) = out.getvalue(), place
    name = f"data/{table.__name__}/{org or '_'}/{month or '_'}/{digest(content)}.parquet"
    if not (folder / name).exists():
        write_whole(folder / name, content)
    return Part(table.__name__, org, month, part, table.version, name, rows.height, fingerprint)


def select_parts(folder: Path, table: type[Table], parts: list[Part]) -> str:
    """读这些分区的 SQL，新旧版本各自整形 · SQL over the parts, each table version shaped on its own.

    Reading old and new files together would silently drop a column, so every version is read apart: missing
    nullable columns become NULL, all columns are cast to the declared types. A missing required column is a StoreError.
    """
    if not parts:
        return table.empty()
    versions: dict[int, list[Part]] = {}
    for p in parts:
        versions.setdefault(p.version, []).append(p)
    return " union all ".join(_select(folder, table, v, rows) for v, rows in sorted(versions.items()))


def _select(folder: Path, table: type[Table], version: int, parts: list[Part]) -> str:
    if version > table.version:
        raise StoreError(
            f"{table.zh} 由更新的 heng 写出（表版本 {version}）",
            f"{table.__name__} was written by a newer heng (table version {version})",
            mend=("请升级 heng", "upgrade heng"),
        )
    paths = sorted({str(folder / p.file).replace("'", "''") for p in parts})
    source = "read_parquet([" + ", ".join(f"'{p}'" for p in paths) + "])"
    have = set(table.columns) if version == table.version else set(pl.read_parquet_schema(folder / parts[0].file))
    return "select " + ", ".join(_column(table, n, have) for n in table.columns) + f" from {source}"


def _column(table: type[Table], name: str, have: set[str]) -> str:
    column = table.columns[name]
    if name in have:
        return f"{quoted(name)}::{column.type} as {quoted(name)}"
    if column.optional:
        return f"null::{column.type} as {quoted(name)}"
    raise StoreError(
        f"{table.zh} 的旧数据没有必填列 {column.zh}",
        f"old data of {table.__name__} lack the required column {name}",
        mend=("请运行 heng migrate", "run heng migrate"),
    )


def _unique(table: type[Table], rows: pl.DataFrame, place: tuple[str, str, str]) -> None:
    doubled = rows[list(table.key)].is_duplicated() if rows.height > 1 else None
    if doubled is not None and doubled.any():
        twice = rows.filter(doubled)
        key = ", ".join(f"{k}={twice[k][0]}" for k in table.key)
        raise TableError(
            f"主键重复：{key}",
            f"the key occurs twice: {key}",
            where=f"{table.zh} {'/'.join(place)}",
            mend=("请检查写出该表的能力或文件", "look at the capability or file that writes this table"),
        )
