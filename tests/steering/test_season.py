"""季节的规律 · Laws of a seasonal watch: nothing is learnt from a later month, and without two whole years nothing is adjusted."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heng.core.period import shift
from heng.methods.control_chart import Rules
from heng.rooms.steering.breaches import Rule
from heng.rooms.steering.point import Point
from heng.rooms.steering.season import BEFORE, BLUR, factors
from heng.rooms.steering.walk import Habit, Walk
from heng.rooms.steering.watches import watches
from tests.steering.conftest import LAST_DAY
from tests.steering.test_walk import FIRST, POLICY, WATCHED, figures, found

laws = settings(max_examples=25, deadline=None)
MANY = st.lists(st.none() | st.integers(50, 200), min_size=20, max_size=40) | st.lists(st.integers(50, 200), min_size=25, max_size=40)


def seasonal() -> Rule:
    """The watches of policy, each with its season taken out."""
    rows = [{**w, "seasonal": True} for w in Rule(POLICY, LAST_DAY).watches]
    return Rule(POLICY.scenario({"steering.signals.watches": rows}), LAST_DAY)


RULE = seasonal()


def judged(values: list[int | None], indicator: str = WATCHED[0]) -> list[dict[str, Any]]:
    return found(figures(values, indicator), RULE)


@laws
@given(MANY, st.sampled_from(WATCHED), st.integers(50, 200))
def test_a_later_month_never_changes_an_earlier_signal(values: list[int | None], indicator: str, later: int) -> None:
    more = judged([*values, later], indicator)
    assert [r for r in more if r["month"] != shift(FIRST, len(values))] == judged(values, indicator)


@laws
@given(st.lists(st.integers(50, 200), min_size=26, max_size=40))
def test_a_month_worked_out_alone_says_what_it_says_among_others(values: list[int]) -> None:
    last, few = shift(FIRST, len(values) - 1), [None] * (len(values) - BEFORE - 1)
    assert [r for r in judged([*values]) if r["month"] == last] == [r for r in judged([*few, *values[-BEFORE - 1 :]]) if r["month"] == last]


@laws
@given(MANY, st.sampled_from(WATCHED))
def test_a_row_says_whether_two_whole_years_were_there(values: list[int | None], indicator: str) -> None:
    for row in judged(values, indicator):
        at = next(n for n in range(len(values)) if shift(FIRST, n) == row["month"])
        whole = at >= BEFORE and None not in values[at - BEFORE : at]
        assert row["season"] == ("adjusted" if whole else "too_short")


@laws
@given(st.lists(st.none() | st.integers(50, 200), min_size=1, max_size=BEFORE))
def test_up_to_two_years_a_seasonal_watch_says_what_any_other_says(values: list[int | None]) -> None:
    plain = [{**r, "season": "too_short"} for r in found(figures(values))]
    assert judged(values) == plain


def test_a_month_that_never_has_anything_gives_no_factor_to_divide_by() -> None:
    points = {shift("2024-01", n): Point(Fraction(0 if n % 12 == 0 else 100), Fraction(1), None) for n in range(BEFORE)}
    assert factors(points, "2026-01") is None
    assert factors({m: replace(p, value=Fraction(100)) for m, p in points.items()}, "2026-01") == (Fraction(1),) * 12


def test_limits_are_wider_where_the_season_was_taken_out() -> None:
    """20 21 19 20 21 19: the limit is 24.02; wider by √3 it is 20 + 2.66 × 1.4 × 1.0801 × 1.7321 = 26.97."""
    assert round(float(BLUR), 4) == 1.7321
    (watch,) = watches(w for w in Rule(POLICY, LAST_DAY).watches if w["watch"] == "drugs")
    habit = Habit(12, 6, Rules(), Fraction(1, 2))
    base = [Point(Fraction(v), Fraction(1), None) for v in (20, 21, 19, 20, 21, 19)]

    def alerts(last: str, blur: Fraction) -> int:
        points = {shift("2024-01", n): p for n, p in enumerate([*base, Point(Fraction(last), Fraction(1), None)])}
        return len(list(Walk(replace(watch, growth=None), habit, blur).through(points, frozenset())))

    assert (alerts("24.1", Fraction(1)), alerts("24.1", BLUR), alerts("26.9", BLUR), alerts("27", BLUR)) == (1, 0, 0, 1)
