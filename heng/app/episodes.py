"""一次预警是哪几个月 · Which months belong to one episode of an alert, whatever order they were loaded and worked out in.

A month goes on with the one before it when it, or any later month, tells of an alert that had begun by then. So a window that
moves on begins nothing anew, and a month that is loaded late joins the episode that it belongs to.
`heng.rooms.steering.alert_precision` counts the same episodes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

Row = dict[str, Any]
place_of = itemgetter("org", "watch", "dept")


@dataclass(frozen=True)
class Episode:
    """一次预警 · The signals of one episode, one a month, in order."""

    rows: tuple[Row, ...]

    @property
    def place(self) -> tuple[str, str, str]:
        """何处 · Hospital, watch, department (empty: the whole hospital)."""
        found: tuple[str, str, str] = place_of(self.rows[0])
        return found

    @property
    def first(self) -> str:
        """起始月份 · The month in which it began."""
        return str(min(r["since"] for r in self.rows))

    @property
    def last(self) -> str:
        """最近月份 · The last month in which it was seen."""
        return str(self.rows[-1]["month"])


def episodes(signals: Iterable[Row]) -> dict[tuple[str, str, str], list[Episode]]:
    """按地点的各次预警 · The episodes of every place, in order."""
    rows = sorted(signals, key=itemgetter("org", "watch", "dept", "month"))
    return {place: list(reversed(list(_backwards(list(found))))) for place, found in groupby(rows, key=place_of)}


def _backwards(rows: list[Row]) -> Iterator[Episode]:
    run, began = [rows[-1]], rows[-1]["since"]
    for row in reversed(rows[:-1]):
        if row["month"] < began:
            yield Episode(tuple(reversed(run)))
            run, began = [], row["since"]
        run, began = [*run, row], min(began, row["since"])
    yield Episode(tuple(reversed(run)))
