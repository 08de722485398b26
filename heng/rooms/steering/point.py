"""一个月的值 · One point of a watched series, and what it may be held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from heng.methods.causes import Pieces


@dataclass(frozen=True)
class Point:
    """一个月的值 · The value of a month, what all departments, the season or income moved it by (1: nothing), the yuan behind it,

    what they are measured by (for consumables the income without drugs, which grows with volume and case mix), the cases by group,
    and for a funnel what all departments say together, and on which side of it this one stands out.
    """

    value: Fraction
    common: Fraction
    amount: Fraction | None
    measure: Fraction | None = None
    cases: Mapping[str, Pieces] = field(default_factory=dict)
    among: tuple[Fraction, int] | None = None

    @property
    def own(self) -> Fraction:
        """自身的水平 · The value without what moves everybody, or every year; against income: the value for every yuan of it."""
        return self.value / self.common
