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

from heng.app.region import Region
from heng.core.errors import HengError
from heng.core.table import Table
from heng.intake.delivery import Delivery, read_delivery, write_returned
from heng.intake.delivery import Place as Where
from heng.intake.kind import read as read_file
from heng.store.files import digest, write_whole
from heng.store.manifest import Part, Place
from heng.store.parts import write_part
from heng.store.policy_files import read_yaml
from heng.tables.quality import Finding, SourceFile

REVISION = re.compile(r"(?:[\s_\-·]*(?:[（(]\d+[)）]|更正|修正|修改|修订|最终|终稿|副本|copy|final|rev\d*|v\d+))+$", re.IGNORECASE)
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
    with region.writing("heng load"):
        batch = _Batch(region, overlap)
        for n, (org, path) in enumerate(files):
            progress(path.name, n, len(files))
            batch.take(path, _where(region, where, org))
        if batch.add or batch.drop:
            region.publish("load", batch.add.values(), batch.drop)
    return batch.report


class _Batch:
    def __init__(self, region: Region, overlap: Overlap) -> None:
        self.region, self.overlap, self.report = region, overlap, LoadReport()
        self.add: dict[Place, Part] = {}
        self.drop: set[Place] = set()

    def take(self, path: Path, where: Where) -> None:
        try:
            content = read_file(path)
            mark = digest(content + repr(where).encode())
            if self.overlap != "replace" and self._held(part_name(path), where.org, mark):
                self.report.unchanged.append(path.name)
                return
            delivery = read_delivery(path, where)
            self._guard(delivery, part_name(path), where.org)
        except HengError as e:
            self.report.refused.append(e)
            return
        write_whole(self.region.path / "files" / f"{digest(content)}{path.suffix.lower()}", content)
        self._keep(delivery, part_name(path), where.org, mark)
        self.report.loaded.append(path.name)

    def _held(self, part: str, org: str, mark: str) -> bool:
        # A file that was loaded once and corrected since must not come back when a whole folder is loaded again.
        return bool(self.region.manifest.part(SourceFile.__name__, org, "", f"{part}#{mark}"))

    def _guard(self, delivery: Delivery, part: str, org: str) -> None:
        for table, rows in delivery.tables.items():
            for month in _months(rows):
                closing = self.region.manifest.is_closed(org, month)
                if closing:
                    raise _closed(table, closing.month, closing.by)
                if (table.__name__, org, month, part) in self.add:
                    raise _twice(table, month, part)
                others = [p for p in self.region.manifest.of(table.__name__) if (p.org, p.month) == (org, month) and p.part != part]
                beside = [p for p in self.add.values() if (p.table, p.org, p.month) == (table.__name__, org, month)]
                if self.overlap == "refuse" and (others or beside):
                    raise _overlaps(table, month, (others or beside)[0].part)
                if self.overlap == "replace":
                    self.drop |= {p.place for p in others}

    def _keep(self, delivery: Delivery, part: str, org: str, mark: str) -> None:
        for table, rows in delivery.tables.items():
            self.report.months.setdefault(table.__name__, set()).update(filter(None, _months(rows)))
            for month in _months(rows):
                mine = rows.filter(pl.col("month") == month) if month else rows
                self._put(table, mine, (org, month, part))
            self.report.rows[table.__name__] = self.report.rows.get(table.__name__, 0) + rows.height
        self._put(Finding, delivery.findings, (org, "", part))
        self._put(SourceFile, delivery.files, (org, "", f"{part}#{mark}"))
        self.report.findings = pl.concat([self.report.findings, delivery.findings], how="diagonal")
        folder = self.region.path / "returned" / org
        self.report.returned += [write_returned(r, folder) for r in delivery.returned]

    def _put(self, table: type[Table], rows: pl.DataFrame, place: tuple[str, str, str]) -> None:
        part = write_part(self.region.path, table, rows.sort(table.full_key(), nulls_last=True), place)
        self.add[part.place] = part


def part_name(path: Path) -> str:
    """去掉修订标记的文件名 · The file's name without marks of revision: the feed it belongs to."""
    return REVISION.sub("", path.stem).strip() or path.stem


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
