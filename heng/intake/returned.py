"""退回的行 · Writes the rows that could not be taken back into their own template, each with its reason.

Text that a spreadsheet would run as a formula is written as text: in a workbook as a string cell, in a text file
behind an apostrophe, which intake takes off again.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from heng.intake.sheet import Cell, Source

NOTE = "问题说明"
MANY = 50_000
"""逐行写出的行 · Rows beyond which a workbook is written row by row and not kept in memory."""
UNSAFE = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
PATH_CHARACTERS = re.compile(r"[\\/:*?\"<>|\[\]\x00-\x1f']+")
WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no time zone; a fixed date keeps the bytes the same


@dataclass(frozen=True)
class Returned:
    """一张表里要退回的行 · What is needed to write a sheet's bad rows back.

    `top`: the rows above the data as written (titles and header). `bad`: the bad rows as written, and in the last
    column why and how to mend. `numeric`: positions whose plain numbers are written as numbers. `width`: header cells.
    """

    source: Source
    sheet: str
    top: list[tuple[Cell, ...]]
    bad: pl.DataFrame
    numeric: frozenset[int]
    width: int
    header_row: int


def write_returned(returned: Returned, folder: Path) -> Path:
    """写出退回的文件 · Write the bad rows with a last column 问题说明 and return the path.

    xlsx for workbooks (and what passed for one), text in its own encoding and delimiter for text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = Path(returned.source.name).stem
    sheet = "" if returned.sheet == returned.source.name else f"-{returned.sheet}"
    name = f"{safe_name(stem)[:48]}{safe_name(sheet) if sheet else ''}-退回"
    if returned.source.form == "workbook":
        return _workbook(returned, folder / f"{name}.xlsx")
    return _text(returned, folder / f"{name}{Path(returned.source.name).suffix or '.csv'}")


def safe_name(text: str) -> str:
    """可作文件名的文字 · A text without path characters, at most 80 long."""
    return PATH_CHARACTERS.sub("_", text).strip(". ")[:80] or "退回"


def neutral(text: str) -> str:
    """不会被当公式的文字 · A text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{text}" if text.startswith(UNSAFE) and not NUMBER.fullmatch(text) and text not in ("-", "--") else text


def _lines(returned: Returned) -> Iterator[tuple[bool, list[Cell]]]:
    """逐行：是否数据行与各格 · Every line with whether it is data; the note column follows the header's last cell."""
    width, again = returned.width, returned.width
    if returned.top[returned.header_row][width - 1 : width] == (NOTE,):
        width -= 1  # a file that comes back a second time: the old reasons make room for the new ones
    for i, row in enumerate(returned.top):
        yield False, [*row[:width], NOTE if i == returned.header_row else None]
    for cells in returned.bad.iter_rows():
        yield True, [*cells[:width], cells[-1], *cells[again:-1]]


def _text(returned: Returned, path: Path) -> Path:
    with path.open("w", encoding=returned.source.encoding, newline="", errors="replace") as file:
        writer = csv.writer(file, delimiter=returned.source.delimiter, lineterminator="\r\n")
        writer.writerows([neutral(c or "") for c in row] for _, row in _lines(returned))
    return path


def _workbook(returned: Returned, path: Path) -> Path:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options["constant_memory"] = returned.bad.height > MANY
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": WRITTEN})
        page = book.add_worksheet(safe_name(returned.sheet)[:31])
        page.set_column(returned.width, returned.width, 60)
        for i, (data, row) in enumerate(_lines(returned)):
            for j, cell in enumerate(row):
                if cell and data and j in returned.numeric and NUMBER.fullmatch(cell):
                    page.write_number(i, j, float(cell))
                elif cell:
                    page.write_string(i, j, cell)
    return path
