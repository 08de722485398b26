"""累积和图 · Small lasting shifts: sums of standardised residuals beyond an allowance, which signal at h and begin again.

S⁺ = max(0, S⁺ + z − k), S⁻ = max(0, S⁻ − z − k); a signal when either reaches h, after which both begin at 0. k = 0.5 finds
a shift of one σ soonest. Risk adjustment, as Steiner and others (Biostatistics 1(4), 2000) do it for outcomes: what is watched
is the residual against what the cases of that month lead one to expect. Sources: Page (1954); Montgomery, ch. 9;
run lengths by the Markov chain of Brook & Evans (Biometrika 59, 1972).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import erfc, sqrt

import numpy as np

from heng.methods.causes import Pieces
from heng.methods.control_chart import judged, pooled, standardised
from heng.methods.series import Flags, Floats, Marks

STATES = 100  # of the Markov chain: run lengths to one part in a thousand


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """累积和与信号 · up and down: the sums as they stood before they began again; signal: +1 up, −1 down, 0 nothing."""

    up: Floats
    down: Floats
    signal: Marks


def residuals(actual: Floats, expected: Floats, base: Flags) -> Floats:
    """病例组合调整后的残差 · Standardised residuals of consumption against what the case mix leads one to expect, [..., months].

    expected: Σ cases × standard of their group, in the unit of actual. Residual = actual − r × expected, r = Σ actual ÷ Σ expected
    of the baseline; its variance grows with the expected amount, so it is divided by √expected, then by σ of the baseline.
    NaN where a month is not known or nothing is expected.
    """
    there = np.where(expected > 0, expected, np.nan)
    return standardised((actual - pooled(actual, there, base) * there) / np.sqrt(there), base)


def by_case_mix(months: Sequence[Mapping[str, Pieces]], base: Flags) -> Floats:
    """病例组合所应有的 · What the cases of each month lead one to expect, [months]: Σ cases × weight of their group.

    A group weighs what its cases cost on average in the baseline; one that the baseline does not know weighs as a case of the
    baseline does on average. NaN: a month without cases, or a baseline that has a month without.
    """
    known = [m for m, based in zip(months, base.tolist(), strict=True) if based]
    if not known or not all(known):
        return np.full(len(months), np.nan)
    sums: dict[str, Pieces] = {}
    for month in known:
        for group, (cases, cost) in month.items():
            before = sums.get(group, (Fraction(), 0))
            sums[group] = before[0] + cases, before[1] + cost
    usual = sum(Fraction(cost) for _, cost in sums.values()) / sum(cases for cases, _ in sums.values())
    weights = {group: cost / cases for group, (cases, cost) in sums.items()}
    expected = [sum((cases * weights.get(g, usual) for g, (cases, _) in month.items()), Fraction()) for month in months]
    return np.array([float(e) if month else np.nan for e, month in zip(expected, months, strict=True)])


def cusum(z: Floats, base: Flags, k: float = 0.5, h: float = 5.0) -> Sums:
    """累积和 · Sums of the standardised residuals z [..., months] over the months after the baseline; NaN months change nothing."""
    watched = judged(base) & ~np.isnan(z)
    up, down, signal = np.zeros(z.shape), np.zeros(z.shape), np.zeros(z.shape, np.int8)
    high = low = np.zeros(z.shape[:-1])
    for month in range(z.shape[-1]):
        known, value = watched[..., month], z[..., month]
        high = np.where(known, np.maximum(0, high + value - k), high)
        low = np.where(known, np.maximum(0, low - value - k), low)
        up[..., month], down[..., month] = high, low
        mark = np.where(known & (np.maximum(high, low) >= h), np.where(high >= low, 1, -1), 0)
        signal[..., month] = mark
        high, low = np.where(mark, 0, high), np.where(mark, 0, low)
    return Sums(up, down, signal)


def run_length(h: float, k: float = 0.5, shift: float = 0.0) -> float:
    """平均运行长度 · Months until a two-sided chart signals, on average, when the mean lies `shift` σ off (0: a false alarm).

    Of independent normal months with a known baseline; a baseline of few months gives more false alarms than this.
    """
    return 1 / (1 / _one_side(h, k, shift) + 1 / _one_side(h, k, -shift))


def limit_for(months: float, k: float = 0.5) -> float:
    """按误报间隔定 h · The least h, in hundredths, with at least so many months between false alarms."""
    low, high = 0, 2000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if run_length(middle / 100, k) >= months else (middle, high)
    return high / 100


@cache
def _one_side(h: float, k: float, shift: float) -> float:
    width = 2 * h / (2 * STATES - 1)
    below = [erfc(-(k - shift + (step + 0.5) * width) / sqrt(2)) / 2 for step in range(-STATES, STATES)]
    at = np.arange(STATES)
    chance = np.diff(below)[STATES - 1 + at[None, :] - at[:, None]]  # from state i to state j the sum moves j − i widths
    chance[:, 0] = np.asarray(below)[STATES - at]
    return float(np.linalg.solve(np.eye(STATES) - chance, np.ones(STATES))[0])
