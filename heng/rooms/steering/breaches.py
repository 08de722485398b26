"""越线 · Which watched figures lie beyond a line, since when: static lines, growth, months in a row, control charts.

A static line counts when the month also lies outside the department's own control limits (XmR), where policy asks for that.
Every month is judged by itself and the two years before it; a seasonal watch takes the time of the year out first, a relative one
what moves all departments. Source: 区域成本预警要求; methods: `heng.methods.control_chart`, `cusum`, `ewma`, `funnel`.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.core.period import shift
from heng.methods.control_chart import Rules
from heng.methods.rounding import decimal
from heng.methods.seasonal import YEAR
from heng.rooms.steering.point import Point
from heng.rooms.steering.points import Windows, known
from heng.rooms.steering.season import BEFORE, BLUR, factors, seasonal_factor, without_season
from heng.rooms.steering.walk import Alert, Habit, Walk
from heng.rooms.steering.watches import Watch, watches
from heng.tables.steering import Breach, CostElement, Figure, SignalDecision

WINDOW = BEFORE + 1
BACK = {"year": (YEAR, 1), "month": (1,)}


class Judged(NamedTuple):
    """一个月的判断 · A month as it was judged, the alert that stands in it, whether the season was taken out, and its factor."""

    point: Point
    alert: Alert
    season: str | None
    factor: Fraction | None = None


class Rule(Params, at="steering.signals"):
    """监测设置 · What is watched, and how baselines are made."""

    watches: list[Any]
    baseline_months: int
    baseline_least: int
    side: int
    trend: int
    clear: Decimal
    growth_since: str
    ewma_weight: Decimal
    ewma_reach: Decimal

    @property
    def habit(self) -> Habit:
        """判断的习惯 · As a walk needs it."""
        average = float(self.ewma_weight), float(self.ewma_reach)
        runs = Rules(self.side, self.trend)
        return Habit(self.baseline_months, self.baseline_least, runs, Fraction(self.clear), BACK[self.growth_since], average)


@capability("越线", "breaches", months=WINDOW)
def breaches(figures: Figure, elements: CostElement, decisions: SignalDecision, rule: Rule) -> Breach:
    """逐月判断各监测 · One row per watch, department and month in which an alert stands; a month without data has none."""
    habit, there = rule.habit, known(figures.frame(), elements.frame())
    confirmed = _confirmed(decisions.frame())
    found: list[dict[str, Any]] = []
    for watch in watches(rule.watches):
        for org, depts in there.of(watch).items():
            windows = Windows(watch, depts)
            for dept in depts:
                anew = frozenset(confirmed.get((org, watch.watch, dept), ()))
                for month, judged in _alerts(Walk(watch, habit), windows, dept, anew):
                    found.append({"org": org, "month": month, "dept": dept, **_row(watch, judged, habit.clear)})
    return pl.DataFrame(found, schema=Breach.schema())


def _confirmed(decisions: pl.DataFrame) -> dict[tuple[str, str, str], set[str]]:
    """By hospital, watch and department: the months in which a person confirmed a new baseline."""
    found: dict[tuple[str, str, str], set[str]] = {}
    chosen = decisions.filter(pl.col("kind") == "baseline").with_columns(pl.col("dept").fill_null(""))
    for org, watch, dept, month in chosen.select("org", "watch", "dept", "month").iter_rows():
        found.setdefault((org, watch, dept), set()).add(month)
    return found


def _alerts(walk: Walk, windows: Windows, dept: str, anew: frozenset[str]) -> Iterator[tuple[str, Judged]]:
    """Each month by itself and the months of its window: what lies further back does not count."""
    months, seasonal = sorted(windows.depts[dept]), walk.watch.seasonal
    if not months:
        return
    edge = shift(windows.first(dept), WINDOW - 1 - seasonal)  # up to here all windows begin where the series does: too short for a season
    early = windows.points(dept, edge)
    for month, alert in Walk(walk.watch, walk.habit).through(early, _upto(anew, edge)):
        yield month, Judged(early[month], alert, "too_short" if seasonal else None)
    for month in (m for m in months if m > edge):
        raw = window = windows.points(dept, month)
        found = factors(raw, month) if seasonal else None
        said = None if not seasonal else "adjusted" if found else "too_short"
        window = without_season(raw, month, found) if found else raw
        walked = Walk(walk.watch, walk.habit, BLUR if found else Fraction(1)).through(window, _upto(anew, month))
        for m, alert in walked:
            if m == month:
                yield m, Judged(window[m], alert, said, seasonal_factor(raw, window, m, alert.base) if found else None)


def _upto(months: frozenset[str], last: str) -> frozenset[str]:
    return frozenset(m for m in months if m <= last)


def _row(watch: Watch, judged: Judged, clear: Fraction) -> dict[str, Any]:
    point, alert = judged.point, judged.alert
    line = alert.line * point.common
    return {
        "watch": watch.watch,
        "indicator": watch.indicator.key,
        "rule": alert.rule,
        "level": alert.level,
        "value": decimal(point.value),
        "line": decimal(line),
        "deviation": decimal(point.value / line - 1),
        "clears_at": decimal(line * (1 + alert.side * clear * alert.keep)),
        "since": alert.since,
        "settled": alert.settled,
        "season": judged.season,
        "factor": decimal(judged.factor),
        "base": " ".join(alert.base),
    }
