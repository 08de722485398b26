"""漏斗图 · Twelve hospitals as published, limits by hand, overdispersion, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.funnel import funnel, rate_funnel, share_funnel
from tests.methods.published import half_digit, number, read

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(500, 5000)), min_size=1, max_size=30)


def test_twelve_hospitals_lie_where_chance_alone_puts_them() -> None:
    case = read("G44_surgery.yaml")
    deaths, operations = (np.array(case[k], np.float64) for k in ("deaths", "operations"))
    found = share_funnel(deaths, operations)
    assert abs(found.target[0] - float(number(case["target"]))) <= float(half_digit(case["target"]))
    chance = found.z * np.sqrt(found.dispersion)
    for hospital, printed in case["z"].items():
        assert abs(chance[case["hospitals"].index(hospital)] - float(number(printed))) <= float(half_digit(printed)) + 1e-9, hospital
    assert np.isnan(found.z[0]), "3.5 deaths expected in A are too few"


def test_limits_by_hand() -> None:
    """Target 10 % of 900 cases: error 1 %; 13.5 % lies beyond three of them, 12.5 % beyond two, 12 % on the line and inside."""
    events, cases = np.array([121.5, 112.5, 108, 67.5, 40]), np.array([900.0] * 4 + [49])
    found = share_funnel(events, cases, np.array([0.1]))
    plain = funnel(events / cases, np.full(5, 0.01), np.array([0.1]))
    assert found.error[0] == pytest.approx(0.01 * np.sqrt(found.dispersion[0]))
    assert plain.dispersion[0] > 1
    single = share_funnel(events[1:2], cases[1:2], np.array([0.121]))
    assert single.dispersion[0] == 1
    assert [line[0] for line in single.limits(2)] == pytest.approx([0.121 - 2 * 0.010871, 0.121 + 2 * 0.010871], abs=1e-6)
    assert np.isnan(found.error[4]), "4.9 events expected"


def test_observed_over_expected_against_one() -> None:
    """64 expected: error ÷ expected = 1/8; 90 observed lie 3.25 errors above."""
    found = rate_funnel(np.array([90.0]), np.array([64.0]), np.array([1.0]))
    assert found.z[0] * np.sqrt(found.dispersion[0]) == pytest.approx(3.25)
    assert found.dispersion[0] == pytest.approx(3.25**2)


def test_hospitals_that_all_differ_are_held_to_wider_limits_and_one_alone_still_stands_out() -> None:
    z = np.array([-3.0, -2, -2, -1, 0, 0, 1, 2, 2, 3, 3, -3, 2, -2, 1, -1, 2, -2, 0, 40])
    found = funnel(z, np.ones(20), np.zeros(1))
    assert found.dispersion[0] == pytest.approx((9 * 3 + 4 * 10 + 4) / 20)  # two at each end drawn in: 40 to 3, −3 to −2
    assert found.place.tolist() == [0] * 19 + [3]


@given(COUNTS)
def test_the_order_of_hospitals_does_not_matter(counts: list[tuple[int, int]]) -> None:
    events, cases = np.array(counts, np.float64).T
    order = np.random.default_rng(len(counts)).permutation(len(counts))
    found, other = share_funnel(events, cases), share_funnel(events[order], cases[order])
    assert np.allclose(found.z[order], other.z, equal_nan=True)


@given(COUNTS)
def test_a_hospital_that_is_not_known_has_no_place_and_moves_no_line(counts: list[tuple[int, int]]) -> None:
    events, cases = np.array(counts, np.float64).T
    found = share_funnel(events, cases)
    more = share_funnel(np.append(events, np.nan), np.append(cases, 100.0))
    assert np.allclose(found.z, more.z[:-1], equal_nan=True)
    assert more.place[-1] == 0
    block = share_funnel(np.stack([events, events]), np.stack([cases, cases]))
    assert np.array_equal(block.place, np.stack([found.place, found.place]))


def test_in_control_one_in_twenty_lies_beyond_two_errors() -> None:
    chance = np.random.default_rng(31)
    cases = np.broadcast_to(chance.integers(300, 3000, 40), (2500, 40)).astype(np.float64)
    found = share_funnel(chance.binomial(cases.astype(np.int64), 0.2).astype(np.float64), cases, np.array([0.2]))
    assert np.mean(found.dispersion) < 1.1
    assert np.mean(np.abs(found.z * np.sqrt(found.dispersion)) > 2) == pytest.approx(0.0455, rel=0.05)
    assert np.mean(np.abs(found.z * np.sqrt(found.dispersion)) > 3) == pytest.approx(0.0027, rel=0.2)
