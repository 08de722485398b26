"""做出医院会交来的文件 · Makes the files that hospitals hand in."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from heng.core.table import Table
from heng.intake.delivery import Delivery, Place, read_delivery

Lines = Sequence[Sequence[Any]]


def workbook(path: Path, sheets: Mapping[str, Lines]) -> Path:
    """An xlsx whose cells keep their Python types; a pair is a formula and the value it shows."""
    options = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, lines in sheets.items():
            page = book.add_worksheet(name)
            for i, line in enumerate(lines):
                for j, cell in enumerate(line):
                    if isinstance(cell, tuple):
                        page.write_formula(i, j, cell[0], None, cell[1])
                    elif cell is not None:
                        page.write(i, j, cell)
    return path


def text(path: Path, lines: Lines, *, encoding: str = "utf-8", mark: str = ",") -> Path:
    """A delimited text file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows(lines)
    return path


def deliver(path: Path, org: str = "H01", month: str = "", **more: Any) -> Delivery:
    """Read a file that H01 handed in."""
    return read_delivery(path, Place(org, month, **more))


def only(delivery: Delivery, table: type[Table]) -> pl.DataFrame:
    """The rows of the one table that came."""
    assert list(delivery.tables) == [table]
    return delivery.tables[table]


def errors(delivery: Delivery) -> list[tuple[int, str, str]]:
    """(row, column, reason) of every error."""
    return said(delivery, "error")


def said(delivery: Delivery, severity: str) -> list[tuple[int, str, str]]:
    """(row, column, reason) of every finding of a severity."""
    return delivery.findings.filter(pl.col("severity") == severity).select("row", "column", "reason_zh").rows()
