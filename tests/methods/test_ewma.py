"""指数加权移动平均图 · By hand: the window before, what is smoothed, the limits; and no look ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.ewma import against_window, ewma, ewma_limits, smoothed

VALUES = st.lists(st.integers(0, 9), min_size=1, max_size=30)


def test_a_value_is_held_against_the_values_before_it_and_not_against_itself() -> None:
    """2 and 4 before 9: mean 3, deviation √2; then 4 and 9: mean 6.5, deviation √12.5; 9 and 9 do not vary."""
    z = against_window(np.array([2.0, 4, 9, 9, 7]), 2, 2)
    assert np.isnan(z[[0, 1, 4]]).all()
    assert z[2:4] == pytest.approx([6 / np.sqrt(2), 2.5 / np.sqrt(12.5)])
    gap = against_window(np.array([2.0, np.nan, 4, 9]), 3, 2)
    assert gap[3] == pytest.approx(6 / np.sqrt(2))
    assert np.isnan(against_window(np.array([2.0, np.nan, 4, 9]), 3, 3)).all()


def test_a_spike_fades_and_a_moment_that_is_not_known_changes_nothing() -> None:
    assert smoothed(np.array([10.0, 0, np.nan, 0]), 0.2) == pytest.approx([2, 1.6, 1.6, 1.28])


def test_limits_are_so_many_deviations_of_the_baseline_and_need_enough_of_it() -> None:
    smooth, base = np.array([1.0, 3, 1, 3, 9]), np.arange(5) < 4
    limits = ewma_limits(smooth, base, 3, least=4)
    assert limits.reach[0] == pytest.approx(3 * np.sqrt(4 / 3))
    assert limits.judged.tolist() == [False] * 4 + [True]
    assert np.isnan(ewma_limits(smooth, base, 3, least=5).reach).all()


@given(VALUES, VALUES, st.integers(1, 9))
def test_later_moments_never_change_an_earlier_value(early: list[int], late: list[int], window: int) -> None:
    now, then = (smoothed(against_window(np.array(v, np.float64), window, 2)) for v in (early, early + late))
    assert now.tolist() == then[: len(now)].tolist()


@given(VALUES, st.sampled_from([-8, 2, 1024]), st.integers(-100, 100))
def test_another_origin_or_unit_changes_only_the_sign(values: list[int], scale: int, shift: int) -> None:
    plain = np.array(values, np.float64)
    z, other = against_window(plain, 4, 2), against_window(plain * scale + shift, 4, 2)
    assert np.allclose(other, z * np.sign(scale), equal_nan=True)


def first_marks(shift: float, months: int, series: int, reach: float) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Months until the chart marks independent normal months whose mean lies so many σ off the (well known) baseline."""
    known = 2000
    values = np.random.default_rng(59).normal(0, 1, (series, known + months))
    values[:, known:] += shift
    base = np.broadcast_to(np.arange(known + months) < known, values.shape)
    marks = ewma(values, base, np.ones(values.shape, np.bool_), 0.2, reach)[:, known:]
    assert (marks != 0).any(axis=1).mean() > 0.99
    return np.argmax(marks != 0, axis=1) + 1


def test_run_lengths_are_those_of_lucas_and_saccucci() -> None:
    """Weight 0.2, limits 2.962 σ: 500 months in control, 10.5 after a shift of one σ; limits that open slowly find it a little sooner."""
    assert first_marks(0, 3000, 300, 2.962).mean() == pytest.approx(500, rel=0.2)
    assert first_marks(1, 150, 2000, 2.962).mean() == pytest.approx(10.5, rel=0.15)


def test_a_mean_of_few_months_is_uncertain_and_the_limits_say_so() -> None:
    """Baseline 9 11 9 11 and then 14: E 0.451 0.812 1.101 1.332 against 0.671 0.939 1.129 1.271; 13 stays inside for good."""
    base, counted = np.arange(8) < 4, np.ones(8, np.bool_)
    assert ewma(np.array([9.0, 11, 9, 11, 14, 14, 14, 14]), base, counted).tolist() == [0] * 7 + [1]
    assert ewma(np.array([9.0, 11, 9, 11, 6, 6, 6, 6]), base, counted).tolist() == [0] * 7 + [-1]
    assert not ewma(np.array([9.0, 11, 9, 11, *[13] * 40]), np.arange(44) < 4, np.ones(44, np.bool_)).any()
    later = counted & (np.arange(8) != 5)
    assert not ewma(np.array([9.0, 11, 9, 11, 14, 14, 14, 14]), base, later).any()
