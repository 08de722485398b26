"""越线 · Which watched figures lie beyond a line, since when: static lines, growth, months in a row, control charts.

A static line counts when the month also lies outside the department's own control limits (XmR), where policy asks for that.
Every month is judged by itself and the two years before it; a seasonal watch takes the time of the year out first.
Source: 区域成本预警要求; methods: `heng.methods.control_chart`.
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
from heng.rooms.steering.season import BEFORE, BLUR, factors, without_season
from heng.rooms.steering.walk import Alert, Habit, Point, Walk
from heng.rooms.steering.watches import Watch, watches
from heng.tables.steering import Breach, Figure, SignalDecision

WINDOW = BEFORE + 1
Points = dict[str, Point]
Values = dict[tuple[str, str, str], dict[str, tuple[Fraction, Fraction | None, Fraction | None]]]


class Judged(NamedTuple):
    """一个月的判断 · A month as it was judged, the alert that stands in it, and whether the season was taken out."""

    point: Point
    alert: Alert
    season: str | None


class Rule(Params, at="steering.signals"):
    """监测设置 · What is watched, and how baselines are made."""

    watches: list[Any]
    baseline_months: int
    baseline_least: int
    side: int
    trend: int
    clear: Decimal


@capability("越线", "breaches", months=WINDOW)
def breaches(figures: Figure, decisions: SignalDecision, rule: Rule) -> Breach:
    """逐月判断各监测 · One row per watch, department and month in which an alert stands; a month without data has none."""
    habit = Habit(rule.baseline_months, rule.baseline_least, Rules(rule.side, rule.trend), Fraction(rule.clear))
    values = _values(figures.frame())
    confirmed = _confirmed(decisions.frame())
    found: list[dict[str, Any]] = []
    for watch in watches(rule.watches):
        for (org, dept), points in _series(watch, values):
            anew = frozenset(confirmed.get((org, watch.watch, dept), ()))
            for month, judged in _alerts(Walk(watch, habit), points, anew):
                found.append({"org": org, "month": month, "dept": dept, **_row(watch, judged, habit.clear)})
    return pl.DataFrame(found, schema=Breach.schema())


def _values(figures: pl.DataFrame) -> Values:
    """By hospital, indicator and department: month → value, and the two sides of its ratio."""
    found: Values = {}
    known = figures.filter(pl.col("value").is_not_null()).sort("org", "indicator", "dept", "month")
    columns = ("org", "indicator", "dept", "month", "value", "numerator", "denominator")
    for org, key, dept, month, value, *sides in known.select(columns).iter_rows():
        above, below = (None if side is None else Fraction(side) for side in sides)
        found.setdefault((org, key, dept), {})[month] = (Fraction(value), above, below)
    return found


def _confirmed(decisions: pl.DataFrame) -> dict[tuple[str, str, str], set[str]]:
    """By hospital, watch and department: the months in which a person confirmed a new baseline."""
    found: dict[tuple[str, str, str], set[str]] = {}
    chosen = decisions.filter(pl.col("kind") == "baseline").with_columns(pl.col("dept").fill_null(""))
    for org, watch, dept, month in chosen.select("org", "watch", "dept", "month").iter_rows():
        found.setdefault((org, watch, dept), set()).add(month)
    return found


def _series(watch: Watch, values: Values) -> Iterator[tuple[tuple[str, str], Points]]:
    for (org, key, dept), months in values.items():
        if key == watch.indicator.key and (dept == "") == watch.hospital:
            common = values.get((org, key, ""), {}) if watch.relative else {}
            points = {m: Point(v, common[m][0] if common else Fraction(1), above, below) for m, (v, above, below) in months.items()}
            yield (org, dept), {m: p for m, p in points.items() if p.common > 0}


def _alerts(walk: Walk, points: Points, anew: frozenset[str]) -> Iterator[tuple[str, Judged]]:
    """Each month by itself and the months of its window: what lies further back does not count."""
    if not points:
        return
    first, last, seasonal = min(points), max(points), walk.watch.seasonal
    edge = shift(first, WINDOW - 1 - seasonal)  # up to here all windows begin where the series does, and are too short for a season
    early = {m: p for m, p in points.items() if m <= edge}
    for month, alert in Walk(walk.watch, walk.habit).through(early, _upto(anew, edge)):
        yield month, Judged(points[month], alert, "too_short" if seasonal else None)
    for month in sorted(m for m in points if edge < m <= last):
        begins = shift(month, 1 - WINDOW)
        window = {m: p for m, p in points.items() if begins <= m <= month}
        found = factors(window, month) if seasonal else None
        said = None if not seasonal else "adjusted" if found else "too_short"
        window = without_season(window, month, found) if found else window
        walked = Walk(walk.watch, walk.habit, BLUR if found else Fraction(1)).through(window, _upto(anew, month))
        yield from ((m, Judged(window[m], alert, said)) for m, alert in walked if m == month)


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
        "base": " ".join(alert.base),
    }
