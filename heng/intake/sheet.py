"""一张工作表的原文 · One sheet as it was written: a grid of text, row for row as a person sees it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

import polars as pl

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.kind import too_large

Cell = str | None


@dataclass(frozen=True)
class Sheet:
    """一张表，或它的一块 · A sheet, or one piece of a long one.

    `grid`: text columns c0, c1, …; its row i is the sheet's row above + i + 1. `index`: place in the file, from 1.
    `above`: rows of the pieces before this one. `head`: the first rows of the sheet where the grid does not have them.
    `numbers`: the row numbers, where they are not counted.
    """

    name: str
    index: int
    grid: pl.DataFrame
    above: int = 0
    head: pl.DataFrame | None = None
    numbers: pl.Series | None = None

    @property
    def rows(self) -> pl.Series:
        """行号 · The row number of every row of the grid."""
        counted = pl.int_range(self.above + 1, self.above + self.grid.height + 1, dtype=pl.Int32, eager=True)
        return (counted if self.numbers is None else self.numbers).alias("row")

    @property
    def top(self) -> pl.DataFrame:
        """表的开头 · The rows in which the header stands."""
        return self.grid if self.head is None else self.head


@dataclass(frozen=True)
class Source:
    """一个读入的文件 · One file that was read: its sheets and how it was written.

    `digest`: the first 12 hex digits of blake2b of the content, which is kept only for a workbook whose cells have types.
    `again`: reads the one sheet of a long file once more from its start, piece by piece; `sheets` holds its first piece.
    """

    name: str
    digest: str
    form: Literal["workbook", "text"]
    sheets: list[Sheet]
    encoding: str = "utf-8"
    delimiter: str = ","
    content: bytes = b""
    again: Callable[[], Iterator[Sheet]] | None = None

    def pieces(self, sheet: Sheet) -> Iterator[Sheet]:
        """逐块 · A sheet piece by piece; a short one is one piece."""
        return self.again() if self.again else iter([sheet])

    def file(self, sheet: Sheet) -> str:
        """来源编号 · The id of a sheet, kept with each of its rows."""
        return f"{self.digest}-{sheet.index}"


def grid(rows: Iterable[Sequence[Cell]], name: str) -> pl.DataFrame:
    """行变成列 · Rows of unequal length as text columns; FileError when there are too many columns."""
    kept = list(rows)
    if max(map(len, kept), default=0) > limits.COLUMNS:
        raise too_wide(name)
    if len(kept) * max(map(len, kept), default=0) > limits.CELLS:
        raise too_large(name, f"{limits.CELLS:,} 单元格 cells")
    columns = {f"c{i}": list(c) for i, c in enumerate(zip_longest(*kept))}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def too_wide(name: str) -> FileError:
    """太宽 · The refusal of a sheet with more columns than any template."""
    return FileError(
        f"列数超过 {limits.COLUMNS}",
        f"the sheet has more than {limits.COLUMNS} columns",
        where=name,
        mend=("请删去表格右侧的空列或无关列", "remove the empty or unrelated columns on the right"),
    )
