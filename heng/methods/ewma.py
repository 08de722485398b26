"""指数加权移动平均图 · Long series (days, minutes) whose level wanders: what is new against the time just before, smoothed.

Each value is standardised by mean and standard deviation of the window before it; E = E + weight × (z − E) carries what lasts and
lets single spikes fade; the limits are ± reach × the standard deviation that E itself had in the baseline. Neighbouring values of
such series depend on each other, for which the textbook's σ √(weight ÷ (2 − weight)) is too small; where they do not, both agree.
Sources: Roberts, Technometrics 1(3), 1959; Lucas & Saccucci, Technometrics 32(1), 1990; Montgomery, ch. 9 and 10 (empirical limits).
Floats as in heng.methods.series. Monthly figures have a baseline of their own and too few months for empirical limits: `ewma`
holds them against it by the textbook's limits, widened by what a mean of so few months leaves uncertain.
"""

from __future__ import annotations

import numpy as np

from heng.methods.control_chart import Limits, judged, standardised, varying
from heng.methods.series import Flags, Floats, Marks, mean, ratio


def against_window(values: Floats, window: int, least: int) -> Floats:
    """与前一窗口相比 · (value − mean) ÷ standard deviation of the `window` values before it.

    NaN where fewer than `least` of them are known, or where they do not vary.
    """
    before = np.concatenate([np.full((*values.shape[:-1], window), np.nan), values[..., :-1]], axis=-1)
    lags = [before[..., lag : lag + values.shape[-1]] for lag in range(window)]
    count, whole, squares = (np.zeros(values.shape) for _ in range(3))
    for lag in lags:
        count += ~np.isnan(lag)
        whole += np.nan_to_num(lag)
    centre = ratio(whole, count)
    for lag in lags:
        squares += np.nan_to_num(lag - centre) ** 2
    spread = np.sqrt(ratio(squares, np.where(count >= max(least, 2), count - 1, 0)))
    return ratio(values - centre, spread)


def smoothed(z: Floats, weight: float = 0.2) -> Floats:
    """平滑 · E of every moment of z [..., time], from 0 on; a moment that is not known changes nothing."""
    found, now = np.empty(z.shape), np.zeros(z.shape[:-1])
    for moment in range(z.shape[-1]):
        known = ~np.isnan(z[..., moment])
        now = np.where(known, now + weight * (z[..., moment] - now), now)
        found[..., moment] = now
    return found


def ewma_limits(smooth: Floats, base: Flags, reach: float = 3.0, least: int = 100) -> Limits:
    """控制限 · 0 ± reach × standard deviation of the smoothed values in the baseline; none from fewer than `least` of them.

    Leave moments that are not known out of the baseline: there the smoothed value only repeats itself.
    """
    size = base.sum(axis=-1, keepdims=True)
    variance = mean((smooth - mean(smooth, base)) ** 2, base) * ratio(size, size - 1)
    return Limits(np.zeros(variance.shape), varying(reach * np.sqrt(np.where(size >= least, variance, np.nan))), judged(base))


def ewma(values: Floats, base: Flags, counted: Flags, weight: float = 0.2, reach: float = 3.0) -> Marks:
    """按月的移动平均图 · Marks of the judged months of values [..., months] that are `counted`: E, from 0 on, beyond its limit.

    After i months the variance of E is weight ÷ (2 − weight) × (1 − (1 − weight)^2i), and (1 − (1 − weight)^i)² ÷ n more, for the
    mean of n months of the baseline is itself uncertain (in units of σ², σ = mean moving range ÷ 1.128).
    """
    z = np.where(judged(base) & counted, standardised(values - mean(values, base), base), np.nan)
    kept, size = 1 - weight, base.sum(axis=-1, keepdims=True)
    left = kept ** np.cumsum(~np.isnan(z), axis=-1)
    limit = reach * np.sqrt(weight / (2 - weight) * (1 - left**2) + ratio((1 - left) ** 2, size))
    smooth = smoothed(z, weight)
    return np.where(~np.isnan(z) & (np.abs(smooth) > limit), np.sign(smooth), 0).astype(np.int8)
