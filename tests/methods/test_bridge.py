"""因素分析 · Actual less standard as volume, mix and price, with nothing left over."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.apportion import Integers
from heng.methods.bridge import bridge

FEN, VOLUME = st.integers(-(10**12), 10**12), st.integers(1, 10**6)
ITEMS = st.lists(st.tuples(FEN, VOLUME, FEN, st.integers(0, 10**6)), min_size=1, max_size=6)


def columns(items: list[tuple[int, int, int, int]]) -> list[Integers]:
    return list(np.array(items, np.int64).T)


def test_two_items_by_hand() -> None:
    """Standard 100 × 10 and 100 × 30 yuan; actual 100 × 11 and 200 × 30: half again as many, more of the dear one."""
    effect = bridge(*columns([(100000, 100, 110000, 100), (300000, 100, 600000, 200)]))
    assert effect.volume.tolist() == [50000, 150000]
    assert effect.mix.tolist() == [-50000, 150000]
    assert effect.price.tolist() == [10000, 0]


def test_one_item_has_no_mix() -> None:
    effect = bridge(*columns([(100000, 100, 126000, 120)]))
    assert [effect.volume.tolist(), effect.mix.tolist(), effect.price.tolist()] == [[20000], [0], [6000]]


def test_a_new_item_has_no_standard_price_and_is_mix() -> None:
    effect = bridge(*columns([(100000, 100, 100000, 100), (0, 0, 7000, 50)]))
    assert effect.mix[1] == 7000
    assert effect.price[1] == 0


def test_half_a_fen_goes_away_from_zero_on_both_sides() -> None:
    effect = bridge(*columns([(1, 2, 0, 1), (-1, 2, 0, 1)]))
    assert effect.volume.tolist() == [0, 0]  # 0.5 → 1 and −0.5 → −1
    assert effect.price.tolist() == [-1, 1]


@given(ITEMS)
def test_the_three_effects_add_up_to_the_difference_item_by_item(items: list[tuple[int, int, int, int]]) -> None:
    standard, old, actual, new = columns(items)
    effect = bridge(standard, old, actual, new)
    assert np.array_equal(effect.volume + effect.mix + effect.price, actual - standard)


@given(ITEMS)
def test_each_level_is_within_half_a_fen_of_the_exact_one(items: list[tuple[int, int, int, int]]) -> None:
    effect = bridge(*columns(items))
    growth = Fraction(sum(i[3] for i in items), sum(i[1] for i in items))
    for at, (standard, old, actual, new) in enumerate(items):
        assert abs(standard * growth - standard - int(effect.volume[at])) <= Fraction(1, 2)
        assert abs(actual - Fraction(standard * new, old) - int(effect.price[at])) <= Fraction(1, 2)


def test_groups_are_independent_rows() -> None:
    rows = np.array([[[100000, 300000], [100, 100], [110000, 600000], [100, 200]], [[5, 7], [1, 1], [6, 9], [2, 1]]])
    together = bridge(*rows.transpose(1, 0, 2))
    for row in range(len(rows)):
        alone = bridge(*rows[row])
        assert np.array_equal(together.mix[row], alone.mix)
        assert np.array_equal(together.volume[row], alone.volume)


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([(5, 0, 1, 1), (5, 1, 1, 1)], "has no price"),
        ([(0, 0, 1, 1)], "without standard volume"),
        ([(5, 1, 1, -1)], "must not be negative"),
        ([(10**15, 1, 1, 10**6)], r"below 2\*\*62 fen"),
    ],
)
def test_what_cannot_be_explained_is_refused(items: list[tuple[int, int, int, int]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bridge(*columns(items))


def test_shapes_must_agree() -> None:
    one, two = np.array([1]), np.array([1, 2])
    with pytest.raises(ValueError, match="one shape"):
        bridge(one, one, two, two)
