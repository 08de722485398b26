"""监测序列 · The series of a watch: the value of every department and month, what else moves it, and the cases behind it.

What moves all departments at once (Spring Festival) is told by the median: how far departments stand from their own past, the one
in the middle of them. One department's error moves the hospital's own value, and with it every other department; the median it
does not. Fewer than three departments to compare tell nothing: what was known of the month before stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from statistics import median

import numpy as np
import polars as pl

from heng.core.period import shift
from heng.methods.causes import Pieces
from heng.methods.funnel import rate_funnel, share_funnel
from heng.methods.rounding import decimal
from heng.rooms.steering.point import Point
from heng.rooms.steering.season import BEFORE
from heng.rooms.steering.watches import FUNNELS, SHARES, Watch

PEERS = 3
"""几个科室可比 · Departments with a past of their own, below which nothing is known of what moves them all."""
FAR = 3
"""漏斗图的限 · Standard errors beyond which a department lies outside the funnel."""
Values = dict[tuple[str, str, str], dict[str, tuple[Fraction, Fraction | None, Fraction | None]]]
Series = dict[str, Point]


@dataclass(frozen=True)
class Known:
    """已知的数 · By hospital, indicator and department: month → value and both sides of its ratio; by hospital and department: cases."""

    values: Values
    cases: Mapping[tuple[str, str], Mapping[str, Mapping[str, Pieces]]] = field(default_factory=dict)

    def of(self, watch: Watch) -> dict[str, dict[str, Series]]:
        """一项监测的各序列 · By hospital and department: month → point; a month without what it is held against is not there."""
        found: dict[str, dict[str, Series]] = {}
        for (org, key, dept), months in self.values.items():
            if key == watch.indicator.key and (dept == "") == watch.hospital:
                points = {m: self._point(watch, (org, dept, m), sides) for m, sides in months.items()}
                found.setdefault(org, {})[dept] = {m: p for m, p in points.items() if p.common > 0}
        return {org: beside_each_other(watch, depts) if watch.rule in FUNNELS else depts for org, depts in found.items()}

    def _point(self, watch: Watch, at: tuple[str, str, str], sides: tuple[Fraction, Fraction | None, Fraction | None]) -> Point:
        org, dept, month = at
        common = Fraction(1)
        if watch.against:
            common = self.values.get((org, watch.against.key, dept), {}).get(month, (Fraction(), None, None))[0]
        cases = self.cases.get((org, dept), {}).get(month, {}) if watch.case_mix else {}
        return Point(sides[0], common, sides[1], sides[2], cases)


def known(figures: pl.DataFrame, elements: pl.DataFrame) -> Known:
    """读入 · The figures that are known, and the cases of departments and of the whole hospital."""
    values: Values = {}
    columns = ("org", "indicator", "dept", "month", "value", "numerator", "denominator")
    rows = figures.filter(pl.col("value").is_not_null()).sort("org", "indicator", "dept", "month")
    for org, key, dept, month, value, *sides in rows.select(columns).iter_rows():
        above, below = (None if side is None else Fraction(side) for side in sides)
        values.setdefault((org, key, dept), {})[month] = (Fraction(value), above, below)
    cases: dict[tuple[str, str], dict[str, dict[str, Pieces]]] = {}
    counted = elements.filter((pl.col("element") == "case") & (pl.col("quantity") > 0))
    for org, dept, month, group, quantity, amount in counted.select("org", "dept", "month", "detail", "quantity", "amount").iter_rows():
        for place in (dept, ""):
            groups = cases.setdefault((org, place), {}).setdefault(month, {})
            before = groups.get(group, (Fraction(), 0))
            groups[group] = before[0] + Fraction(quantity), before[1] + int((amount or 0) * 100)
    return Known(values, cases)


class Windows:
    """各科室的窗口 · The points of all departments of a hospital as the window of a month shows them."""

    def __init__(self, watch: Watch, depts: Mapping[str, Series]) -> None:
        """一家医院一项监测 · The series of one watch in one hospital."""
        self.watch, self.depts = watch, depts
        self.levels: dict[str, dict[str, Fraction]] = {}

    def first(self, dept: str) -> str:
        """从哪个月起 · The first month that counts for a department: its own, or that of all where it is held against them."""
        return min(m for points in (self.depts.values() if self.watch.relative else [self.depts[dept]]) for m in points)

    def points(self, dept: str, last: str) -> Series:
        """一个窗口的点 · The points of the window that ends with a month, without what moves all departments, where policy asks."""
        begins = shift(last, -BEFORE)
        window = _within(self.depts[dept], begins, last)
        if not self.watch.relative:
            return window
        if last not in self.levels:
            self.levels[last] = level(_within(points, begins, last) for points in self.depts.values())
        return {m: replace(p, common=self.levels[last][m]) for m, p in window.items()}


def _within(points: Series, begins: str, last: str) -> Series:
    return {m: p for m, p in points.items() if begins <= m <= last}


def level(depts: Iterable[Mapping[str, Point]]) -> dict[str, Fraction]:
    """共同的变动 · By month, what moves all departments at once (1: nothing): the median of their values ÷ the mean of their own past."""
    now, found = Fraction(1), dict[str, Fraction]()
    series = list(depts)
    past = [(Fraction(), 0) for _ in series]
    for month in sorted({m for points in series for m in points}):
        there = [(n, points[month].value) for n, points in enumerate(series) if month in points]
        moved = [value * past[n][1] / past[n][0] for n, value in there if past[n][0] > 0]
        if len(moved) >= PEERS and (middle := median(moved)) > 0:
            now = _plain(middle)
        found[month] = now
        for n, value in there:
            past[n] = past[n][0] + _plain(value / now), past[n][1] + 1
    return found


def beside_each_other(watch: Watch, depts: Mapping[str, Series]) -> dict[str, Series]:
    """漏斗图 · The points with what all departments of the month say together, and the side of it on which one stands out."""
    found: dict[str, Series] = {dept: {} for dept in depts}
    for month in sorted({m for points in depts.values() for m in points}):
        there = {dept: points[month] for dept, points in depts.items() if month in points}
        for dept, point in _funnel(watch, there).items():
            found[dept][month] = point
    return found


def _funnel(watch: Watch, there: Mapping[str, Point]) -> dict[str, Point]:
    sides = [(p.amount or Fraction(), p.measure or Fraction()) for p in there.values()]
    above, below = (sum(side, Fraction()) for side in zip(*sides, strict=True))
    if below <= 0:
        return dict(there)
    events, of = (np.array([float(x) for x in side]) for side in zip(*sides, strict=True))
    places = (share_funnel if watch.rule in SHARES else rate_funnel)(events, of).place.tolist()
    together = above / below * watch.indicator.times
    marks = ((place > 0) - (place < 0) if abs(place) >= FAR else 0 for place in places)
    return {dept: replace(p, among=(together, mark)) for (dept, p), mark in zip(there.items(), marks, strict=True)}


def _plain(value: Fraction) -> Fraction:
    """To nine decimals: what is carried from month to month must not grow without end."""
    return Fraction(decimal(value, 9) or 0)
