"""年终清算 · Funds shared out to the last fen; what is cleared lies between standard and actual; the hospitals' sums are the fund."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.errors import PolicyError
from heng.methods.payment.clearing import Band, bands, by_points, settled
from heng.store.policy_files import read_policy
from heng.tables.payment import FundMonth, OutlierCap, YearClearing


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**9), max_size=9))
def test_a_fund_is_shared_out_by_points_to_the_last_fen(total: int, points: list[int]) -> None:
    parts = by_points(total, points)
    assert sum(parts) == (total if any(points) else 0)
    assert all(abs(part * sum(points) - total * p) < sum(points) for part, p in zip(parts, points, strict=True) if sum(points))


PARTS = [Band(Fraction(0), Fraction(17, 20), Fraction(0)), Band(Fraction(17, 20), Fraction(1), Fraction(1))]
OVER = [Band(Fraction(1), Fraction(11, 10), Fraction(3, 10)), Band(Fraction(11, 10), None, Fraction(1))]


@given(st.integers(1, 10**12), st.integers(0, 2 * 10**12), st.booleans())
def test_what_is_cleared_lies_between_standard_and_actual(due: int, actual: int, whole: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    owed = settled(due, actual, [*PARTS, *OVER], whole=whole)
    assert min(due, actual) <= owed <= max(due, actual)
    assert settled(due, due, [*PARTS, *OVER], whole=whole) == due
    if not whole:
        assert 0 <= settled(due, actual + 1, [*PARTS, *OVER]) - owed <= 1  # no cliff: one fen more never turns into yuan


@pytest.mark.parametrize(
    "records",
    [
        [],
        [{"from": 0, "to": 1, "hospital": 1}],
        [{"from": 0, "hospital": 1}],
        [{"from": "0.5", "to": 1, "hospital": 1}, {"from": 1, "hospital": 1}],
        [{"from": 0, "to": "0.8", "hospital": 1}, {"from": "0.9", "to": 1, "hospital": 1}, {"from": 1, "hospital": 1}],
        [{"from": 0, "to": "1.1", "hospital": 1}, {"from": 1, "hospital": 1}],
    ],
    ids=["none", "with an end", "not parted at 1", "not from 0", "a gap", "an overlap"],
)
def test_bands_that_leave_a_gap_are_refused_in_words(records: list[dict[str, Any]]) -> None:
    with pytest.raises(PolicyError, match="首尾相接"):
        bands(records, "payment.clear_year.bands")


ORGS = ["H01", "H02", "H03"]
MONTHS = st.lists(
    st.tuples(st.sampled_from(ORGS), st.integers(1, 12), st.integers(0, 10**7), st.integers(1, 10**9), st.integers(0, 10**9)),
    min_size=1,
    max_size=12,
    unique_by=lambda m: m[:2],
)


@settings(max_examples=10, deadline=None)
@example([("H01", 1, 1, 100, 0), ("H02", 2, 1, 100, 0)], 1200, "points", {})  # no hospital has cases in every month
@given(MONTHS, st.integers(0, 10**10), st.sampled_from(["points", "bands"]), st.sampled_from([{}, {"H01": "0.8", "H02": 1}]))
def test_what_hospitals_get_in_a_year_adds_up_to_the_fund(months: list[Any], fund: int, way: str, scores: dict[str, Any]) -> None:
    def yuan(fen: int) -> Decimal:
        return Decimal(fen).scaleb(-2)

    rows = [
        {"org": o, "month": f"2026-{m:02}", "insurance": "employee", "cases": 1, "unknown": 0, "points": Decimal(p).scaleb(-4)}
        | {"fund_pay": yuan(f), "fund_fee": yuan(f // 2), "patient_share": yuan(s), "advance": yuan(f * 19 // 20), "deposit": yuan(f // 20)}
        for o, m, p, f, s in months
    ]
    policy = {
        "payment.clear_year.way": way,
        "payment.clear_year.assessments": scores,
        "payment.point_values.funds": [{"insurance": "employee", "amount": str(yuan(fund))}],
    }
    cells = [(o, f"2026-{m:02}") for o in ORGS for m in range(1, 13)]
    trial = Trial({FundMonth: rows, OutlierCap: []}, read_policy().scenario(policy), cells)
    for (month,), cleared in trial.compute(YearClearing).partition_by("month", as_dict=True).items():
        assert cleared.filter(pl.col("advanced") + pl.col("balance") + pl.col("withheld") != pl.col("settled")).is_empty()
        held = {m for _, m, *_ in months if f"2026-{m:02}" <= month}
        of_fund = yuan(fund * len(held) // 12)
        if way == "points" and cleared["points"].sum():
            assert cleared["settled"].sum() == of_fund, month


def test_refunds_alone_leave_the_clearing_untold_and_break_nothing() -> None:
    whole = {"month": "2026-01", "insurance": "employee", "cases": 1, "unknown": 0, "fund_pay": "1.00", "fund_fee": "1.00"}
    whole |= {"patient_share": "0.00", "advance": "0.95", "deposit": "0.05"}
    rows = [{**whole, "org": "H01", "points": "10"}, {**whole, "org": "H02", "points": "-1"}]
    policy = {"payment.clear_year.way": "points", "payment.point_values.funds": [{"insurance": "employee", "amount": "1200"}]}
    trial = Trial({FundMonth: rows, OutlierCap: []}, read_policy().scenario(policy), [(o, "2026-01") for o in ORGS])
    assert trial.compute(YearClearing)["settled"].to_list() == [None, None]
