"""打印的表 · A table as it was seen, printed: A4 across, its heads on every page, who printed it and when at the foot of each.

Letters become smaller until the columns fit; a table that is too wide even so is printed in bands, its first column on each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

import heng
from heng.core.errors import HengError
from heng.core.table import Column
from heng.serve.columns import heading, numeric
from heng.serve.excel.width import places
from heng.serve.labels import ABSENT, Labels
from heng.serve.paper.document import Block, Document, Grid, Heading, Sentence
from heng.serve.voice import Voice

MOST = 3_000
"""一份 PDF 至多几行 · Rows of one PDF: of more, a file for a machine is wanted."""
ROOM = 269 / 25.4 * 72
"""横放的纸上有多宽（磅） · How wide a page is between its margins, in points."""
SIZES = (9.0, 8.0, 7.0, 6.0)
"""字号 · Sizes of letters, the largest that fits is taken."""
HALF, PAD, WIDEST = 0.56, 0.9, 36
"""半角字宽、格内留白（以字号计）、文字列最宽几个半角 · A half-width letter, a cell's padding (in letters), the widest column of words."""


@dataclass(frozen=True)
class Printing:
    """谁在何时打印什么 · What is printed: its title, the facts under it, by whom, when (as clocks in China show it), of which data."""

    title: str
    facts: Sequence[tuple[str, str]]
    by: str
    at: str
    made: datetime
    voice: Voice

    def document(self, blocks: Sequence[Block], size: float = SIZES[0]) -> Document:
        """排成一份 · The document, across."""
        printed = self.voice.pick(f"打印：{self.by} {self.at}", f"printed by {self.by}, {self.at}")
        foot = f"{self.title} · {printed} · {self.voice.pick('衡', 'Heng')} {heng.__version__}"
        return Document(self.title, self.voice.lang, self.made, self.facts, blocks, foot, landscape=True, size=size)


def printed(rows: pl.DataFrame, columns: Mapping[str, Column], sums: Mapping[str, Any], labels: Labels, how: Printing) -> Document:
    """打印一张表 · A table with its totals (`sums`; None: not known); HengError for more rows than anyone reads on paper."""
    bounded(rows.height)
    whole = grid(rows, columns, sums, labels)
    if not whole.rows:
        return how.document([Sentence(labels.now.pick("没有符合条件的行（0 行）。", "No row meets the conditions (0)."))])
    size, bands = fitted(whole)
    count = Sentence(labels.now.pick(f"共 {rows.height:,} 行", f"{rows.height:,} rows"), quiet=True)
    return how.document([*bands, count], size)


def bounded(rows: int) -> None:
    """够不够短 · HengError for more rows than anyone reads on paper."""
    if rows > MOST:
        raise HengError(
            f"共 {rows:,} 行，一份 PDF 至多 {MOST:,} 行",
            f"{rows:,} rows: a PDF holds {MOST:,} at most",
            where=".pdf",
            mend=("请先筛选，或改取 .xlsx、.csv", "filter first, or take the .xlsx or .csv"),
        )


def grid(rows: pl.DataFrame, columns: Mapping[str, Column], sums: Mapping[str, Any], labels: Labels) -> Grid:
    """写成文字 · The table as text: headings with units, cells and totals as on the screen."""
    shown = {n: c for n, c in columns.items() if n in rows.columns}
    body = [[labels.text(c, row[n], str(row.get("org") or "")) for n, c in shown.items()] for row in rows.iter_rows(named=True)]
    heads = [heading(c, labels).replace("\n", " ") for c in shown.values()]
    foot = [(labels.text(c, sums[n]) if sums[n] is not None else ABSENT) if n in sums else "" for n, c in shown.items()]
    if any(foot) and rows.height > 1:
        foot[0] = foot[0] or labels.now.pick("合计", "Total")
    return Grid(heads, body, [numeric(c) for c in shown.values()], foot if any(foot) and rows.height > 1 else ())


def fitted(whole: Grid) -> tuple[float, list[Block]]:
    """放得下 · The size of letters, and the table in as many bands as are needed at that size."""
    needs = list(_needs(whole))
    size = next((s for s in SIZES if sum(needs) * s <= ROOM), SIZES[-1])
    starts, used = [1], needs[0]
    for n in range(1, len(needs)):
        if (used + needs[n]) * size > ROOM and n > starts[-1]:
            starts.append(n)
            used = needs[0]
        used += needs[n]
    ends = [*starts, len(needs)]
    bands = [_band(whole, [0, *range(a, b)], needs) for a, b in pairwise(ends)] if len(needs) > 1 else [_band(whole, [0], needs)]
    if len(bands) == 1:
        return size, [bands[0]]
    return size, [b for n, band in enumerate(bands, 1) for b in (Heading(f"{n}/{len(bands)}", 2), band)]


def _needs(whole: Grid) -> Iterator[float]:
    """How wide each column is, in letters: numbers are never broken, words may go over several lines."""
    for n, number in enumerate(whole.numbers):
        cells = [places(r[n]) for r in (*whole.rows, *([whole.foot] if whole.foot else []))]
        head = whole.heads[n]
        least = max((places(word) for word in head.split()), default=1) if head.isascii() else min(places(head), 10)
        widest = max([least, *cells]) if number else max(least, min(max(cells, default=1), WIDEST))
        yield widest * HALF + PAD


def _band(whole: Grid, wanted: Sequence[int], needs: Sequence[float]) -> Grid:
    def of(row: Sequence[str]) -> list[str]:
        return [row[n] for n in wanted]

    foot = of(whole.foot) if whole.foot else ()
    shares = [needs[n] for n in wanted]
    return Grid(of(whole.heads), [of(r) for r in whole.rows], [whole.numbers[n] for n in wanted], foot, shares)
