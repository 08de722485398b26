"""预警线 · Static lines, growth beyond growth, months in a row, and a state that does not flap. Arrays are [..., months].

Lines on money are compared in whole numbers: part ÷ whole ≥ line is part × divisor ≥ line's numerator × whole, exactly.
Hysteresis and keep-firing as alerting systems have them: raise at one line, clear below a lower one, go on for n months.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from heng.methods.apportion import LIMIT, Integers, whole
from heng.methods.series import Flags, Floats, ratio

CERTAIN = 1e-12  # a float guesses a gap far better than this; nearer to the line whole numbers decide
Levels = npt.NDArray[np.int8]
"""级别 · 0 none, 1 the first line reached, 2 the second …"""


def level(part: Integers, of: Integers, lines: Sequence[Fraction]) -> Levels:
    """静态线 · How many of the rising `lines` part ÷ of reaches (on the line counts); 0 where `of` is not positive: no ratio, no level.

    Overspending by 8 % and 10 %: part = actual − budget, of = budget, lines = (2/25, 1/10). Fen or any whole unit.
    """
    part, of = np.broadcast_arrays(whole(part, "part"), whole(of, "of"))
    reached = [_reaches(part, of, line) for line in lines]
    return np.where(of > 0, np.sum(reached, axis=0), 0).astype(np.int8)


def growth_beyond(cost: Integers, cost_before: Integers, income: Integers, income_before: Integers, points: Fraction) -> Flags:
    """动态线 · Whether cost ÷ cost before − income ÷ income before ≥ points (1/5: cost grew by 20 percentage points more than income).

    All in fen; false where cost or income before is not positive: no growth rate, no signal.
    """
    c, c0, i, i0 = np.broadcast_arrays(*(whole(a, "fen") for a in (cost, cost_before, income, income_before)))
    grown, earned = ratio(c, c0), ratio(i, i0)
    gap = grown - earned - float(points)
    found = gap >= 0
    near = np.abs(gap) <= CERTAIN * (np.abs(grown) + np.abs(earned) + abs(float(points)))
    c, c0, i, i0 = (a[near].astype(object) for a in (c, c0, i, i0))  # products of fen pass 64 bits
    found[near] = (c * i0 - i * c0) * points.denominator >= points.numerator * c0 * i0
    return found


def running(over: Flags, months: int) -> Flags:
    """连续若干月 · The months that end at least so many months in a row of `over` (a month that is not known is not over)."""
    count = np.zeros(over.shape[:-1], np.int64)
    found = np.zeros(over.shape, np.bool_)
    for month in range(over.shape[-1]):
        count = np.where(over[..., month], count + 1, 0)
        found[..., month] = count >= months
    return found


def firing(values: Floats, raise_at: npt.ArrayLike, clear_below: npt.ArrayLike, keep: int = 0) -> Flags:
    """滞回 · Months in which an alarm stands: it is raised at `raise_at`, and clears when `values` stayed below `clear_below`

    for more than `keep` months. A month that is not known (NaN) changes nothing. ValueError: clear_below above raise_at.
    """
    high, low = np.asarray(raise_at, np.float64), np.asarray(clear_below, np.float64)
    if (low > high).any():
        raise ValueError("解除线高于触发线 · the line that clears must not lie above the line that raises")
    on, quiet = np.zeros(values.shape[:-1], np.bool_), np.zeros(values.shape[:-1], np.int64)
    found = np.zeros(values.shape, np.bool_)
    for month in range(values.shape[-1]):
        value = values[..., month]
        quiet = np.where(value >= low, 0, quiet + (value < low))
        on = (value >= high) | (on & (quiet <= keep))
        found[..., month] = on
    return found


def raised(standing: Flags) -> Flags:
    """新发 · The months in which an alarm begins."""
    before = np.zeros_like(standing)
    before[..., 1:] = standing[..., :-1]
    return standing & ~before


def _reaches(part: Integers, of: Integers, line: Fraction) -> Flags:
    p, q = line.as_integer_ratio()
    large = max(int(np.abs(part).max(initial=0)) * q, int(np.abs(of).max(initial=0)) * abs(p))
    if large >= LIMIT:
        return np.asarray(part.astype(object) * q >= of.astype(object) * p, np.bool_)
    return np.asarray(part * q >= of * p)
