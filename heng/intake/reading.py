"""一张表读到最后 · A sheet read to its end, piece by piece: what was taken, what is wrong with it, what goes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import polars as pl

from heng.core.errors import FileError
from heng.core.table import Table
from heng.intake import limits
from heng.intake.body import is_numeric
from heng.intake.findings import Gathered
from heng.intake.place import Place
from heng.intake.recognise import Match
from heng.intake.returned import NOTE, Returned
from heng.intake.rows import Rows, read_rows
from heng.intake.sheet import Sheet, Source
from heng.intake.so_far import SoFar
from heng.intake.survey import Survey, surveyed


class Taker(Protocol):
    """接收长文件的各块 · Takes the good rows of a long file, piece by piece as they are read."""

    def take(self, table: type[Table], rows: pl.DataFrame, piece: int) -> None:
        """收下一块 · Take the rows of a table out of a piece, whose number begins at 1."""

    def anew(self) -> None:
        """从头再来 · Forget what was taken: the file is read again from its first piece."""


@dataclass
class Reading:
    """读一张表的结果 · What a sheet gave. `tables`: good rows by table; those of a long file may have gone elsewhere."""

    source: Source
    sheet: Sheet
    match: Match
    tables: dict[type[Table], list[pl.DataFrame]] = field(default_factory=dict)
    months: set[str] = field(default_factory=set)
    loaded: int = 0
    rejected: int = 0
    gathered: Gathered = field(default_factory=Gathered)
    bad: list[pl.DataFrame] = field(default_factory=list)

    @property
    def table(self) -> type[Table]:
        """装入的表 · The table that the sheet is loaded into."""
        return self.match.template.table

    def add(self, rows: Rows) -> None:
        """又一块 · One more piece; FileError when more rows than can be sent back are wrong."""
        self.loaded, self.rejected = self.loaded + rows.good.height, self.rejected + rows.rejected
        if "month" in rows.good.columns:
            self.months |= set(rows.good["month"].unique())
        self.gathered.add(rows.findings)
        if rows.bad:
            self.bad.append(_sent_back(rows))
        if sum(b.height for b in self.bad) > limits.BAD_ROWS:
            raise _too_many(self.source.name, max(self.gathered.counts, key=lambda k: self.gathered.counts[k]))

    def go(self, pieces: Iterator[Sheet], place: Place, so_far: SoFar, taker: Taker) -> bool:
        """逐块读 · Read piece after piece; False as soon as one says that the sheet must be looked at as a whole first."""
        taker.anew()
        for n, piece in enumerate(pieces, 1):
            rows = read_rows(self.source, piece, self.match, place, so_far)
            if so_far.survey and so_far.survey.surprised:
                return False
            self.add(rows)
            for table, good in ((self.table, rows.good), *rows.beside.items()):
                # A file of which nothing could be taken must not take the place of an earlier one.
                if good.height or not (rows.rejected or so_far.survey or table in rows.beside):
                    taker.take(table, good, n)
        return True

    def take(self, table: type[Table], rows: pl.DataFrame, piece: int) -> None:  # noqa: ARG002 - in memory pieces need no number
        """留在内存 · Keep rows in memory, which is how those of a short file are taken."""
        self.tables.setdefault(table, []).append(rows)

    def anew(self) -> None:
        """从头再来 · Forget them."""
        self.tables.clear()

    def returned(self) -> Returned:
        """要退回的 · What is needed to write the bad rows back."""
        bad, width = pl.concat(self.bad, how="diagonal"), max(self.match.headers) + 1
        cells = [c for c in bad.columns if c != NOTE and (int(c[1:]) < width or bad[c].null_count() < bad.height)]
        return Returned(
            source=replace(self.source, sheets=[], content=b"", again=None),
            sheet=self.sheet.name,
            top=self.sheet.grid.head(self.match.body).rows(),
            bad=bad.select(*cells, NOTE),
            numeric=frozenset(p for n, p in self.match.places.items() if is_numeric(self.match, n)),
            width=width,
            header_row=self.match.body - 1,
        )


def read_sheet(source: Source, known: tuple[Sheet, Match], place: Place, taker: Taker | None = None) -> Reading:
    """读完一张表 · A sheet read to its end; the good rows of a long one go to `taker`."""
    sheet, match = known
    reading = Reading(source, sheet, match)
    if not source.again:
        reading.go(source.pieces(sheet), place, SoFar(), reading)
    elif not reading.go(source.pieces(sheet), place, SoFar(Survey(match)), taker or reading):
        reading = Reading(source, sheet, match)
        reading.go(source.pieces(sheet), place, SoFar(surveyed(source.pieces(sheet), match)), taker or reading)
    return reading


def _sent_back(rows: Rows) -> pl.DataFrame:
    errors = rows.findings.filter((pl.col("severity") == "error") & (pl.col("row") > 0))
    said = errors.select("row", pl.format("「{}」{} → {}", "column", "reason_zh", "mend_zh").alias(NOTE))
    notes = said.group_by("row", maintain_order=True).agg(pl.col(NOTE).str.join("；"))
    return rows.sheet.grid.with_columns(rows.sheet.rows).join(notes, on="row", maintain_order="left").drop("row")


def _too_many(name: str, most: tuple[str, str]) -> FileError:
    column, mend = most
    return FileError(
        f"有问题的行超过 {limits.BAD_ROWS:,}，最多的在「{column}」；整个文件没有装入",
        f"more than {limits.BAD_ROWS:,} rows are wrong, most of them in {column!r}; nothing of the file was loaded",
        where=name,
        mend=(mend, "correct the export and load it again"),
    )
