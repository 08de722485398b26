"""偏差病例 · What a case scores that cost far less or far more than its disease used to.

ratio = cost ÷ mean of the disease. Low: score × ratio. High: score × (ratio − high + addition). Beyond the extreme limit
experts decide; until they have, the rule of the region says what counts: the formula of high, or score × addition alone.
Costs and means are whole numbers of one small unit: every comparison is exact, and nothing is divided before the end.
Source: 医保办发〔2020〕50号 DIP 技术规范（0.5、2 倍）; 济宁市 DIP 规则（5 倍以上、附加系数）.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

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


class Judged(NamedTuple):
    """偏差与倍数 · How a case deviates, and what of its score it gets: over ÷ under."""

    deviation: str
    over: int
    under: int


class Gauge:
    """一个基准的尺子 · What cases are judged by against one mean of a disease; the high and extreme limits themselves lie below."""

    __slots__ = ("extreme_from", "flat", "high_from", "less", "low_until", "reference")

    def __init__(self, limits: Limits, reference: int) -> None:
        """量好界限 · Work out the costs at which deviations begin."""
        self.reference = reference
        edge = limits.low * reference
        self.low_until = floor(edge) if limits.low_included else ceil(edge) - 1
        self.high_from = floor(limits.high * reference) + 1
        self.extreme_from = floor(limits.extreme * reference) + 1
        self.less = (limits.high - limits.addition).as_integer_ratio()
        self.flat = limits.addition.as_integer_ratio() if limits.flat else None

    def judged(self, cost: int) -> Judged:
        """偏差类别与得分倍数 · Low, high, extreme or normal, and the share of the score."""
        if cost <= self.low_until:
            return Judged(LOW, cost, self.reference)
        if cost < self.high_from and cost < self.extreme_from:
            return Judged(NORMAL, 1, 1)
        extreme = cost >= self.extreme_from
        if extreme and self.flat:
            return Judged(EXTREME, *self.flat)
        less, under = self.less
        return Judged(EXTREME if extreme else HIGH, cost * under - less * self.reference, self.reference * under)
