"""按期间看表：月、季、年、累计、同比、环比、集团 · See a table over a period: added up over months and hospitals, compared.

Additive columns are added up; derived columns are worked out again from the sums, never averaged. A comparison with
a period for which nothing is held is NULL, never zero.
"""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

import polars as pl

from heng.app.inputs import condition
from heng.app.opened import Opened
from heng.app.reader import Reader, Sight
from heng.core.errors import TableError
from heng.core.indicator import Indicator
from heng.core.period import Period
from heng.core.table import Column, Table, quoted

COMPARED = {"yoy": ("同比", "year on year"), "mom": ("环比", "on the period before")}


@dataclass(frozen=True)
class View:
    """怎么看 · Which period, which hospitals, the group as one or each hospital, which rows, compared with what."""

    period: Period
    orgs: tuple[str, ...] = ()
    group: bool = False
    where: tuple[tuple[str, str], ...] = ()
    compare: tuple[str, ...] = ()


def see(reader: Reader, table: type[Table], view: View) -> pl.DataFrame:
    """一张表在一个期间的样子 · A table over a period: keys, sums, derived columns, and for each comparison the value before.

    Comparison columns are named `<column>_yoy` (the value a year ago) and `<column>_yoy_change` (this minus that). Source
    rows, and rows whose key is a number of one hospital and month, are shown one by one. What is not seen leaves the view
    (`Reader.sight`); an error for a condition on it.
    """
    sight = sight_of(reader, table, view)
    sight.refuse(name for name, _ in view.where)
    if view.compare and not _summed(table):
        raise _incomparable(table)
    if _summed(table):  # rows that only a column out of scope tells apart may be the same money twice
        sight.refuse(n for n in table.key if not table.columns[n].private)
    keys = [n for n in key_columns(table, view) if n in sight.columns]
    found = _beside(view, keys, lambda period: _over(reader, sight, replace(view, period=period)))
    return found.sort(keys, nulls_last=True) if keys else found


def sight_of(reader: Reader, table: type[Table], view: View) -> Sight:
    """这样看时看得到什么 · What is seen of a table in a view."""
    return reader.sight(table, view.orgs, group=view.group)


def _incomparable(table: type[Table]) -> TableError:
    if _local(table):
        return TableError(
            f"{table.zh}的编号只在一家医院一个月内有意义，不能比较",
            f"{table.__name__} is numbered inside one hospital and month, and cannot be compared",
            mend=("去掉 --compare，或看汇总的结果表", "leave out --compare, or look at a result that sums up"),
        )
    return TableError(
        f"{table.zh} 是来源表，不能比较",
        f"{table.__name__} holds source rows, which cannot be compared",
        mend=("去掉 --compare，或看结果表", "leave out --compare, or look at a result"),
    )


def measure(reader: Reader, indicator: Indicator, view: View, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """一个指标在一个期间的值 · An indicator over a period, by hospital (or the group) and further columns; compared as `see` does."""
    sight = sight_of(reader, indicator.of, view)
    sight.refuse((*by, *(name for name, _ in view.where)))
    # What never leaves a hospital may be counted across several, by who may see it in each.
    sight.refuse(n for n in re.findall(r"\w+", f"{indicator.value} {indicator.where}") if n not in sight.apart)
    met, values = condition(indicator.of, view.where)
    keys = [*([] if view.group or "org" not in sight.columns else ["org"]), *by]
    names = ", ".join(keys)
    select = f"{indicator.value} as value from source where ({indicator.where}) and {met}"
    grouped = f"select {names}, {select} group by {names} order by {names}" if names else f"select {select}"
    return _beside(view, keys, lambda period: _rows(reader, sight, replace(view, period=period), grouped, values))


def key_columns(table: type[Table], view: View) -> list[str]:
    """期间表的主键列 · The columns that tell rows apart over a period: the key and descriptive columns, without the month.

    In the group neither hospitals nor their departments are told apart: a department's code means something in its hospital only.
    Rows that are shown one by one keep all: their full key, then every other column.
    """
    if not _summed(table):
        return list(dict.fromkeys([*table.full_key(), *table.columns]))
    dropped = {"month", "file", "row"} | ({"org"} | {n for n, c in table.columns.items() if c.of == "dept"} if view.group else set())
    plain = [n for n, c in table.columns.items() if not c.additive and not c.derived and n not in dropped]
    first = ["org", *table.key]
    return [*(k for k in first if k in plain), *(n for n in plain if n not in first)]


def _summed(table: type[Table]) -> bool:
    return table.grain == "month" and not table.source and not _local(table)


def _local(table: type[Table]) -> bool:
    # Encounter 7 of another month, or of another hospital, is somebody else.
    return any(table.columns[k].local for k in table.key)


def _over(reader: Reader, sight: Sight, view: View) -> pl.DataFrame:
    table, seen, (met, values) = sight.table, sight.columns, condition(sight.table, view.where)
    if not _summed(table):
        # A row in force over several months is one row: the engine shows it once a month, in a column that the table has not.
        own = ", ".join(map(quoted, seen))
        return _rows(reader, sight, view, f"select distinct {own} from source where {met}", values)
    keys = [n for n in key_columns(table, view) if n in seen]
    named = ", ".join(map(quoted, keys))
    sums = [f"({_sum(quoted(n), c)})::{c.type} as {quoted(n)}" for n, c in table.columns.items() if c.additive]
    derived = [f"({c.derived})::{c.type} as {quoted(n)}" for n, c in table.columns.items() if c.derived]
    shown = ", ".join(quoted(n) for n in seen if n in keys or table.columns[n].additive or table.columns[n].derived)
    summed = f"select {', '.join([named, *sums])} from source where {met} group by {named}"
    whole = f"select {', '.join(['*', *derived])} from summed"
    return _rows(reader, sight, view, f"with summed as ({summed}), whole as ({whole}) select {shown} from whole", values)


def _sum(name: str, column: Column) -> str:
    whole = f"muldiv(sum({name}), 1, count(distinct month))" if column.stock else f"sum({name})"
    # A sum over rows of which one is unknown is unknown: absence is never zero.
    return f"case when count({name}) = count(*) then {whole} end" if column.optional else whole


def _rows(reader: Reader, sight: Sight, view: View, select: str, values: dict[str, str]) -> pl.DataFrame:
    with closing(Opened(reader, reader.cells(sight.table, view.orgs, view.period.months))) as opened:
        return opened.rows(sight, select, values)


def _beside(view: View, keys: list[str], over: Callable[[Period], pl.DataFrame]) -> pl.DataFrame:
    now = over(view.period)
    for how in view.compare:
        now = _compared(now, over(view.period.year_ago() if how == "yoy" else view.period.before()), keys, how)
    return now


def _compared(now: pl.DataFrame, before: pl.DataFrame, keys: list[str], how: str) -> pl.DataFrame:
    values = [c for c in before.columns if c not in keys]
    old = before.rename({c: f"{c}_{how}" for c in values})
    joined = now.join(old, on=keys, how="left", nulls_equal=True) if keys else pl.concat([now, old], how="horizontal")
    changes = [(pl.col(c) - pl.col(f"{c}_{how}")).alias(f"{c}_{how}_change") for c in values]
    return joined.with_columns(changes)
