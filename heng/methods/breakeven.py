"""本量利 · From which volume on does a department earn what it costs?

保本业务量 = 固定成本 ÷ (单位收费 − 单位变动成本); 保本收入 = 固定成本 ÷ (1 − 变动成本率). Exact fractions decide, so a
break-even that falls on a whole volume is not rounded up by a float's last digit. Source: 公立医院成本核算规范, 本量利分析.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

Exact = int | Fraction


@dataclass(frozen=True, slots=True)
class BreakEven:
    """保本点 · volume: the first whole volume without loss; exact_volume before rounding up; income at it in fen.

    unit_contribution: fen left of one unit's income after its variable cost. safety_margin: the part of actual
    income that may be lost before the loss begins; negative when the loss is there already.
    """

    volume: int
    exact_volume: Fraction
    income: Fraction
    unit_contribution: Fraction
    safety_margin: Fraction

    def surplus(self, volume: Exact) -> Fraction:
        """结余 · Surplus in fen (negative: a loss) at another volume, prices and fixed cost unchanged."""
        return (volume - self.exact_volume) * self.unit_contribution


def break_even(fixed: Exact, variable: Exact, volume: Exact, income: Exact) -> BreakEven | None:
    """求保本点 · Break-even of a period's fixed and variable cost and income (fen) at its volume (visits, bed-days).

    None, never 0 or infinite, where no break-even exists: no volume, no income, a unit that earns no more than its
    variable cost, or a negative fixed cost (red ink). TypeError for floats.
    """
    if any(isinstance(number, bool) or not isinstance(number, Exact) for number in (fixed, variable, volume, income)):
        raise TypeError("本量利只收整数或分数 · break_even takes whole numbers or fractions, no floats")
    if volume <= 0 or income <= 0 or income <= variable or fixed < 0:
        return None
    unit = Fraction(income - variable) / volume
    at = Fraction(fixed) / unit
    needed = at * income / volume
    return BreakEven(math.ceil(at), at, needed, unit, 1 - needed / income)
