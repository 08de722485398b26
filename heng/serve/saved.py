"""把看到的表写成文件 · Write a table as seen to a file: xlsx or csv, by the ending of its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from heng.core.table import Table
from heng.serve.excel.rows import csv_parts, write_rows
from heng.serve.excel.shown import Shown, Words
from heng.serve.labels import Labels

LABELLED = ("dept", "org", "file")
AT_ONCE = 20_000
"""一段多少行 · Rows of one part of a CSV that is sent while it is written."""


def save(rows: pl.DataFrame, table: type[Table], labels: Labels, path: Path, headers: dict[str, tuple[str, str]] | None = None) -> Path:
    """写成文件 · Write the rows with headings, units and words as on the screen; HengError for an ending that is neither.

    Departments, hospitals and files are written by name here, because one code may mean several things in a region.
    """
    return write_rows(_named(rows, table, labels), table, path, Words(labels.now.lang, {}, headers or {}))


@dataclass(frozen=True)
class Chosen:
    """选中的列 · Rows of a table, the columns of them to write, and the totals of all rows, which columns left out may decide."""

    rows: pl.DataFrame
    table: type[Table]
    columns: list[str]
    sums: Mapping[str, Any]


def save_chosen(found: Chosen, labels: Labels, path: Path) -> Path:
    """只写选中的列 · Write the columns chosen, as `save` does, with the totals given."""
    rows = _named(found.rows, found.table, labels).select(found.columns)
    return write_rows(rows, found.table, path, Words(labels.now.lang), found.sums)


def sent(found: Chosen, labels: Labels) -> Iterator[bytes]:
    """边写边发的 CSV · The same as CSV, part by part: as many rows as there are, without all of them being text at once."""
    shown = [Shown(n, found.table, Words(labels.now.lang)) for n in found.columns]
    parts = found.rows.iter_slices(AT_ONCE)
    return csv_parts(shown, (_named(part, found.table, labels).select(found.columns) for part in parts), found.sums)


def _named(rows: pl.DataFrame, table: type[Table], labels: Labels) -> pl.DataFrame:
    names = [n for n in rows.columns if n in table.columns and table.columns[n].of in LABELLED]
    return rows.with_columns([_told(rows, table, labels, n) for n in names])


def _told(rows: pl.DataFrame, table: type[Table], labels: Labels, name: str) -> pl.Series:
    column = table.columns[name]
    orgs = rows["org"] if "org" in rows.columns else [""] * rows.height
    told = [None if v is None else labels.text(column, v, o or "") for v, o in zip(rows[name], orgs, strict=True)]
    return pl.Series(name, told, dtype=pl.String)
