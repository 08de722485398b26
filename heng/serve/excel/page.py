"""列宽、纸张与打印 · Column widths, paper and print set-up of one sheet."""

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Any

from heng.serve.excel.look import BROAD, NARROW
from heng.serve.excel.sheet import Head, Sheet
from heng.serve.excel.width import places, printed

A3, A4 = 8, 9
# Places of width: what one landscape page takes when it is shrunk to fit, and each of several pages at a fixed scale.
ON_A4, ON_A3 = 190, 270
PER_PAGE, SCALE = 225, 66


def widths(sheet: Sheet) -> list[int]:
    """每列宽度 · The width of each column: what its numbers take, and its header wrapped over two lines."""
    return [min(BROAD, max(NARROW, _body(sheet, c) + 2, _head(c) + 2)) for c in sheet.columns()]


def breaks(sheet: Sheet, wide: list[int]) -> list[int]:
    """从哪些列起另页 · The columns that open a further page, so that no group that fits on a page is cut in two."""
    if sum(wide) <= ON_A3:
        return []
    room = PER_PAGE - sum(wide[: sheet.frozen])
    found, used = list[int](), 0
    for first, last in _uncut(sheet.heads, 0, wide, room):
        width = sum(wide[first:last]) if first >= sheet.frozen else 0
        if used and used + width > room:
            found.append(first)
            used = 0
        used += width
    return found


def banner(sheet: Sheet, wide: list[int]) -> tuple[int, int]:
    """题头从哪列到哪列 · The first and last column that titles and notes run over: those of the first page.

    Columns that are repeated on every page are left free, or a cut-off title would stand on the second page.
    """
    further = breaks(sheet, wide)
    return (sheet.frozen, further[0] - 1) if further else (0, len(wide) - 1)


def set_page(paper: Any, sheet: Sheet, wide: list[int], top: int) -> None:
    """页面设置 · Landscape A4 or A3, fitted to width or broken between groups, header and page x of y on every page.

    `top` is the first row of the body.
    """
    further = breaks(sheet, wide)
    paper.set_landscape()
    paper.set_paper(A4 if sum(wide) <= ON_A4 else A3)
    paper.repeat_rows(0, top - 1)
    if further:
        paper.set_print_scale(SCALE)
        paper.set_v_pagebreaks(further)
        paper.repeat_columns(0, sheet.frozen - 1)
    else:
        paper.fit_to_pages(1, 0)
    paper.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    paper.center_horizontally()
    paper.set_footer(f"&L&9 {_literal(f'{sheet.number} {sheet.title}'.strip())}&R&9第 &P 页 共 &N 页")
    paper.hide_gridlines(2)
    paper.freeze_panes(top, sheet.frozen)


def _uncut(heads: Iterable[Head], column: int, wide: list[int], room: int) -> Iterator[tuple[int, int]]:
    for head in heads:
        last = column + len(head.leaves())
        if head.under and sum(wide[column:last]) > room:
            yield from _uncut(head.under, column, wide, room)
        else:
            yield column, last
        column = last


def _body(sheet: Sheet, column: Head) -> int:
    shown = (printed(line.values[column.key], column.kind) for line in sheet.lines if column.key in line.values and line.look != "block")
    return max((places(text) for text in shown), default=0)


def _head(column: Head) -> int:
    lines = column.text.split("\n")
    return max(ceil(places(lines[0]) / 2), *(places(line) for line in lines[1:]), 0)


def _literal(text: str) -> str:
    return text.replace("&", "&&")
