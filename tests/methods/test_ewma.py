"""指数加权移动平均图 · By hand: the window before, what is smoothed, the limits; and no look ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.ewma import against_window, ewma_limits, smoothed

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
