"""本量利 · G23, G24, and where no break-even exists."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.breakeven import BreakEven, break_even
from heng.methods.step_down import direct
from tests.methods.published import half_digit, number, read

DEVICE = read("G23_break_even.yaml")
FIXED, PRICE, VARIABLE = 100 * sum(DEVICE["fixed"].values()), 100 * DEVICE["price"], 100 * sum(DEVICE["variable"])
FEN = st.integers(1, 10**12)


def found(point: BreakEven | None) -> BreakEven:
    assert point is not None
    return point


@pytest.mark.parametrize("volume", [1, 5019, 12000])
def test_a_large_device_breaks_even_where_printed_whatever_its_volume(volume: int) -> None:
    printed, point = DEVICE["printed"], found(break_even(FIXED, VARIABLE * volume, volume, PRICE * volume))
    assert number(printed["fixed"]) * 100 == FIXED
    assert point.volume == printed["volume"]
    assert abs(point.exact_volume - number(printed["exact_volume"])) <= half_digit(printed["exact_volume"])
    assert abs(point.income / 100 - number(printed["income"])) <= half_digit(printed["income"])
    assert point.exact_volume == Fraction(FIXED, PRICE - VARIABLE)
    for at, surplus in printed["surplus"].items():
        assert point.surplus(at) == number(surplus) * 100


def test_safety_margin_is_the_income_that_may_be_lost() -> None:
    point = found(break_even(fixed=3000, variable=4000, volume=10, income=10000))
    assert (point.volume, point.income, point.safety_margin) == (5, Fraction(5000), Fraction(1, 2))
    assert found(break_even(9000, 4000, 10, 10000)).safety_margin == Fraction(-1, 2)


def test_a_break_even_on_a_whole_volume_is_not_rounded_up() -> None:
    assert found(break_even(fixed=3, variable=0, volume=10, income=1)).volume == 30
    assert found(break_even(fixed=0, variable=1, volume=1, income=2)).volume == 0


@given(FEN, FEN, FEN, FEN)
def test_one_unit_less_than_the_break_even_volume_is_a_loss(fixed: int, variable: int, volume: int, more: int) -> None:
    point = found(break_even(fixed, variable, volume, variable + more))
    assert point.surplus(point.volume) >= 0 > point.surplus(point.volume - 1)
    assert point.surplus(volume) == more - fixed
    assert point.surplus(point.exact_volume) == 0


@pytest.mark.parametrize(
    ("fixed", "variable", "volume", "income"),
    [(1, 5, 1, 5), (1, 6, 1, 5), (1, 0, 0, 5), (1, -5, 1, 0), (-1, 0, 1, 5)],
    ids=["earns its variable cost only", "loses on every unit", "no volume", "no income", "red-ink fixed cost"],
)
def test_undefined_is_none_and_never_zero(fixed: int, variable: int, volume: int, income: int) -> None:
    assert break_even(fixed, variable, volume, income) is None


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError, match="no floats"):
        break_even(1.5, 1, 1, 2)  # type: ignore[arg-type]


def test_full_cost_of_haemodialysis() -> None:
    printed = {name: number(value) for name, value in read("G24_identity.yaml")["printed"].items()}
    cost = np.array([[int(printed["indirect"] * 100), int(printed["direct"] * 100)]])
    final = direct(cost, [0], np.array([[[0, 1], [0, 0]]]), np.zeros((2, 1), np.int64)).final
    full = int(final[:, 0, 1].sum())
    assert full == printed["full"] * 100
    assert round(Fraction(100 * int(final[1, 0, 1]), full), 2) == printed["indirect_percent"]
