"""对照什么看 · What a series is held against: its own control limits, the lines of its watch, and the state that follows.

Limits are XmR over the months that a watch takes for its baseline: the first ones without an alert, as many as policy says.
Source: `heng.methods.control_chart`; lines and months: policy `steering.signals`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from heng.app.reader import Reader
from heng.core.indicator import Indicator
from heng.core.period import last_day
from heng.methods.control_chart import baseline, xmr
from heng.methods.rounding import decimal
from heng.rooms.steering.breaches import Rule
from heng.rooms.steering.watches import Watch, watches
from heng.serve.voice import Voice
from heng.serve.web.series import Limits
from heng.tables.steering import LEVEL

Values = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Held:
    """对照 · Control limits (none before there are enough months), of how many months, and the watch if there is one."""

    limits: Limits
    months: int
    least: int
    size: int
    watch: Watch | None = None

    @property
    def enough(self) -> bool:
        """够不够判断 · Whether there are months enough to judge."""
        return self.months >= self.least

    @property
    def lines(self) -> list[tuple[str, Decimal]]:
        """监测线 · The lines of the watch with their levels; none where it judges what is left after common movements."""
        watch, centre = self.watch, self.limits.centre
        if watch is None or watch.relative or not watch.lines:
            return []
        base = watch.target if watch.target is not None else Fraction(centre) if centre is not None and self.enough else None
        if base is None:
            return []
        told = ((level, decimal(base * (1 + (watch.worse or 1) * line))) for line, level in watch.lines)
        return [(level, value) for level, value in told if value is not None]


def watch_of(reader: Reader, indicator: Indicator, org: str, dept: str, month: str) -> tuple[Watch | None, Rule]:
    """谁在监测它 · The watch of an indicator for departments, or for the hospital as a whole; and the rule in force."""
    rule = Rule(reader.region.policy, last_day(month), org)
    fitting = [w for w in watches(rule.watches) if w.indicator == indicator and w.hospital == (not dept)]
    return (fitting[0] if fitting and org else None), rule


def held_against(values: Values, upset: Collection[str], watch: Watch | None, rule: Rule) -> Held:
    """控制限 · Limits from the months that make the baseline: the first known ones without an alert."""
    quiet = [None if m in upset else v for m, v in values.items()]
    series = np.array([np.nan if v is None else float(v) for v in values.values()])
    ordinary = np.array([np.nan if v is None else float(v) for v in quiet])
    many = min(rule.baseline_months, int((~np.isnan(ordinary)).sum()))
    if many < rule.baseline_least:
        return Held(Limits(), many, rule.baseline_least, rule.baseline_months, watch)
    found = xmr(series, baseline(ordinary, many))
    told = (_number(a) for a in (found.centre, found.lower, found.upper))
    centre, lower, upper = told
    return Held(Limits(centre, lower, upper), many, rule.baseline_least, rule.baseline_months, watch)


def _number(value: Any) -> Decimal | None:
    found = float(np.ravel(value)[0])
    return None if np.isnan(found) else Decimal(str(found)).quantize(Decimal("0.000001"))


def state(signals: Iterable[Mapping[str, Any]], months: Collection[str], held: Held, voice: Voice) -> tuple[str, str]:
    """状态 · Code and words: the worst alert that stands in the period, else whether the figure is watched at all."""
    standing = sorted((s for s in signals if s["month"] in months), key=lambda s: s["level"] != "red")
    if standing:
        return standing[0]["level"], voice.pick(*LEVEL[standing[0]["level"]]) + voice.pick("预警", " alert")
    if held.watch is None:
        return "none", voice.pick("此处不设监测线", "no line is watched here")
    if not held.enough:
        return "none", voice.pick(f"历史不足 {held.least} 个月，还不判断", f"less than {held.least} months: not judged yet")
    return "green", voice.pick("在线内", "within its line")
