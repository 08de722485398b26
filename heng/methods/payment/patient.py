"""患者负担与基金支付 · What of a payment the fund bears: what is left after the patient's share.

Three strategies: `paid`: less what the patient and others have paid; `list`: (payment − 全自费 − 先自付 − 起付线) × ratio, never
below nothing; `ratio`: less the patient's usual share of the fee. Source: 国家医保局 DRG 付费国家试点技术规范和分组方案 (2019), 基金支付.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from heng.methods.rounding import nearest


@dataclass(frozen=True, slots=True)
class Bill:
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

    By what was paid it may fall below nothing: then the insurer takes the difference back.
    """
    if by == "paid":
        return None if bill.paid is None else amount - bill.paid
    if benefit is None:
        return None
    if by == "ratio":
        return amount - nearest(bill.fee * (1 - benefit.ratio))
    if bill.outside is None or bill.class_b is None:
        return None
    return nearest(max(amount - bill.outside - bill.class_b * benefit.first - benefit.deductible, Fraction(0)) * benefit.ratio)
