"""字体、线条与数字格式 · Fonts, borders and number formats, made once per workbook.

宋体 is on every Chinese Windows and WPS; where it is missing the program takes its own Chinese font.
"""

from typing import Any

import xlsxwriter

FONT = "宋体"
SIZE = 10
NUMBER = {"text": "@", "money": "#,##0.00;[Red]-#,##0.00", "share": "0.00%;[Red]-0.00%", "measure": "#,##0.00;[Red]-#,##0.00"}
GREY = "#A6A6A6"
NARROW, BROAD = 9, 34
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # what a spreadsheet takes for the start of a formula
SHADE = {"head": "#E8EEF4", "block": "#F3F3F3", "subtotal": "#F8F8F8", "total": "#E8EEF4"}


class Looks:
    """一个工作簿的格式 · The formats of one workbook; the same wish gives the same format."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """记下工作簿 · Remember the workbook."""
        self._book = book
        self._made: dict[str, Any] = {}
        self._cells: dict[tuple[str | bool, ...], Any] = {}

    def plain(self, **wish: Any) -> Any:
        """无边框的文字 · Text outside the table: titles, notes, signatures."""
        return self._format({"font_name": FONT, "font_size": SIZE, "valign": "vcenter", **wish})

    def head(self) -> Any:
        """表头 · The header: bold, centred, wrapped, shaded."""
        return self._boxed(bold=True, align="center", text_wrap=True, bg_color=SHADE["head"])

    def cell(self, kind: str, look: str, *, text: bool = False, quoted: bool = False, link: bool = False) -> Any:
        """表体的一格 · A cell of the body; text in a column of numbers (「—」) stands to the right as they do."""
        name = (kind, look, text, quoted, link)
        if name not in self._cells:
            self._cells[name] = self._cell(kind, look, text=text, quoted=quoted, link=link)
        return self._cells[name]

    def column(self, number: str, *, closing: bool = False) -> Any:
        """一列的格式 · A column of a plain export, by its number format; the closing row is bold under a line."""
        text = {"align": "left"} if number == "@" else {}
        return self.plain(num_format=number, **text, **({"bold": True, "top": 1} if closing else {}))

    def inert(self) -> Any:
        """像公式的文字 · Text that looks like a formula and must stay text even when its cell is edited."""
        return self.plain(num_format="@", quote_prefix=True)

    def _cell(self, kind: str, look: str, *, text: bool, quoted: bool, link: bool) -> Any:
        wish: dict[str, Any] = {"align": "left" if kind == "text" else "right"}
        wish |= {"num_format": "@" if text else NUMBER[kind], "bold": look != "plain"}
        wish |= {"bg_color": SHADE[look]} if look in SHADE else {}
        wish |= {"left": 0, "right": 0} if look == "block" else {}  # its text runs over the empty cells beside it
        wish |= {"top": 2} if look == "total" else {}  # a heavier line over what closes the table
        wish |= {"font_color": "#1F4E9E", "underline": 1} if link else {}
        return self._boxed(**wish, **({"quote_prefix": True} if quoted else {}))

    def _boxed(self, **wish: Any) -> Any:
        return self.plain(**{"border": 1, "border_color": GREY, **wish})

    def _format(self, wish: dict[str, Any]) -> Any:
        name = repr(sorted(wish.items()))
        if name not in self._made:
            self._made[name] = self._book.add_format(wish)
        return self._made[name]
