"""假如参数不同：前、后、差 · What if parameters had other values: before, after, difference; the same at the command line and on a page.

Nothing of the region is changed: the other values are laid on top of policy, and what they give lies in a scratch folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from heng.app.compute import Progress, scenario
from heng.app.doing import Doer
from heng.app.inputs import Cell
from heng.app.period import View, measure, see
from heng.app.reader import Reader
from heng.core.capability import order
from heng.core.errors import Say
from heng.core.indicator import Indicator
from heng.core.scope import Level
from heng.core.table import Column, Table
from heng.serve.columns import meaning, numeric, value_column
from heng.serve.question import Asked, dept_column, months_held, subject, view

CHECKS = "standards.check_quality."
"""检查的参数 · The parameters that may hold SQL of people's own."""
STANDS: dict[str, Say] = {"": ("前", "before"), "_after": ("后", "after"), "_difference": ("差", "difference")}
"""前、后、差 · The endings of the three columns that a number becomes."""


@dataclass(frozen=True)
class Wanted:
    """要试什么 · What is looked at (capability, table or indicator), how, and the other values by key."""

    name: str
    asked: Asked
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """不同之处 · The rows whose numbers differ, what their columns mean, of how many rows, and how they were seen."""

    found: type[Table] | Indicator
    seen: View
    rows: pl.DataFrame
    columns: dict[str, Column]
    among: int

    @property
    def table(self) -> type[Table]:
        """依据的表 · The table behind it."""
        return self.found.of if isinstance(self.found, Indicator) else self.found


def what_if(doer: Doer, wanted: Wanted, progress: Progress = lambda *_: None) -> Difference:
    """假如 · What would differ; errors as `heng show` and `heng run`, AccessError for who may not run all that is asked for."""
    reader, asked = doer.reader(), wanted.asked
    found = subject(wanted.name)
    table = found.of if isinstance(found, Indicator) else found
    seen = view(reader, table, asked)
    before, columns = seen_rows(reader, found, seen, by_dept=bool(asked.dept))
    cells = months_held(reader, table, seen)
    _must(doer, table, cells, wanted.changes)
    with scenario(reader.region, dict(wanted.changes), cells, [table], progress) as other:
        after, _ = seen_rows(reader.at(other), found, seen, by_dept=bool(asked.dept))
    rows, meant = compared(before, after, columns)
    return Difference(found, seen, rows, meant, before.height)


def seen_rows(
    reader: Reader, found: type[Table] | Indicator, seen: View, *, by_dept: bool = False
) -> tuple[pl.DataFrame, dict[str, Column]]:
    """取数 · The rows of a table or an indicator under a view, and what their columns mean."""
    if not isinstance(found, Indicator):
        rows = see(reader, found, seen)
        return rows, meaning(found.columns, rows.columns)
    rows = measure(reader, found, seen, (dept_column(found.of),) if by_dept else ())
    return rows, meaning(own_columns(found), rows.columns)


def own_columns(found: type[Table] | Indicator) -> dict[str, Column]:
    """有哪些列 · The columns of a table; of an indicator those of its table, and its value."""
    return {**found.of.columns, "value": value_column(found)} if isinstance(found, Indicator) else found.columns


def compared(before: pl.DataFrame, after: pl.DataFrame, columns: Mapping[str, Column]) -> tuple[pl.DataFrame, dict[str, Column]]:
    """前、后、差 · Rows whose numbers differ: keys, then each number that moves: before, after, difference."""
    numbers = [n for n, c in columns.items() if numeric(c)]
    keys = [n for n in columns if n not in numbers]
    new = after.rename({n: f"{n}_after" for n in numbers})
    joined = before.join(new, on=keys, how="full", coalesce=True, nulls_equal=True) if keys else pl.concat([before, new], how="horizontal")
    moved = {n: ~pl.col(n).eq_missing(pl.col(f"{n}_after")) for n in numbers}
    differing = joined.filter(pl.any_horizontal(moved.values()))
    shown, parts = list(keys), [pl.col(k) for k in keys]
    for n in (n for n in numbers if differing.select(moved[n].any()).item()):
        parts += [pl.col(n), pl.col(f"{n}_after"), (pl.col(f"{n}_after") - pl.col(n)).alias(f"{n}_difference")]
        shown += [n + end for end in STANDS]
    rows = differing.select(parts)
    return (rows.sort(keys, nulls_last=True) if keys else rows), triples(columns, shown)


def triples(columns: Mapping[str, Column], shown: list[str]) -> dict[str, Column]:
    """列的含义 · What the columns of a comparison mean: `cost` before, `cost_after`, `cost_difference`."""
    return {n: _told(columns, n, thrice={s.removesuffix("_after") for s in shown if s.endswith("_after")}) for n in shown}


def _told(columns: Mapping[str, Column], name: str, thrice: set[str]) -> Column:
    own, end = next((name.removesuffix(e), e) for e in reversed(STANDS) if name.endswith(e) and name.removesuffix(e) in columns)
    if own not in thrice:
        return columns[own]
    zh, en = STANDS[end]
    return replace(columns[own], zh=f"{columns[own].zh}\n{zh}", en=f"{columns[own].en}\n{en}")


def _must(doer: Doer, table: type[Table], cells: list[Cell], changes: Mapping[str, Any]) -> None:
    # What the whole region is worked into could be asked for with one hospital as all its peers, or with a small count as
    # large: it is for who may run all of it. Own SQL reads rows as they are, names and all.
    regional = any(c.writes.grain == "region_month" for c in order([table]))
    level = Level.NAMED if any(key.startswith(CHECKS) for key in changes) else Level.HOSPITAL
    doer.must([""] if regional else [org for org, _ in cells], level)
