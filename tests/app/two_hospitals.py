"""两家医院、两个月，每张表都有几行 · Two hospitals and two months, a few rows in every table: what stands together, what stays apart.

The same numbers occur in both hospitals and months, and what is private says whose it is.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from heng.app.region import Hospital, Region, new_region
from heng.core.table import TABLES, Column, Table
from heng.store.parts import write_part

ORGS, MONTHS = ("H01", "H02"), ("2026-03", "2026-04")
CELLS = [(org, month) for org in ORGS for month in MONTHS]
OURS = [t for t in TABLES.values() if t.__module__.startswith("heng.")]
PRIVATE = [t for t in OURS if any(c.private for c in t.columns.values())]
LOCAL = [t for t in OURS if any(t.columns[k].local for k in t.key)]
ROWS = 2
HIDDEN = "密"


def hidden(org: str) -> str:
    """What every private value of a hospital begins with."""
    return f"{HIDDEN}{org}"


def two_hospitals(path: Path, tables: Iterable[type[Table]]) -> Region:
    """A region in which these tables hold rows of both hospitals and months."""
    region = new_region(path, "试验区域", [Hospital(org, f"{org} 医院") for org in ORGS])
    with region.writing("试验"):
        region.publish("试验", [write_part(path, t, rows(t, *cell), (*cell, "")) for t in tables for cell in CELLS])
    return region


def rows(table: type[Table], org: str, month: str) -> pl.DataFrame:
    """Rows of one hospital and month, in the table's shape."""
    made = [{n: value(c, org, month, n, i) for n, c in table.columns.items()} for i in range(1, ROWS + 1)]
    return pl.DataFrame(made, schema=table.schema()).sort(table.full_key())


def value(column: Column, org: str, month: str, name: str, i: int) -> Any:
    """The value of a column in the row `i` of a hospital and month."""
    if column.private:
        return f"{hidden(org)}-{month}-{i}"
    plain: dict[str, Any] = {
        "varchar": {"org": org, "month": month}.get(name, next(iter(column.codes), name)),
        "date": date(2026, 3, i),
        "timestamp": datetime(2026, 3, i),  # noqa: DTZ001 - as the hospital's clock shows it
        "boolean": True,
        "bigint": i,
        "integer": i,
    }
    return plain.get(column.type, Decimal(i))
