"""把看到的表写成文件 · Write a table as seen to a file: xlsx or csv, by the ending of its name."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from heng.core.table import Table
    from heng.serve.cli.labels import Labels

LABELLED = ("dept", "org", "file")


def save(
    rows: "pl.DataFrame", table: "type[Table]", labels: "Labels", path: Path, headers: dict[str, tuple[str, str]] | None = None
) -> Path:
    """写成文件 · Write the rows with headings, units and words as on the screen; HengError for an ending that is neither.

    Departments, hospitals and files are written by name here, because one code may mean several things in a region.
    """
    from heng.serve.excel.rows import write_rows
    from heng.serve.excel.shown import Words

    named = rows.with_columns(
        [_named(rows, table, labels, n) for n in rows.columns if n in table.columns and table.columns[n].of in LABELLED]
    )
    return write_rows(named, table, path, Words(labels.now.lang, {}, headers or {}))


def _named(rows: "pl.DataFrame", table: "type[Table]", labels: "Labels", name: str) -> "pl.Series":
    import polars as pl

    column = table.columns[name]
    orgs = rows["org"] if "org" in rows.columns else [""] * rows.height
    told = [None if v is None else labels.text(column, v, o or "") for v, o in zip(rows[name], orgs, strict=True)]
    return pl.Series(name, told, dtype=pl.String)
