"""运行：哪些分区要重算，按批算出，发布新的一代 · Run: find what must be worked out anew, do it in batches, publish.

A partition is a hospital's month; of a regional table, a month of the region. It is skipped when its fingerprint stands
in the manifest. A month whose gate table (`Readiness`) holds an error is not worked out further, and what an earlier run
wrote for it is taken away: a stale figure is worse than none. Likewise where a capability fails on the values of a hospital's
month: that month stops there, the others go on.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from heng.app.batch import Batch, Done, Todo, batches, work_out, work_out_apart
from heng.app.fingerprint import fingerprint
from heng.app.inputs import Cell, parts_of
from heng.app.region import Region
from heng.core.capability import CAPABILITIES, Capability, order
from heng.core.errors import HengError, PolicyError, Say
from heng.core.params import Params, Policy
from heng.core.period import last_day, shift
from heng.core.table import Table
from heng.store.engine import Engine
from heng.store.engines import open_engine
from heng.store.manifest import Manifest, Part, Place
from heng.store.workers import AT_MOST, Workers, workers
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
    cells: list[Cell]
    caps: list[Capability]
    scratch: str = ""
    engine: str = "duckdb"
    fresh: dict[Place, Part] = field(default_factory=dict)
    stale: set[Place] = field(default_factory=set)
    gated: dict[Cell, Say] = field(default_factory=dict)
    stopped: list[tuple[int, Cell, Say]] = field(default_factory=list)
    report: RunReport = field(default_factory=RunReport)

    def __post_init__(self) -> None:
        # Read before anything is touched: a policy file that cannot be understood refuses the whole run.
        self.policy = self.region.policy
        self.report.closed = [c for c in self.cells if self.manifest.is_closed(*c)]
        self.cells = [c for c in self.cells if c not in set(self.report.closed)]

    def put(self, added: list[Part]) -> None:
        self.fresh |= {p.place: p for p in added}
        self.manifest = self.manifest.next(at="", by="", note="", add=added)

    def take(self, places: list[Place]) -> None:
        gone = {p for p in places if self.manifest.part(*p)}
        if gone:
            self.stale |= gone
            self.manifest = self.manifest.next(at="", by="", note="", drop=gone)

    def done(self) -> RunReport:
        # Of a cell that several stop, the first in the order of the capabilities is told, whichever was first in time.
        for _, cell, said in sorted(self.stopped):
            self.report.blocked.setdefault(cell, said)
        self.report.blocked |= self.gated
        self.report.written = {c.name: n for c in self.caps if (n := self.report.written.get(c.name))}
        return self.report


def run(
    region: Region,
    cells: Iterable[Cell],
    wanted: Iterable[type[Table]] | None = None,
    progress: Progress = lambda *_: None,
    engine: str = "duckdb",
) -> RunReport:
    """运行并发布 · Run the capabilities the wanted tables need (all by default) over the cells, and publish once."""
    with region.writing("heng run"):
        work = _Work(region, region.manifest, list(cells), order(wanted), engine=engine)
        _run_all(work, progress)
        if work.fresh or work.stale:
            region.publish("run", work.fresh.values(), work.stale)
    return work.done()


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
    with _apart(_Work(twin, twin.manifest, list(cells), order(wanted)), progress):
        yield twin


@contextmanager
def anew(region: Region, cells: Iterable[Cell], wanted: Iterable[type[Table]], engine: str) -> Iterator[Region]:
    """在某个引擎上从头算起，什么都不留下 · Work everything out anew on an engine; yields the region as it would be, in a scratch folder."""
    twin = Region(region.path)
    made = {c.writes.__name__ for c in CAPABILITIES.values()}
    kept = region.manifest.with_closings((), ())
    twin.manifest = kept.next(at="", by="", note="", drop=[p.place for p in kept.parts if p.table in made])
    with _apart(_Work(twin, twin.manifest, list(cells), order(wanted), engine=engine), lambda *_: None):
        yield twin


@contextmanager
def _apart(work: _Work, progress: Progress) -> Iterator[None]:
    with TemporaryDirectory(prefix=".scratch-", dir=work.region.path) as scratch:
        work.scratch = Path(scratch).name
        _run_all(work, progress)
        work.region.manifest = work.manifest
        yield


def _run_all(work: _Work, progress: Progress) -> None:
    """逐项算完 · Begin every capability once all that it reads is made, several at a time, first those that the longest chains wait for."""
    waiting, running, long = list(work.caps), list[tuple[Capability, list[Future[Done]]]](), _chains(work.caps)
    with closing(open_engine(work.engine, work.region.path)) as engine, workers() as others:
        while waiting or running:
            unmade = {c.writes for c in (*waiting, *(c for c, _ in running))}
            busy = [f for _, futures in running for f in futures]
            for cap in sorted((c for c in waiting if unmade.isdisjoint(c.reads.values())), key=lambda c: -long[c.name]):
                if sum(not f.done() for f in busy) > AT_MOST:
                    break  # enough is under way: by the time that one ends, something more urgent may be ready
                progress(cap.zh, len(work.caps) - len(waiting), len(work.caps))
                waiting.remove(cap)
                running.append((cap, [_begun(work, engine, others, batch) for batch in _batches(work, cap)]))
                busy += running[-1][1]
            ended = [(cap, futures) for cap, futures in running if all(f.done() for f in futures)]
            for cap, futures in ended:
                running.remove((cap, futures))
                _end(work, cap, [f.result() for f in futures])
            if not ended:
                wait([f for f in busy if not f.done()], return_when=FIRST_COMPLETED)


def _chains(caps: list[Capability]) -> dict[str, int]:
    """后面还有几环 · How long the chain of capabilities is that wait for each of them, one after the other."""
    long = dict[str, int]()
    for cap in reversed(caps):
        long[cap.name] = 1 + max((long[c.name] for c in caps if cap.writes in c.reads.values()), default=0)
    return long


def _begun(work: _Work, engine: Engine, others: Workers, batch: Batch) -> Future[Done]:
    if work.engine == "duckdb" and others.at_hand(work_out_apart):
        return others.submit(work_out_apart, batch)
    done = Future[Done]()
    done.set_result(work_out(engine, batch))
    return done


def _batches(work: _Work, cap: Capability) -> Iterator[Batch]:
    """要重算的分区 · The partitions of a capability that must be worked out anew, those under the same rules together."""
    open_, shut = _split(work, cap)
    work.take([(cap.writes.__name__, *c, "") for c in shut])
    todo, rules_of = dict[str, list[Todo]](), dict[str, dict[str, Params]]()
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
            todo.setdefault(same, []).append(Todo(cell, mark, tuple(parts), tuple(window(work.manifest, cell, cap.months))))
    for same, some in todo.items():
        yield from batches(work.region.path, work.scratch, cap.name, rules_of[same], some)


def _end(work: _Work, cap: Capability, batches: list[Done]) -> None:
    written = [p for done in batches for p in done.written]
    if written:
        work.put(written)
        work.report.written[cap.name] = len(written)
    for done in batches:
        for cell, error in done.stopped:
            _stop(work, cap, cell, error)
    if cap.writes.gate:
        _note_gated(work, cap)


def _stop(work: _Work, cap: Capability, cell: Cell, error: HengError) -> None:
    if work.scratch:  # a what-if has nobody to report to: half of it would be compared with the whole
        raise error
    place = " ".join(filter(None, cell))
    said = (f"{place} {cap.zh}：{' '.join(error.told('zh'))}", f"{place} {cap.en}: {' '.join(error.told('en'))}")
    work.stopped.append((work.caps.index(cap), cell, said))
    work.take([(cap.writes.__name__, *cell, "")])


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


def _split(work: _Work, cap: Capability) -> tuple[list[Cell], list[Cell]]:
    # A cell is shut when a gate it reads holds an error, or when a capability before it was shut for it.
    gated = any(t.gate for t in cap.reads.values())
    made = sorted({c.writes for c in CAPABILITIES.values()} & set(cap.reads.values()), key=lambda t: t.__name__)
    cells = sorted({("", month) for _, month in work.cells}) if cap.writes.grain == "region_month" else work.cells
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


def _note_gated(work: _Work, cap: Capability) -> None:
    for cell in work.cells:
        part = work.manifest.part(cap.writes.__name__, *cell)
        rows = pl.read_parquet(work.region.path / part.file) if part and part.rows else pl.DataFrame({"severity": []})
        errors = rows.filter(pl.col("severity") == "error")
        if errors.height:
            zh, en, n = errors["reason_zh"][0], errors["reason_en"][0], errors.height
            work.gated[cell] = (f"{zh}（共 {n} 项）", f"{en} ({n} in all)") if n > 1 else (zh, en)
