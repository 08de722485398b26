"""患者负担与基金支付 · What of a payment the fund bears: what is left after the patient's share.

Three strategies: `paid`: less what the patient and others have paid; `list`: (payment − 全自费 − 先自付 − 起付线) × ratio, never
below nothing; `ratio`: less the patient's usual share of the fee. Source: 国家医保局 DRG 付费国家试点技术规范和分组方案 (2019), 基金支付.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from heng.methods.rounding import half_up


class Bill(NamedTuple):
    """账单中患者一侧 · In fen: the fee, what patient and others paid, what lies outside the scheme, class B; None: not known."""

    fee: int
    paid: int | None = None
    outside: int | None = None
    class_b: int | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """待遇 · Deductible in fen, the fund's ratio above it, and the share of class B that the patient pays first."""

    deductible: int
    ratio: Fraction
    first: Fraction


def fund_part(amount: int, bill: Bill, by: str, benefit: Benefit | None) -> int | None:
    """基金应付 · What the fund bears of an amount (fen); None where the strategy needs what is not known.

    By what was paid it may fall below nothing: whether the insurer then takes the difference back is the region's rule.
    """
    if by == "paid":
        return None if bill.paid is None else amount - bill.paid
    if benefit is None:
        return None
    ratio, of = benefit.ratio.as_integer_ratio()
    if by == "ratio":
        return amount - half_up(bill.fee * (of - ratio), of)
    if bill.outside is None or bill.class_b is None:
        return None
    first, under = benefit.first.as_integer_ratio()
    covered = (amount - bill.outside - benefit.deductible) * under - bill.class_b * first
    return half_up(max(covered, 0) * ratio, under * of)
