"""读到这一块之前 · What a piece must know of its sheet: the whole as surveyed, sums above it, rows that it may repeat."""

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import polars as pl

from heng.intake import limits
from heng.intake.survey import Survey


@dataclass
class Sums:
    """上面各行之和 · What the rows above add up to: all of them, and those since the last total row."""

    whole: Decimal = Decimal(0)
    part: Decimal = Decimal(0)


@dataclass
class Seen:
    """见过的行 · The rows of earlier pieces, each by a hash of 64 bits; of a file longer than `REMEMBERED` the first ones."""

    marks: np.ndarray[tuple[int], np.dtype[np.uint64]] = field(default_factory=lambda: np.empty(0, np.uint64))

    def again(self, rows: pl.DataFrame) -> pl.Series:
        """是否重复 · Which rows repeat an earlier one of their piece or of the pieces before; they are remembered."""
        hashed = rows.hash_rows(0)
        within = ~hashed.is_first_distinct()
        if within.any():
            within = ~rows.select(pl.struct(pl.all()).is_first_distinct()).to_series()
        mine = hashed.to_numpy()
        order = np.argsort(mine, kind="stable")
        before = np.zeros(len(mine), bool)
        if len(self.marks):
            found = np.searchsorted(self.marks, mine[order])
            before[order] = self.marks[np.minimum(found, len(self.marks) - 1)] == mine[order]
        if len(self.marks) < limits.REMEMBERED:
            self.marks = np.concatenate([self.marks, mine[order]])
            self.marks.sort(kind="stable")  # two sorted runs, which a stable sort merges in one go
        return within | pl.Series(before)


@dataclass
class SoFar:
    """已读的部分 · Carried from piece to piece. `survey` is None for a sheet that is one piece: it is the whole itself.

    `instead`: by column how many blank cells have taken another column's.
    """

    survey: Survey | None = None
    sums: dict[str, Sums] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    instead: dict[str, int] = field(default_factory=dict)
