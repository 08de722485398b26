"""支付 · Harbin's published weights and rates to the fen, the limits at a hair's breadth, the quota of high-cost cases."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.indicator import INDICATORS
from heng.core.table import Table
from heng.methods.payment.outlier import quota, ranked
from heng.methods.payment.specific import most_specific
from heng.methods.payment.standard import Limits, Stay, Way, paid, standard, standard_amount
from heng.store.policy_files import read_policy
from heng.tables.grouping import Grouping
from heng.tables.packs import PackWeight
from heng.tables.patients import Encounter
from heng.tables.payment import CaseBill, OutlierCap, PayCase

RATE = "payment.pay_cases.rates"
CAP = "payment.pay_cases.cap_share"
FEES = st.integers(1, 10**9)
SHARES = st.fractions(0, 1, max_denominator=100)


def paid_cases(cases: list[tuple[str, str, Decimal]], weights: list[dict[str, Any]], changes: dict[str, Any]) -> Trial:
    """Cases (group, insurance, fee) under a policy."""
    known = [{"encounter": n, "care": "inpatient", "days": 8} for n, _ in enumerate(cases, 1)]
    groups = [{"encounter": n, "pack": "p", "pays": True, "status": "grouped", "drg": case[0]} for n, case in enumerate(cases, 1)]
    bills = [{"encounter": n, "insurance": i, "fee": fee, "special": False} for n, (_, i, fee) in enumerate(cases, 1)]
    given_rows = {PackWeight: [{"pack": "p", "insurance": "", "primary": False} | w for w in weights], Encounter: known, Grouping: groups}
    return Trial({**given_rows, CaseBill: bills}, read_policy().scenario(changes))


# --- published figures


@pytest.fixture(scope="module")
def harbin(shared: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    def rows(name: str) -> list[dict[str, str]]:
        with (shared / f"drg/weights/{name}.csv").open(encoding="utf-8-sig", newline="") as text:
            return list(csv.DictReader(text))

    return rows("harbin_weights"), rows("harbin_rates")


def to_the_fen(weight: str, rate: str) -> Decimal:
    """An independent reading: integers of ten-thousandths of a weight and of fen, rounded half up by hand."""
    ticks, fen = int(Decimal(weight) * 10_000), int(Decimal(rate) * 100)
    whole, rest = divmod(ticks * fen, 10_000)
    return Decimal(whole + (2 * rest >= 10_000)).scaleb(-2)


@pytest.mark.shared
def test_all_weights_of_harbin_times_all_its_rates_to_the_fen(harbin: tuple[list[dict[str, str]], list[dict[str, str]]]) -> None:
    weights, rates = harbin
    products = [(w["weight"], r["rate_yuan_per_1.0_weight"]) for w in weights for r in rates]
    assert (len(weights), len(rates), len(products)) == (2066, 4, 8264)
    got = [standard_amount(Fraction(w), Fraction(r)) for w, r in products]
    assert [Decimal(fen).scaleb(-2) for fen in got] == [to_the_fen(w, r) for w, r in products]


@pytest.mark.shared
def test_a_region_with_the_rates_of_harbin_pays_every_group_of_2024_so(harbin: tuple[list[dict[str, str]], list[dict[str, str]]]) -> None:
    weights, rates = harbin
    of_year = {w["drg"]: w["weight"] for w in weights if w["year"] == "2024"}
    words = {"职工": "employee", "居民": "resident"}
    year = {words[r["scheme"]]: r["rate_yuan_per_1.0_weight"] for r in rates if r["year"] == "2024"}
    wanted = {(g, i): to_the_fen(w, rate) for g, w in of_year.items() for i, rate in year.items()}
    trial = paid_cases(
        [(g, i, due) for (g, i), due in wanted.items()],
        [{"group": g, "weight": w} for g, w in of_year.items()],
        {RATE: [{"insurance": i, "rate": rate} for i, rate in year.items()]},
    )
    got = trial.compute(PayCase).select("group", "insurance", "standard", "payment", "outlier").rows()
    assert {(g, i): s for g, i, s, *_ in got} == wanted
    assert {(p == s, kind) for *_, s, p, kind in got} == {(True, "normal")}


# --- the standard and its limits

LIMITS = st.builds(
    Limits,
    st.none() | st.fractions(0, 1, max_denominator=100),
    st.booleans(),
    st.none() | st.fractions(1, 10, max_denominator=100),
    st.booleans(),
)


@given(st.fractions(1, 500, max_denominator=10_000), LIMITS, st.none() | FEES, st.data())
def test_an_outlier_is_what_the_multiples_say_at_the_limit_and_beside_it(
    points: Fraction, limits: Limits, mean: int | None, data: st.DataObject
) -> None:
    s = standard(points, Fraction("9575.25"), limits, mean)
    edges = [int(m * s.basis) + d for m in (limits.low, limits.high) if m is not None for d in (-1, 0, 1)]
    fee = max(0, data.draw(st.sampled_from(edges) if edges else FEES))
    low = limits.low is not None and (fee < limits.low * s.basis or (limits.low_included and fee == limits.low * s.basis))
    high = limits.high is not None and (fee > limits.high * s.basis or (limits.high_included and fee == limits.high * s.basis))
    assert s.outlier(fee) == ("low" if low else "high" if high else "normal")


@given(FEES, st.fractions(Fraction(1, 10), 300, max_denominator=1000), SHARES)
def test_ways_of_paying_meet_at_the_limit(fee: int, points: Fraction, share: Fraction) -> None:
    """Just at the limit the excess pays nothing more, and the proportion never pays more than the standard."""
    s = standard(points, Fraction(100), Limits(low=Fraction(1, 2), high=Fraction(2)))
    assert paid(Way("excess", share), Stay(2 * s.amount), s) == s.amount
    proportion = paid(Way("proportion"), Stay(fee), s)
    assert proportion == min(fee, s.amount)
    assert paid(Way("fee"), Stay(fee), None) == fee
    assert paid(Way("standard"), Stay(fee), None) is None
    assert paid(Way("per_diem"), Stay(fee, days=3), s) is None
    assert paid(Way("per_diem"), Stay(fee, 3, Fraction(300)), s) == 90_000


COEFFICIENTS = [{"level": "tertiary", "coefficient": "1.1"}, {"coefficient": "0.9"}, {"group": "FV", "coefficient": 2}]


def test_a_group_of_primary_care_is_paid_alike_at_every_level() -> None:
    def standards(level: str) -> dict[str, Decimal]:
        changes = {
            "payment.pay_cases.level": level,
            RATE: [{"level": "tertiary", "rate": 12000}, {"level": "secondary", "rate": 9000}],
            "payment.pay_cases.coefficients": COEFFICIENTS,
            "payment.pay_cases.primary_level": "secondary",
        }
        fee = Decimal(9000)
        trial = paid_cases(
            [("FV21", "employee", fee), ("ES15", "employee", fee)],
            [{"group": "FV21", "weight": 1, "primary": True}, {"group": "ES15", "weight": 1}],
            changes,
        )
        return dict(trial.compute(PayCase).select("group", "standard").iter_rows())

    assert standards("tertiary") == {"FV21": Decimal(9000), "ES15": Decimal(13200)}
    assert standards("secondary") == {"FV21": Decimal(9000), "ES15": Decimal(8100)}


def test_a_new_weight_counts_from_its_day_on_and_leaves_earlier_months_alone() -> None:
    months = ("2026-01", "2026-02", "2026-03")
    weights = [{"pack": "p", "group": "A", "insurance": "", "since": s, "weight": w} for s, w in (("2025-01-01", 1), ("2026-03-01", 2))]
    cases = [{"month": m, "encounter": 1, "pack": "p", "pays": True, "status": "grouped", "drg": "A"} for m in months]
    given_rows: dict[type[Table], Any] = {
        PackWeight: [w | {"primary": False} for w in weights],
        Encounter: [{"month": m, "encounter": 1, "care": "inpatient", "days": 8} for m in months],
        Grouping: cases,
        CaseBill: [{"month": m, "encounter": 1, "insurance": "employee", "fee": 100, "special": False} for m in months],
    }
    trial = Trial(given_rows, read_policy().scenario({RATE: [{"rate": "1000"}]}), [("H01", m) for m in months])
    assert trial.compute(PayCase).sort("month")["standard"].to_list() == [1000, 1000, 2000]


def test_of_two_records_the_one_that_says_more_counts() -> None:
    records = [{"value": 1}, {"group": "G", "value": 2}, {"group": "GB2", "value": 3}, {"level": "tertiary", "group": "G", "value": 4}]
    found = [most_specific(records, {"group": g, "level": "tertiary"}) for g in ("ES15", "GB23")]
    assert [f and f["value"] for f in found] == [1, 4]
    assert (most_specific(records, {"group": "GB23", "level": ""}) or {})["value"] == 3
    assert most_specific(records[3:], {"group": "GB23", "level": ""}) is None


@given(st.permutations([{"insurance": "employee"}, {"level": "tertiary"}, {"group": "GB", "level": "tertiary"}, {"group": "GB2"}, {}]))
def test_of_records_that_say_as_much_group_goes_before_insurance_before_level_wherever_they_stand(records: list[dict[str, str]]) -> None:
    case = {"group": "GB23", "insurance": "employee", "level": "tertiary"}
    ranked = []
    while (best := most_specific(records, case)) is not None:
        ranked.append(best)
        records = [r for r in records if r is not best]
    assert ranked == [{"group": "GB", "level": "tertiary"}, {"group": "GB2"}, {"insurance": "employee"}, {"level": "tertiary"}, {}]


def test_a_rate_of_an_insurance_goes_before_one_of_a_level() -> None:
    rates = [{"level": "tertiary", "rate": "9000"}, {"insurance": "employee", "rate": "8000"}]
    for told in (rates, rates[::-1]):
        changes = {RATE: told, "payment.pay_cases.level": "tertiary"}
        trial = paid_cases([("A", "employee", Decimal(9000)), ("A", "resident", Decimal(9000))], [{"group": "A", "weight": 1}], changes)
        assert trial.compute(PayCase)["standard"].to_list() == [8000, 9000]


def test_a_rate_one_percent_higher_pays_one_percent_more() -> None:
    def owed(changes: dict[str, Any]) -> Decimal:
        trial = paid_cases([("A", "employee", Decimal(9000))], [{"group": "A", "weight": "1.2345"}], {RATE: [{"rate": "10000"}], **changes})
        return Decimal(trial.compute(PayCase)["payment"][0])

    assert owed({}) == Decimal(12345)
    assert owed({"payment.pay_cases.rate_factor": "1.01"}) == Decimal("12468.45")


CASES = st.lists(
    st.tuples(st.sampled_from("ABX"), st.sampled_from(["employee", "resident", "self"]), st.integers(1, 9_000_000)), min_size=1, max_size=12
)


@settings(max_examples=10, deadline=None)
@given(CASES, st.sampled_from(["tertiary", "secondary"]))
def test_an_independent_reading_of_the_rules_of_2019_pays_the_same(cases: list[tuple[str, str, int]], level: str) -> None:
    """In halves up, by hand: weight × rate × coefficient; below 30 % and above 3 or 2 times by item; who pays alone, by item."""
    weights, rates = {"A": "0.8567", "B": "3.1416"}, {"employee": "12252.70", "resident": "9649.24"}

    def owed(group: str, insurance: str, fee: int) -> tuple[int | None, str]:
        if insurance == "self":
            return fee, "excluded"
        if group not in weights:
            return None, "unpriced"
        s = int(Fraction(weights[group]) * Fraction(rates[insurance]) * Fraction("1.05") * 100 + Fraction(1, 2))
        low, high = fee * 10 < 3 * s, fee > {"tertiary": 3, "secondary": 2}[level] * s
        return (fee if low or high else s), ("low" if low else "high" if high else "normal")

    policy = {
        "payment.pay_cases.level": level,
        RATE: [{"insurance": i, "rate": rate} for i, rate in rates.items()],
        "payment.pay_cases.coefficients": [{"coefficient": "1.05"}],
        CAP: 1,
    }
    told = [(g, i, Decimal(fee).scaleb(-2)) for g, i, fee in cases]
    trial = paid_cases(told, [{"group": g, "weight": w} for g, w in weights.items()], policy)
    got = trial.compute(PayCase).sort("encounter").select("payment", "outlier").rows()
    assert [(None if p is None else int(p * 100), kind) for p, kind in got] == [owed(*case) for case in cases]


# --- the quota of high-cost cases


@given(st.dictionaries(st.integers(1, 99), FEES, max_size=30), st.decimals(0, 1, places=2), st.randoms())
def test_the_largest_excess_goes_first_whatever_the_order_of_rows(excess: dict[int, int], share: Decimal, chance: Any) -> None:
    cases = list(excess.items())
    chance.shuffle(cases)
    line, places = ranked(cases), quota(len(cases), share)
    assert line == ranked(excess.items())
    assert places <= share * len(cases) < places + 1
    inside, outside = line[:places], line[places:]
    assert all(excess[a] >= excess[b] for a in inside for b in outside)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1000, 90_000), min_size=1, max_size=25), st.sampled_from(["0", "0.05", "0.2", "1"]), st.randoms())
def test_of_a_month_no_more_than_the_quota_is_paid_above_the_standard(fees: list[int], share: str, chance: Any) -> None:
    policy = {RATE: [{"rate": 10_000}], CAP: share}
    cases = [("A", "employee", Decimal(fee)) for fee in fees]
    found = paid_cases(cases, [{"group": "A", "weight": 1}], policy)
    rows = found.compute(PayCase).to_dicts()
    above = [r["fee"] for r in rows if r["payment"] > r["standard"]]
    beyond = [r["fee"] for r in rows if r["over_cap"]]
    assert len(above) == min(quota(len(fees), Decimal(share)), sum(r["outlier"] == "high" for r in rows))
    assert not above or not beyond or min(above) >= max(beyond)
    assert {r["payment"] for r in rows if r["over_cap"]} <= {Decimal(10_000)}
    caps = found.compute(OutlierCap)
    assert {r["encounter"] for r in caps.filter(~pl.col("inside")).to_dicts()} == {r["encounter"] for r in rows if r["over_cap"]}
    chance.shuffle(cases)
    again = paid_cases(cases, [{"group": "A", "weight": 1}], policy).compute(PayCase)
    assert sorted(again.select("fee", "payment").rows()) == sorted((r["fee"], r["payment"]) for r in rows)


# --- indicators


def test_the_gain_against_fees_counts_no_outlier() -> None:
    """Price 15,000: fees of 18,000 lose 3,000, fees of 13,000 gain 2,000, a low outlier counts as 0."""
    cases = [("A", "employee", Decimal(fee)) for fee in (18_000, 13_000, 1000)]
    rows = paid_cases(cases, [{"group": "A", "weight": "1.5"}], {RATE: [{"rate": 10_000}]})
    rows.compute(PayCase)
    wanted = {
        "payment_margin": Decimal(-1000),
        "settled_rate": (Decimal(31_000) / Decimal(32_000)).quantize(Decimal("0.000001"), ROUND_HALF_UP),
        "low_outlier_rate": Decimal("0.333333"),
        "high_outlier_rate": Decimal(0),
        "fee_to_standard": Decimal("1.033333"),
    }
    for key, value in wanted.items():
        i = INDICATORS[key]
        found = rows.engine.rows(f"select {i.value} as x from {rows.has[PayCase]} where {i.where}")  # noqa: S608 - our own declaration
        got = found["x"][0]
        assert got == value, key
