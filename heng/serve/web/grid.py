"""屏幕上的表 · A table as it stands on the screen: heads with their sorting, lines of text with their ways on, the totals."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

import polars as pl

from heng.core.table import Column, Table
from heng.serve.columns import heading, numeric
from heng.serve.labels import Labels
from heng.serve.web.drill import Place, down, why
from heng.serve.web.query import Query

MATTER = 3
"""手机上留几列 · Columns that stay on a phone, beside the first amount."""
NUMBER, NEGATIVE, LESSER = "heng-number", "heng-negative", "heng-lesser"


@dataclass(frozen=True)
class Head:
    """一列的头 · Its name, unit and look; `sorted` is up, down or empty, `href` sorts by it, `mark` is what its definition is asked by."""

    name: str
    text: str
    unit: str
    look: str
    sorted: str
    href: str


@dataclass(frozen=True)
class Line:
    """一行 · Its cells, each a text with its look, and where it leads: one level down, and why it is so; empty for nowhere."""

    cells: tuple[tuple[str, str], ...]
    down: str
    why: str


@dataclass(frozen=True)
class Grid:
    """一页表 · Heads, lines, totals (empty where a column has none), and which of how many rows it shows."""

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    total: tuple[tuple[str, str], ...]
    rows: int
    query: Query

    @property
    def pages(self) -> int:
        """共几页 · How many pages there are; one even when it is empty."""
        return max(1, ceil(self.rows / self.query.size))

    @property
    def first(self) -> int:
        """从第几行 · The number of the first row shown."""
        return (self.query.number - 1) * self.query.size + 1

    @property
    def last(self) -> int:
        """到第几行 · The number of the last row shown."""
        return self.first + len(self.lines) - 1

    @property
    def linked(self) -> bool:
        """有没有为什么 · Whether any line answers why."""
        return any(line.why for line in self.lines)


@dataclass(frozen=True)
class Sheet:
    """要写的表 · What a grid is made of: the table, the rows of one page, what its columns mean, sums, how many rows in all."""

    table: type[Table]
    rows: pl.DataFrame
    columns: Mapping[str, Column]
    sums: Mapping[str, Any]
    height: int
    at: Place


def grid(sheet: Sheet, labels: Labels, asked: Query) -> Grid:
    """写成屏幕上的表 · The table as it stands on the screen."""
    matter = _matter(sheet)
    looks = {n: " ".join(filter(None, (NUMBER if numeric(c) else "", "" if n in matter else LESSER))) for n, c in sheet.columns.items()}
    heads = tuple(_head(n, c, looks[n], labels, asked) for n, c in sheet.columns.items())
    lines = tuple(_line(sheet, row, looks, labels) for row in sheet.rows.iter_rows(named=True))
    return Grid(heads, lines, _total(sheet, looks, labels), sheet.height, asked)


def _matter(sheet: Sheet) -> set[str]:
    # On a phone: what tells the rows of this page apart, and the first amount.
    names = list(sheet.columns)
    figures = [n for n in names if numeric(sheet.columns[n])]
    keys = [n for n in names if n not in figures and (n in sheet.table.full_key() or sheet.table.source)]
    apart = [n for n in keys if n in sheet.rows.columns and sheet.rows[n].n_unique() > 1]
    money = [n for n in figures if n in ("amount", "cost")] or [n for n in figures if sheet.columns[n].unit == "元"] or figures
    return {names[0], *[n for n in apart if n != names[0]][: MATTER - 1], *money[:1]}


def _head(name: str, column: Column, look: str, labels: Labels, asked: Query) -> Head:
    text, _, unit = heading(column, labels).partition("\n(")
    by = dict(asked.sort)
    going = "" if name not in by else "down" if by[name] else "up"
    first = f"-{name}" if numeric(column) else name
    turned = name if going == "down" else f"-{name}"
    return Head(name, text.replace("\n", " "), unit.removesuffix(")"), look, going, asked.to(sort=turned if going else first))


def _line(sheet: Sheet, row: Mapping[str, Any], looks: Mapping[str, str], labels: Labels) -> Line:
    org = str(row.get("org") or sheet.at.org)
    cells = tuple(_cell(c, row[n], looks[n], labels, org) for n, c in sheet.columns.items())
    reason = why(sheet.table, row, sheet.at)
    deeper = "" if sheet.at.org else down(sheet.table, row, sheet.at)
    return Line(cells, deeper if deeper != reason else "", reason)


def _cell(column: Column, value: Any, look: str, labels: Labels, org: str) -> tuple[str, str]:
    negative = isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0
    return labels.text(column, value, org), f"{look} {NEGATIVE}" if negative else look


def _total(sheet: Sheet, looks: Mapping[str, str], labels: Labels) -> tuple[tuple[str, str], ...]:
    if not any(n in sheet.sums for n in sheet.columns):
        return ()
    cells = [_cell(c, sheet.sums[n], looks[n], labels, "") if n in sheet.sums else ("", looks[n]) for n, c in sheet.columns.items()]
    if not cells[0][0]:
        cells[0] = (labels.now.pick("合计", "Total"), looks[next(iter(sheet.columns))])
    return tuple(cells)
