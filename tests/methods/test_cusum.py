"""累积和图 · The textbook's sums, the residuals behind them by hand, and laws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.causes import Pieces
from heng.methods.cusum import by_case_mix, cusum, residuals
from tests.methods.published import half_digit, number, read

LEVELS = st.lists(st.integers(-30, 30), min_size=1, max_size=40)


def test_the_sums_are_as_printed_and_signal_where_printed() -> None:
    case = read("G43_sums.yaml")
    z = np.array([0.0] + [float(number(v) - 10) for v in case["values"]])
    base = np.arange(len(z)) == 0
    sums = cusum(z, base, h=5)
    for side in ("up", "down"):
        for sample, printed in case["printed"][side].items():
            assert abs(getattr(sums, side)[sample] - float(number(printed))) <= float(half_digit(printed)) + 1e-9, (side, sample)
    assert np.flatnonzero(sums.signal).tolist() == [case["printed"]["signal"]]
    assert sums.up[30] == pytest.approx(0.02)  # begun again after the signal: 0.52 − 0.5


def test_consumption_is_held_against_what_the_cases_lead_one_to_expect() -> None:
    """Expected 100, 100, 400: actual 110, 90, 440 over a baseline of the first two, which spend as expected.

    Residuals 10, −10, 40, each ÷ √expected: 1, −1, 2; moving range 2, σ 2 ÷ 1.128; the third month lies 1.128 σ off, not 4.
    """
    actual, expected = np.array([110.0, 90, 440, 5]), np.array([100.0, 100, 400, 0])
    z = residuals(actual, expected, np.array([True, True, False, False]))
    assert z[:3] == pytest.approx([0.564, -0.564, 1.128])
    assert np.isnan(z[3])


def test_more_and_heavier_cases_are_no_shift_and_dearer_ones_are() -> None:
    chance = np.random.default_rng(5)
    expected = 1e6 * (1 + np.arange(48) / 24)  # three times the case mix after four years
    actual = expected + chance.normal(size=48) * 20 * np.sqrt(expected)
    base = np.arange(48) < 24
    assert not cusum(residuals(actual, expected, base), base).signal.any()
    dearer = np.where(np.arange(48) >= 30, actual * 1.05, actual)
    assert cusum(residuals(dearer, expected, base), base).signal[30:34].max() == 1


@given(LEVELS, LEVELS)
def test_later_months_never_change_an_earlier_sum(early: list[int], late: list[int]) -> None:
    base = np.arange(len(early) + len(late)) < 1
    now, then = np.array(early) / 10, np.array(early + late) / 10
    first, second = cusum(now, base[: len(now)]), cusum(then, base)
    for part in ("up", "down", "signal"):
        assert getattr(first, part).tolist() == getattr(second, part)[: len(now)].tolist()


@given(LEVELS)
def test_the_mirror_image_signals_on_the_other_side(levels: list[int]) -> None:
    z, base = np.array(levels) / 10, np.arange(len(levels)) < 1
    sums, mirror = cusum(z, base, h=4), cusum(-z, base, h=4)
    assert (mirror.up == sums.down).all()
    assert (mirror.signal == -sums.signal).all()


@given(LEVELS, st.integers(0, 40))
def test_a_month_that_is_not_known_changes_nothing(levels: list[int], place: int) -> None:
    z = np.array([0, *levels]) / 10
    gap = 1 + min(place, len(levels))
    with_gap = np.insert(z, gap, np.nan)
    found, plain = (cusum(v, np.arange(len(v)) < 1).signal for v in (with_gap, z))
    assert np.delete(found, gap).tolist() == plain.tolist()
    assert found[gap] == 0


def month(light: int, heavy: int, strange: int = 0) -> dict[str, Pieces]:
    """Light cases cost 100 fen, heavy ones 300, strange ones 9."""
    groups = {"light": (light, 100), "heavy": (heavy, 300), "strange": (strange, 9)}
    return {g: (Fraction(n), n * cost) for g, (n, cost) in groups.items() if n}


def test_cases_weigh_what_they_cost_in_the_baseline_and_an_unknown_group_what_a_case_does_on_average() -> None:
    """8 light and 2 heavy: 1400, a case 140 on average; 7 and 3: 1600; 10 strange ones: 1400; no cases: not known."""
    months = [month(8, 2), month(8, 2), month(7, 3), month(0, 0, 10), {}]
    found = by_case_mix(months, np.arange(5) < 2)
    assert found[:4].tolist() == [1400, 1400, 1600, 1400]
    assert np.isnan(found[4])
    assert np.isnan(by_case_mix([month(8, 2), {}, month(8, 2)], np.arange(3) < 2)).all(), "a baseline without cases"
    assert np.isnan(by_case_mix([month(8, 2)], np.zeros(1, np.bool_))).all(), "no baseline"


def test_heavier_cases_are_no_alarm_and_more_use_for_the_same_cases_is_one() -> None:
    """100 departments, 24 months, 12 of them baseline: then 30 % of the cases are heavy, not 20 %; or 8 % more is used for each."""
    chance, base = np.random.default_rng(31), np.arange(24) < 12

    def alarmed(heavy: float, more: float) -> tuple[float, float]:
        found = np.zeros((100, 2))
        for dept in range(100):
            many = chance.binomial(400, np.where(base, 0.2, heavy))
            months = [month(400 - int(n), int(n)) for n in many]
            expected = by_case_mix(months, base)
            actual = expected * np.where(base, 1, more) * chance.normal(1, 0.02, 24)
            plain = np.full(24, 400.0)
            found[dept] = [(cusum(residuals(actual, e, base), base, h=6).signal != 0).any() for e in (expected, plain)]
        return float(found[:, 0].mean()), float(found[:, 1].mean())

    quiet, heavier, wasteful = alarmed(0.2, 1), alarmed(0.3, 1), alarmed(0.2, 1.08)
    assert abs(heavier[0] - quiet[0]) < 0.05
    assert heavier[1] > 0.95
    assert wasteful[0] > 0.95
