"""一张表看得到什么 · What of a table a scope sees: which rows, which columns; decided from the declaration, before any read.

How deep the rows of a table go: those that name a person, or are numbered within a hospital's month, are single cases; other
rows of a hospital are its aggregates; rows of the whole region are regional. A private column is deeper than its table.
"""

from dataclasses import dataclass
from functools import lru_cache

from heng.core.errors import AccessError
from heng.core.scope import Level, Reach, Scope
from heng.core.table import Table
from heng.tables.booked import Salary
from heng.tables.patients import DoctorCost, Service
from heng.tables.public import PublicCase
from heng.tables.services import ItemMethodCost, MatchedCost, ServiceCost

DECLARED: dict[type[Table], Level] = {
    PublicCase: Level.PUBLIC,  # its small counts are hidden
    DoctorCost: Level.CASE,  # a row is what one doctor did
    Salary: Level.NAMED,  # a row is one person's pay: without the name it still tells where a department has one of a kind
    **dict.fromkeys((Service, ServiceCost, MatchedCost, ItemMethodCost), Level.HOSPITAL),  # the number stands for a kind of service
}
"""规则看错的表 · Tables that the rule would take for something else."""

PATIENT = ("visit", "record", "patient")
"""患者的编号 · The columns that say whose a row is: not a mother's (her child's row), a member of staff, a bill or a checked value."""

Rows = tuple[tuple[tuple[str, ...], frozenset[str]], ...]
"""行的条件 · Conditions on rows, all of which hold: one of these columns has one of these values. Without any: every row."""


@dataclass(frozen=True)
class Allowed:
    """一张表中看得到的 · What may be seen of a table: rows that meet one of `rows`, and of these rows only `columns`."""

    rows: tuple[Rows, ...]
    columns: tuple[str, ...]


def depth(table: type[Table]) -> Level:
    """表的数据级别 · How deep the rows of a table go, private columns left out."""
    if table in DECLARED:
        return DECLARED[table]
    if "org" not in table.columns:
        return Level.REGION
    single = any(c.private or (c.local and n in table.key) for n, c in table.columns.items())
    return Level.CASE if single else Level.HOSPITAL


def allowed(scope: Scope, table: type[Table], orgs: frozenset[str] | None = None) -> Allowed:
    """这张表能看什么 · What a scope sees of a table, of the hospitals asked for (None: all); AccessError when that is nothing.

    The columns are those that may be seen of every row given: ask for fewer hospitals to see more of them.
    """
    found = _seen(scope.reaches, table, orgs)  # type: ignore[arg-type]  # a class can be a key
    if not found.columns:
        raise AccessError(
            f"以此身份（{scope.role}）看不到{table.zh}",
            f"as {scope.role} you see nothing of {table.en}",
            where=table.__name__,
            mend=("请一次只看一家医院，或请安全管理员授权", "ask for one hospital only, or ask the security administrator for a grant"),
        )
    return found


@lru_cache(4096)  # a page asks the same of the same scope a hundred times
def _seen(reaches: tuple[Reach, ...], table: type[Table], orgs: frozenset[str] | None) -> Allowed:
    found = dict[Rows, frozenset[str]]()
    for reach in reaches:
        if (rows := _rows(reach, table, orgs)) is not None:
            found[rows] = found.get(rows, frozenset()) | _columns(reach, table)
    seen = {rows: frozenset[str]().union(*(c for r, c in found.items() if _within(rows, r))) for rows in found}
    kept = {r: c for r, c in seen.items() if not any(r != other and _within(r, other) and c <= seen[other] for other in seen)}
    return Allowed(tuple(kept), tuple(n for n in table.columns if all(n in c for c in kept.values())) if kept else ())


def _rows(reach: Reach, table: type[Table], orgs: frozenset[str] | None) -> Rows | None:
    # None: this stretch does not open the table, or opens none of these hospitals.
    deep = depth(table)
    if reach.level < deep or (reach.tables is not None and table.__name__ not in reach.tables):
        return None
    if deep <= Level.REGION:  # it stands for the whole region
        return () if reach.subject is None else None
    limits: list[tuple[tuple[str, ...], frozenset[str] | None]] = [
        (("org",), reach.orgs if orgs is None else orgs if reach.orgs is None else reach.orgs & orgs),
        (tuple(n for n, c in table.columns.items() if c.of == "dept"), reach.depts),
        (tuple(n for n in PATIENT if n in table.columns), None if reach.subject is None else frozenset({reach.subject})),
    ]
    rows = tuple((names, values) for names, values in limits if values is not None)
    return rows if all(names and values for names, values in rows) else None


def _columns(reach: Reach, table: type[Table]) -> frozenset[str]:
    told = table.columns if reach.columns is None else reach.columns & table.columns.keys()
    return frozenset(n for n in told if reach.level == Level.NAMED or not table.columns[n].private)


def _within(rows: Rows, wider: Rows) -> bool:
    return all(any(names == n and values <= v for names, values in rows) for n, v in wider)
