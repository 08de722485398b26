"""季节因子 · What the time of the year adds to a watched month, learnt from the whole years right before it, and from nothing later.

The factors (`heng.methods.seasonal`) need every month of those years; without them the figure is judged as it stands, and
the row says so. A month of two years that were smoothed by their own factors varies less than a new month beside them:
by √((years + 1) ÷ (years − 1)), as a mean of `years` months does; the control limits are widened by it.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from heng.core.period import shift
from heng.methods.rounding import decimal, root
from heng.methods.seasonal import LEAST, YEAR, season
from heng.rooms.steering.point import Point

YEARS = LEAST
"""用几个整年 · Whole years that are learnt from: as many as fit before the last month of a window."""
BEFORE = YEARS * YEAR
BLUR = root(Fraction(YEARS + 1, YEARS - 1))


def factors(points: Mapping[str, Point], month: str) -> tuple[Fraction, ...] | None:
    """因子 · The factors of a month and of the eleven after it in the year, from the years before; None where they are not known."""
    known = [points.get(shift(month, n - BEFORE)) for n in range(BEFORE)]
    values = np.array([np.nan if p is None else float(p.own) for p in known])
    found = season(values, YEARS)
    exact = tuple(Fraction(decimal(Fraction(f)) or 0) for f in found.factors.tolist())
    return exact if found.known and min(exact) > 0 else None


def without_season(points: Mapping[str, Point], month: str, found: tuple[Fraction, ...]) -> dict[str, Point]:
    """去掉季节 · The points as if every month stood at the usual time of the year; the line of a month then carries its factor."""
    first = shift(month, -BEFORE)
    of = {shift(first, n): found[n % YEAR] for n in range(BEFORE + 1)}
    return {m: _point(p, of[m]) for m, p in points.items()}


def seasonal_factor(raw: Mapping[str, Point], window: Mapping[str, Point], month: str, base: tuple[str, ...]) -> Fraction | None:
    """季节系数 · What the time of the year makes of the months compared with, so that they may be held against this one; None of none."""
    season = window[month].common / raw[month].common
    before, usual = (sum((points[m].own for m in base), Fraction()) for points in (raw, window))
    return season * usual / before if before else None


def _point(point: Point, factor: Fraction) -> Point:
    measure = None if point.measure is None else point.measure * factor
    return replace(point, common=point.common * factor, measure=measure)
