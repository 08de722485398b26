"""任一表或视图写成 Excel 或 CSV，与所见相同 · Any table or view as xlsx or csv, as seen: names, units, words, totals.

Text that a spreadsheet would run as a formula stays text: in xlsx by the mark of its cell, in csv by a leading apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from heng.core.errors import HengError
from heng.core.period import last_day
from heng.core.table import Table
from heng.serve.excel.look import ACTIVE, BROAD, NARROW, Looks
from heng.serve.excel.sheet import UNKNOWN
from heng.serve.excel.shown import TOTAL, Cell, Shown, Words
from heng.serve.excel.width import as_number, places
from heng.serve.totals import totals
from heng.store.files import write_whole

EXCEL_ROWS = 1_048_576
SAMPLE = 500  # rows that decide how wide a column is
EVER = date(2000, 1, 1)  # the date in a file whose rows belong to no month
Rows = list[list[Cell]]


def write_rows(
    frame: pl.DataFrame, table: type[Table] | None, path: Path, words: Words | None = None, sums: Mapping[str, Cell] | None = None
) -> Path:
    """写成 .xlsx 或 .csv · Write the frame as the ending of `path` says, a totals row below; the path.

    `sums`: the totals, where columns that decide about them are left out of the frame. HengError when the ending is another
    one, or when Excel cannot hold so many rows.
    """
    shown = [Shown(name, table, words or Words()) for name in frame.columns]
    added = totals(frame, {s.name: s.column for s in shown if s.column}) if sums is None else sums
    ending = path.suffix.lower()
    if ending == ".csv":
        write_whole(path, b"".join(csv_parts(shown, [frame], added)))
    elif ending == ".xlsx" and frame.height + 2 <= EXCEL_ROWS:
        write_whole(path, _xlsx(shown, _cells(shown, frame), _closing(shown, added), _day(frame)))
    else:
        raise _unwritable(path, frame.height)
    return path


def csv_parts(shown: list[Shown], frames: Iterable[pl.DataFrame], sums: Mapping[str, Cell]) -> Iterator[bytes]:
    """逐段写 CSV · CSV part by part: the headings, each frame, the totals."""
    yield "\ufeff".encode() + _csv([[s.header for s in shown]])
    yield from (_csv(_cells(shown, frame)) for frame in frames)
    yield _csv(_closing(shown, sums))


def _cells(shown: list[Shown], frame: pl.DataFrame) -> Rows:
    return [[s.cell(v) for s, v in zip(shown, row, strict=True)] for row in frame.iter_rows()]


def _closing(shown: list[Shown], sums: Mapping[str, Cell]) -> Rows:
    if not any(s.name in sums for s in shown):
        return []
    row: list[Cell] = [(UNKNOWN if sums[s.name] is None else sums[s.name]) if s.name in sums else "" for s in shown]
    row[0] = row[0] or shown[0].words.say(TOTAL)
    return [row]


def _csv(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_inert(v) for v in row] for row in rows)
    return out.getvalue().encode()


def _inert(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(ACTIVE) else value


def _xlsx(shown: list[Shown], rows: Rows, closing: Rows, day: date) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001 - a day of the books, in no time zone
    looks, paper = Looks(book), book.add_worksheet()
    for n, s in enumerate(shown):
        paper.set_column(n, n, _width(s, [row[n] for row in (*rows[:SAMPLE], *closing)]))
        paper.write_string(0, n, s.header, looks.head())
    for n, row in enumerate(rows, 1):
        _write(paper, n, row, [looks.column(s.number) for s in shown], looks)
    for row in closing:
        _write(paper, len(rows) + 1, row, [looks.column(s.number, closing=True) for s in shown], looks)
    paper.freeze_panes(1, 0)
    if shown:
        paper.autofilter(0, 0, len(rows), len(shown) - 1)
    book.close()
    return out.getvalue()


def _write(paper: Any, row: int, cells: Sequence[Cell], formats: list[Any], looks: Looks) -> None:
    for n, value in enumerate(cells):
        if isinstance(value, str):
            paper.write_string(row, n, value, looks.inert() if value.startswith(ACTIVE) else formats[n])
        elif isinstance(value, date):
            paper.write_datetime(row, n, value, formats[n])
        elif value is None:
            paper.write_blank(row, n, None, formats[n])
        else:
            paper.write_number(row, n, as_number(value), formats[n])


def _width(shown: Shown, cells: Sequence[Cell]) -> int:
    widest = max((places(f"{v:,}" if isinstance(v, int | Decimal) else str(v)) for v in cells if v is not None), default=0)
    return min(BROAD, max(NARROW, widest + 2, (places(shown.header) + 1) // 2 + 2))


def _day(frame: pl.DataFrame) -> date:
    months = frame["month"].drop_nulls() if "month" in frame.columns else pl.Series([], dtype=pl.String)
    return last_day(str(months.max())) if months.len() else EVER


def _unwritable(path: Path, rows: int) -> HengError:
    if path.suffix.lower() == ".xlsx":
        zh, en, mend = f"{rows} 行超出 Excel 的上限", f"{rows} rows are more than Excel holds", ("请改写成 .csv", "write a .csv")
    else:
        zh, en, mend = (
            f"不会写「{path.suffix}」文件",
            f"cannot write a {path.suffix!r} file",
            ("请用 .xlsx 或 .csv", "use .xlsx or .csv"),
        )
    return HengError(zh, en, where=path.name, mend=mend)
