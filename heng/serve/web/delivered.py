"""交了什么、缺什么 · What a hospital has handed in: by table and month how many rows, what is missing, how many were sent back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from heng.core.capability import CAPABILITIES
from heng.core.table import TABLES, Table
from heng.intake.vocabulary import templates
from heng.serve.web.visit import Visit
from heng.store.manifest import Part
from heng.tables.organisation import Department

MONTHS = 12
"""看几个月 · Months of the grid."""


@dataclass(frozen=True)
class Square:
    """一格 · A table in a month: rows loaded, rows sent back, and how that stands: loaded, findings, missing, none (nobody expects it)."""

    rows: int
    back: int
    state: str


@dataclass(frozen=True)
class Feed:
    """一个装入的文件 · A file that is held: its name, its tables, its months, its rows."""

    name: str
    tables: tuple[type[Table], ...]
    months: tuple[str, ...]
    rows: int
    shut: bool


def sources() -> list[type[Table]]:
    """可装入的表 · The tables that people load, those that most results need first."""
    return sorted((TABLES[n] for n in templates()), key=lambda t: (-_needed()[t], t.__name__))


@cache
def _needed() -> Counter[type[Table]]:
    return Counter(t for c in CAPABILITIES.values() for t in set(c.reads.values()) if t.source)


def months_of(visit: Visit) -> list[str]:
    """看哪些月 · The newest months of the region, the newest first: a phone shows the first columns."""
    return sorted({m for _, m in visit.region.cells()}, reverse=True)[:MONTHS]


def grid(visit: Visit, org: str, months: list[str], back: Counter[tuple[str, str]]) -> list[tuple[type[Table], list[Square]]]:
    """月历 · For every monthly table that the region has its months; a month is missing where it has another; `back`: rows sent back."""
    parts = [p for p in visit.region.manifest.parts if p.table in templates()]
    known = {p.table for p in parts}
    mine = [p for p in parts if p.org == org]
    found = []
    for table in sources():
        if table.grain == "month" and table.__name__ in known:
            rows = Counter[str]()
            for p in mine:
                if p.table == table.__name__:
                    rows[p.month] += p.rows
            found.append((table, [_square(rows, back[table.__name__, m], m) for m in months]))
    return found


def _square(rows: Counter[str], back: int, month: str) -> Square:
    state = "findings" if back else "loaded" if rows[month] else "missing" if rows else "none"
    return Square(rows[month], back, state)


def lasting(visit: Visit, org: str) -> list[tuple[type[Table], int]]:
    """长期有效的表 · Tables that are loaded once and last, such as the departments: those that the region has, with how many rows."""
    rows, known = Counter[str](), {p.table for p in visit.region.manifest.parts} | {Department.__name__}
    for p in visit.region.manifest.parts:
        if p.org == org:
            rows[p.table] += p.rows
    return [(t, rows[t.__name__]) for t in sources() if t.grain == "org" and t.__name__ in known]


def feeds(visit: Visit, org: str) -> list[Feed]:
    """装入了哪些文件 · The files held of a hospital, by name."""
    by: dict[str, list[Part]] = {}
    for p in visit.region.manifest.parts:
        if p.org == org and p.part and p.table in templates():
            by.setdefault(p.feed, []).append(p)
    return [_feed(visit, org, name, some) for name, some in sorted(by.items())]


def _feed(visit: Visit, org: str, name: str, parts: Iterable[Part]) -> Feed:
    some = list(parts)
    months = tuple(sorted({p.month for p in some if p.month}))
    shut = any(visit.region.manifest.is_closed(org, m) for m in months)
    return Feed(name, tuple(TABLES[n] for n in sorted({p.table for p in some})), months, sum(p.rows for p in some), shut)


def returned(visit: Visit, org: str) -> list[str]:
    """退回的文件 · The files that were sent back to a hospital, by name."""
    folder = visit.region.path / "returned" / org
    return sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
