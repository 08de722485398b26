"""偏差病例 · What a case scores that cost far less or far more than its disease used to.

ratio = cost ÷ mean of the disease. Low: score × ratio. High: score × (ratio − high + addition). Beyond the extreme limit
experts decide; until they have, the rule of the region says what counts: the formula of high, or score × addition alone.
Source: 医保办发〔2020〕50号 DIP 技术规范（0.5、2 倍）; 济宁市 DIP 规则（5 倍以上、附加系数）.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

NORMAL, LOW, HIGH, EXTREME = "normal", "low", "high", "extreme"


@dataclass(frozen=True, slots=True)
class Limits:
    """界限 · Ratios; `low_included`: whether a case at the low limit itself is low; `flat`: extreme cases get the addition alone."""

    low: Fraction
    high: Fraction
    extreme: Fraction
    addition: Fraction
    low_included: bool = False
    flat: bool = False


def deviation(ratio: Fraction, limits: Limits) -> str:
    """偏差类别 · normal, low, high or extreme; the high and extreme limits themselves still lie below."""
    if ratio < limits.low or (limits.low_included and ratio == limits.low):
        return LOW
    return EXTREME if ratio > limits.extreme else HIGH if ratio > limits.high else NORMAL


def points(score: Fraction, ratio: Fraction, limits: Limits) -> Fraction:
    """偏差后的分值 · What the case scores."""
    kind = deviation(ratio, limits)
    if kind == NORMAL:
        return score
    if kind == LOW:
        return score * ratio
    return score * limits.addition if kind == EXTREME and limits.flat else score * (ratio - limits.high + limits.addition)
