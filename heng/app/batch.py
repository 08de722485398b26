"""一批分区：读、算、写 · A batch of partitions of one capability: read, worked out, written, in whatever process has time for it."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import polars as pl

import heng.app.region  # noqa: F401 - declares all capabilities, also in a worker process
from heng.app.execute import execute
from heng.app.inputs import Cell, stored
from heng.core.capability import CAPABILITIES
from heng.core.errors import HengError, PolicyError, TableError
from heng.core.params import Params
from heng.core.table import Table
from heng.store.engine import Engine
from heng.store.engines import open_engine
from heng.store.manifest import Manifest, Part
from heng.store.parts import write_part
from heng.store.workers import AT_MOST

ROWS_AT_ONCE = 4_000_000 // AT_MOST
"""一批至多读这么多行 · A batch reads no more rows than this, unless one partition alone does: memory does not grow with months."""
WRITERS = 4
"""几个线程写分区 · Threads that write the partitions of a batch."""


@dataclass(frozen=True)
class Todo:
    """要算的分区 · A partition to work out: its place, its fingerprint, the parts it reads, and of which (hospital, month) pairs."""

    cell: Cell
    mark: str
    parts: tuple[Part, ...]
    seen: tuple[Cell, ...]


@dataclass(frozen=True)
class Batch:
    """一批 · Partitions of one capability under the same rules, and where their files lie (under `scratch` those of a scenario)."""

    folder: Path
    scratch: str
    cap: str
    rules: dict[str, Params]
    todo: tuple[Todo, ...]


@dataclass
class Done:
    """做成了什么 · Partitions that were written, and what stopped the others."""

    written: list[Part] = field(default_factory=list)
    stopped: list[tuple[Cell, HengError]] = field(default_factory=list)


def batches(folder: Path, scratch: str, cap: str, rules: dict[str, Params], todo: Iterable[Todo]) -> Iterator[Batch]:
    """分成批 · Batches that read no more than `ROWS_AT_ONCE`; files that several partitions read are read once."""
    batch, reads = list[Todo](), dict[str, int]()
    for one in todo:
        more = {p.file: p.rows for p in one.parts}
        if batch and sum((reads | more).values()) > ROWS_AT_ONCE:
            yield Batch(folder, scratch, cap, rules, tuple(batch))
            batch, reads = [], {}
        batch.append(one)
        reads |= more
    yield Batch(folder, scratch, cap, rules, tuple(batch))


def work_out(engine: Engine, batch: Batch) -> Done:
    """算出一批 · Work a batch out and write its partitions.

    Where it fails its partitions go one by one: the fault of one hospital's month does not stop the others.
    """
    try:
        return Done(_written(engine, batch))
    except (TableError, PolicyError) as e:
        if len(batch.todo) == 1:
            return Done(stopped=[(batch.todo[0].cell, e)])
    done = Done()
    for todo in batch.todo:
        one = work_out(engine, replace(batch, todo=(todo,)))
        done.written += one.written
        done.stopped += one.stopped
    return done


def work_out_apart(batch: Batch) -> Done:
    """在工作进程中算出一批 · Work a batch out in a worker process, which keeps its engine for the next."""
    return work_out(_engine(batch.folder), batch)


@lru_cache(maxsize=1)
def _engine(folder: Path) -> Engine:
    return open_engine("duckdb", folder)


def _written(engine: Engine, batch: Batch) -> list[Part]:
    cap = CAPABILITIES[batch.cap]
    manifest = Manifest(parts=tuple(dict.fromkeys(p for todo in batch.todo for p in todo.parts)))
    rows = execute(stored(engine, batch.folder, manifest, [c for todo in batch.todo for c in todo.seen]), cap, batch.rules)
    place = ["month"] if cap.writes.grain == "region_month" else ["org", "month"]
    found = rows.partition_by(place, as_dict=True, maintain_order=True)
    none = rows.clear()
    with ThreadPoolExecutor(WRITERS) as pool:  # they wait for the disk more than they work
        return list(pool.map(lambda t: _put(batch, cap.writes, found.get(t.cell[-len(place) :], none), t), batch.todo))


def _put(batch: Batch, table: type[Table], rows: pl.DataFrame, todo: Todo) -> Part:
    # What a scenario writes lies apart from the region's data, under a folder that goes away with it.
    part = write_part(batch.folder / batch.scratch, table, rows, (*todo.cell, ""), todo.mark)
    return replace(part, file=f"{batch.scratch}/{part.file}") if batch.scratch else part
