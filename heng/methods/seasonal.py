"""季节调整 · What part of a month's figure is the time of the year? Multiplicative factors from few years.

The level runs in straight lines through the yearly means, each standing in the middle of its year; a month's ratio is its value
÷ that level, a factor the mean ratio of the same calendar month, and the twelve factors average 1. With few years the factors
are mostly noise, so they are drawn towards 1 by the James–Stein rule for seasonal factors (Miller & Williams, International
Journal of Forecasting 19(4), 2003): by σ² ÷ V × 9/11, where σ² is the variance of a factor as its years disagree, and
V the spread of the twelve factors; not below 0. Fewer than two full years, a month that is not known, or a level that is not
positive: no factors, and `known` says so. Floats: + − × ÷ only, in the order of the months.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heng.methods.series import Flags, Floats, ratio, total

YEAR = 12
LEAST = 2  # full years


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """季节因子 · factors [..., 12] from the first month of the series on, 1 where there are none; known [...]: whether there are any."""

    factors: Floats
    known: Flags

    def adjusted(self, values: Floats) -> Floats:
        """调整后的值 · Values [..., months] ÷ the factor of their time of the year; unchanged where no factors are known."""
        months = np.arange(values.shape[-1]) % YEAR
        return np.asarray(values / self.factors[..., months])


def season(values: Floats, years: int) -> Season:
    """求季节因子 · Factors from the first `years` full years of values [..., months]; later months change nothing."""
    shape = values.shape[:-1]
    if years < LEAST or values.shape[-1] < years * YEAR:
        return Season(np.ones((*shape, YEAR)), np.zeros(shape, np.bool_))
    first = values[..., : years * YEAR]
    level = _level(first, years)
    usable = np.asarray((~np.isnan(first) & (first >= 0) & (level > 0)).all(axis=-1))
    ratios = np.where(usable[..., None], ratio(first, level), 1.0).reshape(*shape, years, YEAR)
    return Season(_drawn_in(ratios, years), usable)


def _level(values: Floats, years: int) -> Floats:
    """Straight lines through the yearly means, the first and the last drawn on to the ends."""
    means = total(values.reshape(*values.shape[:-1], years, YEAR))[..., 0] / YEAR
    at = (np.arange(years * YEAR) - (YEAR - 1) / 2) / YEAR  # in years after the middle of the first one
    left = np.clip(np.floor(at), 0, years - 2).astype(np.int64)
    return np.asarray(means[..., left] + (means[..., left + 1] - means[..., left]) * (at - left))


def _drawn_in(ratios: Floats, years: int) -> Floats:
    raw = total(np.swapaxes(ratios, -1, -2))[..., 0] / years
    raw = raw * YEAR / total(raw)
    off = (ratios - raw[..., None, :]) ** 2
    noise = total(off.reshape(*off.shape[:-2], -1)) / (YEAR * (years - 1) * years)
    spread = total((raw - 1) ** 2) / (YEAR - 1)
    drawn = np.minimum((YEAR - 3) / (YEAR - 1) * np.nan_to_num(ratio(noise, spread)), 1)
    return np.asarray(1 + (1 - drawn) * (raw - 1))
