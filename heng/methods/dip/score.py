"""病种分值 · Scores of diseases: mean of the disease ÷ mean of reference, the years weighted.

A year without a case of the disease takes no part: the weights of the others keep their proportions.
Source: 医保办发〔2020〕50号 DIP 技术规范（RW = mᵢ ÷ M，近三年 1:2:7）.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Years = Mapping[int, tuple[int, int]]
"""年 → (例数, 金额合计) · Year to cases and what they add up to."""


def year_weights(years: Sequence[int], weights: Sequence[int]) -> dict[int, int]:
    """各年权重 · The last year has the last weight, the year before it the one before; years further back have none."""
    last = max(years, default=0)
    return {y: weights[y - last - 1] for y in years if last - y < len(weights)}


def weighted_mean(years: Years, weights: Mapping[int, int]) -> Fraction | None:
    """加权均值 · Σ weight × mean of the year ÷ Σ weights, over the years that have cases; None without any."""
    held = {y: weights.get(y, 0) for y, (size, _) in years.items() if size}
    total = sum(held.values())
    return sum((w * Fraction(years[y][1], years[y][0]) for y, w in held.items()), Fraction()) / total if total else None


def score(mean: Fraction | None, reference: Fraction | None, scale: int) -> Fraction | None:
    """分值 · scale × mean ÷ reference; None where one is not known or the reference is nothing."""
    return scale * mean / reference if mean is not None and reference else None
