"""控制图 · What is ordinary in a series of months, and which month is not: XmR, p′ and u′ charts and the rules of runs.

Arrays are [..., months], many series at once. NaN is a month that is not known: it signals nothing and neither counts in
a run nor ends one. Limits come from a baseline alone, and only months after it are judged; a rule looks back
only, so that a later month never changes an earlier signal.

Floats: sums run from the first month to the last, and only + − × ÷ √ are used, each rounded once as IEEE 754 says: the
same bytes on every machine. Give whole fen or exact ratios; nothing is rounded to the fen here.

Sources: XmR limits mean ± 2.66 × mean moving range: Wheeler, Understanding Variation (1993). σ = mean moving range ÷ 1.128;
p and u charts: Montgomery, Introduction to Statistical Quality Control, ch. 6–7. p′ and u′: Laney, Quality Engineering
14(4), 2002. Runs: Western Electric (1956), Nelson (1984); NHS England, Making Data Count, uses outside, one side, trend, 2 of 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heng.methods.series import Flags, Floats, Marks, mean, ratio, total

XMR = 2.66  # 3 ÷ 1.128, as printed
PAIR = 1.128  # mean range of two normal values, in σ


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """中线与控制限 · centre, reach (3 σ; NaN: not known) and judged months, each to be broadcast to [..., months]; lower and upper."""

    centre: Floats
    reach: Floats
    judged: Flags
    floor: float = -np.inf
    ceiling: float = np.inf

    @property
    def lower(self) -> Floats:
        """下限 · Lower limit, never below what a value can be."""
        return np.maximum(self.centre - self.reach, self.floor)

    @property
    def upper(self) -> Floats:
        """上限 · Upper limit, never above what a value can be."""
        return np.minimum(self.centre + self.reach, self.ceiling)


@dataclass(frozen=True, slots=True)
class Rules:
    """判异规则 · side: so many months in a row on one side of the centre; trend: so many months each above (or below) the one before;

    near: so many of the last `of` months beyond two thirds of the way to one and the same limit. 0 switches a rule off.
    """

    side: int = 8
    trend: int = 6
    near: int = 2
    of: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """各规则的信号 · One mark for each month and rule: +1 high, −1 low, 0 nothing."""

    outside: Marks
    side: Marks
    trend: Marks
    near: Marks

    @property
    def any(self) -> Marks:
        """任一规则 · The first that signals of outside, 2 of 3, one side and trend."""
        found = self.outside
        for rule in (self.near, self.side, self.trend):
            found = np.where(found != 0, found, rule)
        return found


def baseline(values: Floats, size: int = 12, start: int | npt.NDArray[np.int64] = 0) -> Flags:
    """基线月份 · The first `size` known months from month `start` (one for all series, or one for each); none until there are so many."""
    months = np.arange(values.shape[-1])
    known = ~np.isnan(values) & (months >= np.asarray(start)[..., None])
    chosen = known & (np.cumsum(known, axis=-1) <= size)
    return np.asarray(chosen & (chosen.sum(axis=-1, keepdims=True) == size))


def xmr(values: Floats, base: Flags) -> Limits:
    """单值移动极差图 · Centre and limits mean ± 2.66 × mean moving range over the baseline.

    A moving range needs two known months side by side. A baseline that does not vary tells nothing: reach is NaN.
    """
    return Limits(mean(values, base), varying(XMR * _moving_range(values, base)), judged(base))


def p_chart(events: Floats, cases: Floats, base: Flags, *, laney: bool = True) -> Limits:
    """率的控制图 · Share of cases with an event: p̄ ± 3 √(p̄(1 − p̄) ÷ n), times σz of Laney's p′ when `laney`.

    The values to judge are events ÷ cases; a month without cases is not known.
    """
    centre = pooled(events, cases, base)
    sigma = np.sqrt(ratio(centre * (1 - centre), cases))
    beyond = _laney(ratio(events, cases) - centre, sigma, base) if laney else 1
    return Limits(centre, varying(3 * sigma * beyond), judged(base), floor=0.0, ceiling=1.0)


def u_chart(events: Floats, exposure: Floats, base: Flags, *, laney: bool = True) -> Limits:
    """单位缺陷数控制图 · Events per unit of exposure (bed-days, visits): ū ± 3 √(ū ÷ n), times σz of Laney's u′ when `laney`."""
    centre = pooled(events, exposure, base)
    sigma = np.sqrt(ratio(centre, exposure))
    beyond = _laney(ratio(events, exposure) - centre, sigma, base) if laney else 1
    return Limits(centre, varying(3 * sigma * beyond), judged(base), floor=0.0)


def outside(values: Floats, limits: Limits) -> Marks:
    """超出控制限 · Marks of the judged months beyond a limit; a month on the limit is not outside it."""
    offset = np.where(limits.judged, values - limits.centre, 0)
    return np.where(np.abs(offset) > limits.reach, np.sign(offset), 0).astype(np.int8)


def signals(values: Floats, limits: Limits, rules: Rules = Rules()) -> Signals:
    """判异 · Marks of every rule for the judged months; runs begin to count after the baseline.

    A month on the centre line ends a run on one side, and a month like the one before ends a trend.
    """
    reach, offset, watched = np.broadcast_arrays(limits.reach, values - limits.centre, limits.judged)
    watched = watched & ~np.isnan(offset + reach)
    order = np.argsort(~watched, axis=-1, kind="stable")  # the months that are judged, in their order, and then the others
    value, off, far = (np.take_along_axis(a, order, axis=-1) for a in (values, offset, reach))
    side = np.sign(off)
    move = np.sign(np.diff(value, axis=-1, prepend=value[..., :1]))
    near = np.where(np.abs(off) * 3 > far * 2, side, 0)
    alike = np.sum([_later(near, lag) == near for lag in range(rules.of)], axis=0)
    marks = (
        np.where((_run(side) >= rules.side) & (rules.side > 0), side, 0),
        np.where((_run(move) + 1 >= rules.trend) & (rules.trend > 0), move, 0),
        np.where((alike >= rules.near) & (rules.near > 0), near, 0),
    )
    return Signals(outside(values, limits), *(_put_back(m, order, watched) for m in marks))


def judged(base: Flags) -> Flags:
    """判断的月份 · The months after the last month of the baseline; none where there is no baseline."""
    so_far = np.cumsum(base, axis=-1)
    size = so_far[..., -1:]
    return np.asarray((so_far == size) & ~base & (size > 0))


def standardised(offsets: Floats, base: Flags) -> Floats:
    """标准化残差 · Offsets ÷ σ, where σ is the mean moving range of the baseline ÷ 1.128; NaN where the baseline does not vary."""
    return offsets * PAIR / varying(_moving_range(offsets, base))


def _run(sign: Floats) -> npt.NDArray[np.int64]:
    """How many months in a row, up to each, have its sign; 0 where the sign is 0."""
    place = np.arange(sign.shape[-1])
    begun = np.maximum.accumulate(np.where(sign != _later(sign, 1), place, 0), axis=-1)
    return np.where(np.abs(sign) > 0, place - begun + 1, 0)


def _later(sign: Floats, lag: int) -> Floats:
    """The same months, so many places later; 0 before the first."""
    return np.concatenate([np.zeros((*sign.shape[:-1], lag)), sign], axis=-1)[..., : sign.shape[-1]]


def _put_back(marks: Floats, order: npt.NDArray[np.int64], watched: Flags) -> Marks:
    found = np.zeros(watched.shape, np.int8)
    np.put_along_axis(found, order, np.nan_to_num(marks).astype(np.int8), axis=-1)
    return np.where(watched, found, 0).astype(np.int8)


def _laney(offset: Floats, sigma: Floats, base: Flags) -> Floats:
    """σz: how much more (or less) the baseline moves from month to month than chance alone would have it."""
    z = ratio(offset, sigma)
    return varying(_moving_range(z, base & ~np.isnan(z))) / PAIR


def pooled(events: Floats, cases: Floats, base: Flags) -> Floats:
    """合并率 · Σ events ÷ Σ cases of the baseline."""
    return ratio(total(events, base), total(cases, base))


def _moving_range(values: Floats, base: Flags) -> Floats:
    """Mean distance of neighbouring months that both are in the baseline."""
    return mean(np.abs(np.diff(values, axis=-1)), base[..., 1:] & base[..., :-1])


def varying(spread: Floats) -> Floats:
    """有变异才有限 · A spread, or NaN where there is none."""
    return np.where(spread > 0, spread, np.nan)
