"""占比的精确检验 · Fisher's exact test: the published cup of tea, a slow count of every way, and what must hold."""

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.exact_share import upper_chance


def test_the_lady_tasting_tea() -> None:
    """Fisher, The Design of Experiments (1935), ch. II: all four cups right 1 in 70; three or more 17 in 70."""
    assert upper_chance(4, 4, 0, 4) == Fraction(1, 70)
    assert upper_chance(3, 4, 1, 4) == Fraction(17, 70)


@given(st.integers(0, 5), st.integers(0, 5), st.data())
def test_it_counts_every_way_the_events_can_fall(cases: int, others: int, data: st.DataObject) -> None:
    events, other = data.draw(st.integers(0, cases)), data.draw(st.integers(0, others))
    ways = [sum(place < cases for place in marked) for marked in combinations(range(cases + others), events + other)]
    assert upper_chance(events, cases, other, others) == Fraction(sum(w >= events for w in ways), len(ways))


@given(st.integers(1, 200), st.integers(1, 2000), st.data())
def test_more_events_are_never_more_likely(cases: int, others: int, data: st.DataObject) -> None:
    events, other = data.draw(st.integers(1, cases)), data.draw(st.integers(0, others - 1))
    assert 0 < upper_chance(events, cases, other, others) <= upper_chance(events - 1, cases, other + 1, others) <= 1
    assert upper_chance(0, cases, other, others) == 1


def test_more_events_than_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        upper_chance(5, 4, 0, 4)


@given(st.integers(1, 12), st.integers(1, 12), st.data(), st.sampled_from([Fraction(1, 1000), Fraction(1, 20), Fraction(1, 4)]))
def test_by_chance_alone_it_cries_out_no_more_often_than_it_says(cases: int, others: int, data: st.DataObject, line: Fraction) -> None:
    """Under the null every way is alike; the ways whose chance is at or below the line make up no more than the line."""
    marked = data.draw(st.integers(0, cases + others))
    ways = {k: comb(marked, k) * comb(cases + others - marked, cases - k) for k in range(max(0, marked - others), min(cases, marked) + 1)}
    loud = sum(n for k, n in ways.items() if upper_chance(k, cases, marked - k, others) <= line)
    assert Fraction(loud, comb(cases + others, cases)) <= line
