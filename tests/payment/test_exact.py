"""整数算得与分数一样 · Whole numbers give what exact fractions do: the formulas as they are written, slowly, beside those that are used."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heng.methods.dip.auxiliary import Patient
from heng.methods.dip.deviation import Limits as Deviation
from heng.methods.payment.patient import Benefit, Bill, fund_part
from heng.methods.payment.standard import Limits, Standard, Stay, Way, paid, standard
from heng.methods.rounding import decimal, nearest
from heng.rooms.payment.dip_points import Counting, Rule, Scale
from heng.store.policy_files import read_policy
from tests.payment.test_dip_methods import slow_deviation

FEN, SHARE = st.integers(0, 10**10), st.fractions(0, 2, max_denominator=1000)
WAYS = st.builds(Way, st.sampled_from(["fee", "standard", "proportion", "excess", "per_diem", "share", "wait"]), SHARE)
STANDARDS = st.builds(
    standard,
    st.fractions(0, 1000, max_denominator=10**4),
    st.fractions(0, 10**5, max_denominator=100),
    st.builds(Limits, SHARE, st.booleans(), st.none() | SHARE.map(lambda f: f + 1), st.booleans()),
    st.none() | FEN,
)


def slow_paid(way: Way, stay: Stay, s: Standard | None) -> Fraction | int | None:
    """What a way gives, before rounding."""
    if way.pay in ("fee", "share"):
        return stay.fee * (way.share if way.pay == "share" else 1)
    if way.pay == "per_diem":
        return None if stay.days is None or stay.per_diem is None else stay.days * stay.per_diem * 100
    if s is None or way.pay == "wait" or (way.pay != "standard" and not s.basis) or (way.pay == "excess" and s.high is None):
        return None
    if way.pay == "excess":
        return s.amount + s.amount * (stay.fee - (s.high or 0) * s.basis) / Fraction(s.basis) * way.share
    return s.amount if way.pay == "standard" else s.amount * min(Fraction(stay.fee, s.basis), Fraction(1))


@given(
    WAYS,
    st.builds(Stay, FEN, st.none() | st.integers(0, 400), st.none() | st.fractions(0, 5000, max_denominator=100)),
    st.none() | STANDARDS,
)
def test_every_way_pays_the_same_fen(way: Way, stay: Stay, s: Standard | None) -> None:
    exact = slow_paid(way, stay, s)
    assert paid(way, stay, s) == (None if exact is None else nearest(Fraction(exact)))
    if s and s.high is not None:
        assert s.excess(stay.fee) == max(0, nearest(stay.fee - s.high * s.basis))


@given(FEN, st.builds(Bill, FEN, FEN, FEN, FEN), st.builds(Benefit, FEN, st.fractions(0, 1), st.fractions(0, 1)))
def test_the_fund_bears_the_same_fen(amount: int, bill: Bill, benefit: Benefit) -> None:
    _, _, outside, class_b = bill
    assert fund_part(amount, bill, "ratio", benefit) == amount - nearest(bill.fee * (1 - benefit.ratio))
    left = amount - (outside or 0) - (class_b or 0) * benefit.first - benefit.deductible
    assert fund_part(amount, bill, "list", benefit) == nearest(max(left, Fraction(0)) * benefit.ratio)


# ---------------------------------------------------------------- points of DIP

PLACES: dict[str, int] = {"fee": 2, "treated": 2, "drug": 2, "score": 4, "reference": 6, "measure": 6, "hospital": 6, "disease": 6}
RANGES = {"reference": (10**8, 10**11), "measure": (10**8, 10**11), "hospital": (1, 2 * 10**6), "disease": (1, 2 * 10**6)}
NUMBER = {n: st.integers(*RANGES.get(n, (1, 10**8))).map(lambda v, p=p: Decimal(v).scaleb(-p)) for n, p in PLACES.items()}
CASE = st.fixed_dictionaries(
    NUMBER
    | {"hospital": st.none() | NUMBER["hospital"], "alike": st.booleans()}
    | {"group": st.sampled_from(["J18", "K80"]), "at": st.none() | st.sampled_from(["low", "high", "extreme", "dear_ratio"])}
    | {"age": st.none() | st.integers(0, 99), "days": st.integers(0, 9), "died": st.booleans(), "comorbidity": st.integers(0, 9)}
    | {"organ": st.sampled_from(["", "failure", "lesion"]), "tumour": st.booleans(), "spread": st.booleans()}
    | {"scored": st.booleans(), "age_days": st.none(), "intensive_days": st.none() | st.integers(0, 40)}
)
CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"low_included": True, "addition": "0.9", "beyond": "flat", "unlisted_share": "0.7", "coefficient": "disease", "primary": ["J18"]},
)


def rule_of(changes: dict[str, Any]) -> tuple[Rule, Scale]:
    policy, day = read_policy().scenario({f"payment.dip_case.{n}": v for n, v in changes.items()}), date(2026, 1, 1)
    return Rule(policy, day), Scale(policy, day)


def slow_points(r: dict[str, Any], rule: Rule, scale: Scale, coefficient: Fraction) -> tuple[Decimal | None, str | None, Decimal | None]:
    """Ratio, deviation and points of a case, given its auxiliary coefficient."""
    fee, share = Fraction(r["fee"]), Fraction(rule.unlisted_share)
    if r["score"] is None:
        return None, None, decimal(share * scale.scale * fee / Fraction(r["measure"]), 4) if share else None
    ratio, exact = fee / Fraction(r["reference"]), map(Fraction, (rule.low, rule.high, rule.extreme, rule.addition))
    kind, factor = slow_deviation(Deviation(*exact, rule.low_included, rule.beyond == "flat"), ratio)
    own = r["hospital"] if rule.coefficient == "hospital" else r["disease"]
    hospital = Fraction(1) if r["alike"] or own is None or r["group"] in rule.primary else Fraction(own)
    return decimal(ratio), kind, decimal(Fraction(r["score"]) * factor * coefficient * hospital, 4)


@pytest.mark.parametrize("changes", CHANGES, ids=["nation", "Jining"])
@settings(max_examples=60, deadline=None)
@given(told=st.lists(CASE, min_size=1, max_size=8))
@example(told=[])
def test_every_case_of_dip_has_the_same_points(changes: dict[str, Any], told: list[dict[str, Any]]) -> None:
    rule, scale = rule_of(changes)
    for r in told:
        r |= {"reason": "", "score": r["score"] if r["scored"] else None}
        if r["at"]:  # exactly at a limit, where a cent decides
            r["reference"] = Decimal(round(r["reference"]) + 1)
            r["fee"] = r["reference"] * getattr(rule, r["at"])
    kinds = {n: pl.Decimal(38, p) for n, p in PLACES.items()}
    known = dict.fromkeys(("age", "age_days", "days", "intensive_days", "comorbidity"), pl.Int64) | {"organ": pl.String, "group": pl.String}
    flags = dict.fromkeys(("died", "tumour", "spread", "alike"), pl.Boolean) | {"reason": pl.String}
    schema = {n: {**kinds, **known, **flags}[n] for n in (*PLACES, *Patient._fields, "alike", "group", "reason")}
    found = Counting(rule, scale).counted(pl.DataFrame([{n: r[n] for n in schema} for r in told], schema=schema)).to_dicts()
    assert len(found) == len(told)
    coefficients = {"": Fraction(1)} | {a["kind"]: Fraction(a["coefficient"]) for a in rule.auxiliary}
    for r, got in zip(told, found, strict=True):
        assert got["auxiliary_coefficient"] == coefficients[got["auxiliary"]]
        assert (got["ratio"], got["deviation"], got["points"]) == slow_points(r, rule, scale, coefficients[got["auxiliary"]])
