"""一个指标的全貌 · An indicator at a place: its value and change, every month, its parts, what was signalled of it.

Parts are hospitals in the region, departments in a hospital. A value that is not known is None, never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from heng.app.held import held
from heng.app.period import View, measure, sight_of
from heng.app.reader import Reader
from heng.core.errors import AccessError
from heng.core.indicator import Indicator
from heng.core.period import Period, period, shift
from heng.core.table import Column, rate
from heng.serve.web.drill import Place, dept_of, looked_at
from heng.serve.web.remembered import REMEMBERED
from heng.tables.steering import Signal

MONTHS = 36
"""趋势最多看几个月 · Months of a trend at most."""
COMPARE = ("yoy", "mom")
Values = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Part:
    """一部分 · A hospital or department: its value, and how it has changed on the year and on the period before."""

    code: str
    value: Decimal | None
    yoy: Decimal | None
    mom: Decimal | None


class Measured:
    """一处的一个指标 · An indicator at a place of the path, for one reader."""

    def __init__(self, reader: Reader, indicator: Indicator, at: Place) -> None:
        """看哪里、看何时 · Where and when; HengError when nothing is held, AccessError when it is out of scope."""
        self.reader, self.indicator, self.at = reader, indicator, at
        self.seen: View = looked_at(reader, indicator, at)
        self.column = column_of(indicator)
        self.narrow = sight_of(reader, indicator.of, self._view(self.seen.period)).narrow

    @property
    def period(self) -> Period:
        """期间 · The period looked at."""
        return self.seen.period

    @property
    def by(self) -> str:
        """分成什么 · The column that tells parts apart: hospitals, then departments; empty where there is none."""
        if not self.at.org:
            return "org" if "org" in self.indicator.of.columns else ""
        return "" if self.at.dept else dept_of(self.indicator.of)

    @cached_property
    def months(self) -> list[str]:
        """趋势的月份 · The months of the trend: those held, the newest last, and none later than the period."""
        cells = self.reader.cells(self.indicator.of, self.seen.orgs)
        known = sorted({m for _, m in cells if m <= self.period.months[-1]})[-MONTHS:]
        first = known[0] if known else self.period.months[0]
        return list(period(f"{first}..{self.period.months[-1]}").months)

    @cached_property
    def trend(self) -> Values:
        """逐月的值 · The value of every month; None where there is none."""
        if "month" not in self.indicator.of.columns:
            return {}
        rows = self._measured(_run(self.months), ("month",))
        found = dict(rows.select("month", "value").iter_rows())
        return {m: found.get(m) for m in self.months}

    @cached_property
    def now(self) -> Part:
        """本期 · The value of the period, and how it has changed."""
        if len(self.period.months) == 1 and self.trend:
            return _part("", self.trend, self.period.months[0])
        rows = self._measured(self.period, compare=COMPARE)
        return _row("", rows.row(0, named=True) if rows.height else {})

    @cached_property
    def cube(self) -> dict[str, Values]:
        """各部分逐月 · The value of every part in every month."""
        if not self.by or "month" not in self.indicator.of.columns:
            return {}
        key = (self.indicator.key, self._view(_run(self.months), apart=True), self.by, "cube")
        return REMEMBERED.of(self.reader, key, self._cube)

    def _cube(self, reader: Reader) -> dict[str, Values]:
        found, by = dict[str, dict[str, Decimal | None]](), self.by
        more = () if by == "org" else (by,)
        rows = measure(reader, self.indicator, self._view(_run(self.months), apart=True), ("month", *more))
        for row in rows.iter_rows(named=True):
            if row[by] is not None:
                found.setdefault(row[by], {})[row["month"]] = row["value"]
        return dict[str, Values](found)

    @cached_property
    def parts(self) -> list[Part]:
        """排名 · The parts in the period, the largest value first, those not known last."""
        if not self.by:
            return []
        if len(self.period.months) == 1 and self.cube:
            month = self.period.months[0]
            found = [_part(code, values, month) for code, values in self.cube.items() if month in values]
        else:
            more = () if self.by == "org" else (self.by,)
            rows = self._measured(self.period, more, apart=True, compare=COMPARE)
            found = [_row(str(r[self.by]), r) for r in rows.iter_rows(named=True) if r[self.by] is not None]
        return sorted(found, key=lambda p: (p.value is None, -(p.value or 0), p.code))

    @cached_property
    def signals(self) -> list[dict[str, Any]]:
        """预警 · The signals of this indicator in the months of the trend, of every hospital or of this one; none where out of scope."""
        try:
            rows = signals_of(self.reader, self.at.org)
        except AccessError:
            return []
        mine = rows.filter(pl.col("indicator") == self.indicator.key)
        return mine.filter(pl.col("month").is_in(self.months)).to_dicts()

    @cached_property
    def own_signals(self) -> list[dict[str, Any]]:
        """正是此处的预警 · The signals of this very place: of the department, or of the hospital as a whole."""
        return [s for s in self.signals if self.at.org and s["dept"] == self.dept]

    @property
    def dept(self) -> str:
        """科室编码 · The code of the department looked at; empty for the hospital."""
        column = dept_of(self.indicator.of)
        return next((value for name, value in self.seen.where if name == column), "")

    def _view(self, when: Period, *, apart: bool = False, compare: tuple[str, ...] = ()) -> View:
        return View(when, self.seen.orgs, not (self.at.org or apart), self.seen.where, compare)

    def _measured(self, when: Period, by: tuple[str, ...] = (), *, apart: bool = False, compare: tuple[str, ...] = ()) -> pl.DataFrame:
        asked = self._view(when, apart=apart, compare=compare)
        key = (self.indicator.key, asked, by)
        return REMEMBERED.of(self.reader, key, lambda reader: measure(reader, self.indicator, asked, by))


def column_of(indicator: Indicator) -> Column:
    """指标的列 · What the values of an indicator are, as a column: name and unit."""
    return rate(indicator.zh, indicator.en, indicator.unit, optional=True)


def signals_of(reader: Reader, org: str = "") -> pl.DataFrame:
    """预警信号 · All signals in scope, of one hospital or of all, in the order of months."""
    cells = [(o, m) for o, m in sorted(reader.held(Signal)) if org in ("", o)]
    return REMEMBERED.of(reader, (Signal.__name__, org), lambda r: held(r, Signal, cells)).sort("month", "org", "watch", "dept")


def _run(months: Iterable[str]) -> Period:
    held_ = tuple(months)
    return Period(f"{held_[0]}..{held_[-1]}", held_)


def _part(code: str, values: Values, month: str) -> Part:
    value = values.get(month)
    return Part(code, value, _less(value, values.get(shift(month, -12))), _less(value, values.get(shift(month, -1))))


def _row(code: str, row: Mapping[str, Any]) -> Part:
    return Part(code, row.get("value"), row.get("value_yoy_change"), row.get("value_mom_change"))


def _less(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if value is None or before is None else value - before
