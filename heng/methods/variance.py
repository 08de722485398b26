"""标准成本差异 · Why did the actual cost of services differ from their standard: volume, mix, efficiency, price, capacity?

连环替代法 as in `bridge`, with time as a further factor, in this fixed order: standard → volume (all items grow alike) →
mix (actual quantity of each item, standard time and rate) → efficiency (actual minutes, standard rate) → price (actual
amount). Each level is rounded to the fen once and every effect is the step between two levels: nothing is left over.
Capacity that no service used has two levels of its own: its minutes at the standard rate, then its actual amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from heng.methods.rounding import nearest


@dataclass(frozen=True, slots=True)
class Line:
    """一个项目的标准与实际 · Standard and actual of one item, in exact numbers; amounts in fen.

    planned, quantity: planned and actual units. rate: standard fen of a minute, or of a unit where `minutes` is None;
    None where the item has no standard. minutes: standard minutes of a unit. spent: actual minutes of all units, None
    where nobody measured them: then time explains nothing, and what it cost is part of the price.
    """

    planned: Fraction
    quantity: Fraction
    rate: Fraction | None
    minutes: Fraction | None
    spent: Fraction | None
    amount: int

    def unit(self) -> Fraction:
        """单位标准成本 · Standard fen of one unit; 0 where there is no standard."""
        return (self.rate or Fraction()) * (Fraction(1) if self.minutes is None else self.minutes)


@dataclass(frozen=True, slots=True)
class Effects:
    """一个项目的差异分解 · In fen: volume + mix + efficiency + price == amount − standard."""

    volume: int
    mix: int
    efficiency: int
    price: int


def variance(lines: Sequence[Line]) -> list[Effects]:
    """分解一组项目的差异 · Effects of the items of one department, or of the groups of one hospital.

    An item without a standard has no standard price: its whole amount is mix, and no price effect is claimed. Where
    nothing was planned there is no growth, and quantities are mix. ValueError: a negative quantity or time.
    """
    if any(n < 0 for x in lines for n in (x.planned, x.quantity, x.minutes or 0, x.spent or 0)):
        raise ValueError("数量与时间不能为负 · quantities and times must not be negative")
    planned = sum((x.planned for x in lines), Fraction())
    growth = sum((x.quantity for x in lines), Fraction()) / planned if planned else Fraction(1)
    return [_effects(x, growth) for x in lines]


def _effects(x: Line, growth: Fraction) -> Effects:
    standard, grown = nearest(x.planned * x.unit()), nearest(x.planned * x.unit() * growth)
    if x.rate is None:
        return Effects(grown - standard, x.amount - grown, 0, 0)
    mixed = nearest(x.quantity * x.unit())
    timed = mixed if x.minutes is None or x.spent is None else nearest(x.spent * x.rate)
    return Effects(*(after - before for before, after in pairwise((standard, grown, mixed, timed, x.amount))))


def idle(planned: Fraction, minutes: Fraction | None, rate: Fraction | None, amount: int) -> tuple[int, int]:
    """未用能力的差异 · (capacity, price) in fen of the minutes that no service used, and of what they cost.

    planned, minutes: minutes meant to stay unused, and those that did; rate: standard fen of a minute. Without minutes or a
    rate the amount cannot be divided and is all capacity. capacity + price == amount − planned × rate.
    """
    standard = nearest(planned * (rate or 0))
    level = amount if rate is None or minutes is None else nearest(minutes * rate)
    return level - standard, amount - level
