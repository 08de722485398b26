"""公布的表里推不出 1 至 10 的计数 · From what is published nobody derives a count of one to ten, by any linear programme."""

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from heng.methods.disclosure import dominated, hidden
from tests.methods.attack import Attack, total

Axes = tuple[int, ...]
Counts = NDArray[np.int64]
ROWS_COLUMNS_TOTALS = [(0, 1), (0,), (1,), ()]


def small(counts: Counts, shown: list[Axes]) -> list[tuple[Axes, tuple[int, ...]]]:
    """The counts of one to ten among all that is published."""
    tables = {axes: counts.sum(axis=tuple(a for a in range(counts.ndim) if a not in axes)) for axes in shown}
    return [(axes, tuple(map(int, at))) for axes, table in tables.items() for at in np.argwhere((table > 0) & (table < 11))]


def broken(counts: Counts, masks: dict[Axes, NDArray[np.bool_]]) -> list[tuple[Axes, tuple[int, ...]]]:
    """The small counts of which the attacker learns that they are small, or knows within less than five."""
    attack, found = Attack(counts, masks), []
    for axes, at in small(counts, list(masks)):
        least, most = attack.range_of(axes, at)
        assert least <= total(counts, axes, at)
        if most is not None and (most < 11 or most - least < 5):
            found.append((axes, at))
    return found


def test_a_ward_with_three_cases_is_hidden_with_three_others() -> None:
    counts = np.array([[3, 20, 30], [40, 50, 60], [25, 18, 70]])
    masks = hidden(counts, ROWS_COLUMNS_TOTALS)
    # The cheapest box around the 3: with 20, 25 and 18. Every total stays.
    assert masks[0, 1].tolist() == [[True, True, False], [False, False, False], [True, True, False]]
    assert not any(masks[axes].any() for axes in [(0,), (1,), ()])
    assert Attack(counts, masks).range_of((0, 1), (0, 0)) == (1, 20 + 3 - 1)  # the 20 beside it is one at least


def test_hiding_only_the_small_counts_hides_nothing() -> None:
    counts = np.array([[3, 20, 30], [40, 50, 60], [25, 18, 70]])
    alone = {axes: counts.sum(axis=tuple({0, 1} - set(axes))) < 11 for axes in ROWS_COLUMNS_TOTALS}
    assert Attack(counts, alone).range_of((0, 1), (0, 0)) == (3, 3)
    assert broken(counts, alone) == [((0, 1), (0, 0))]


def test_nothing_small_nothing_hidden() -> None:
    assert not any(m.any() for m in hidden(np.array([[11, 0], [0, 200]]), ROWS_COLUMNS_TOTALS).values())


def test_one_hospital_alone_hides_along_its_row() -> None:
    # What is hidden of the hospital is hidden of the region, which has no other; the totals stay.
    masks = hidden(np.array([[4, 500, 90]]), ROWS_COLUMNS_TOTALS)
    assert masks[0, 1].tolist() == [[True, False, True]]
    assert masks[(1,)].tolist() == [True, False, True]
    assert not any(masks[axes].any() for axes in [(0,), ()])


def test_where_no_box_is_left_the_totals_go_too() -> None:
    # A region with a single disease: its one small count is its total, wherever that stands.
    masks = hidden(np.array([[4], [0]]), ROWS_COLUMNS_TOTALS)
    assert {axes: mask.tolist() for axes, mask in masks.items()} == {(0, 1): [[True], [False]], (0,): [True, False], (1,): [True], (): True}
    assert broken(np.array([[4], [0]]), masks) == []


def tables_of(axes: int) -> list[Axes]:
    return list(chain.from_iterable(combinations(range(axes), n) for n in range(axes + 1)))


@st.composite
def published(draw: st.DrawFn) -> tuple[Counts, list[Axes]]:
    """Counts by two or three axes, small ones and zeros among them, and tables that are linked by common margins."""
    shape = draw(st.sampled_from([(1, 3), (2, 2), (3, 3), (3, 4), (4, 4), (2, 2, 2), (2, 2, 3), (2, 3, 3)]))
    one = st.one_of(st.integers(0, 12), st.integers(0, 60), st.just(0), st.integers(100, 1000))
    cells = draw(st.lists(one, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    shown = draw(st.lists(st.sampled_from(tables_of(len(shape))), min_size=1, unique=True))
    return np.array(cells, np.int64).reshape(shape), shown


@settings(max_examples=200, deadline=None, derandomize=True)
@given(published())
def test_no_attacker_derives_a_small_count(case: tuple[Counts, list[Axes]]) -> None:
    counts, shown = case
    if small(counts, shown):
        assert broken(counts, hidden(counts, shown)) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(published())
def test_what_is_shown_is_zero_or_large_and_a_zero_is_always_shown(case: tuple[Counts, list[Axes]]) -> None:
    counts, shown = case
    for axes, mask in hidden(counts, shown).items():
        table = counts.sum(axis=tuple(a for a in range(counts.ndim) if a not in axes))
        assert mask.shape == table.shape
        assert not mask[table == 0].any()
        assert mask[(table > 0) & (table < 11)].all()


def test_the_same_counts_hide_the_same_cells() -> None:
    counts = np.random.default_rng(7).poisson(15, (12, 20))
    first, second = hidden(counts, ROWS_COLUMNS_TOTALS), hidden(counts, ROWS_COLUMNS_TOTALS[::-1])
    assert all((first[axes] == second[axes]).all() for axes in ROWS_COLUMNS_TOTALS)


@pytest.mark.parametrize("shown", [[(0, 1), (0, 2), (1, 2)], [(0, 1), (1, 2), (1,), ()]])
def test_linked_tables_are_hidden_together(shown: list[Axes]) -> None:
    # The array itself is not published: only tables that share an axis.
    counts = np.array([[[2, 30, 4], [25, 0, 40]], [[30, 22, 60], [41, 3, 35]]])
    assert broken(counts, hidden(counts, shown)) == []


def test_a_count_is_protected_by_patients_that_there_are() -> None:
    # The margins around the one at (0, 0) look large enough, but nobody stands where the box would have to take people away.
    counts = np.array([[[0, 0, 1], [0, 30, 0], [0, 0, 40]], [[1, 0, 20], [4, 40, 0], [0, 0, 0]]])
    assert broken(counts, hidden(counts, [(0, 1), (0, 2), (1, 2)])) == []


SHARE = Fraction(4, 5)


def standing_out(costs: Counts, masks: dict[Axes, NDArray[np.bool_]], by: int) -> list[tuple[Axes, tuple[int, ...], int]]:
    """Sums over the parties with one that makes up more than four fifths of what is not shown, and how large each would have to be."""
    found = list[tuple[Axes, tuple[int, ...], int]]()
    for axes in (a for a in masks if by not in a and tuple(sorted((*a, by))) in masks):
        finer = tuple(sorted((*axes, by)))
        for at in np.ndindex(masks[axes].shape):
            parts = [(*at[: axes_before(axes, by)], p, *at[axes_before(axes, by) :]) for p in range(costs.shape[by])]
            secret = [total(costs, finer, part) for part in parts if masks[finer][part]]
            if secret and Fraction(max(secret)) > SHARE * sum(secret):
                found.append((axes, at, -(-5 * max(secret) // 4) - sum(secret)))
    return found


def axes_before(axes: Axes, by: int) -> int:
    return sum(a < by for a in axes)


def test_a_hospital_that_makes_up_a_sum_is_hidden_with_the_sum() -> None:
    # H01 treats 9 cases of A for 900,000 and nobody may know; with the 20 of H02 for 20,000 the sum would tell.
    counts = np.array([[9, 20, 40], [40, 30, 60]])
    costs = np.array([[900_000, 20_000, 80_000], [400_000, 300_000, 600_000]])
    masks = hidden(counts, ROWS_COLUMNS_TOTALS)
    assert masks[0, 1].tolist() == [[True, True, False], [True, True, False]]
    told = dominated(costs, masks, 1, SHARE)
    assert told[(0,)].tolist() == [True, True]  # of A, and of B, from which A would follow
    assert not any(told[axes].any() for axes in [(1,), ()])
    assert Attack(costs, masks).range_of((0, 1), (0, 0))[1] == 920_000 - 1  # with the sum shown: at most 2 % more
    assert Attack(costs, told).range_of((0,), (0,))[1] >= 900_000 * 5 // 4 + 80_000


def test_a_hospital_whose_own_cost_is_shown_stands_out_and_nothing_is_hidden() -> None:
    counts, costs = np.array([[500, 12], [400, 90]]), np.array([[9_000_000, 1_000], [400_000, 300_000]])
    assert not any(mask.any() for mask in dominated(costs, hidden(counts, ROWS_COLUMNS_TOTALS), 1, SHARE).values())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(published(), st.data())
def test_nobody_stands_out_in_what_is_shown_and_no_sum_is_derived(case: tuple[Counts, list[Axes]], data: st.DataObject) -> None:
    counts, shown = case
    bill = st.integers(1, 30) | st.just(1000)
    costs = counts * np.array(data.draw(st.lists(bill, min_size=counts.size, max_size=counts.size))).reshape(counts.shape)
    by, masks = counts.ndim - 1, hidden(counts, shown)
    told = dominated(costs, masks, by, SHARE)
    assert all((told[axes] | ~mask).all() for axes, mask in masks.items())  # what hides a count hides its cost
    assert [(axes, at) for axes, at, _ in standing_out(costs, told, by) if not told[axes][at]] == []
    attack = Attack(costs, told) if (out := standing_out(costs, masks, by)) else None
    for axes, at, larger in out if attack else ():
        most = attack.range_of(axes, at)[1]
        assert most is None or most >= total(costs, axes, at) + larger
