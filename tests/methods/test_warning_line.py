"""预警线 · Exactly on the line, growth beyond growth, months in a row, and alarms that do not flap."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.warning_line import firing, growth_beyond, level, raised, running

LINES = (Fraction(8, 100), Fraction(10, 100))
FEN = st.integers(-(10**15), 10**15)
NO_GAPS = st.lists(st.integers(0, 20), min_size=1, max_size=40)


def test_eight_percent_is_yellow_and_ten_percent_red_to_the_fen() -> None:
    budget = np.full(5, 1_000_000_07)
    over = np.array([8_000_000, 8_000_001, 10_000_000, 10_000_001, -50_000_000])
    assert level(over, budget, LINES).tolist() == [0, 1, 1, 2, 0]
    assert level(np.array([8, 10]), np.array([100, 100]), LINES).tolist() == [1, 2]


def test_without_a_budget_there_is_no_ratio_and_no_level() -> None:
    assert level(np.array([5, 5]), np.array([0, -100]), LINES).tolist() == [0, 0]


@given(FEN, FEN, st.fractions(-1, 3, max_denominator=1000))
def test_the_line_is_held_exactly(part: int, of: int, line: Fraction) -> None:
    reached = of > 0 and Fraction(part, of) >= line
    assert level(np.array([part]), np.array([of]), [line]).tolist() == [int(reached)]


def test_amounts_that_pass_64_bits_are_still_exact() -> None:
    of = np.array([2**61])
    assert level(of // 8, of, [Fraction(125, 1000)]).tolist() == [1]
    assert level(of // 8 - 1, of, [Fraction(125, 1000)]).tolist() == [0]


def test_cost_that_grows_by_twenty_points_more_than_income() -> None:
    """Cost +35 % against income +15 % is on the line; +34.99 % is not; cost +10 % while income falls by 10 % is."""
    cost, before = np.array([13500, 13499, 11000, 5, 5]), np.array([10000, 10000, 10000, 0, 4])
    income, earlier = np.array([11500, 11500, 9000, 9, 9]), np.array([10000, 10000, 10000, 9, 0])
    assert growth_beyond(cost, before, income, earlier, Fraction(1, 5)).tolist() == [True, False, True, False, False]


@given(st.integers(-1, 1), st.integers(1, 10**15), FEN, st.integers(1, 10**15))
def test_growth_is_compared_exactly_next_to_the_line_and_far_from_it(step: int, before: int, income: int, earlier: int) -> None:
    on_line = before * (Fraction(income, earlier) + Fraction(1, 5))
    for cost in (int(on_line) + step, income):
        if abs(cost) < 2**62:
            found = growth_beyond(*(np.array([a]) for a in (cost, before, income, earlier)), Fraction(1, 5))
            assert found.tolist() == [Fraction(cost, before) - Fraction(income, earlier) >= Fraction(1, 5)]


def test_three_months_running() -> None:
    over = np.array([[1, 1, 0, 1, 1, 1, 1], [0, 1, 1, 1, 0, 1, 1]], np.bool_)
    assert running(over, 3).astype(int).tolist() == [[0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0, 0]]


def test_an_alarm_is_raised_at_one_line_and_cleared_below_another() -> None:
    values = np.array([7.9, 8, 7, 6.1, 5.9, 7.9, 8.5, np.nan, 6])
    assert firing(values, 8, 6).astype(int).tolist() == [0, 1, 1, 1, 0, 0, 1, 1, 1]
    assert np.flatnonzero(raised(firing(values, 8, 6))).tolist() == [1, 6]
    with pytest.raises(ValueError, match="above the line"):
        firing(values, 6, 8)


def test_an_alarm_goes_on_for_so_many_months() -> None:
    values = np.array([9, 0, 0, 0, 9, 0, 9, 0, 0, 0, np.nan, 0])
    assert firing(values, 8, 8).astype(int).tolist() == [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    assert firing(values, 8, 8, keep=2).astype(int).tolist() == [1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0]


@given(NO_GAPS, NO_GAPS, st.integers(0, 20), st.integers(0, 20), st.integers(0, 3))
def test_a_second_line_and_keeping_on_raise_fewer_alarms_and_later_months_change_nothing(
    early: list[int], late: list[int], high: int, low: int, keep: int
) -> None:
    values, low = np.array([*early, *late], np.float64), min(high, low)
    steady, plain = firing(values, high, low, keep), firing(values, high, high)
    assert (steady >= plain).all()
    assert raised(steady).sum() <= raised(plain).sum()
    assert steady[: len(early)].tolist() == firing(values[: len(early)], high, low, keep).tolist()
