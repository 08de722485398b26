"""小表 · A short table for a page: headings, cells as people read them, links, and a totals row where one means something."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from heng.core.table import Column
from heng.serve.columns import heading, numeric, spoken
from heng.serve.labels import ABSENT, Labels
from heng.serve.totals import totals

Href = Callable[[Mapping[str, Any]], str]
LONGEST = 50
"""一页几行 · Rows of one page."""
TOLD_ONCE = ("org", "month", "receiver")
"""各行相同就只说一次 · Columns that are told once where they are the same in every row."""
MATTER = 4
"""手机上留几列 · Columns that a phone shows."""


@dataclass(frozen=True)
class Cell:
    """一格 · A cell: its text, whether it is a number, whether that is below zero, and where it leads."""

    text: str
    number: bool = False
    negative: bool = False
    href: str = ""


@dataclass(frozen=True)
class Sheet:
    """一张小表 · Headings, rows, the totals row (empty: none), which page of how many, and how many rows in all.

    `said`: what is the same in every row, told once above; `lesser`: columns that a phone leaves out.
    """

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...]
    page: int
    pages: int
    count: int
    said: str = ""
    lesser: frozenset[int] = frozenset()


def sheet(rows: pl.DataFrame, columns: Mapping[str, Column], labels: Labels, href: Href = lambda _: "", page: int = 1) -> Sheet:
    """排成小表 · One page of rows; the totals are of all of them. `href` says where a row's first cell leads."""
    known = {n: c for n, c in spoken(dict(columns), labels.now.lang).items() if n in rows.columns}
    alike = [n for n in known if n in TOLD_ONCE and rows.height > 1 and rows[n].n_unique() == 1]
    shown = {n: c for n, c in known.items() if n not in alike}
    pages = max(1, -(-rows.height // LONGEST))
    at = min(max(page, 1), pages)
    body = tuple(_line(row, shown, labels, href(row)) for row in rows.slice((at - 1) * LONGEST, LONGEST).iter_rows(named=True))
    heads = tuple(Cell(heading(c, labels).replace("\n", " "), numeric(c)) for c in shown.values())
    org = str(rows["org"][0]) if rows.height and "org" in rows.columns else ""
    said = "　".join(f"{heading(known[n], labels)} {labels.text(known[n], rows[n][0], org)}" for n in alike)
    foot = _foot(rows, shown, labels) if rows.height > 1 else ()
    return Sheet(heads, body, foot, at, pages, rows.height, said, _lesser(heads))


def _lesser(heads: tuple[Cell, ...]) -> frozenset[int]:
    # A phone keeps the first column, the second, and the last two numbers.
    numbers = [n for n, h in enumerate(heads) if h.number]
    return frozenset(range(len(heads))) - {0, 1, *numbers[-2:]} if len(heads) > MATTER else frozenset()


def _line(row: Mapping[str, Any], columns: Mapping[str, Column], labels: Labels, href: str) -> tuple[Cell, ...]:
    org = str(row.get("org") or "")
    cells = list[Cell]()
    for n, c in columns.items():
        value = row[n]
        negative = numeric(c) and value is not None and value < 0
        cells.append(Cell(labels.text(c, value, org), numeric(c), negative, "" if cells else href))
    return tuple(cells)


def _foot(rows: pl.DataFrame, columns: Mapping[str, Column], labels: Labels) -> tuple[Cell, ...]:
    sums = totals(rows, dict(columns))
    if not sums:
        return ()
    cells = [
        Cell(labels.text(c, sums[n]) if n in sums and sums[n] is not None else ABSENT if n in sums else "", numeric(c))
        for n, c in columns.items()
    ]
    first = Cell(cells[0].text or labels.now.pick("合计", "total"), cells[0].number)
    return (first, *cells[1:])
