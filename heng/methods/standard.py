"""区域标准的统计 · Statistics of a regional standard: trim, mean, shrink, interval. Whole fen in, exact fractions out.

Trimming takes a share of the cases off each end by rank, or what lies beyond the quartiles by a multiple of their distance
on the logarithm; both compare whole numbers only. A small group is shrunk towards its family by Bühlmann–Straub credibility:
weight = n ÷ (n + k), and the family's mean is weighted by the same weights, so that Σ cases × standard = Σ cases × mean.
The error of a trimmed mean is that of Tukey & McLaughlin: winsorised, n · s² ÷ kept².
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from operator import mul
from typing import TypeVar

Number = TypeVar("Number", int, Fraction)


@dataclass(frozen=True, slots=True)
class Trimmed:
    """去极值后的样本 · mean of the cases kept, in fen; `error`: its variance; `spread`: variance of the cases kept."""

    kept: int
    mean: Fraction
    error: Fraction | None
    spread: Fraction | None


def by_rank(costs: Sequence[int], share: Fraction) -> range:
    """按名次去极值 · Places of the sorted costs that stay when `share` of them, rounded down, goes at each end.

    ValueError: a share below 0, or of one half and more.
    """
    if not 0 <= share < Fraction(1, 2):
        raise ValueError("每端去掉的比例应在 0 与 0.5 之间 · the share trimmed at each end must lie in [0, 0.5)")
    cut = int(len(costs) * share)
    return range(cut, len(costs) - cut)


def by_quartiles(costs: Sequence[int], reach: Fraction) -> range:
    """按对数四分位距去极值 · Places with ln Q1 − reach·(ln Q3 − ln Q1) ≤ ln cost ≤ ln Q3 + reach·(…); none without positive costs.

    With reach = p ÷ q the lower limit is costᵠ · Q3ᵖ ≥ Q1ᵖ⁺ᵠ, in whole numbers. ValueError: a negative reach.
    """
    if reach < 0:
        raise ValueError("四分位距的倍数不能为负 · the multiple of the distance between quartiles must not be negative")
    positive = costs[bisect_right(costs, 0) :]
    if not positive:
        return range(0)
    low, high = nearest_rank(positive, Fraction(1, 4)), nearest_rank(positive, Fraction(3, 4))
    p, q = reach.as_integer_ratio()
    first = bisect_left(positive, low ** (p + q), key=lambda x: x**q * high**p)
    last = bisect_right(positive, high ** (p + q), key=lambda x: x**q * low**p)
    before = len(costs) - len(positive)
    return range(before + first, before + last)


def trimmed(costs: Sequence[int], places: range) -> Trimmed:
    """去极值均值 · Mean, its error and the spread of the sorted costs at `places`; error and spread need two cases."""
    inside, size = costs[places.start : places.stop], len(costs)
    kept, total = len(inside), sum(inside)
    below, above = places.start, size - places.stop
    error = spread = None
    if kept > 1:
        squares = sum(map(mul, inside, inside))
        spread = Fraction(kept * squares - total**2, kept * (kept - 1))
        whole = total + below * inside[0] + above * inside[-1]
        squares += below * inside[0] ** 2 + above * inside[-1] ** 2
        error = Fraction(size * squares - whole**2, (size - 1) * kept**2)
    return Trimmed(kept, Fraction(total, kept), error, spread)


def credibility(cases: int, constant: Fraction) -> Fraction:
    """自身权重 · n ÷ (n + k): how much a group of n cases is believed, with a constant k of 0 and more."""
    return cases / (cases + constant)


def family_mean(means: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """收缩目标 · The credibility-weighted mean of a family: shrinking towards it moves cost between groups, and adds none."""
    return sum(map(mul, means, weights), Fraction()) / sum(weights, Fraction())


def nearest_rank(ordered: Sequence[Number], share: Fraction) -> Number:
    """名次分位数 · The value at rank ⌈share × n⌉ of sorted values: always one that occurs."""
    return ordered[max(ceil(len(ordered) * share), 1) - 1]
