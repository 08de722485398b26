"""季节调整 · Factors that are there are found, chance is not taken for a season, and too few years say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.seasonal import season

SHAPE = np.array([1.2, 0.7, 1.1, 1.0, 1.0, 0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.2])  # adds up to 12; the spring festival in February
YEARS = st.lists(st.integers(1, 10**6), min_size=24, max_size=48)


def test_a_season_on_a_steady_level_is_found_exactly_and_taken_out() -> None:
    values = 1000 * np.tile(SHAPE, 3)
    found = season(values, 2)
    assert found.known
    assert found.factors == pytest.approx(SHAPE)
    assert found.adjusted(values) == pytest.approx(np.full(36, 1000.0))


def test_growth_is_no_season() -> None:
    level = 1000 * (1 + np.arange(36) * 0.1 / 12)  # a tenth of the first year's start, every year
    assert season(level, 3).factors == pytest.approx(np.ones(12), abs=1e-9)
    assert season(level * np.tile(SHAPE, 3), 3).factors == pytest.approx(SHAPE, abs=0.02)


def test_chance_is_drawn_in_and_a_season_is_kept() -> None:
    """Without a season, months that vary by 10 % give raw factors 7 % off; drawn in, they are nearer to 1 in nearly every series."""
    chance = 1 + np.random.default_rng(41).normal(size=(500, 24)) * 0.1
    off = np.sqrt(((season(chance * 1000, 2).factors - 1) ** 2).mean())
    assert off < 0.055
    kept = season(chance * np.tile(SHAPE, 2), 2).factors.mean(axis=0) - 1
    assert np.abs(kept - (SHAPE - 1)).max() < 0.06


@pytest.mark.parametrize(
    ("values", "years"),
    [
        (np.arange(1.0, 24), 2),
        (np.arange(1.0, 13), 1),
        (np.append(np.arange(1.0, 24), np.nan), 2),
        (np.append(-1000.0, np.arange(1.0, 24)), 2),
        (np.zeros(24), 2),
    ],
    ids=["a month short", "one year", "a month not known", "red ink", "nothing at all"],
)
def test_without_enough_data_there_are_no_factors_and_it_says_so(values: np.ndarray, years: int) -> None:
    found = season(values, years)
    assert not found.known
    assert found.factors.tolist() == [1.0] * 12
    assert np.array_equal(found.adjusted(values), values, equal_nan=True)


@given(YEARS, st.sampled_from([2, 1000]))
def test_factors_average_one_in_any_unit_and_later_months_change_nothing(values: list[int], scale: int) -> None:
    found = season(np.array(values, np.float64), 2)
    assert found.factors.mean() == pytest.approx(1)
    assert season(np.array(values[:24], np.float64) * scale, 2).factors == pytest.approx(found.factors)
    assert season(np.array([values, values[::-1]], np.float64), 2).factors[0].tolist() == found.factors.tolist()
