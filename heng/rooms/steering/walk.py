"""逐月判断 · Walks one watched series forward, month by month: baseline, lines, confirmation, and a state that does not flap.

A month is judged by the months before it alone. A month without data changes nothing. Months of an alert never enter
the baseline; where a person confirmed a new one, it begins anew. All comparisons are exact.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from heng.core.period import ordinal, shift, span
from heng.methods.apportion import Integers
from heng.methods.control_chart import Limits, Rules, p_chart, signals, u_chart, xmr
from heng.methods.cusum import by_case_mix, cusum, residuals
from heng.methods.ewma import ewma
from heng.methods.new_baseline import propose
from heng.methods.rounding import nearest
from heng.methods.series import Flags, Floats, ratio
from heng.methods.warning_line import growth_beyond
from heng.rooms.steering.point import Point
from heng.rooms.steering.watches import Watch

CHARTS = {"p": p_chart, "u": u_chart}
SETTLED = 8
"""几个月稳定在新水平才建议新基线 · Months at a new level before a new baseline is proposed, where runs are switched off."""


@dataclass(frozen=True)
class Habit:
    """基线与滞回 · Months of the baseline, the fewest to begin with, rules of runs, the part of a line below which an alert ends.

    back: with which months growth against another indicator is compared, in this order: so many months back.
    ewma: weight and reach of the moving average.
    """

    size: int
    least: int
    runs: Rules
    clear: Fraction
    back: tuple[int, ...] = (12, 1)
    ewma: tuple[float, float] = (0.2, 3.0)


@dataclass(frozen=True)
class Alert:
    """一次预警 · Since when, by which rule, level, line (own level), the deviation that keeps it up, its side, the months compared with.

    settled: the month since which the series has stayed at a new level, so that a person may confirm a new baseline.
    """

    since: str
    rule: str
    level: str
    line: Fraction
    keep: Fraction
    side: int
    base: tuple[str, ...]
    settled: str | None = None


@dataclass
class Walk:
    """一个序列走到哪里 · The state of one series on its way through the months."""

    watch: Watch
    habit: Habit
    blur: Fraction = Fraction(1)  # how much wider control limits are, where the season is taken out
    base: dict[str, Fraction] = field(default_factory=dict)
    seen: dict[str, Fraction] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)
    upset: set[str] = field(default_factory=set)
    over: int = 0
    line: Fraction | None = None
    alert: Alert | None = None

    def through(self, points: Mapping[str, Point], anew: frozenset[str]) -> Iterator[tuple[str, Alert]]:
        """走过各月 · The alert that stands in each month; `anew`: months in which a person confirmed a new baseline."""
        for month in sorted({*points, *anew}):
            if month in anew:
                self._begin_anew(month)
            if month in points:
                self._step(month, points[month])
                if self.alert:
                    yield month, replace(self.alert, settled=self._settled(month, self.alert))

    def _begin_anew(self, month: str) -> None:
        """The new baseline begins where the alert that stands began; it holds the months since then."""
        since = self.alert.since if self.alert else month
        self.seen = {m: v for m, v in self.seen.items() if m >= since}
        self.points = {m: p for m, p in self.points.items() if m >= since}
        self.base = dict(list(self.seen.items())[: self.habit.size])
        self.upset, self.alert, self.over = set(), None, 0

    def _step(self, month: str, point: Point) -> None:
        self.seen[month], self.points[month] = point.own, point
        self.over = self.over + 1 if self._beyond_target(point.own) else 0
        self.line = self._line()
        found = self._judged(month, point)
        standing = self.alert
        if standing and self._stands(standing, point.own):
            level = "red" if found and found.level == "red" else "yellow"
            self.alert = replace(standing, level=level)
        else:
            self.alert = found
        if self.alert:
            self.upset.add(month)
        elif not self.over and len(self.base) < self.habit.size:
            self.base[month] = point.own

    def _beyond_target(self, value: Fraction) -> bool:
        target = self.watch.target
        return target is not None and (value / target - 1) * (self.watch.worse or 1) > self.watch.over

    def _stands(self, alert: Alert, value: Fraction) -> bool:
        return (value / alert.line - 1) * alert.side > self.habit.clear * alert.keep

    def _judged(self, month: str, point: Point) -> Alert | None:
        """The alert of a month by itself: the worst of its rules, the first of equals."""
        growth = self._growth_beyond if self.watch.against else self._growth
        rules = (
            self._static(month, point),
            growth(month, point),
            self._running(month),
            self._chart(month),
            self._cusum(month),
            self._named(month, point),
        )
        real = [a for a in rules if a and self._matters(a, point)]
        return max(real, key=lambda a: a.level == "red", default=None)

    def _matters(self, alert: Alert, point: Point) -> bool:
        if point.amount is None:
            return True
        return abs(point.amount * (1 - alert.line / point.own)) >= self.watch.least if point.own else True

    def _line(self) -> Fraction | None:
        """The target, or the mean of the baseline once it has enough months; None while there is none above zero."""
        if self.watch.target is not None:
            return self.watch.target
        line = sum(self.base.values(), Fraction()) / len(self.base) if len(self.base) >= self.habit.least else Fraction()
        return line if line > 0 else None

    def _side(self, deviation: Fraction) -> int:
        return self.watch.worse or (1 if deviation > 0 else -1)

    def _static(self, month: str, point: Point) -> Alert | None:
        line = self.line
        if line is None:
            return None
        deviation = point.own / line - 1
        side = self._side(deviation)
        reached = [(at, level) for at, level in self.watch.lines if deviation * side >= at]
        if not reached or not (self.watch.chart == "off" or self._confirmed(month, side)):
            return None
        return Alert(month, "static", reached[-1][1], line, self.watch.lines[0][0], side, tuple(self.base))

    def _growth(self, month: str, point: Point) -> Alert | None:
        """Growth over the month before; after a month of an alert there is none, for going back to what is usual is no news."""
        last, limit = shift(month, -1), self.watch.growth
        before = self.seen.get(last, Fraction())
        if limit is None or before <= 0 or last in self.upset:
            return None
        grown = point.own / before - 1
        side = self._side(grown)
        return Alert(month, "growth", "yellow", before, limit, side, (last,)) if grown * side >= limit else None

    def _growth_beyond(self, month: str, point: Point) -> Alert | None:
        """Growth beyond that of another indicator, in percentage points, since the first month back that is known and was no alert."""
        points = self.watch.growth or Fraction()
        known = [before for n in self.habit.back if (before := shift(month, -n)) in self.points and before not in self.upset]
        if not known or (first := self.points[known[0]]).value <= 0:
            return None
        grown, earned = point.value / first.value, point.common / first.common
        side = self._side(grown - earned)
        more, less = (_whole(point.value), _whole(first.value)), (_whole(point.common), _whole(first.common))
        if side < 0:
            more, less = less, more
        if not growth_beyond(*more, *less, points).any():
            return None
        return Alert(month, "growth", "yellow", first.own, points / earned, side, (known[0],))

    def _running(self, month: str) -> Alert | None:
        target, watch = self.watch.target, self.watch
        if target is None or not watch.running or self.over < watch.running:
            return None
        return Alert(month, "budget", "red", target, watch.over, watch.worse or 1, tuple(self.base))

    def _chart(self, month: str) -> Alert | None:
        line = self.line
        if line is None or self.watch.chart != "alone":
            return None
        return self._marked(month, line, ("chart", int(signals(*self._charted(month), self.habit.runs).any[-1])))

    def _cusum(self, month: str) -> Alert | None:
        """A small shift that lasts: sums of what was used beyond what volume and case mix lead one to expect; of a full baseline only."""
        line, limit, point = self.line, self.watch.cusum, self.points[month]
        if line is None or limit is None or not self._full or point.amount is None or point.measure is None:
            return None
        base = self._based(month)
        z = residuals(self._counted(month, "amount"), self._expected(month), base)
        return self._marked(month, line, ("cusum", int(cusum(z, base, h=float(limit)).signal[-1])))

    def _expected(self, month: str) -> Floats:
        """What consumption follows: the cases by their weights, where those of the month and the baseline are known; else the measure."""
        months = [p.cases if (p := self.points.get(m)) else {} for m in span(min(self.seen), month)]
        mixed = by_case_mix(months, self._based(month))
        return self._counted(month, "measure") if np.isnan(mixed[-1]) else mixed

    def _named(self, month: str, point: Point) -> Alert | None:
        """The rule that the watch names besides: a funnel or a chart of counts, or the moving average of a full baseline."""
        rule, line = self.watch.rule, self.line
        if point.among:  # the past of the department has no part in it
            apart = self._marked(month, point.among[0], (rule, point.among[1]))
            return apart and replace(apart, base=())
        if line is None:
            return None
        if rule in CHARTS and point.measure:
            events, of = (self._counted(month, side) for side in ("amount", "measure"))
            found = signals(ratio(events, of), CHARTS[rule](events, of, self._based(month)), self.habit.runs).any
        elif rule == "ewma" and self._full:
            values, quiet = (
                self._months(month, self.seen),
                self._months(month, {m: 1 for m in self.seen if m > max(self.upset, default="")}),
            )
            found = ewma(values, self._based(month), ~np.isnan(quiet), *self.habit.ewma)
        else:
            return None
        return self._marked(month, line, (rule, int(found[-1])))

    @property
    def _full(self) -> bool:
        return len(self.base) >= self.habit.size

    def _marked(self, month: str, line: Fraction, found: tuple[str, int]) -> Alert | None:
        (rule, side), deviation = found, self.seen[month] / line - 1 if line > 0 else Fraction()
        if not side or side == -self.watch.worse or deviation * side <= 0:
            return None
        return Alert(month, rule, "yellow", line, abs(deviation), side, tuple(self.base))

    def _confirmed(self, month: str, side: int) -> bool:
        """Whether the month lies outside its own control limits too; a baseline that does not vary confirms any change.

        The mean of n months is itself uncertain: limits for one month more are wider by √(1 + 1 ÷ n).
        """
        if len(self.base) < self.habit.least:
            return False
        _, limits = self._charted(month)
        reach, offset = float(limits.reach[0]), float(self.seen[month]) - float(limits.centre[0])
        return np.isnan(reach) or offset * side > reach * float(np.sqrt(1 + 1 / len(self.base)))

    def _settled(self, month: str, alert: Alert) -> str | None:
        many = self.habit.runs.side or SETTLED
        if not self.base or ordinal(month) - ordinal(alert.since) + 1 < many:
            return None
        values, limits = self._charted(month)
        found = propose(values, replace(limits, reach=np.nan_to_num(limits.reach)), many)
        return shift(min(self.seen), int(found.since)) if found.found else None

    def _charted(self, month: str) -> tuple[Floats, Limits]:
        """The months so far as the chart sees them, and its limits from the baseline."""
        values = self._months(month, self.seen)
        limits = xmr(values, self._based(month))
        return values, replace(limits, reach=limits.reach * float(self.blur))

    def _months(self, month: str, known: Mapping[str, Fraction | float]) -> Floats:
        first = ordinal(min(self.seen))
        values = np.full(ordinal(month) - first + 1, np.nan)
        for m, value in known.items():
            values[ordinal(m) - first] = float(value)
        return values

    def _counted(self, month: str, side: Literal["amount", "measure"]) -> Floats:
        """One side of the ratio of every month that has it."""
        sides = {m: p.amount if side == "amount" else p.measure for m, p in self.points.items()}
        return self._months(month, {m: v for m, v in sides.items() if v is not None})

    def _based(self, month: str) -> Flags:
        return np.asarray(~np.isnan(self._months(month, dict.fromkeys(self.base, 1.0))))


def _whole(value: Fraction) -> Integers:
    """A figure of six decimals as a whole number, for comparisons that are exact."""
    return np.array([nearest(value * 10**6)])
