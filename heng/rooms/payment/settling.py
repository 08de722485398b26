"""结算一例 · How a case is settled: what kind it is, the way that is paid for its kind, its points, and the fund's part."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from heng.core.params import Params
from heng.methods.payment.clearing import FINE
from heng.methods.payment.patient import Benefit, Bill, fund_part
from heng.methods.payment.specific import most_specific
from heng.methods.payment.standard import Stay, Way, paid
from heng.methods.rounding import half_up
from heng.rooms.payment.tariff import Price, Tariff


class Rule(Params, at="payment.pay_cases"):
    """规则 · Who is paid by group, which stays are not, how each kind is paid, the quota, and the fund's part."""

    insured: list[Any]
    short_until: int
    long_from: int
    ways: list[Any]
    cap_share: Decimal
    cap_period: str
    share_by: str
    below_zero: str


class Fact(NamedTuple):
    """一例的事实 · What is known of a case; money in fen."""

    encounter: int
    month: str
    pack: str
    drg: str | None
    insurance: str
    status: str
    special: bool
    days: int | None
    fee: int | None
    agreed: int | None
    paid: int | None
    outside: int | None
    class_b: int | None


class Settled(NamedTuple):
    """一例的结算 · What is paid for a case and why; money in fen, points in ten-thousandths."""

    price: Price
    outlier: str
    excess: int | None
    over_cap: bool
    way: str | None
    points: int | None
    payment: int | None
    fund_pay: int | None
    fund_fee: int | None
    fund_standard: int | None


class Settling:
    """逐例结算 · The rules of a hospital, read once for all its cases."""

    def __init__(self, known: Tariff, rule: Rule) -> None:
        """读规则 · Read the rules as exact numbers."""
        rules = known.rules
        self.tariff, self.rule = known, rule
        self.ways = {"normal": Way("standard"), "unpriced": Way("wait")}
        self.ways |= {w["outlier"]: Way(w["pay"], Fraction(w.get("share") or 1)) for w in rule.ways}
        self.rate = cache(lambda insurance, primary: known.rate(insurance, primary=primary))
        self.benefit = cache(lambda insurance: _benefit(most_specific(rules.benefits, {"insurance": insurance, "level": rules.level})))

    def settled(self, case: Fact) -> Settled:
        """结算 · What is paid for a case, quotas apart."""
        price = self.tariff.price(case.month, case.pack, case.drg or "", case.insurance)
        fee, s, kind = case.fee, price.standard, self._kind(case, price)
        agreed = case.agreed if kind == "special" else None
        way = self.ways.get(kind, Way("fee"))
        due = agreed if agreed is not None or fee is None else paid(way, self._stay(case, fee, way), s)
        bill = None if fee is None else Bill(fee, case.paid, case.outside, case.class_b)
        standard = s.amount if s else None
        by_standard = standard is not None and due == standard  # as most cases are
        borne = self._fund(case, bill, due)
        return Settled(
            price=price,
            outlier=kind,
            excess=s.excess(fee) if s and fee is not None and kind == "high" else None,
            over_cap=False,
            way=way.pay if agreed is None and kind != "unpriced" else None,
            points=price.points if by_standard else self._points(case.insurance, price, due),
            payment=due,
            fund_pay=borne,
            fund_fee=self._fund(case, bill, fee),
            fund_standard=borne if by_standard else self._fund(case, bill, standard),
        )

    def _kind(self, case: Fact, price: Price) -> str:
        days = case.days or 0
        if case.special:
            return "special"
        if case.insurance not in self.rule.insured or 0 < days <= self.rule.short_until:
            return "excluded"
        if case.status != "grouped":
            return "qy" if case.status == "qy" else "ungrouped"
        if 0 < self.rule.long_from <= days:
            return "long"
        return "unpriced" if price.standard is None or case.fee is None else price.standard.outlier(case.fee)

    def _stay(self, case: Fact, fee: int, way: Way) -> Stay:
        if way.pay != "per_diem":
            return Stay(fee, case.days)
        place = {"group": case.drg or "", "insurance": case.insurance, "level": self.tariff.rules.level}
        daily = most_specific(self.tariff.rules.per_diems, place)
        return Stay(fee, case.days, Fraction(daily["daily"]) if daily else None)

    def _points(self, insurance: str, price: Price, due: int | None) -> int | None:
        rate = self.rate(insurance, price.primary)
        return None if due is None or rate is None else half_up(due * FINE * rate.denominator, rate.numerator * 100)

    def _fund(self, case: Fact, bill: Bill | None, amount: int | None) -> int | None:
        if amount is None or bill is None:
            return None
        return 0 if case.insurance == "self" else fund_part(amount, bill, self.rule.share_by, self.benefit(case.insurance))


def _benefit(found: Mapping[str, Any] | None) -> Benefit | None:
    return Benefit(int(Decimal(found["deductible"]) * 100), Fraction(found["ratio"]), Fraction(found["first"])) if found else None
