"""病例支付 · What is paid for every case: its standard, how it stands against it, the way that follows, and the fund's part.

A case is settled as the first of these: special review; not paid by group (another insurance, too short a stay); QY; in no
group; long stay; weight, rate or fee unknown; low; high; normal. High-cost cases beyond the quota of a month, counted among
the cases paid by group, get the standard; where the quota is of the year they are taken off at clearing (OutlierCap). Where patient
and others have paid more than is due, the fund pays nothing, or takes the difference back, as the region's rule says.
Source: CHS-DRG 付费技术规范 (2019); 医保办发〔2024〕9号 (特例单议); 医保发〔2026〕22号 (基层病组).
"""

from decimal import Decimal
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.methods.payment.outlier import quota, ranked
from heng.rooms.payment.exact import CASE, CELL, coarse, fen, frame, yuan
from heng.rooms.payment.settling import Fact, Rule, Settled, Settling
from heng.rooms.payment.tariff import Rates, tariff
from heng.tables.grouping import Grouping
from heng.tables.packs import PackWeight
from heng.tables.patients import Encounter
from heng.tables.payment import CaseBill, PayCase

FEN = ("fee", "agreed", "paid", "outside", "class_b")
FUND = ("fund_pay", "fund_fee", "fund_standard")
MONEY = ("standard", "excess", "payment", *FUND)
PRICED = ("primary", "weight", "coefficient", "rate", "standard")
WORKED = {n: pl.Int128() if n in (*MONEY, "points") else PayCase.schema()[n] for n in (*PRICED, *Settled._fields[1:])}


@capability("病例支付", "payment of cases")
def pay_cases(groupings: Grouping, weights: PackWeight, encounters: Encounter, bills: CaseBill, rates: Rates, rule: Rule) -> PayCase:
    """逐例计算应付 · One row per case of the pack that pays."""
    known = encounters.frame().select(*CASE, "dept", "doctor", "care", "days")
    cases = groupings.frame().filter("pays").join(known, on=CASE, how="inner")
    cases = cases.join(bills.frame(), on=CASE, how="inner").sort(CASE)
    settling = Settling(tariff(weights.frame(), rates), rule)
    facts = map(Fact, *(cases.select(fen(n) if n in FEN else n for n in Fact._fields).get_columns()))
    settled = [settling.settled(fact) for fact in facts]
    if rule.cap_period == "month":
        _cap(cases.with_row_index("place"), settled, rule.cap_share)
    found = frame(map(_told, settled), WORKED).with_columns(*map(yuan, MONEY), coarse("points"))
    least = [pl.col(n).clip(lower_bound=0) for n in FUND] if rule.below_zero == "zero" else []
    rows = cases.drop("primary", "weight", strict=False).hstack(found.with_columns(*least, overpaid=pl.col("fund_pay") < 0))
    return rows.with_columns(group="drg").select(n for n in PayCase.columns if not PayCase.columns[n].derived)


def _cap(cases: pl.DataFrame, settled: list[Settled], share: Decimal) -> None:
    """High-cost cases of a month beyond the quota get the standard."""
    for (places,) in cases.group_by(CELL, maintain_order=True).agg("place").select("place").iter_rows():
        high = [(n, settled[n].excess or 0) for n in places if settled[n].outlier == "high"]
        among = sum(settled[n].outlier != "excluded" for n in places)
        for n in ranked(high)[quota(among, share) :]:
            case = settled[n]
            price, due = case.price, case.price.standard.amount if case.price.standard else None
            settled[n] = case._replace(over_cap=True, way="standard", points=price.points, payment=due, fund_pay=case.fund_standard)


def _told(case: Settled) -> tuple[Any, ...]:
    price, *worked = case
    standard = price.standard.amount if price.standard else None
    return price.primary, price.weight, price.coefficient, price.rate, standard, *worked
