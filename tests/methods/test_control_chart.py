"""控制图 · XmR, p and u charts and the rules of runs: textbook figures, hand-worked months, and laws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.control_chart import Limits, Rules, Signals, baseline, judged, p_chart, signals, u_chart, xmr
from heng.methods.series import Flags, Floats
from tests.methods.published import half_digit, number, read

SERIES = st.lists(st.one_of(st.integers(0, 10**6), st.none()), min_size=1, max_size=40)


def floats(values: list[str] | list[int] | list[int | None]) -> Floats:
    return np.array([np.nan if v is None else float(v) for v in values])


def every(values: Floats) -> Flags:
    return np.ones(values.shape, np.bool_)


def printed_as(found: Floats, printed: str) -> bool:
    return abs(Fraction(float(found.flat[0])) - number(printed)) <= half_digit(printed) + Fraction(1, 10**9)


def flat(values: Floats, centre: float = 0.0, reach: float = 3.0) -> Limits:
    """Known limits under which every month is judged."""
    return Limits(np.array([centre]), np.array([reach]), every(values))


def read_off(found: Signals) -> dict[str, list[int]]:
    """The months, counted from 1, with their marks."""
    rules = ("outside", "side", "trend", "near")
    return {r: [int((n + 1) * m) for n, m in enumerate(getattr(found, r)) if m] for r in rules if getattr(found, r).any()}


def test_limits_of_single_values_are_as_printed() -> None:
    case = read("G40_single_values.yaml")
    values = floats(case["values"])
    limits = xmr(values, every(values))
    for line, printed in case["printed"].items():
        assert printed_as(getattr(limits, line), printed), line


@pytest.mark.parametrize("name", ["all", "without"])
def test_limits_of_a_share_are_as_printed_with_and_without_the_samples_explained(name: str) -> None:
    case = read("G41_cans.yaml")
    events, printed = floats(case["events"]), case["printed"][name]
    base = ~np.isin(np.arange(1, 31), printed.get("left_out", []))
    limits = p_chart(events, np.full(30, 50.0), base, laney=False)
    assert all(printed_as(getattr(limits, line), printed[line]) for line in ("centre", "upper", "lower"))
    beyond = np.abs(events / 50 - limits.centre) > limits.reach
    assert (np.flatnonzero(beyond) + 1).tolist() == (case["outside"] if name == "all" else [15, 21, 23])


def test_limits_of_a_rate_are_as_printed() -> None:
    case = read("G42_nonconformities.yaml")
    events = floats(case["events"])
    limits = u_chart(events, np.full(20, 5.0), every(events), laney=False)
    assert all(printed_as(getattr(limits, line), printed) for line, printed in case["printed"].items())


def test_laney_widens_by_what_the_scores_move_from_month_to_month() -> None:
    """100 cases a month, 10 % and 30 % in turn: p̄ 0.2, σ 0.04, z ±2.5, their moving range 5, σz 5 ÷ 1.128."""
    events, cases = floats([10, 30] * 6), np.full(12, 100.0)
    limits = p_chart(events, cases, every(events))
    assert limits.centre[0] == pytest.approx(0.2)
    assert limits.reach[0] == pytest.approx(3 * 0.04 * 5 / 1.128)
    assert (limits.lower[0], limits.upper[0]) == (0, pytest.approx(0.2 + 0.12 * 5 / 1.128))


def test_a_month_without_cases_is_not_known() -> None:
    events, cases = floats([1, 2, 3, 0, 9]), floats([10, 10, 10, 0, 10])
    base = every(events) & (np.arange(5) < 3)
    with np.errstate(invalid="ignore"):
        shares = events / cases
    found = signals(shares, p_chart(events, cases, base, laney=False))
    assert found.outside.tolist() == [0, 0, 0, 0, 1]


def test_the_rules_by_hand() -> None:
    eight = floats([1, 2, 1, 1, 1, 2, 1, 1, -1, 1])
    assert read_off(signals(eight, flat(eight))) == {"side": [8]}
    trend = floats([-1, -0.5, 0.2, 0.4, 0.7, 0.9, 0.8])
    assert read_off(signals(trend, flat(trend))) == {"trend": [6]}
    near = floats([2.5, -2.5, 0, -2.1, -2.2, 0, 2])
    assert read_off(signals(near, flat(near))) == {"near": [-4, -5]}
    far = floats([3, 3.01, 0, -4])
    assert read_off(signals(far, flat(far))) == {"outside": [2, -4], "near": [2]}
    assert read_off(signals(far, flat(far), Rules(0, 0, 0))) == {"outside": [2, -4]}


def test_a_gap_neither_counts_in_a_run_nor_ends_it() -> None:
    eight = floats([1, 2, None, 1, 1, 2, 1, None, None, 2, 1])
    assert read_off(signals(eight, flat(eight))) == {"side": [11]}
    trend = floats([-1, -0.5, 0.2, None, 0.4, 0.7, 0.9])
    assert read_off(signals(trend, flat(trend))) == {"trend": [7]}
    near = floats([2.5, None, None, 0, None, 2.2])
    assert read_off(signals(near, flat(near))) == {"near": [6]}


def test_only_months_after_the_last_of_the_baseline_are_judged() -> None:
    base = np.array([0, 1, 1, 0, 1, 0, 0], np.bool_)
    assert np.flatnonzero(judged(base)).tolist() == [5, 6]
    assert not judged(np.zeros(7, np.bool_)).any()


def test_a_month_on_the_centre_ends_a_run_and_an_equal_month_a_trend() -> None:
    side = floats([1, 2, 1, 1, 0, 2, 1, 1, 2])
    trend = floats([-1, -0.5, 0.2, 0.2, 0.7, 0.9, 1])
    assert read_off(signals(side, flat(side))) == read_off(signals(trend, flat(trend))) == {}


def test_the_first_rule_that_signals_is_told_when_several_do() -> None:
    values = floats([1, 1, 1, 1, 1, 1, 1, 4])
    assert signals(values, flat(values)).any.tolist() == [0] * 7 + [1]


def test_a_baseline_needs_its_months_and_skips_those_not_known() -> None:
    values = floats([1, None, 2, 3, 4, None, 5])
    assert np.flatnonzero(baseline(values, 3)).tolist() == [0, 2, 3]
    assert np.flatnonzero(baseline(values, 3, 2)).tolist() == [2, 3, 4]
    assert not baseline(values, 6).any()
    both = baseline(np.stack([values, values]), 3, np.array([0, 2]))
    assert [np.flatnonzero(b).tolist() for b in both] == [[0, 2, 3], [2, 3, 4]]


def test_a_moving_range_needs_two_months_side_by_side() -> None:
    values = floats([1, None, 9, 10, None, 4])
    assert xmr(values, ~np.isnan(values)).reach.tolist() == [2.66]
    alone = floats([1, None, 9, None, 4])
    assert np.isnan(xmr(alone, ~np.isnan(alone)).reach).all()


def test_a_baseline_that_does_not_vary_tells_nothing() -> None:
    values = floats([5] * 12 + [500])
    assert not signals(values, xmr(values, baseline(values))).any.any()
    assert not signals(values[:11], xmr(values[:11], baseline(values[:11]))).any.any()


@given(SERIES, SERIES)
def test_later_months_never_change_an_earlier_signal(early: list[int | None], late: list[int | None]) -> None:
    now, then = floats(early), floats([*early, *late])
    first, second = (signals(v, xmr(v, baseline(v, 4))) for v in (now, then))
    for rule in ("outside", "side", "trend", "near", "any"):
        assert getattr(first, rule).tolist() == getattr(second, rule)[: len(now)].tolist()


@given(SERIES, st.integers(-4096, 4096), st.sampled_from([-4, -1, 2, 1024]))
def test_another_origin_or_unit_moves_the_limits_and_keeps_the_signals(values: list[int | None], shift: int, scale: int) -> None:
    plain = floats(values) * 2.0**-10  # sums and steps stay exact, so that a month on the limit stays on it
    other = plain * scale + shift
    chart, moved = xmr(plain, baseline(plain, 4)), xmr(other, baseline(other, 4))
    assert np.allclose(moved.reach, chart.reach * abs(scale), equal_nan=True)
    assert np.allclose(moved.centre, chart.centre * scale + shift, equal_nan=True)
    near_line = np.abs(np.abs(plain - chart.centre) - np.array([[1], [2 / 3], [0]]) * chart.reach) < 1e-6 * (1 + np.abs(plain))
    if not near_line.any():
        assert (signals(other, moved).any == np.sign(scale) * signals(plain, chart).any).all()


@given(SERIES, st.integers(0, 40))
def test_a_month_that_is_not_known_signals_nothing_and_changes_no_other(values: list[int | None], place: int) -> None:
    base = floats([10, 20, 10, 20])
    with_gap = np.concatenate([base, floats([*values[:place], None, *values[place:]])])
    without = np.concatenate([base, floats(values)])
    gap = 4 + min(place, len(values))
    marks, plain = (signals(v, xmr(v, baseline(v, 4))).any for v in (with_gap, without))
    assert marks[gap] == 0
    assert np.delete(marks, gap).tolist() == plain.tolist()


@given(st.lists(st.lists(st.integers(0, 99), min_size=9, max_size=9), min_size=1, max_size=5))
def test_series_are_judged_each_by_itself(rows: list[list[int]]) -> None:
    block = np.array(rows, np.float64)
    together = signals(block, xmr(block, baseline(block, 4))).any
    assert together.tolist() == [signals(r, xmr(r, baseline(r, 4))).any.tolist() for r in block]
