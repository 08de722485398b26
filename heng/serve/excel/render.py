"""唯一的排版者：报表 → 工作簿 · The one renderer: sheets become a workbook, the same bytes every time.

The date in the file is the last day of the period, never the clock's. Every cell of text is written as text, so
that a name beginning with 「=」 is a name and not a formula.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

import xlsxwriter

from heng.serve.excel.look import ACTIVE, Looks
from heng.serve.excel.page import banner, breaks, set_page, widths
from heng.serve.excel.sheet import Head, Letterhead, Line, Sheet
from heng.serve.excel.width import as_number, places, printed, rows_needed

LINE_HEIGHT = 15
TITLE_ROWS = 3
RIGHT = 10  # places that 「单位：元」 takes


def workbook(sheets: Sequence[Sheet], letterhead: Letterhead, title: str) -> bytes:
    """整个工作簿 · The workbook as bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": title, "company": letterhead.hospital, "created": datetime(*letterhead.last_day)})  # noqa: DTZ001 - a day of the books, in no time zone
    looks = Looks(book)
    for sheet in sheets:
        _Page(book.add_worksheet(sheet.name), looks, sheet).write(letterhead)
    book.close()
    return out.getvalue()


class _Page:
    """正在写的一张 · One worksheet being written."""

    def __init__(self, paper: Any, looks: Looks, sheet: Sheet) -> None:
        self.paper, self.looks, self.sheet = paper, looks, sheet
        self.wide = widths(sheet)
        self.first, self.last = banner(sheet, self.wide)
        self.breaks = breaks(sheet, self.wide)
        self.deep = max(h.depth() for h in sheet.heads)
        self.tall = [1] * self.deep

    def write(self, letterhead: Letterhead) -> None:
        for n, width in enumerate(self.wide):
            self.paper.set_column(n, n, width)
        self._titles(letterhead)
        self._heads(self.sheet.heads, 0, 0)
        for level, rows in enumerate(self.tall):
            self.paper.set_row(TITLE_ROWS + level, LINE_HEIGHT * rows + 4)
        top = TITLE_ROWS + self.deep
        for n, line in enumerate(self.sheet.lines, top):
            self._line(n, line)
        self._feet(top + len(self.sheet.lines), letterhead)
        set_page(self.paper, self.sheet, self.wide, top)

    def _titles(self, letterhead: Letterhead) -> None:
        first, last, plain = self.first, self.last, self.looks.plain
        number, hospital = self.sheet.number and f"{self.sheet.number}表", f"编制单位：{letterhead.hospital}"
        right = min(last - self._columns(max(places(number), RIGHT), range(last, first, -1)), last - 1) + 1
        left = min(first + self._columns(places(hospital), range(first, right)), right - 1) - 1
        scope_rows = rows_needed(self.sheet.scope, sum(self.wide[first:right]) - 1)
        self._across(0, first, last, self.sheet.title, plain(bold=True, font_size=16, align="center"))
        self._across(1, first, right - 1, self.sheet.scope, plain(text_wrap=True))
        self._across(1, right, last, number, plain(align="right"))
        self._across(2, first, left, hospital, plain(shrink=True))
        self._across(2, left + 1, right - 1, letterhead.period, plain(align="center"))
        self._across(2, right, last, f"单位：{letterhead.unit}", plain(align="right"))
        for row, height in enumerate((28, LINE_HEIGHT * scope_rows + 3, 18)):
            self.paper.set_row(row, height)

    def _columns(self, needed: int, columns: range) -> int:
        """要几列才够宽 · How many of these columns a text of that width takes."""
        got = accumulate(self.wide[n] for n in columns)
        return 1 + sum(total < needed + 2 for total in got)

    def _across(self, row: int, first: int, last: int, text: str, look: Any) -> None:
        if last > first:
            self.paper.merge_range(row, first, row, last, "", look)
        if last >= first:
            self.paper.write_string(row, first, text, look)

    def _heads(self, heads: tuple[Head, ...], level: int, column: int) -> None:
        look = self.looks.head()
        for head in heads:
            last, until = column + len(head.leaves()) - 1, level if head.under else self.deep - 1
            # A group that runs over the edge of a page has its text on each of them.
            edges = [column, *(b for b in self.breaks if column < b <= last), last + 1]
            for a, b in pairwise(edges):
                if (level, a) != (until, b - 1):
                    self.paper.merge_range(TITLE_ROWS + level, a, TITLE_ROWS + until, b - 1, "", look)
                self.paper.write_string(TITLE_ROWS + level, a, head.text, look)
            needed = rows_needed(head.text, sum(self.wide[column : last + 1]) - 1)
            self.tall[until] = max(self.tall[until], needed - (until - level))  # a text over several rows has their height
            self._heads(head.under, level + 1, column)
            column = last + 1

    def _line(self, row: int, line: Line) -> None:
        self.paper.set_row(row, LINE_HEIGHT + 2)
        for n, column in enumerate(self.sheet.columns()):
            value = line.values.get(column.key, "")
            if line.link and n == 0:
                look = self.looks.cell(column.kind, line.look, text=True, link=True)
                self.paper.write_url(row, n, f"internal:'{line.link}'!A1", look, str(value))
            elif value is None or isinstance(value, str):
                text = printed(value, column.kind)
                quoted = text.startswith(ACTIVE)
                self.paper.write_string(row, n, text, self.looks.cell(column.kind, line.look, text=True, quoted=quoted))
            else:
                self.paper.write_number(row, n, as_number(value), self.looks.cell(column.kind, line.look))

    def _feet(self, row: int, letterhead: Letterhead) -> None:
        look, room = self.looks.plain(text_wrap=True, valign="top"), sum(self.wide[self.first : self.last + 1]) - 2
        for note in self.sheet.notes:
            self._across(row, self.first, self.last, note, look)
            self.paper.set_row(row, LINE_HEIGHT * rows_needed(note, room) + 2)
            row += 1
        if letterhead.signatures:
            self.paper.set_row(row, 30)
            signed = "".join(f"{who}：{' ' * 20}" for who in letterhead.signatures).rstrip()
            self._across(row, self.first, self.last, signed, self.looks.plain())
