"""网页表格 → 文字网格 · HTML tables, which old systems save as `.xls`, to grids of text.

Tags are found by one linear search instead of a parser: no tag can make it nest, wait or repeat.
"""

import re
from html import unescape

from heng.intake import limits
from heng.intake.kind import not_a_table, too_large
from heng.intake.sheet import Cell, Sheet, grid, too_wide

TAG = re.compile(r"<(/?)(table|tr|td|th)\b([^<>]*)>", re.IGNORECASE)
ANY_TAG = re.compile(r"<[^<>]*>")
SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,9})", re.IGNORECASE)
HIDDEN = (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"))


def is_markup(text: str) -> bool:
    """是否网页 · Whether a text is a page with a table rather than delimited cells."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def read_markup(text: str, name: str) -> list[Sheet]:
    """读网页表格 · Every table of a page as a sheet; a merged cell keeps its text in its first place."""
    page, shown, start = _Page(name), _shown(text), -1
    attributes = ""
    for tag in TAG.finditer(shown):
        if start >= 0:
            page.cell(shown[start : tag.start()], attributes)
            start = -1
        if tag[1]:
            continue
        what, attributes = tag[2].lower(), tag[3]
        if what == "table":
            page.table()
        elif what == "tr":
            page.row()
        else:
            start = tag.end()
    if not page.cells:
        raise not_a_table(name, "XML/HTML")
    return [Sheet(f"表{i}", i, grid(rows, name)) for i, rows in enumerate(page.tables, 1)]


class _Page:
    """逐格摆放 · Places cell after cell, leaving room for those that merged cells cover."""

    def __init__(self, name: str) -> None:
        self.name, self.cells = name, 0
        self.tables: list[list[list[Cell]]] = []
        self.covered: dict[int, int] = {}

    def table(self) -> None:
        self.tables.append([])
        self.covered = {}
        if len(self.tables) > limits.SHEETS:
            raise too_large(self.name, f"{limits.SHEETS} 表 tables")

    def row(self) -> None:
        if not self.tables:
            self.table()
        if self.tables[-1]:
            done = len(self.tables[-1][-1])
            self.covered = {i: n - (i >= done) for i, n in self.covered.items() if n > (i >= done)}
        self.tables[-1].append([])

    def cell(self, text: str, attributes: str) -> None:
        if not self.tables or not self.tables[-1]:
            self.row()
        row = self.tables[-1][-1]
        while self.covered.get(len(row), 0) > 0:
            self.covered[len(row)] -= 1
            row.append(None)
        spans = {kind.lower(): int(n) for kind, n in SPAN.findall(attributes)}
        wide = min(max(spans.get("col", 1), 1), limits.COLUMNS)
        if len(row) + wide > limits.COLUMNS:
            raise too_wide(self.name)
        for i in range(len(row), len(row) + wide):
            self.covered[i] = min(spans.get("row", 1), 65_536) - 1
        row += [unescape(ANY_TAG.sub("", text)).strip() or None, *[None] * (wide - 1)]
        self.cells += wide
        if self.cells > limits.TEXT_CELLS:
            raise too_large(self.name, f"{limits.TEXT_CELLS:,} 单元格 cells")


def _shown(text: str) -> str:
    """去掉看不见的部分 · The page without comments, styles and scripts, each cut out by a plain search."""
    for start, end in HIDDEN:
        kept, at, low = [], 0, text.lower()
        while (begin := low.find(start, at)) >= 0:
            kept.append(text[at:begin])
            stop = low.find(end, begin)
            at = stop + len(end) if stop >= 0 else len(text)
        text = "".join([*kept, text[at:]])
    return text
