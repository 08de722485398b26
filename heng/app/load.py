"""装入：文件→表，同一文件两次不变，更正的文件只替换它覆盖的部分 · Load files; a corrected file replaces exactly what it covers.

A file is known by its name without marks of revision (`收入(1).xlsx`, `收入_更正.xlsx` are 收入.xlsx again). It takes
the place of its own earlier rows in the months it covers. A file of another name for months that are held already
is refused until a person says whether it is another part (`add`) or takes their place (`replace`).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import yaml

from heng.app.read_ahead import Handed, read_ahead
from heng.app.region import Region
from heng.core.errors import HengError
from heng.core.table import Table
from heng.intake.delivery import Delivery, write_returned
from heng.intake.delivery import Place as Where
from heng.store.files import write_whole
from heng.store.manifest import PIECE, Part, Place
from heng.store.parts import write_part
from heng.store.policy_files import read_yaml
from heng.store.sweep import sweep
from heng.store.workers import workers
from heng.tables.quality import Finding, SourceFile
from heng.tables.visits import DiagnosisLine, Discharge, ProcedureLine, Settlement, WardStay

REVISION = re.compile(r"(?:[\s_\-·]*(?:[（(]\d+[)）]|更正|修正|修改|修订|最终|终稿|副本|copy|final|rev\d*|v\d+))+$", re.IGNORECASE)
ASIDES = (DiagnosisLine, ProcedureLine, WardStay)
"""结算清单附带的内容 · What settlement lists tell in passing, in the insurer's edition of the codes; other files tell it too."""
RANKED = (DiagnosisLine, ProcedureLine)
"""分主次的内容 · Discharge records may tell the principal one alone; a file that tells them all says it better."""
Overlap = str  # "refuse" | "add" | "replace"


@dataclass
class LoadReport:
    """装入的结果 · What a load did: rows and months by table, findings, files sent back, files refused, files without change."""

    rows: dict[str, int] = field(default_factory=dict)
    months: dict[str, set[str]] = field(default_factory=dict)
    findings: pl.DataFrame = field(default_factory=pl.DataFrame)
    returned: list[Path] = field(default_factory=list)
    refused: list[HengError] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)


def load(
    region: Region,
    paths: Iterable[tuple[str, Path]],
    where: Where,
    *,
    overlap: Overlap = "refuse",
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> LoadReport:
    """装入若干（医院, 文件）并发布一代 · Load (hospital, file) pairs and publish one generation.

    Files that are refused as a whole do not stop the others; nothing of theirs is loaded.
    """
    files = list(paths)
    places = {org: _where(region, where, org) for org, _ in files}
    with region.writing("heng load"), workers() as others:
        batch = _Batch(region, overlap)
        handed_in = (Handed(path, places[org], part_name(path)) for org, path in files)
        for n, handed in enumerate(read_ahead(others, handed_in, batch.wants)):
            progress(handed.path.name, n, len(files))
            batch.take(handed)
        if batch.add or batch.drop:
            region.publish("load", batch.add.values(), batch.drop)
        elif batch.report.refused:
            sweep(region.path, region.manifest)  # what was written of a long file before it was refused
    return batch.report


class _Batch:
    def __init__(self, region: Region, overlap: Overlap) -> None:
        self.region, self.overlap, self.report = region, overlap, LoadReport()
        self.add: dict[Place, Part] = {}
        self.drop: set[Place] = set()

    def wants(self, handed: Handed) -> bool:
        # A file that was loaded once and corrected since must not come back when a whole folder is loaded again.
        return self.overlap == "replace" or not self.region.manifest.part(SourceFile.__name__, handed.where.org, "", handed.place)

    def take(self, handed: Handed) -> None:
        file = _File(self, handed.feed, handed.where.org)
        try:
            if not handed.wanted:
                self.report.unchanged.append(handed.path.name)
                return
            delivery = handed.read(file)
            for table, rows in delivery.tables.items():
                file.take(table, rows)
            handed.keep(self.region.path / "files")
        except HengError as e:
            e.where = e.where or handed.path.name
            self.report.refused.append(e)
            return
        file.put(Finding, delivery.findings, ("", file.feed))
        file.put(SourceFile, delivery.files, ("", handed.place))
        self._count(file, delivery)
        self.report.loaded.append(handed.path.name)

    def _count(self, file: "_File", delivery: Delivery) -> None:
        self.add = {place: part for place, part in self.add.items() if place not in file.lesser} | file.add
        self.drop |= file.drop | file.lesser
        report, folder = self.report, self.region.path / "returned" / file.org
        for name, n in file.rows.items():
            report.rows[name] = report.rows.get(name, 0) + n
            report.months.setdefault(name, set()).update(file.months[name])
        report.findings = pl.concat([report.findings, delivery.findings], how="diagonal")
        report.returned += [write_returned(r, folder) for r in delivery.returned]


class _File:
    """正在装入的文件 · A file that is being loaded. What it has written counts when it was read to its end."""

    def __init__(self, batch: _Batch, feed: str, org: str) -> None:
        self.batch, self.feed, self.org = batch, feed, org
        self.anew()

    def anew(self) -> None:
        self.add: dict[Place, Part] = {}
        self.drop: set[Place] = set()
        self.lesser: set[Place] = set()
        self.rows: dict[str, int] = {}
        self.months: dict[str, set[str]] = {}

    def take(self, table: type[Table], rows: pl.DataFrame, piece: int = 0) -> None:
        """写出各月的行 · Write good rows month by month; the pieces of a long file lie side by side, each under its number."""
        part = f"{self.feed}~{piece:04}" if piece else self.feed
        if table in RANKED and Discharge.__name__ in self.rows and rows["rank"].max() == 1:
            rows = rows.filter(~pl.col("month").is_in([m for m in _months(rows) if self._better_told(table, m)]))
        for month in _months(rows):
            self._guard(table, month)
            self.put(table, rows.filter(pl.col("month") == month) if month else rows, (month, part))
        self.months.setdefault(table.__name__, set()).update(filter(None, _months(rows)))
        self.rows[table.__name__] = self.rows.get(table.__name__, 0) + rows.height

    def put(self, table: type[Table], rows: pl.DataFrame, at: tuple[str, str]) -> None:
        month, part = at
        written = write_part(self.batch.region.path, table, rows.sort(table.full_key(), nulls_last=True), (self.org, month, part))
        self.add[written.place] = written

    def _guard(self, table: type[Table], month: str) -> None:
        batch, manifest = self.batch, self.batch.region.manifest
        if closing := manifest.is_closed(self.org, month):
            raise _closed(table, closing.month, closing.by)
        held = manifest.of_month(table.__name__, self.org, month)
        beside = [p for p in batch.add.values() if (p.table, p.org, p.month) == (table.__name__, self.org, month)]
        if any(p.feed == self.feed for p in beside):
            raise _twice(table, month, self.feed)
        lesser = {p.place for p in self._rivals(table, month) if Discharge.__name__ not in self.rows and self._principal_only(p)}
        rivals = [p for p in self._rivals(table, month) if p.place not in lesser]
        if batch.overlap == "refuse" and rivals:
            raise _overlaps(table, month, rivals[0].feed)
        # A correction takes the place of its whole file, however many pieces the two have.
        self.drop |= {p.place for p in held if p.feed == self.feed or (batch.overlap == "replace" and p in rivals)}
        self.lesser |= lesser

    def _rivals(self, table: type[Table], month: str) -> list[Part]:
        """别的文件的 · What other files tell of the table for the month."""
        parts = (*self.batch.region.manifest.of(table.__name__), *self.batch.add.values())
        same = [p for p in parts if (p.table, p.org, p.month) == (table.__name__, self.org, month)]
        return [p for p in same if p.feed != self.feed and not self._apart(table, p.feed)]

    def _better_told(self, table: type[Table], month: str) -> bool:
        return any(not self._holds(Discharge, p.feed) for p in self._rivals(table, month))

    def _principal_only(self, part: Part) -> bool:
        """首页只说了主要的 · Whether a part comes from discharge records that tell the principal diagnosis or procedure alone."""
        if part.table not in {t.__name__ for t in RANKED} or not self._holds(Discharge, part.feed):
            return False
        return pl.read_parquet(self.batch.region.path / part.file, columns=["rank"])["rank"].max() == 1

    def _holds(self, table: type[Table], feed: str) -> bool:
        parts = (*self.batch.region.manifest.of(table.__name__), *self.batch.add.values())
        return any((p.table, p.org, p.feed) == (table.__name__, self.org, feed) for p in parts)

    def _apart(self, table: type[Table], other: str) -> bool:
        """另有出处 · Whether one of two files is of settlement lists and tells the table in passing: both stand, neither is a copy."""
        return table in ASIDES and self._holds(Settlement, other) != (Settlement.__name__ in self.rows)


def part_name(path: Path) -> str:
    """去掉修订标记的文件名 · The file's name without marks of revision: the feed it belongs to."""
    name = REVISION.sub("", path.stem).strip() or path.stem
    return PIECE.sub(lambda end: end[0].replace("~", "-"), name)  # ~0001 is how the pieces of a long file are told apart


def read_headers(region: Region, org: str) -> dict[str, dict[str, str]]:
    """这家医院教会的表头 · The header map a hospital has taught: table → header → column."""
    path = region.path / "headers" / f"{org}.yaml"
    return dict(read_yaml(path) or {}) if path.exists() else {}


def _where(region: Region, where: Where, org: str) -> Where:
    headers = read_headers(region, org)
    told = {t: {**headers.get(t, {}), **where.headers.get(t, {})} for t in {*headers, *where.headers}}
    others = tuple(w for h in region.hospitals.values() if h.code != org for w in (h.name, h.code))
    name = region.hospitals[org].name if org in region.hospitals else ""
    return Where(org=org, month=where.month, headers=told, as_table=where.as_table, name=name, others=others)


def _months(rows: pl.DataFrame) -> list[str]:
    return sorted(rows["month"].unique()) if "month" in rows.columns else [""]


def remember_headers(region: Region, org: str, table: str, headers: dict[str, str]) -> Path:
    """记住这家医院的表头 · Remember a hospital's own headers, so that they are taught once."""
    known = read_headers(region, org)
    known[table] = {**known.get(table, {}), **headers}
    path = region.path / "headers" / f"{org}.yaml"
    write_whole(path, yaml.safe_dump(known, allow_unicode=True).encode())
    return path


def _closed(table: type[Table], month: str, by: str) -> HengError:
    return HengError(
        f"{table.zh} {month} 已由 {by} 结账，不能再装入",
        f"{table.__name__} {month} was closed by {by}; nothing can be loaded into it",
        mend=("由另一人用 heng close --reopen 说明原因后再装", "have another person reopen it: heng close --reopen --reason …"),
    )


def _twice(table: type[Table], month: str, part: str) -> HengError:
    return HengError(
        f"这一次交了两个都算作「{part}」的文件，内容都有{table.zh} {month}",
        f"two files of this load both count as {part!r}, and both hold {table.__name__} {month}",
        mend=(
            "后一个是更正就单独再装一次；是另一部分就改个名字，加 --add",
            "load the second again by itself when it is a correction; rename it and say --add when it is another part",
        ),
    )


def _overlaps(table: type[Table], month: str, other: str) -> HengError:
    return HengError(
        f"{table.zh} {month} 已由文件「{other}」装入",
        f"{table.__name__} {month} is already held from file {other!r}",
        mend=("是另一部分就加 --add，要取代它就加 --replace", "say --add when this is another part, --replace when it takes its place"),
    )
