"""盈亏的规律 · Laws of margins: parts make the whole to the fen, a bridge leaves nothing, a plan saves just the gap, order is nothing."""

from decimal import Decimal
from fractions import Fraction
from math import exp, log
from statistics import mean, stdev
from typing import Any

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.margin import BreakEvenStay, CaseMargin, GroupReference, MarginBoard, MarginBridge, MarginStep, TargetStep

Row = dict[str, Any]
FEN = st.integers(-5_000_000, 5_000_000)
MONTHS = ("2026-02", "2026-03")
SIDES = ("mdc", "group", "dept", "dept_group", "doctor")
SUMS = ("cases", "priced", "payment", "costed", "paid", "cost", "margin", "profit_official", "split", "contribution")
PLAIN: Row = {"care": "inpatient", "insurance": "employee", "pack": "p-1", "status": "grouped", "outlier": "normal"}


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


@st.composite
def case(draw: st.DrawFn) -> Row:
    """A case of which anything may be unknown."""
    payment, cost, variable, fee = (draw(st.none() | FEN) for _ in range(4))
    drug, material = (draw(st.none() | st.integers(0, 100_000)) for _ in range(2))
    standard = payment if fee is not None else None
    known = payment is not None and cost is not None
    return PLAIN | {
        "month": draw(st.sampled_from(MONTHS)),
        "mdc": draw(st.sampled_from(["G", "E", None])),
        "group": draw(st.sampled_from(["GB23", "ES15", "KS15", None])),
        "dept": draw(st.sampled_from(["外科", "内科", None])),
        "doctor": draw(st.sampled_from(["D1", "D2", None])),
        "days": draw(st.none() | st.integers(0, 40)),
        "weight": draw(st.none() | st.just(Decimal("1.25"))),
        "fee": yuan(fee),
        "standard": yuan(standard),
        "payment": yuan(payment),
        "cost": yuan(cost),
        "variable": yuan(variable),
        "drug": yuan(drug) if cost is not None else None,
        "material": yuan(material) if cost is not None else None,
        "profit_official": yuan(standard - fee) if standard is not None and fee is not None else None,
        "margin": yuan(payment - cost) if known and payment is not None and cost is not None else None,
        "contribution": yuan(payment - variable) if payment is not None and variable is not None else None,
    }


CASES = st.lists(case(), min_size=1, max_size=12)


def worked(rows: list[Row], wanted: type[Table], policy: Row | None = None, **more: list[Row]) -> pl.DataFrame:
    """What comes of cases, numbered within their month in the order in which they stand."""
    numbered = [{**r, "encounter": n} for n, r in enumerate(rows, 1)]
    given_rows = {CaseMargin: numbered} | {t: more[t.__name__] for t in (MarginStep,) if t.__name__ in more}
    return Trial(given_rows, read_policy().scenario(policy or {}), [("H01", m) for m in MONTHS]).compute(wanted)


@settings(max_examples=15, deadline=None)
@given(CASES)
def test_every_side_of_the_board_adds_up_to_the_cases(rows: list[Row]) -> None:
    board = worked(rows, MarginBoard)
    for month in MONTHS:
        now = [r for r in rows if r["month"] == month]
        whole = {
            "cases": len(now),
            "payment": sum(r["payment"] for r in now if r["payment"] is not None),
            "margin": sum(r["margin"] for r in now if r["margin"] is not None),
            "profit_official": sum(r["profit_official"] for r in now if r["profit_official"] is not None),
        }
        for by in ("hospital", *SIDES):
            part = board.filter((pl.col("month") == month) & (pl.col("by") == by))
            sums = {n: sum(v for v in part[n] if v is not None) for n in SUMS}
            assert {n: sums[n] for n in whole} == whole, by
            assert sums["paid"] - sums["cost"] == sums["margin"]


@settings(max_examples=15, deadline=None)
@given(CASES)
def test_a_bridge_leaves_nothing_and_does_not_ask_in_what_order_cases_stand(rows: list[Row]) -> None:
    found = worked(rows, MarginBridge)
    assert set(found["residual"]) <= {Decimal("0.00")}
    assert set(found["month"]) <= {MONTHS[1]}
    for column, month in (("before", MONTHS[0]), ("after", MONTHS[1])):
        if found.height:
            assert found[column].sum() == sum(r["margin"] for r in rows if r["month"] == month and r["margin"] is not None)
    assert worked(rows[::-1], MarginBridge).equals(found)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 2_000_000), min_size=1, max_size=6), st.integers(1, 3_000_000), st.integers(0, 99), st.booleans())
def test_the_steps_of_a_plan_save_just_the_gap(costs: list[int], price: int, wished: int, best: bool) -> None:  # noqa: FBT001 - drawn
    names = ["exam", "lab", "surgery", "ward", "nursing", "pharmacy"][: len(costs)]
    stay = PLAIN | {"month": MONTHS[1], "group": "GB23", "method": "bottom_up", "payment": yuan(price)}
    steps = [{"month": MONTHS[1], "group": "GB23", "step": s, "cases": 1, "amount": yuan(c)} for s, c in zip(names, costs, strict=True)]
    policy = {"payment.target_cost.wished": Decimal(wished).scaleb(-2), "payment.target_cost.share_by": "best" if best else "cost"}
    plan = worked([stay], TargetStep, policy, MarginStep=steps)
    target = price - round(Fraction(price * wished, 100) + Fraction(1, 10**9))
    if sum(costs) <= target:
        assert plan.height == 0
    else:
        assert plan["cut"].sum() == yuan(sum(costs) - target) == plan["gap"][0]
        assert plan["planned"].sum() == plan["target"][0]
        assert plan["cut"].min() >= 0


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=3, max_size=8), st.integers(1, 2_000), st.integers(0, 20_000), st.integers(1, 60))
def test_on_the_break_even_day_the_payment_is_the_variable_cost(days: list[int], each: int, first: int, even: int) -> None:
    """Where variable cost lies on a line, the day that was put in comes out, whatever the stays."""
    assume(len(set(days)) > 1)
    rows = [
        PLAIN
        | {"month": MONTHS[1], "group": "GB23", "days": d, "variable": Decimal(first + each * d), "payment": Decimal(first + each * even)}
        for d in days
    ]
    row = worked(rows, BreakEvenStay, {"payment.break_even_stay.least": 3}).filter(pl.col("by") == "group").row(0, named=True)
    assert (row["day_cost"], row["break_even"]) == (each, even)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), min_size=1, max_size=7))
def test_low_risk_groups_are_those_the_plain_formula_names(groups: list[tuple[int, int]]) -> None:
    rates = {f"G{n}": Fraction(min(dead, size), size) for n, (size, dead) in enumerate(groups)}
    logs = {g: log(r) for g, r in rates.items() if r}
    spread = stdev(logs.values()) if len(logs) > 1 else 0.0
    assume(all(abs(log(r) - edge) > 1e-9 for r in rates.values() if r for edge in ([mean(logs.values()) - spread] if spread else [])))
    rows = [PLAIN | {"month": MONTHS[1], "group": f"G{n}", "died": i < dead} for n, (size, dead) in enumerate(groups) for i in range(size)]
    found = dict(worked(rows, GroupReference).select("group", "risk").iter_rows())
    low = {g for g, r in rates.items() if r and spread and r < exp(mean(logs.values()) - spread)}
    assert {g for g, risk in found.items() if risk == "low"} == low
    assert {g for g, risk in found.items() if risk == "none"} == {g for g, r in rates.items() if not r}
