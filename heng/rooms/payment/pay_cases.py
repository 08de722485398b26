"""病例支付 · What is paid for every case: its standard, how it stands against it, the way that follows, and the fund's part.

A case is settled as the first of these: special review; not paid by group (another insurance, too short a stay); QY; in no
group; long stay; weight, rate or fee unknown; low; high; normal. High-cost cases beyond the quota of a month, counted among
the cases paid by group, get the standard; where the quota is of the year they are taken off at clearing (OutlierCap).
Source: CHS-DRG 付费技术规范 (2019); 医保办发〔2024〕9号 (特例单议); 医保发〔2026〕22号 (基层病组).
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.payment.clearing import FINE
from heng.methods.payment.outlier import quota, ranked
from heng.methods.payment.patient import Benefit, Bill, fund_part
from heng.methods.payment.specific import most_specific
from heng.methods.payment.standard import Stay, Way, paid
from heng.methods.rounding import nearest
from heng.rooms.payment.exact import CELL, coarse, in_fen, yuan
from heng.rooms.payment.tariff import Price, Rates, Tariff, tariff
from heng.tables.grouping import Grouping
from heng.tables.packs import PackWeight
from heng.tables.patients import Encounter
from heng.tables.payment import CaseBill, PayCase

MONEY = ("standard", "fee", "excess", "payment", "fund_pay", "fund_fee", "fund_standard")
FRAME = {n: pl.Int64() if n in (*MONEY, "points") else kind for n, kind in PayCase.schema().items()}


class Rule(Params, at="payment.pay_cases"):
    """规则 · Who is paid by group, which stays are not, how each kind is paid, the quota, and the fund's part."""

    insured: list[Any]
    short_until: int
    long_from: int
    ways: list[Any]
    cap_share: Decimal
    cap_period: str
    share_by: str


@capability("病例支付", "payment of cases")
def pay_cases(groupings: Grouping, weights: PackWeight, encounters: Encounter, bills: CaseBill, rates: Rates, rule: Rule) -> PayCase:
    """逐例计算应付 · One row per case of the pack that pays."""
    known = encounters.frame().select(*CELL, "encounter", "dept", "doctor", "care", "days")
    cases = groupings.frame().filter("pays").join(known, on=[*CELL, "encounter"], how="inner")
    cases = cases.join(bills.frame(), on=[*CELL, "encounter"], how="inner").sort(*CELL, "encounter")
    desk = _Desk(tariff(weights.frame(), rates), rule)
    found = [row for cell in cases.partition_by(CELL, maintain_order=True) for row in desk.month(cell)]
    rows = pl.DataFrame(found, schema={n: t for n, t in FRAME.items() if not PayCase.columns[n].derived})
    return rows.with_columns(*map(yuan, MONEY), coarse("points"))


class _Desk:
    """The rules of a hospital, ready for its cases."""

    def __init__(self, known: Tariff, rule: Rule) -> None:
        self.tariff, self.rule = known, rule
        self.ways = {"normal": Way("standard"), "unpriced": Way("wait")}
        self.ways |= {w["outlier"]: Way(w["pay"], Fraction(w.get("share") or 1)) for w in rule.ways}

    def month(self, cases: pl.DataFrame) -> list[dict[str, Any]]:
        rows = [self.case(case) for case in cases.iter_rows(named=True)]
        if self.rule.cap_period == "month":
            high = [(row["encounter"], row["excess"]) for row in rows if row["outlier"] == "high"]
            among = sum(row["outlier"] != "excluded" for row in rows)
            over = set(ranked(high)[quota(among, self.rule.cap_share) :])
            for row in rows:
                if row["encounter"] in over:
                    price = self.tariff.price(row["month"], row["pack"], row["group"], row["insurance"])
                    row |= {"over_cap": True, "way": "standard", "payment": row["standard"], "fund_pay": row["fund_standard"]}
                    row["points"] = price.points
        return rows

    def case(self, case: dict[str, Any]) -> dict[str, Any]:
        price = self.tariff.price(case["month"], case["pack"], case["drg"] or "", case["insurance"])
        fee, s = in_fen(case["fee"]), price.standard
        kind = self._kind(case, price)
        agreed = in_fen(case["agreed"]) if kind == "special" else None
        way = self.ways.get(kind, Way("fee"))
        due = agreed if agreed is not None or fee is None else paid(way, self._stay(case, fee), s)
        bill = None if fee is None else Bill(fee, *(in_fen(case[n]) for n in ("paid", "outside", "class_b")))
        return {n: case[n] for n in FRAME if n in case} | {
            "group": case["drg"],
            "primary": price.primary,
            "weight": price.weight,
            "coefficient": price.coefficient,
            "rate": price.rate,
            "standard": s.amount if s else None,
            "fee": fee,
            "outlier": kind,
            "excess": s.excess(fee) if s and fee is not None and kind == "high" else None,
            "over_cap": False,
            "way": way.pay if agreed is None and kind != "unpriced" else None,
            "points": price.points if s and due == s.amount else self._points(case["insurance"], price, due),
            "payment": due,
            "fund_pay": self._fund(case, bill, due),
            "fund_fee": self._fund(case, bill, fee),
            "fund_standard": self._fund(case, bill, s.amount if s else None),
        }

    def _kind(self, case: dict[str, Any], price: Price) -> str:
        days = case["days"] or 0
        if case["special"]:
            return "special"
        if case["insurance"] not in self.rule.insured or 0 < days <= self.rule.short_until:
            return "excluded"
        if case["status"] != "grouped":
            return "qy" if case["status"] == "qy" else "ungrouped"
        if 0 < self.rule.long_from <= days:
            return "long"
        return "unpriced" if price.standard is None or case["fee"] is None else price.standard.outlier(in_fen(case["fee"]) or 0)

    def _stay(self, case: dict[str, Any], fee: int) -> Stay:
        place = {"group": case["drg"] or "", "insurance": case["insurance"], "level": self.tariff.rules.level}
        daily = most_specific(self.tariff.rules.per_diems, place) if self.tariff.rules.per_diems else None
        return Stay(fee, case["days"], Fraction(daily["daily"]) if daily else None)

    def _points(self, insurance: str, price: Price, due: int | None) -> int | None:
        rate = self.tariff.rate(insurance, primary=price.primary)
        return None if due is None or rate is None else nearest(due * FINE / (rate * 100))

    def _fund(self, case: dict[str, Any], bill: Bill | None, amount: int | None) -> int | None:
        if amount is None or bill is None:
            return None
        if case["insurance"] == "self":
            return 0
        found = most_specific(self.tariff.rules.benefits, {"insurance": case["insurance"], "level": self.tariff.rules.level})
        benefit = Benefit(int(Decimal(found["deductible"]) * 100), Fraction(found["ratio"]), Fraction(found["first"])) if found else None
        return fund_part(amount, bill, self.rule.share_by, benefit)
