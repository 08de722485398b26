"""支付标准与每例支付 · The payment standard of a group, what kind of outlier a case is, and what each way of paying gives.

Standard S = weight × scale × coefficient × rate, to the fen. With scale 1 the rate is that of one weight (费率法); with
scale 100 or 1,000 it is the value of a point (点数法). Low and high are told against S or against the mean fee of the group.
Source: CHS-DRG 付费技术规范 (2019) 倍率病例; 金华市 2017 点数法 (base points × actual ÷ mean for incomplete stays).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from heng.methods.rounding import half_up, nearest


@dataclass(frozen=True, slots=True)
class Limits:
    """倍率界限 · From which multiples of the basis a case is low or high; None: there is no such limit."""

    low: Fraction | None = None
    low_included: bool = False
    high: Fraction | None = None
    high_included: bool = False


@dataclass(frozen=True, slots=True)
class Standard:
    """一个病组的支付标准 · Points, yuan for a point, and in fen: S, the basis of the multiples, the fees at which outliers begin."""

    points: Fraction
    rate: Fraction
    amount: int
    basis: int
    low_until: int | None
    high_from: int | None
    high: Fraction | None

    def outlier(self, fee: int) -> str:
        """倍率类型 · low, high or normal."""
        if self.low_until is not None and fee <= self.low_until:
            return "low"
        return "high" if self.high_from is not None and fee >= self.high_from else "normal"

    def excess(self, fee: int) -> int:
        """超出上限的金额 · What a fee is above the limit of a high-cost case, in fen; 0 without a limit."""
        if self.high is None:
            return 0
        over, under = self.high.as_integer_ratio()
        return max(0, half_up(fee * under - over * self.basis, under))


def standard_amount(points: Fraction, rate: Fraction) -> int:
    """支付标准 · Points × yuan for a point, in fen."""
    return nearest(points * rate * 100)


def standard(points: Fraction, rate: Fraction, limits: Limits, mean: int | None = None) -> Standard:
    """算出支付标准 · The standard with its limits; `mean` (fen): the basis of the multiples where it is not S itself."""
    amount = standard_amount(points, rate)
    basis = amount if mean is None else mean
    return Standard(points, rate, amount, basis, _low_until(limits, basis), _high_from(limits, basis), limits.high)


def _low_until(limits: Limits, basis: int) -> int | None:
    if limits.low is None:
        return None
    edge = limits.low * basis
    return floor(edge) if limits.low_included else ceil(edge) - 1


def _high_from(limits: Limits, basis: int) -> int | None:
    if limits.high is None:
        return None
    edge = limits.high * basis
    return ceil(edge) if limits.high_included else floor(edge) + 1


class Stay(NamedTuple):
    """一例的事实 · Fee in fen, days, and yuan for a day where the region pays by days; None: not known."""

    fee: int
    days: int | None = None
    per_diem: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """支付办法 · How a kind of case is paid, and the share where the way has one."""

    pay: str
    share: Fraction = Fraction(1)


def paid(way: Way, stay: Stay, s: Standard | None) -> int | None:
    """按办法支付 · What a way of paying gives, in fen; None where it needs what is not known, or the case waits to be coded anew."""
    exact = WAYS[way.pay](way, stay, s)
    return exact if exact is None or isinstance(exact, int) else half_up(*exact)


Exact = int | tuple[int, int] | None
"""一笔确切的钱 · Whole fen, or a quotient of whole numbers that is rounded once."""


def _proportion(_: Way, stay: Stay, s: Standard | None) -> Exact:
    return (min(s.amount * stay.fee, s.amount * s.basis), s.basis) if s and s.basis else None


def _excess(way: Way, stay: Stay, s: Standard | None) -> Exact:
    if not s or s.high is None or not s.basis:
        return None
    (over, under), (share, of) = s.high.as_integer_ratio(), way.share.as_integer_ratio()
    whole = s.basis * under * of
    return s.amount * whole + s.amount * (stay.fee * under - over * s.basis) * share, whole


def _per_diem(_: Way, stay: Stay, __: Standard | None) -> Exact:
    return None if stay.days is None or stay.per_diem is None else (stay.days * stay.per_diem.numerator * 100, stay.per_diem.denominator)


WAYS: dict[str, Callable[[Way, Stay, Standard | None], Exact]] = {
    "fee": lambda _, stay, __: stay.fee,
    "standard": lambda _, __, s: s.amount if s else None,
    "proportion": _proportion,
    "excess": _excess,
    "per_diem": _per_diem,
    "share": lambda way, stay, _: (stay.fee * way.share.numerator, way.share.denominator),
    "wait": lambda *_: None,
}
"""每种支付办法 · fee: what was charged; proportion: S × fee ÷ basis, never more than S; excess: S and a share of what is above
the limit, in proportion to the basis; share: so much of the fee; wait: nothing until the case is coded anew."""
