"""两家医院、各两个科室，每张表都有行，每格都写着是谁的 · Two hospitals of two departments each: every row of every table says whose it is.

And a plain oracle: which cells of which rows a scope opens, cell by cell, by no rule of the program.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from heng.app.region import Hospital, Region, new_region
from heng.core.scope import Level, Reach, Scope
from heng.core.table import TABLES, Table
from heng.store.manifest import Part
from heng.store.parts import write_part

ORGS, DEPTS, MONTH, ELSEWHERE = ("H01", "H02"), ("D1", "D2"), "2026-03", "D3"
OURS = sorted((t for t in TABLES.values() if t.__module__.startswith("heng.")), key=lambda t: t.__name__)
KINDS_OF_SERVICE = {"Service", "ServiceCost", "MatchedCost", "ItemMethodCost"}
Row = dict[str, Any]


def places(path: Path) -> Region:
    """The region: a row of each department in every table."""
    region = new_region(path, "试验区域", [Hospital(org, f"{org} 医院") for org in ORGS])
    with region.writing("试验"):
        region.publish("试验", [part for t in OURS for part in parts(path, t)])
    return region


def parts(path: Path, table: type[Table]) -> Iterable[Part]:
    """The data files of a table: one a hospital, or one of the region."""
    if table.grain == "region_month":
        yield write_part(path, table, frame(table, ORGS), ("", MONTH, ""))
        return
    for org in ORGS:
        yield write_part(path, table, frame(table, [org]), (org, MONTH if table.grain == "month" else "", ""))


def frame(table: type[Table], orgs: Iterable[str]) -> pl.DataFrame:
    """A row of each department of these hospitals, as far as its key tells them apart, in the table's shape."""
    made = [{n: value(table, n, org, i) for n in table.columns} for org in orgs for i in (1, 2)]
    every = pl.DataFrame(made, schema=table.schema()).sort(table.full_key())
    return every.unique(table.full_key(), keep="first", maintain_order=True)  # a table of hospitals has one row of each


@cache
def rows(table: type[Table]) -> list[Row]:
    """The rows of both hospitals, to reckon with."""
    return frame(table, ORGS).to_dicts()


def value(table: type[Table], name: str, org: str, i: int) -> Any:
    """One cell: it tells the hospital and the department, or is a number that no other row has."""
    column, whose = table.columns[name], 1 + ORGS.index(org)
    own = next((n for n, c in table.columns.items() if c.of == "dept"), "")
    fixed = {"org": org, "month": MONTH, "until": None, own: DEPTS[i - 1]}
    if name in fixed:
        return fixed[name]
    if column.of == "dept":
        return ELSEWHERE
    plain: dict[str, Any] = {
        "varchar": list(column.codes)[i % len(column.codes)] if column.codes else f"{org}.{DEPTS[i - 1]}.{name}",
        "date": date(2026, whose, i),
        "timestamp": datetime(2026, whose, i),  # noqa: DTZ001 - as the hospital's clock shows it
        "boolean": i == 1,
        "bigint": 10 * whose + i,
        "integer": 10 * whose + i,
    }
    return plain.get(column.type, Decimal(10 * whose + i))


def depth(table: type[Table]) -> Level:
    """How deep the rows of a table go, said by hand: cases of patients and people, a hospital's aggregates, the region's."""
    if "org" not in table.columns:
        return Level.REGION
    cases = any(c.private or (c.local and n in table.key) for n, c in table.columns.items())
    return Level.CASE if (cases and table.__name__ not in KINDS_OF_SERVICE) or table.__name__ == "DoctorCost" else Level.HOSPITAL


def opens(reach: Reach, table: type[Table], row: Row, name: str) -> bool:
    """Whether one stretch of a scope opens one cell of one row."""
    if reach.level < max(depth(table), Level.NAMED if table.columns[name].private else Level.PUBLIC):
        return False
    if table.__name__ not in (reach.tables or {table.__name__}) or name not in (reach.columns or {name}):
        return False
    if depth(table) == Level.REGION:
        return reach.subject is None
    depts = {row[n] for n, c in table.columns.items() if c.of == "dept"}
    names = {row.get(n) for n in ("visit", "record", "patient")}
    return (
        (reach.orgs is None or row["org"] in reach.orgs)
        and (reach.depts is None or bool(reach.depts & depts))
        and (reach.subject is None or reach.subject in names)
    )


def opened(scope: Scope, table: type[Table], orgs: tuple[str, ...] = ORGS) -> list[tuple[Row, set[str]]]:
    """The rows of these hospitals of which a scope opens something, each with the columns that it opens."""
    near = [r for r in rows(table) if depth(table) == Level.REGION or r["org"] in orgs]
    told = [(r, {n for n in table.columns if any(opens(reach, table, r, n) for reach in scope.reaches)}) for r in near]
    return [(row, names) for row, names in told if names]
