"""迁移：表版本变化时，自动整形做不到的改动 · Migration: changes of a table that shaping cannot do by itself.

Reading already fills a missing column that may be empty and widens types. Anything else (a column split in two, a
code renamed, a unit changed) is a named step here, from one version of a table to the next. Steps run in order of version.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from heng.core.errors import StoreError
from heng.core.table import TABLES, Table, quoted
from heng.store.engine import DuckDB
from heng.store.manifest import Manifest, Part
from heng.store.parts import write_part

Change = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Step:
    """一步迁移 · One step: rows of `table` as version `since` wrote them become rows of version `since` + 1."""

    name: str
    table: str
    since: int
    zh: str
    en: str
    change: Change


STEPS: dict[str, Step] = {}


def step(table: str, since: int, zh: str, en: str) -> Callable[[Change], Change]:
    """登记一步 · Register a step under its function's name; StoreError when there is a step for that version already."""

    def register(change: Change) -> Change:
        name = change.__name__
        if name in STEPS or any((s.table, s.since) == (table, since) for s in STEPS.values()):
            raise StoreError(f"{table} 版本 {since} 已有迁移步骤", f"{table} version {since} has a migration step already", where=name)
        STEPS[name] = Step(name, table, since, zh, en, change)
        return change

    return register


@dataclass(frozen=True)
class Old:
    """一个旧版本的分区与它要走的步骤 · A part of an older version, and the steps it takes; none means shaping alone."""

    part: Part
    steps: tuple[Step, ...]


def old_parts(manifest: Manifest) -> list[Old]:
    """哪些分区是旧版本 · The parts that an older table version wrote, with their steps, in order."""
    found = []
    for p in manifest.parts:
        table = TABLES.get(p.table)
        if table and p.version < table.version:
            steps = sorted((s for s in STEPS.values() if s.table == p.table and s.since >= p.version), key=lambda s: s.since)
            found.append(Old(p, tuple(steps)))
    return found


def migrated(folder: Path, olds: Iterable[Old]) -> list[Part]:
    """改写成现在的版本 · Write the parts anew in their table's version; the old files stay for the old generations.

    Raises StoreError when a required column is still missing after the steps.
    """
    return [_one(folder, old) for old in olds]


def _one(folder: Path, old: Old) -> Part:
    table, rows = TABLES[old.part.table], pl.read_parquet(folder / old.part.file)
    for s in old.steps:
        rows = s.change(rows)
    missing = [n for n, c in table.columns.items() if n not in rows.columns and not c.optional]
    if missing:
        raise StoreError(
            f"{table.zh} 版本 {old.part.version} 没有必填列 {missing[0]}，也没有补它的迁移步骤",
            f"{table.__name__} version {old.part.version} lacks the required column {missing[0]}, and no step gives it",
            where=old.part.file,
            mend=("升级 heng，或重新装入来源文件", "upgrade heng, or load the source files again"),
        )
    p = old.part
    return write_part(folder, table, _shaped(table, rows), (p.org, p.month, p.part), p.fingerprint)


def _shaped(table: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    engine = DuckDB()
    engine.table("old", rows)
    columns = (f"{quoted(n) if n in rows.columns else 'null'}::{c.type} as {quoted(n)}" for n, c in table.columns.items())
    shaped = engine.rows(f"select {', '.join(columns)} from old").sort(table.full_key(), nulls_last=True)
    engine.close()
    return shaped
