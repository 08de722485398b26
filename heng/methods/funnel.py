"""漏斗图 · Many hospitals beside each other: which lie further from the target than chance explains, given their size?

Arrays are [..., hospitals]. z = (value − target) ÷ standard error under the target; limits target ± 2 and ± 3 standard errors.
When hospitals differ more than chance would have it, the limits widen by √φ, where φ = mean z² after the outer tenths on each
side are drawn in (winsorised), and only if φ > 1. Source: Spiegelhalter, Statistics in Medicine 24(8), 2005, and BMJ Quality &
Safety 14(5), 2005 (overdispersion). Normal limits need numbers: a hospital with fewer than LEAST events or non-events expected
has none. Floats as in heng.methods.series: sums in the order of the hospitals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heng.methods.series import Flags, Floats, Marks, mean, ratio, total

LEAST = 5  # expected events, below which the normal limits do not hold
TAIL = 10  # one in ten at each end is drawn in


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """漏斗 · target; dispersion φ (1: chance alone); error of each hospital, √φ included; z in such errors, NaN: not known."""

    target: Floats
    dispersion: Floats
    error: Floats
    z: Floats

    def limits(self, errors: int) -> tuple[Floats, Floats]:
        """控制限 · Lower and upper limit at 2 or 3 errors; what cannot be (a share below 0) is for the drawing to cut."""
        return self.target - errors * self.error, self.target + errors * self.error

    @property
    def place(self) -> Marks:
        """位置 · −3, −2, 0, +2, +3: beyond which limit a hospital lies; 0 inside or not known."""
        size = np.abs(self.z)
        return np.asarray(np.sign(np.nan_to_num(self.z)) * (2 * (size > 2) + (size > 3))).astype(np.int8)


def share_funnel(events: Floats, cases: Floats, target: Floats | None = None) -> Funnel:
    """率的漏斗图 · Share of cases with an event; target: that of all hospitals together when none is given, [..., 1]."""
    aim = _target(events, cases, target)
    least = cases * np.minimum(aim, 1 - aim)
    return funnel(ratio(events, cases), np.sqrt(ratio(aim * (1 - aim), np.where(least >= LEAST, cases, 0))), aim)


def rate_funnel(events: Floats, exposure: Floats, target: Floats | None = None) -> Funnel:
    """发生率或标化比的漏斗图 · Events per unit of exposure; with expected events as exposure and target 1, observed ÷ expected."""
    aim = _target(events, exposure, target)
    return funnel(ratio(events, exposure), np.sqrt(ratio(aim, np.where(aim * exposure >= LEAST, exposure, 0))), aim)


def funnel(value: Floats, error: Floats, target: Floats) -> Funnel:
    """任意指标的漏斗图 · Any figure with a standard error of its own (a case-mix index, a mean cost) against a target."""
    z = ratio(value - target, error)
    known = ~np.isnan(z)
    phi = np.maximum(_winsorised_square(z, known), 1)
    widened = np.where(known, error * np.sqrt(phi), np.nan)
    return Funnel(np.asarray(target), phi, widened, ratio(value - target, widened))


def _winsorised_square(z: Floats, known: Flags) -> Floats:
    """Mean z² with the outer tenths drawn in; 1 where no hospital is known."""
    size = known.sum(axis=-1, keepdims=True)
    cut = size // TAIL
    ordered = np.sort(z, axis=-1)  # what is not known comes last
    low = np.take_along_axis(ordered, np.minimum(cut, z.shape[-1] - 1), axis=-1)
    high = np.take_along_axis(ordered, np.maximum(size - cut - 1, 0), axis=-1)
    return np.nan_to_num(mean(np.clip(z, low, high) ** 2, known), nan=1.0)


def _target(events: Floats, of: Floats, given: Floats | None) -> Floats:
    if given is not None:
        return given
    known = ~np.isnan(events) & (of > 0)
    return ratio(total(events, known), total(of, known))
