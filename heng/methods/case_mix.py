"""病例组合 · Cost and days of a hospital against the region's means for the same mix of groups.

Weight of a group = its mean ÷ the mean of all cases; CMI = Σ weights ÷ n; index = actual ÷ Σ means. The index is a ratio
estimator; by the delta method (Cochran, Sampling Techniques, ch. 6), the means taken as given, its variance is
n ÷ (n − 1) × Σ (cost − index × mean)² ÷ (Σ means)². RIV = 1 − Σ squares inside the groups ÷ Σ squares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

FINE = 10**10  # a mean keeps ten places more than a fen: over thousands of groups the sums stay whole numbers


@dataclass(frozen=True, slots=True)
class Cases:
    """若干病例之和 · Sums over some cases: how many, cost in fen and its squares, days and how many cases have them."""

    size: int = 0
    cost: int = 0
    squares: int = 0
    days: int = 0
    stays: int = 0

    def __add__(self, other: Cases) -> Cases:
        return Cases(
            self.size + other.size,
            self.cost + other.cost,
            self.squares + other.squares,
            self.days + other.days,
            self.stays + other.stays,
        )


@dataclass(frozen=True, slots=True)
class Mix:
    """一家医院的组合与指数 · expected in fen; index and its variance (None: a single case); days_index None without days."""

    expected: Fraction
    cmi: Fraction
    index: Fraction
    error: Fraction | None
    days_index: Fraction | None


def region_of(hospitals: Mapping[str, Mapping[str, Cases]]) -> dict[str, Cases]:
    """全区各组 · The groups of all hospitals together."""
    found: dict[str, Cases] = {}
    for groups in hospitals.values():
        for group, cases in groups.items():
            found[group] = found.get(group, Cases()) + cases
    return found


def case_mix(hospitals: Mapping[str, Mapping[str, Cases]]) -> dict[str, Mix]:
    """逐院求指数 · The mix of every hospital; none where the region's means of its cases add up to nothing."""
    region = region_of(hospitals)
    whole = sum(region.values(), Cases())
    means = {g: _mean(c.cost, c.size) for g, c in region.items()}
    stays = {g: _mean(c.days, c.stays) for g, c in region.items()}
    found: dict[str, Mix] = {}
    for name, groups in hospitals.items():
        own = sum(groups.values(), Cases())
        expected = Fraction(sum(means[g] * c.size for g, c in groups.items()), FINE)
        if expected <= 0 or whole.cost <= 0:
            continue
        index = own.cost / expected
        spent = sum(stays[g] * c.stays for g, c in groups.items())
        found[name] = Mix(
            expected,
            expected / own.size * whole.size / whole.cost,
            index,
            _error(own, groups, means, index) if own.size > 1 else None,
            Fraction(own.days * FINE, spent) if spent else None,
        )
    return found


def variance_reduced(region: Mapping[str, Cases]) -> Fraction | None:
    """方差减少量 · RIV: how much of the variance of the cases the grouping explains; None where they do not vary."""
    whole = sum(region.values(), Cases())
    if not whole.size or whole.size * whole.squares == whole.cost**2:
        return None
    between = Fraction(sum(_mean(c.cost**2, c.size) for c in region.values()), FINE) - Fraction(whole.cost**2, whole.size)
    return between / (whole.squares - Fraction(whole.cost**2, whole.size))


def _mean(total: int, size: int) -> int:
    """In FINE-ths, to the nearest; 0 for none."""
    return (2 * total * FINE + size) // (2 * size) if size else 0


def _error(own: Cases, groups: Mapping[str, Cases], means: Mapping[str, int], index: Fraction) -> Fraction:
    crossed = Fraction(sum(means[g] * c.cost for g, c in groups.items()), FINE)
    expected = sum(means[g] * c.size for g, c in groups.items())
    squared = Fraction(sum(means[g] ** 2 * c.size for g, c in groups.items()), FINE**2)
    left = own.squares - 2 * index * crossed + index**2 * squared
    return Fraction(own.size, own.size - 1) * left / Fraction(expected, FINE) ** 2
