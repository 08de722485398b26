"""运行：哪些分区要重算，按批算出，发布新的一代 · Run: find what must be worked out anew, do it in batches, publish.

A partition is a hospital's month; of a regional table, a month of the region. It is skipped when its fingerprint stands
in the manifest. A month whose gate table (`Readiness`) holds an error is not worked out further, and what an earlier run
wrote for it is taken away: a stale figure is worse than none. Likewise where a capability fails on the values of a hospital's
month: that month stops there, the others go on.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from heng.app.execute import execute
from heng.app.fingerprint import fingerprint
from heng.app.inputs import Cell, parts_of, stored
from heng.app.region import Region
from heng.core.capability import CAPABILITIES, Capability, order
from heng.core.errors import HengError, PolicyError, Say, TableError
from heng.core.params import Params, Policy
from heng.core.period import last_day, shift
from heng.core.table import Table
from heng.store.engine import Engine
from heng.store.engines import open_engine
from heng.store.manifest import Manifest, Part, Place
from heng.store.parts import write_part
from heng.tables.organisation import Department, DepartmentMap

Progress = Callable[[str, int, int], None]

ROWS_AT_ONCE = 4_000_000
"""一批至多读这么多行 · A batch reads no more rows than this, unless one partition alone does: memory does not grow with months."""
WRITERS = 4
"""几个线程写分区 · Threads that write the partitions of a batch."""


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
    engine: str = "duckdb"
    fresh: dict[Place, Part] = field(default_factory=dict)
    stale: set[Place] = field(default_factory=set)
    gated: set[Cell] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Read before anything is touched: a policy file that cannot be understood refuses the whole run.
        self.policy = self.region.policy

    def put(self, parts: Iterable[Part]) -> None:
        added = list(parts)
        self.fresh |= {p.place: p for p in added}
        self.manifest = self.manifest.next(at="", by="", note="", add=added)

    def take(self, places: list[Place]) -> None:
        gone = {p for p in places if self.manifest.part(*p)}
        if gone:
            self.stale |= gone
            self.manifest = self.manifest.next(at="", by="", note="", drop=gone)


def run(
    region: Region,
    cells: Iterable[Cell],
    wanted: Iterable[type[Table]] | None = None,
    progress: Progress = lambda *_: None,
    engine: str = "duckdb",
) -> RunReport:
    """运行并发布 · Run the capabilities the wanted tables need (all by default) over the cells, and publish once."""
    with region.writing("heng run"):
        work = _Work(region, region.manifest, RunReport(), engine=engine)
        _run_all(work, list(cells), order(wanted), progress)
        if work.fresh or work.stale:
            region.publish("run", work.fresh.values(), work.stale)
    return work.report


def outdated(region: Region, cell: Cell, wanted: Iterable[type[Table]] | None = None) -> list[Capability]:
    """已过时的结果 · Capabilities whose stored rows of a month no longer follow from the data, policy and code there are now.

    Of all capabilities, or of those that the wanted tables need.
    """
    kept = [(c, p) for c in order(wanted) if (p := region.manifest.part(c.writes.__name__, *cell))]
    return [
        c for c, p in kept if p.fingerprint != fingerprint(c, rules_at(c, region.policy, cell), named(parts_read(region.manifest, c, cell)))
    ]


@contextmanager
def scenario(
    region: Region,
    changes: dict[str, object],
    cells: Iterable[Cell],
    wanted: Iterable[type[Table]],
    progress: Progress = lambda *_: None,
) -> Iterator[Region]:
    """假如：在政策上加几行再算，什么都不留下 · What if: run with values laid on top; yields the region as it would be.

    Nothing of the region is changed: what the scenario writes lies in a scratch folder that goes away afterwards.
    """
    twin = Region(region.path)
    twin.manifest, twin.policy = region.manifest.with_closings((), ()), region.policy.scenario(changes)
    with _apart(list(cells), order(wanted), _Work(twin, twin.manifest, RunReport()), progress):
        yield twin


@contextmanager
def anew(region: Region, cells: Iterable[Cell], wanted: Iterable[type[Table]], engine: str) -> Iterator[Region]:
    """在某个引擎上从头算起，什么都不留下 · Work everything out anew on an engine; yields the region as it would be, in a scratch folder."""
    twin = Region(region.path)
    made = {c.writes.__name__ for c in CAPABILITIES.values()}
    kept = region.manifest.with_closings((), ())
    twin.manifest = kept.next(at="", by="", note="", drop=[p.place for p in kept.parts if p.table in made])
    with _apart(list(cells), order(wanted), _Work(twin, twin.manifest, RunReport(), engine=engine), lambda *_: None):
        yield twin


@contextmanager
def _apart(cells: list[Cell], caps: list[Capability], work: _Work, progress: Progress) -> Iterator[None]:
    with TemporaryDirectory(prefix=".scratch-", dir=work.region.path) as scratch:
        work.scratch = Path(scratch).name
        _run_all(work, cells, caps, progress)
        work.region.manifest = work.manifest
        yield


def _run_all(work: _Work, cells: list[Cell], caps: list[Capability], progress: Progress) -> None:
    work.report.closed = [c for c in cells if work.manifest.is_closed(*c)]
    cells = [c for c in cells if c not in set(work.report.closed)]
    with closing(open_engine(work.engine, work.region.path)) as engine:
        for n, cap in enumerate(caps):
            progress(cap.zh, n, len(caps))
            _run_one(work, engine, cap, cells)


@dataclass(frozen=True)
class _Todo:
    """A partition to work out: its place, its fingerprint, the files it reads with their rows."""

    cell: Cell
    mark: str
    reads: dict[str, int]


def _run_one(work: _Work, engine: Engine, cap: Capability, cells: list[Cell]) -> None:
    open_, shut = _split(work, cap, _partitions(cap, cells))
    work.take([(cap.writes.__name__, *c, "") for c in shut])
    batches: dict[str, list[_Todo]] = {}
    rules_of: dict[str, dict[str, Params]] = {}
    for cell in open_:
        try:
            rules, parts = rules_at(cap, work.policy, cell), parts_read(work.manifest, cap, cell)
        except PolicyError as e:
            _stop(work, cap, cell, e)
            continue
        mark = fingerprint(cap, rules, named(parts))
        old = work.manifest.part(cap.writes.__name__, *cell)
        if old and old.fingerprint == mark and old.version == cap.writes.version:
            work.report.skipped += 1
        else:
            same = repr([r.values() for r in rules.values()])
            rules_of[same] = rules
            batches.setdefault(same, []).append(_Todo(cell, mark, {p.file: p.rows for p in parts}))
    for same, todo in batches.items():
        for batch in _batches(todo):
            _try_batch(work, engine, cap, batch, rules_of[same])
    if cap.writes.gate:
        _note_blocked(work, cap, open_)


def _partitions(cap: Capability, cells: list[Cell]) -> list[Cell]:
    return sorted({("", month) for _, month in cells}) if cap.writes.grain == "region_month" else cells


def _batches(todo: list[_Todo]) -> Iterator[list[_Todo]]:
    # Files that several partitions read are read once.
    batch, reads = list[_Todo](), dict[str, int]()
    for one in todo:
        if batch and sum((reads | one.reads).values()) > ROWS_AT_ONCE:
            yield batch
            batch, reads = [], {}
        batch.append(one)
        reads |= one.reads
    yield batch


def _try_batch(work: _Work, engine: Engine, cap: Capability, batch: list[_Todo], rules: dict[str, Params]) -> None:
    # Where a batch fails its partitions go one by one: the fault of one hospital's month does not stop the others.
    try:
        _run_batch(work, engine, cap, batch, rules)
    except (TableError, PolicyError) as e:
        if len(batch) == 1:
            _stop(work, cap, batch[0].cell, e)
            return
        for todo in batch:
            _try_batch(work, engine, cap, [todo], rules)


def _stop(work: _Work, cap: Capability, cell: Cell, error: HengError) -> None:
    if work.scratch:  # a what-if has nobody to report to: half of it would be compared with the whole
        raise error
    place = " ".join(filter(None, cell))
    said = (f"{place} {cap.zh}：{' '.join(error.told('zh'))}", f"{place} {cap.en}: {' '.join(error.told('en'))}")
    work.report.blocked.setdefault(cell, said)
    work.take([(cap.writes.__name__, *cell, "")])


def _run_batch(work: _Work, engine: Engine, cap: Capability, batch: list[_Todo], rules: dict[str, Params]) -> None:
    seen = [w for todo in batch for w in window(work.manifest, todo.cell, cap.months)]
    inputs = stored(engine, work.region.path, work.manifest, seen)
    rows = execute(inputs, cap, rules)
    place = ["month"] if cap.writes.grain == "region_month" else ["org", "month"]
    found = rows.partition_by(place, as_dict=True, maintain_order=True)
    none = rows.clear()
    with ThreadPoolExecutor(WRITERS) as pool:  # they wait for the disk more than they work
        work.put(pool.map(lambda t: _written(work, cap.writes, found.get(t.cell[-len(place) :], none), (t.cell, t.mark)), batch))
    work.report.written[cap.name] = work.report.written.get(cap.name, 0) + len(batch)


def _written(work: _Work, table: type[Table], rows: pl.DataFrame, at: tuple[Cell, str]) -> Part:
    # What a scenario writes lies apart from the region's data, under a folder that goes away with it.
    (org, month), mark = at
    part = write_part(work.region.path / work.scratch, table, rows, (org, month, ""), mark)
    return replace(part, file=f"{work.scratch}/{part.file}") if work.scratch else part


def rules_at(cap: Capability, policy: Policy, cell: Cell) -> dict[str, Params]:
    """该院该月适用的参数 · The rules in force for a hospital on the last day of a month."""
    return {n: r(policy, last_day(cell[1]), cell[0]) for n, r in cap.rules.items()}


def parts_read(manifest: Manifest, cap: Capability, cell: Cell) -> list[Part]:
    """一个分区读到的数据文件 · The data files that one partition of a capability reads."""
    tables = dict.fromkeys(cap.reads.values())
    if any(t.source for t in tables):
        tables |= dict.fromkeys((Department, DepartmentMap))
    seen = window(manifest, cell, cap.months)
    return [p for t in tables for p in parts_of(manifest, t, seen)]


def named(parts: Iterable[Part]) -> list[str]:
    """数据文件的称呼 · How a fingerprint names data files."""
    return [f"{p.table} {p.month} {p.part} {p.file}" for p in parts]


def window(manifest: Manifest, cell: Cell, months: int) -> list[Cell]:
    """本月及之前若干月 · The month and the months before it that a partition reads; of the region, those of all its hospitals."""
    org, month = cell
    seen = [shift(month, -n) for n in range(months)]
    if org:
        return [(org, m) for m in seen]
    return sorted(c for c in manifest.cells if c[1] in seen)


def _split(work: _Work, cap: Capability, cells: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    # A cell is shut when a gate it reads holds an error, or when a capability before it was shut for it.
    gated = any(t.gate for t in cap.reads.values())
    made = sorted({c.writes for c in CAPABILITIES.values()} & set(cap.reads.values()), key=lambda t: t.__name__)
    shut = {c for c in cells if (gated and c in work.gated) or any(not _made(work, t, c) for t in made)}
    return [c for c in cells if c not in shut], sorted(shut)


def _made(work: _Work, table: type[Table], cell: Cell) -> bool:
    # The region goes on without a hospital that was stopped; it is shut when no hospital has what it reads.
    org, month = cell
    if table.grain == "region_month":
        return bool(work.manifest.part(table.__name__, "", month))
    if org:
        return bool(work.manifest.part(table.__name__, org, month))
    return any(p.month == month for p in work.manifest.of(table.__name__))


def _note_blocked(work: _Work, cap: Capability, cells: list[Cell]) -> None:
    for cell in cells:
        part = work.manifest.part(cap.writes.__name__, *cell)
        rows = pl.read_parquet(work.region.path / part.file) if part else pl.DataFrame({"severity": []})
        errors = rows.filter(pl.col("severity") == "error")
        if errors.height:
            work.gated.add(cell)
            zh, en, n = errors["reason_zh"][0], errors["reason_en"][0], errors.height
            work.report.blocked[cell] = (f"{zh}（共 {n} 项）", f"{en} ({n} in all)") if n > 1 else (zh, en)
