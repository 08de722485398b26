"""标准成本差异 · Actual less standard as volume, mix, efficiency, price and capacity, with nothing left over."""

from __future__ import annotations

from dataclasses import astuple
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.bridge import bridge
from heng.methods.rounding import nearest
from heng.methods.variance import Line, idle, variance

SIZE = st.integers(0, 10**9).map(lambda n: Fraction(n, 10**4))
RATE = st.integers(0, 10**8).map(lambda n: Fraction(n, 10**4))
FEN = st.integers(-(10**10), 10**10)
LINES = st.lists(st.builds(Line, SIZE, SIZE, st.none() | RATE, st.none() | SIZE, st.none() | SIZE, FEN), min_size=1, max_size=6)


def test_time_and_rate_by_hand() -> None:
    """100 of 10 minutes at 2 fen were planned; 120 took 1,320 minutes and 2,904 fen."""
    (found,) = variance([Line(Fraction(100), Fraction(120), Fraction(2), Fraction(10), Fraction(1320), 2904)])
    assert astuple(found) == (400, 0, 240, 264)


@given(LINES)
def test_the_effects_of_every_item_add_up_to_actual_less_standard(lines: list[Line]) -> None:
    for x, found in zip(lines, variance(lines), strict=True):
        assert sum(astuple(found)) == x.amount - nearest(x.planned * x.unit())


@given(st.lists(st.tuples(*[st.integers(1, 10**4)] * 4), min_size=1, max_size=6))
def test_without_times_it_is_the_bridge_of_volume_mix_and_price(items: list[tuple[int, int, int, int]]) -> None:
    planned, quantity, rate, amount = np.array(items, np.int64).T
    want = bridge(planned * rate, planned, amount, quantity)
    lines = [Line(Fraction(p), Fraction(q), Fraction(r), None, None, a) for p, q, r, a in items]
    assert [(e.volume, e.mix, e.price) for e in variance(lines)] == list(zip(want.volume, want.mix, want.price, strict=True))


@given(LINES, st.integers(1, 1000))
def test_more_of_the_same_at_standard_times_and_rates_is_volume_alone(lines: list[Line], grown: int) -> None:
    planned = [Line(x.planned, x.planned * grown, x.rate or Fraction(1), x.minutes, None, 0) for x in lines]
    for x, found in zip(planned, variance([_at_standard(x) for x in planned]), strict=True):
        assert astuple(found) == (nearest(x.quantity * x.unit()) - nearest(x.planned * x.unit()), 0, 0, 0)


def _at_standard(x: Line) -> Line:
    spent = None if x.minutes is None else x.quantity * x.minutes
    return Line(x.planned, x.quantity, x.rate, x.minutes, spent, nearest(x.quantity * x.unit()))


def test_an_item_without_a_standard_is_mix_and_nothing_planned_is_no_growth() -> None:
    found = variance([Line(Fraction(), Fraction(5), None, None, None, 77), Line(Fraction(), Fraction(2), Fraction(10), None, None, 25)])
    assert [astuple(e) for e in found] == [(0, 77, 0, 0), (0, 20, 0, 5)]


@given(SIZE, st.none() | SIZE, st.none() | RATE, FEN)
def test_capacity_and_its_price_add_up(planned: Fraction, minutes: Fraction | None, rate: Fraction | None, amount: int) -> None:
    capacity, price = idle(planned, minutes, rate, amount)
    assert capacity + price == amount - nearest(planned * (rate or 0))
    if minutes is None or rate is None:
        assert price == 0


@pytest.mark.parametrize("field", range(4))
def test_what_cannot_be_negative_is_refused(field: int) -> None:
    numbers = [Fraction(-1) if n == field else Fraction(1) for n in range(4)]
    planned, quantity, minutes, spent = numbers
    with pytest.raises(ValueError, match="must not be negative"):
        variance([Line(planned, quantity, Fraction(1), minutes, spent, 1)])
