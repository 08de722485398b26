"""案头的名册怎样上页面 · Registers of the desk on a page and as files: the same rows, headed and spelt as on the command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from fastapi import Response

from heng.desk.database import in_china
from heng.desk.rights import ACTION
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.serve.labels import ABSENT
from heng.serve.voice import Voice
from heng.serve.web.downloads import as_file, as_json
from heng.tables.codes import ROLE

Row = Mapping[str, Any]
CODES: Mapping[str, Mapping[str, tuple[str, str]]] = {"role": ROLE, "action": ACTION}
"""哪些列写编码 · Columns that hold codes, and what the codes mean."""


@dataclass(frozen=True)
class Cell:
    """一格 · A cell: its text, where it leads, and how it looks: a number to the right, a day on one line."""

    text: str
    href: str = ""
    look: str = ""


@dataclass(frozen=True)
class Listing:
    """一张名册 · A register: how it is called, its headings, its lines, and the rows that they were made of."""

    title: str
    heads: tuple[Cell, ...]
    lines: tuple[tuple[Cell, ...], ...]
    rows: tuple[Row, ...]

    @property
    def brief(self) -> "Listing":
        """只留有内容的列 · The same without the columns in which nothing stands, for the screen."""
        kept = [i for i in range(len(self.heads)) if any(line[i].text != ABSENT for line in self.lines)]
        return replace(self, heads=tuple(self.heads[i] for i in kept), lines=tuple(tuple(line[i] for i in kept) for line in self.lines))


def listing(title: str, columns: str, rows: Sequence[Row], voice: Voice, href: Callable[[Row], str] = lambda _: "") -> Listing:
    """排成名册 · The rows with these columns; the first cell of each leads to `href`."""
    names = columns.split()
    looks = {n: _look(n, rows) for n in names}
    lines = tuple(tuple(Cell(spelt(n, r[n], voice), "" if i else href(r), looks[n]) for i, n in enumerate(names)) for r in rows)
    return Listing(title, tuple(Cell(voice.say(f"desk.head.{n}"), look=looks[n]) for n in names), lines, tuple(rows))


def spelt(name: str, value: Any, voice: Voice) -> str:
    """一格的写法 · A value as people read it; moments in Chinese time."""
    if value is None or value == "":
        return ABSENT
    if isinstance(value, bool):
        return voice.pick("是", "yes") if value else voice.pick("否", "no")
    if isinstance(value, datetime):
        return f"{in_china(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return voice.pick(*CODES.get(name, {}).get(str(value), (str(value), str(value))))


def carried(found: Listing, ending: str, voice: Voice) -> Response:
    """带走 · A register as .json, or as .csv or .xlsx with its headings."""
    if ending == ".json":
        return as_json([{n: _zoned(v) for n, v in row.items()} for row in found.rows])
    heads = {f"c{i}": (h.text, h.text) for i, h in enumerate(found.heads)}
    frame = pl.DataFrame([[c.text for c in line] for line in found.lines], schema=dict.fromkeys(heads, pl.String), orient="row")
    return as_file(found.title, ending, lambda path: write_rows(frame, None, path, Words(voice.lang, {}, heads)))


def _look(name: str, rows: Sequence[Row]) -> str:
    kinds = {type(r[name]) for r in rows}
    if int in kinds and name not in ("id", *CODES):
        return "heng-number"
    return "heng-figure" if kinds & {date, datetime} else ""


def _zoned(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
