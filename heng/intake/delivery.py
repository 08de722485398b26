"""交来的文件：读、认、查、退 · A delivered file: read, recognised, checked, and its bad rows sent back.

Good rows load, bad rows go back in their own template, and every problem is a Finding row. Source of the demands:
hospitals' own upload screens; a wrong file that reports "0 errors" is the mistake this module exists to avoid.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from heng.core.table import Table
from heng.intake.findings import Findings
from heng.intake.opened import opened
from heng.intake.place import Place
from heng.intake.reading import Reading, Taker, read_sheet
from heng.intake.recognise import Match, recognise, unrecognised
from heng.intake.returned import Returned, write_returned
from heng.intake.sheet import Sheet, Source
from heng.tables.quality import SourceFile

__all__ = ["Delivery", "Place", "Returned", "read_delivery", "write_returned"]


@dataclass(frozen=True)
class Delivery:
    """一个文件交来了什么 · What one file brought.

    `tables`: good rows by table, in the declared columns and types. `findings`, `files`: rows of Finding and
    SourceFile. `returned`: per sheet with bad rows, what `write_returned` needs.
    """

    tables: dict[type[Table], pl.DataFrame]
    findings: pl.DataFrame
    files: pl.DataFrame
    returned: list[Returned]


def read_delivery(path: Path, place: Place, taker: Taker | None = None) -> Delivery:
    """读一个文件 · Read one file into declared tables; raises FileError when it is refused as a whole.

    The good rows of a long file go to `taker`, piece by piece as they are read, and are not in `tables`; without it
    they are. The same file and place give the same Delivery. No other file is read and nothing is written.
    """
    source = opened(path)
    known, strangers = _recognised(source, place)
    read = [read_sheet(source, sheet, place, taker) for sheet in known]
    notes = Findings(place.org, source.file(known[0][0]))
    for n, (sheet, _) in enumerate(known):
        if same := next((other for other, _ in known[:n] if other.grid.equals(sheet.grid)), None):
            notes.whole("copied", "工作表", sheet.name, (same.name, same.name))
    for sheet in strangers:
        notes.whole("unmatched", "工作表", sheet.name, (sheet.name, sheet.name))
    findings = pl.concat([r.gathered.frame() for r in read] + [notes.frame()])
    return Delivery(_tables(read), findings, _files(source, place, read), [r.returned() for r in read if r.bad])


def _recognised(source: Source, place: Place) -> tuple[list[tuple[Sheet, Match]], list[Sheet]]:
    known: list[tuple[Sheet, Match]] = []
    strangers: list[Sheet] = []
    nearest: Match | None = None
    for sheet in source.sheets:
        if sheet.grid.is_empty():
            continue
        match, near = recognise(sheet, place, source.name)
        if match:
            known.append((sheet, match))
        else:
            strangers.append(sheet)
        nearest = max((m for m in (nearest, near) if m), key=lambda m: m.score, default=None)
    if not known:
        raise unrecognised(source.name, nearest)
    return known, strangers


def _tables(read: list[Reading]) -> dict[type[Table], pl.DataFrame]:
    sheets = {r.table for r in read if r.table in r.tables}
    frames: dict[type[Table], list[pl.DataFrame]] = {}
    for reading in read:
        for table, some in reading.tables.items():
            if table is reading.table or table not in sheets:  # a sheet of its own says it better than the columns of another
                frames.setdefault(table, []).extend(some)
    return {table: pl.concat(some) for table, some in frames.items()}


def _files(source: Source, place: Place, read: list[Reading]) -> pl.DataFrame:
    told = [
        {
            "org": place.org,
            "file": source.file(r.sheet),
            "name": source.name,
            "sheet": r.sheet.name,
            "table": r.table.__name__,
            "months": ",".join(sorted(r.months)),
            "loaded": r.loaded,
            "rejected": r.rejected,
        }
        for r in read
    ]
    return pl.DataFrame(told, schema=SourceFile.schema())
