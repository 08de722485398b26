"""按期间看表：月、季、年、累计、同比、环比、集团 · See a table over a period: added up over months and hospitals, compared.

Additive columns are added up; derived columns are worked out again from the sums, never averaged. A comparison with
a period for which nothing is held is NULL, never zero. A page of a view, and what its rows add up to, are worked out where
the rows lie: nobody carries a million rows to show fifty.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from heng.app.inputs import condition, limited
from heng.app.opened import Opened
from heng.app.reader import Reader, Sight
from heng.core.errors import TableError, did_you_mean
from heng.core.indicator import Indicator
from heng.core.period import Period
from heng.core.table import Column, Table, quoted

COMPARED = {"yoy": ("同比", "year on year"), "mom": ("环比", "on the period before")}


@dataclass(frozen=True)
class View:
    """怎么看 · Which period, which hospitals, the group as one or each hospital, which rows, compared with what.

    `where` are values that the rows added up have; `limits` (column, >= or <= or ~, value) are met by the rows shown: from,
    to, contains.
    """

    period: Period
    orgs: tuple[str, ...] = ()
    group: bool = False
    where: tuple[tuple[str, str], ...] = ()
    compare: tuple[str, ...] = ()
    limits: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """哪一页 · Which rows of a view, in which order: columns with whether they go down; then the key decides.

    `of`: how many rows there are, where that is known: a page near the end is then counted from the end.
    """

    first: int = 0
    size: int = 50
    sort: tuple[tuple[str, bool], ...] = ()
    of: int | None = None

    @property
    def turned(self) -> "Page | None":
        """从后往前数 · The same page, counted from the end; None where that is the longer way."""
        left = 0 if self.of is None else self.of - self.first - self.size
        return replace(self, first=max(0, left), size=self.size + min(0, left)) if self.of and left < self.first else None


@dataclass(frozen=True)
class Sums:
    """全部行加起来 · What all rows of a view come to: how many, sums (None where one is not known), and how many `kinds` of a value."""

    rows: int
    sums: dict[str, Any]
    kinds: dict[str, int]


def see(reader: Reader, table: type[Table], view: View, page: Page | None = None) -> pl.DataFrame:
    """一张表在一个期间的样子 · A table over a period: keys, sums, derived columns, and for each comparison the value before.

    Comparison columns are named `<column>_yoy` (the value a year ago) and `<column>_yoy_change` (this minus that). Source
    rows, and rows whose key is a number of one hospital and month, are shown one by one. What is not seen leaves the view
    (`Reader.sight`); an error for a condition on it. All rows in the order of their key, or one page of them.
    """
    shown, page = _Shown(_sighted(reader, table, view), view), page or Page(size=-1)
    for name, _ in page.sort:
        shown.named(name)
    sort = [*page.sort, *((n, False) for n in shown.order if n not in dict(page.sort))]
    back = page.turned if page.size >= 0 else None
    if back and back.size <= 0:
        return shown.rows(reader, "select * from shown limit 0")
    found = shown.rows(reader, f"select * from shown{_ordered(sort, turned=bool(back))}{_limited(back or page)}")
    return found.reverse() if back else found


def _ordered(sort: list[tuple[str, bool]], *, turned: bool) -> str:
    # What is not known comes last, whichever way; counted from the end, first.
    each = [f"{quoted(n)} {'desc' if down != turned else 'asc'} nulls {'first' if turned else 'last'}" for n, down in sort]
    return f" order by {', '.join(each)}" if each else ""


def _limited(page: Page) -> str:
    return f" limit {int(page.size)} offset {int(page.first)}" if page.size >= 0 else ""


def whole(reader: Reader, table: type[Table], view: View, kinds: Iterable[str] = ()) -> Sums:
    """全部行加起来 · What all the rows come to that `see` shows: their number, the sums of additive columns, kinds of some columns."""
    shown = _Shown(_sighted(reader, table, view), view)
    added = [n for n, c in shown.columns.items() if c.additive]
    told = [n for n in kinds if n in shown.columns]
    asked = ["count(*)"]
    asked += [f"case when count({quoted(n)}) = count(*) then sum({quoted(n)})::{_wide(shown.columns[n])} end" for n in added]
    asked += [f"count(distinct {quoted(n)}) + (count({quoted(n)}) < count(*))::bigint" for n in told]
    names = ", ".join(f"{one} as value_{i}" for i, one in enumerate(asked))
    rows, *values = shown.rows(reader, f"select {names} from shown").row(0)
    return Sums(rows, dict(zip(added, values, strict=False)), dict(zip(told, values[len(added) :], strict=True)))


def shown_columns(reader: Reader, table: type[Table], view: View) -> list[str]:
    """这样看有哪些列 · The columns that `see` gives, in their order; errors as there."""
    return list(_Shown(_sighted(reader, table, view), view).columns)


def _wide(column: Column) -> str:
    return "bigint" if column.type == "bigint" else column.type.replace("18,", "38,")


def _sighted(reader: Reader, table: type[Table], view: View) -> Sight:
    sight = sight_of(reader, table, view)
    sight.refuse(name for name, _ in view.where)
    if view.compare and not _summed(table):
        raise _incomparable(table)
    if _summed(table):  # rows that only a column out of scope tells apart may be the same money twice
        sight.refuse(n for n in table.key if not table.columns[n].private)
    return sight


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


def _unlimited(indicator: Indicator) -> TableError:
    return TableError(
        f"{indicator.zh}是一个数，条件只能写 列=值",
        f"{indicator.en} is one number: its conditions are column=value",
        where="--where",
        mend=(f"要按范围筛选，请看 {indicator.of.zh}", f"to filter by a range look at {indicator.of.__name__}"),
    )


def measure(reader: Reader, indicator: Indicator, view: View, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """一个指标在一个期间的值 · An indicator over a period, by hospital (or the group) and further columns; compared as `see` does."""
    sight = sight_of(reader, indicator.of, view)
    if view.limits:
        raise _unlimited(indicator)
    sight.refuse((*by, *(name for name, _ in view.where)))
    # What never leaves a hospital may be counted across several, by who may see it in each.
    sight.refuse(n for n in re.findall(r"\w+", f"{indicator.value} {indicator.where}") if n not in sight.apart)
    met, values = condition(indicator.of, view.where)
    keys = [*([] if view.group or "org" not in sight.columns else ["org"]), *by]
    names = ", ".join(keys)
    select = f"{indicator.value} as value from source where ({indicator.where}) and {met}"
    grouped = f"select {names}, {select} group by {names} order by {names}" if names else f"select {select}"
    return _beside(view, keys, lambda period: _rows(reader, sight, (view.orgs, period.months), grouped, values))


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


class _Shown:
    """The rows that a view shows, as SQL: `columns` by name (comparisons too), `order` the columns that tell them apart."""

    def __init__(self, sight: Sight, view: View) -> None:
        self.sight, self.view, self.table = sight, view, sight.table
        self.order = [n for n in key_columns(self.table, view) if n in sight.columns]
        self._own = [n for n in sight.columns if not _summed(self.table) or n in self.order or _figure(self.table.columns[n])]
        self.columns = {n: self.table.columns[n] for n in self._own}
        self._figures = [n for n in self._own if n not in self.order and self.columns[n].type not in ("varchar", "boolean")]
        for how in view.compare:
            self.columns |= {f"{n}_{how}": self.table.columns[n] for n in self._figures}
            self.columns |= {f"{n}_{how}_change": self.table.columns[n] for n in self._figures}
        for name, _, _ in view.limits:
            self.named(name)

    def named(self, name: str) -> None:
        """TableError or AccessError unless a column of this name is shown."""
        self.sight.refuse([name])
        if name not in self.columns:
            raise TableError(
                f"没有列 {name}", f"there is no column {name}", where=self.table.__name__, mend=did_you_mean(name, self.columns)
            )

    def rows(self, reader: Reader, select: str) -> pl.DataFrame:
        """The rows of a SELECT from `shown`."""
        met, values = condition(self.table, self.view.where)
        kept, limits = limited(self.columns, self.view.limits)
        named, joined = ["now.*"], ["now"]
        periods = {"now": self.view.period}
        for how in self.view.compare:
            periods[how] = self.view.period.year_ago() if how == "yoy" else self.view.period.before()
            same = " and ".join(f"now.{quoted(n)} is not distinct from {how}.{quoted(n)}" for n in self.order) or "true"
            joined.append(f"left join {how} on {same}")
            named += [f'{how}.{quoted(n)} as "{n}_{how}"' for n in self._figures]
            named += [f'(now.{quoted(n)} - {how}.{quoted(n)})::{self.columns[n].type} as "{n}_{how}_change"' for n in self._figures]
        parts = [part for name, period in periods.items() for part in self._over(name, period, met)]
        shown = f"shown as (select * from (select {', '.join(named)} from {' '.join(joined)}) where {kept})"
        months = dict.fromkeys(m for p in periods.values() for m in p.months)
        view = replace(self.view, compare=())
        return _rows(reader, self.sight, (view.orgs, tuple(months)), f"with {', '.join([*parts, shown])} {select}", values | limits)

    def _over(self, name: str, period: Period, met: str) -> list[str]:
        own = ", ".join(map(quoted, self._own))
        if not _summed(self.table):
            # A row in force over several months is one row: the engine shows it once a month, in a column that the table has not.
            each = "distinct " if self.table.dated() else ""
            return [f"{name} as (select {each}{own} from source where {met})"]
        months = ", ".join(f"'{m}'" for m in period.months)
        sums = [f"({_sum(quoted(n), c)})::{c.type} as {quoted(n)}" for n, c in self.table.columns.items() if c.additive]
        derived = [f"({c.derived})::{c.type} as {quoted(n)}" for n, c in self.table.columns.items() if c.derived]
        key = [quoted(n) for n in self.order]
        by = f"group by {', '.join(key)}" if key else "having count(*) > 0"  # the group as one: nothing held is no row
        return [
            f"{name}_summed as (select {', '.join([*key, *sums])} from source where {met} and month in ({months}) {by})",
            f"{name}_whole as (select {', '.join(['*', *derived])} from {name}_summed)",
            f"{name} as (select {own} from {name}_whole)",
        ]


def _figure(column: Column) -> bool:
    return column.additive or bool(column.derived)


def _sum(name: str, column: Column) -> str:
    whole = f"muldiv(sum({name}), 1, count(distinct month))" if column.stock else f"sum({name})"
    # A sum over rows of which one is unknown is unknown: absence is never zero.
    return f"case when count({name}) = count(*) then {whole} end" if column.optional else whole


def _rows(reader: Reader, sight: Sight, held: tuple[tuple[str, ...], tuple[str, ...]], select: str, values: dict[str, str]) -> pl.DataFrame:
    with closing(Opened(reader, reader.cells(sight.table, *held))) as opened:
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
