"""写文件 · Writes sheets as workbook, CSV, TSV or HTML, to the same bytes every time."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from html import escape
from itertools import groupby
from pathlib import Path

import xlsxwriter

from heng.demo.sheets import Cell, Sheet

WRITTEN = datetime(2026, 10, 9, 9, 0)  # noqa: DTZ001 - a workbook has no time zone


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """写工作簿 · A workbook with title rows, merged headers, a total row and notes."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": WRITTEN, "author": "成本核算办公室"})
        bold, day = book.add_format({"bold": True, "align": "center"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            page, line, wide = book.add_worksheet(sheet.name), 0, len(sheet.columns) - 1
            for text in sheet.title:
                page.merge_range(line, 0, line, wide, text, bold)
                line += 1
            _header(page, sheet.header, line, bold)
            page.set_column(0, wide, 14)
            for number, row in enumerate(_body(sheet), line + len(sheet.header)):
                for place, cell in enumerate(row):
                    if cell is None or cell == "":
                        continue
                    if isinstance(cell, date):
                        page.write_datetime(number, place, cell, day)
                    elif isinstance(cell, str):
                        page.write_string(number, place, cell)
                    else:
                        page.write_number(number, place, cell)


def _header(page: xlsxwriter.worksheet.Worksheet, header: list[list[str]], line: int, bold: object) -> None:
    if len(header) == 1:
        page.write_row(line, 0, header[0], bold)
        return
    place = 0
    for top, group in groupby(zip(*header, strict=True), key=lambda pair: pair[0]):
        lows = [low for _, low in group]
        if lows == [top]:
            page.merge_range(line, place, line + 1, place, top, bold)
        else:
            page.merge_range(line, place, line, place + len(lows) - 1, top, bold)
            page.write_row(line + 1, place, lows, bold)
        place += len(lows)


def write_csv(encoding: str, delimiter: str = ",") -> Callable[[Path, Sequence[Sheet]], None]:
    """写文本 · A writer of delimited text in an encoding, one sheet a file."""

    def write(path: Path, sheets: Sequence[Sheet]) -> None:
        (sheet,) = sheets
        out = io.StringIO(newline="")
        lines = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
        lines.writerows([*([t] for t in sheet.title), *sheet.header, *_body(sheet)])
        path.write_bytes(out.getvalue().encode(encoding))

    return write


def write_html(path: Path, sheets: Sequence[Sheet]) -> None:
    """写网页表格 · A table in HTML, which old systems save as .xls."""
    (sheet,) = sheets
    wide = len(sheet.columns)
    head = [f'<tr><td colspan="{wide}">{escape(t)}</td></tr>' for t in sheet.title]
    head += ["<tr>" + "".join(f"<th>{escape(h)}</th>" for h in row) + "</tr>" for row in sheet.header]
    rows = ["<tr>" + "".join(f"<td>{escape(str(c if c is not None else ''))}</td>" for c in row) + "</tr>" for row in _body(sheet)]
    start = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body><table border="1">'
    path.write_bytes("\r\n".join([start, *head, *rows, "</table></body></html>"]).encode("gb18030"))


def _body(sheet: Sheet) -> list[list[Cell]]:
    total = [sheet.total] if sheet.total else []
    notes: list[list[Cell]] = [[n] for n in sheet.notes]
    return [*sheet.rows, *total, *notes]
