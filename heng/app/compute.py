"""运行：哪些分区要重算，按批算出，发布新的一代 · Run: find what must be worked out anew, do it in batches, publish.

A partition is skipped when its fingerprint stands in the manifest. A month whose gate table (`Readiness`) holds an
error is not worked out further, and what an earlier run wrote for it is taken away: a stale figure is worse than none.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from heng.app.execute import execute
from heng.app.fingerprint import fingerprint
from heng.app.inputs import Cell, parts_of, stored
from heng.app.region import Region
from heng.core.capability import CAPABILITIES, Capability, order
from heng.core.errors import Say
from heng.core.params import Params
from heng.core.period import last_day, shift
from heng.core.table import Table
from heng.store.engine import Engine
from heng.store.manifest import Manifest, Part, Place
from heng.store.parts import write_part
from heng.tables.organisation import Department, DepartmentMap

Progress = Callable[[str, int, int], None]


@dataclass
class RunReport:
    """一次运行的结果 · What a run did: partitions written and skipped, months stopped and why, closed months left alone."""

    written: dict[str, int] = field(default_factory=dict)
    skipped: int = 0
    blocked: dict[Cell, Say] = field(default_factory=dict)
    closed: list[Cell] = field(default_factory=list)


@dataclass
class _Work:
    region: Region
    manifest: Manifest
    report: RunReport
    scratch: str = ""
    fresh: dict[Place, Part] = field(default_factory=dict)
    stale: set[Place] = field(default_factory=set)

    def put(self, parts: list[Part]) -> None:
        self.fresh |= {p.place: p for p in parts}
        self.manifest = self.manifest.next(at="", by="", note="", add=parts)

    def take(self, places: list[Place]) -> None:
        self.stale |= {p for p in places if self.manifest.part(*p)}
        self.manifest = self.manifest.next(at="", by="", note="", drop=places)


def run(
    region: Region, cells: Iterable[Cell], wanted: Iterable[type[Table]] | None = None, progress: Progress = lambda *_: None
) -> RunReport:
    """运行并发布 · Run the capabilities the wanted tables need (all by default) over the cells, and publish once."""
    with region.writing("heng run"):
        work = _Work(region, region.manifest, RunReport())
        _run_all(work, list(cells), order(wanted), progress)
        if work.fresh or work.stale:
            region.publish("run", work.fresh.values(), work.stale)
    return work.report


def outdated(region: Region, cell: Cell, wanted: Iterable[type[Table]] | None = None) -> list[Capability]:
    """已过时的结果 · Capabilities whose stored rows of a month no longer follow from the data, policy and code there are now.

    Of all capabilities, or of those that the wanted tables need.
    """
    kept = [(c, p) for c in order(wanted) if (p := region.manifest.part(c.writes.__name__, *cell))]
    return [c for c, p in kept if p.fingerprint != fingerprint(c, rules_at(c, region, cell), files_read(region.manifest, c, cell))]


@contextmanager
def scenario(region: Region, changes: dict[str, object], cells: Iterable[Cell], wanted: Iterable[type[Table]]) -> Iterator[Region]:
    """假如：在政策上加几行再算，什么都不留下 · What if: run with values laid on top; yields the region as it would be.

    Nothing of the region is changed: what the scenario writes lies in a scratch folder that goes away afterwards.
    """
    twin = Region(region.path)
    twin.manifest, twin.policy = region.manifest.with_closings((), ()), region.policy.scenario(changes)
    with TemporaryDirectory(prefix=".scratch-", dir=region.path) as scratch:
        work = _Work(twin, twin.manifest, RunReport(), scratch=Path(scratch).name)
        _run_all(work, list(cells), order(wanted), lambda *_: None)
        twin.manifest = work.manifest
        yield twin


def _run_all(work: _Work, cells: list[Cell], caps: list[Capability], progress: Progress) -> None:
    work.report.closed = [c for c in cells if work.manifest.is_closed(*c)]
    cells = [c for c in cells if c not in set(work.report.closed)]
    engine = Engine(work.region.path)
    for n, cap in enumerate(caps):
        progress(cap.zh, n, len(caps))
        _run_one(work, engine, cap, cells)
    engine.close()


def _run_one(work: _Work, engine: Engine, cap: Capability, cells: list[Cell]) -> None:
    open_, shut = _split(work, cap, cells)
    work.take([(cap.writes.__name__, *c, "") for c in shut])
    batches: dict[str, list[tuple[Cell, str]]] = {}
    rules_of: dict[str, dict[str, Params]] = {}
    for cell in open_:
        rules = rules_at(cap, work.region, cell)
        mark = fingerprint(cap, rules, files_read(work.manifest, cap, cell))
        old = work.manifest.part(cap.writes.__name__, *cell)
        if old and old.fingerprint == mark and old.version == cap.writes.version:
            work.report.skipped += 1
        else:
            same = repr([r.values() for r in rules.values()])
            rules_of[same] = rules
            batches.setdefault(same, []).append((cell, mark))
    for same, batch in batches.items():
        _run_batch(work, engine, cap, batch, rules_of[same])
    if cap.writes.gate:
        _note_blocked(work, cap, open_)


def _run_batch(work: _Work, engine: Engine, cap: Capability, batch: list[tuple[Cell, str]], rules: dict[str, Params]) -> None:
    cells = [cell for cell, _ in batch]
    inputs = stored(engine, work.region.path, work.manifest, [w for c in cells for w in window(c, cap.months)])
    rows = execute(inputs, cap, rules)
    by_cell = {(str(k[0]), str(k[1])): f for k, f in rows.partition_by("org", "month", as_dict=True, maintain_order=True).items()}
    work.put([_written(work, cap.writes, by_cell.get(cell, rows.clear()), (cell, mark)) for cell, mark in batch])
    work.report.written[cap.name] = work.report.written.get(cap.name, 0) + len(batch)


def _written(work: _Work, table: type[Table], rows: pl.DataFrame, at: tuple[Cell, str]) -> Part:
    # What a scenario writes lies apart from the region's data, under a folder that goes away with it.
    (org, month), mark = at
    part = write_part(work.region.path / work.scratch, table, rows, (org, month, ""), mark)
    return replace(part, file=f"{work.scratch}/{part.file}") if work.scratch else part


def rules_at(cap: Capability, region: Region, cell: Cell) -> dict[str, Params]:
    """该院该月适用的参数 · The rules in force for a hospital on the last day of a month."""
    return {n: r(region.policy, last_day(cell[1]), cell[0]) for n, r in cap.rules.items()}


def files_read(manifest: Manifest, cap: Capability, cell: Cell) -> list[str]:
    """一个分区读到的文件 · The data files that one partition of a capability reads."""
    tables = dict.fromkeys(cap.reads.values())
    if any(t.source for t in tables):
        tables |= dict.fromkeys((Department, DepartmentMap))
    seen = window(cell, cap.months)
    return [f"{t.__name__} {p.month} {p.part} {p.file}" for t in tables for p in parts_of(manifest, t, seen)]


def window(cell: Cell, months: int) -> list[Cell]:
    """本月及之前若干月 · The month and the months before it that a capability reads."""
    return [(cell[0], shift(cell[1], -n)) for n in range(months)]


def _split(work: _Work, cap: Capability, cells: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    # A cell is shut when a gate it reads holds an error, or when a capability before it was shut for it.
    gated = any(t.gate for t in cap.reads.values())
    made = {c.writes for c in CAPABILITIES.values()} & set(cap.reads.values())
    shut = {c for c in cells if (gated and c in work.report.blocked) or any(not work.manifest.part(t.__name__, *c) for t in made)}
    return [c for c in cells if c not in shut], sorted(shut)


def _note_blocked(work: _Work, cap: Capability, cells: list[Cell]) -> None:
    for cell in cells:
        part = work.manifest.part(cap.writes.__name__, *cell)
        rows = pl.read_parquet(work.region.path / part.file) if part else pl.DataFrame({"severity": []})
        errors = rows.filter(pl.col("severity") == "error")
        if errors.height:
            zh, en, n = errors["reason_zh"][0], errors["reason_en"][0], errors.height
            work.report.blocked[cell] = (f"{zh}（共 {n} 项）", f"{en} ({n} in all)") if n > 1 else (zh, en)
