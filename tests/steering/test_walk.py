"""逐月判断的规律 · Laws of watching: later months change nothing earlier, absence is no zero, the order of rows is no matter."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from heng.core.period import shift
from heng.rooms.steering.breaches import Rule, breaches
from heng.store.policy_files import read_policy
from heng.tables.steering import CostElement, Figure, SignalDecision
from tests.steering.conftest import LAST_DAY

FIRST = "2023-01"
VALUES = st.lists(st.none() | st.integers(50, 200), min_size=1, max_size=40)
WATCHED = ("material_per_hundred", "budget_use", "equipment_cost", "bed_day_cost")
POLICY = read_policy()
laws = settings(max_examples=25, deadline=None)


def figures(values: list[int | None], indicator: str = WATCHED[0], dept: str = "C1") -> pl.DataFrame:
    rows = [
        {"org": "H01", "month": shift(FIRST, n), "indicator": indicator, "dept": dept, "numerator": "1000000", "value": str(v)}
        for n, v in enumerate(values)
        if v is not None
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(Figure.columns, pl.String)).cast(dict(Figure.schema()))  # type: ignore[arg-type]


def found(rows: pl.DataFrame, rule: Rule | None = None) -> list[dict[str, Any]]:
    none = SignalDecision(lambda: pl.DataFrame(schema=SignalDecision.schema()))
    nothing = CostElement(lambda: pl.DataFrame(schema=CostElement.schema()))
    made: Any = breaches(Figure(lambda: rows), nothing, none, rule or Rule(POLICY, LAST_DAY))
    return list(made.sort("org", "month", "watch", "dept").to_dicts())


@laws
@given(VALUES, st.sampled_from(WATCHED), st.integers(50, 200))
def test_a_later_month_never_changes_an_earlier_signal(values: list[int | None], indicator: str, later: int) -> None:
    more = found(figures([*values, later], indicator))
    assert [r for r in more if r["month"] != shift(FIRST, len(values))] == found(figures(values, indicator))


@laws
@given(VALUES, st.sampled_from(WATCHED))
def test_a_signal_needs_data(values: list[int | None], indicator: str) -> None:
    there = {shift(FIRST, n) for n, v in enumerate(values) if v is not None}
    assert {r["month"] for r in found(figures(values, indicator))} <= there


@laws
@given(VALUES, VALUES, st.randoms())
def test_the_order_of_rows_and_the_company_of_others_are_no_matter(one: list[int | None], two: list[int | None], chance: Any) -> None:
    rows = pl.concat([figures(one), figures(two, dept="C2"), figures(two, "drug_share")])
    order = list(range(rows.height))
    chance.shuffle(order)
    shuffled = found(rows[order])
    assert shuffled == found(rows)
    assert [r for r in shuffled if r["dept"] == "C1" and r["indicator"] == WATCHED[0]] == found(figures(one))


@laws
@given(st.lists(st.integers(50, 200), min_size=26, max_size=40))
def test_what_lies_more_than_two_years_back_does_not_count(values: list[int]) -> None:
    """A partition reads its own window: worked out alone it must say what it says among others."""
    last = shift(FIRST, len(values) - 1)
    window = figures([None] * (len(values) - 25) + [*values[-25:]])
    assert [r for r in found(figures(values)) if r["month"] == last] == [r for r in found(window) if r["month"] == last]


def together(*series: list[int | None]) -> pl.DataFrame:
    """Bed-day cost, held against what moves all departments: one series a department, C1, C2 …"""
    return pl.concat([figures(values, "bed_day_cost", f"C{n}") for n, values in enumerate(series, 1)])


@laws
@given(st.lists(st.lists(st.none() | st.integers(50, 200), min_size=15, max_size=30), min_size=4, max_size=4))
def test_what_moves_all_departments_is_learnt_from_the_window_alone(series: list[list[int | None]]) -> None:
    """Of departments that begin at different times and have gaps, too: a month worked out alone says what it says among others."""
    many = max(26, *(len(s) for s in series))
    whole: list[list[int | None]] = [[None] * (many - len(s)) + [*s] for s in series]
    last = shift(FIRST, many - 1)
    window = together(*([None] * (many - 25) + s[-25:] for s in whole))
    assert [r for r in found(together(*whole)) if r["month"] == last] == [r for r in found(window) if r["month"] == last]


@laws
@given(VALUES, st.integers(50, 200), st.integers(50, 200))
def test_one_departments_error_is_no_alert_of_another(error: list[int | None], one: int, two: int) -> None:
    many = len(error)
    assert {r["dept"] for r in found(together(error, [one] * many, [two] * many))} <= {"C1"}


@laws
@given(st.lists(st.integers(50, 200), min_size=1, max_size=30), st.lists(st.integers(50, 200), min_size=3, max_size=5))
def test_what_moves_all_departments_alike_is_no_alert_of_any(moves: list[int], sizes: list[int]) -> None:
    assert found(together(*([size * move for move in moves] for size in sizes))) == []


@laws
@given(st.lists(st.integers(50, 200), min_size=2, max_size=40), st.integers(1, 9))
def test_cost_that_grows_as_income_does_is_no_alert(income: list[int], times: int) -> None:
    cost: list[int | None] = [times * i for i in income]
    rows = pl.concat([figures(cost, "medical_cost"), figures([*income], "medical_income")])
    assert found(rows) == []


@laws
@given(st.integers(50, 200), st.integers(6, 40))
def test_what_never_changes_never_signals(value: int, months: int) -> None:
    assert found(figures([value] * months)) == []
