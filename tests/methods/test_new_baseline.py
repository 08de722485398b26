"""重定基线的建议 · Since when, from what, to what; nothing for a passing deviation; no look ahead."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.control_chart import Limits, baseline, xmr
from heng.methods.new_baseline import propose


def charted(values: np.ndarray) -> Limits:
    return xmr(values, baseline(values, 12))


BEFORE = [100.0, 104, 98, 102, 96, 100, 103, 97, 101, 99, 102, 98]  # mean 100, moving range 4.2: σ 3.7


def test_a_new_level_that_lasts_is_proposed_with_its_month() -> None:
    values = np.array([*BEFORE, 99, 101, 106, 107, 108, 105, 107, 108, 106, 109])
    found = propose(values, charted(values))
    assert (found.found, found.since, found.before, found.after) == (True, 14, 100, 107)


def test_a_month_that_is_not_known_does_not_end_the_new_level() -> None:
    values = np.array([*BEFORE, 99, 106, 107, np.nan, 108, 105, 107, 108, 106, 109])
    found = propose(values, charted(values))
    assert (found.found, found.since, found.after) == (True, 13, 107)


def test_what_passed_what_is_small_and_what_is_young_is_not_proposed() -> None:
    passed = np.array([*BEFORE, *[107.0] * 9, 99])
    small = np.array([*BEFORE, *[101.0] * 9])
    young = np.array([*BEFORE, *[107.0] * 7])
    for values in (passed, small, young):
        found = propose(values, charted(values))
        assert not found.found
        assert found.since == -1
        assert np.isnan(found.after)


def test_without_a_baseline_nothing_is_proposed() -> None:
    values = np.array([*BEFORE[:11], np.nan])
    assert not propose(values, charted(values)).found


@given(st.lists(st.integers(80, 120), min_size=8, max_size=30), st.integers(-1000, 1000), st.sampled_from([-2, 1, 8]))
def test_another_origin_or_unit_proposes_the_same_months(later: list[int], shift: int, scale: int) -> None:
    values = np.array([*BEFORE, *later])
    moved = values * scale + shift
    found, other = propose(values, charted(values)), propose(moved, charted(moved))
    edge = abs(abs(found.after - 100) * 3 - charted(values).reach[0]) < 1e-6 or (values == 100).any()
    assert edge or (found.found == other.found and found.since == other.since)
