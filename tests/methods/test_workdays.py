"""工作日历 · Working days: the notices of 2025 and 2026 by hand, and what must hold for any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.core.errors import PolicyError
from heng.core.params import NATION, REGION, Policy, Value
from heng.methods.workdays import Workdays
from heng.rooms.steering.workdays import workdays
from heng.store.policy_files import read_policy

CALENDAR = workdays(read_policy())
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("year", "worked", "weekdays_off"), [(2025, 248, 18), (2026, 248, 19)])
def test_the_days_worked_in_a_year(year: int, worked: int, weekdays_off: int) -> None:
    """2025: 261 weekdays, 18 of them off, 5 weekend days worked. 2026: 261, 19 off, 6 worked."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(map(CALENDAR.is_workday, days)) == worked
    assert sum(d.weekday() < 5 and d in CALENDAR.off for d in days) == weekdays_off
    assert sum(d.weekday() > 4 and CALENDAR.is_workday(d) for d in days) == worked - (261 - weekdays_off)


@pytest.mark.parametrize(
    ("day", "n", "due"),
    [
        ("2025-09-28", 3, "2025-10-09"),  # the Sunday worked: 29, 30, 9
        ("2025-09-30", 3, "2025-10-11"),  # 9, 10, and the Saturday worked
        ("2025-01-24", 3, "2025-02-05"),  # the Sunday worked (26), 27, then 5 February
        ("2025-04-25", 1, "2025-04-27"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-09-18", 2, "2026-09-21"),  # the Sunday worked before National Day 2026, and Monday
        ("2026-10-01", 0, "2026-10-01"),
    ],
)
def test_the_day_after_so_many_working_days(day: str, n: int, due: str) -> None:
    assert CALENDAR.after(date.fromisoformat(day), n) == date.fromisoformat(due)


@given(DAYS, st.integers(0, 30))
def test_counting_forth_and_back_is_the_same_count(day: date, n: int) -> None:
    due = CALENDAR.after(day, n)
    assert CALENDAR.between(day, due) == n
    assert CALENDAR.between(due, day) == -n
    assert n == 0 or CALENDAR.is_workday(due)


@given(DAYS, st.integers(1, 20), st.integers(1, 20))
def test_days_add_up(day: date, a: int, b: int) -> None:
    assert CALENDAR.after(CALENDAR.after(day, a), b) == CALENDAR.after(day, a + b)


@given(DAYS, st.integers(1, 20), st.frozensets(DAYS, max_size=40))
def test_more_days_off_never_bring_a_deadline_forward(day: date, n: int, more: frozenset[date]) -> None:
    assert Workdays(CALENDAR.off | more, CALENDAR.on).after(day, n) >= CALENDAR.after(day, n)


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="不能为负"):
        CALENDAR.after(date(2026, 1, 5), -1)


def test_a_year_without_a_notice_counts_weekends_only_and_says_so() -> None:
    assert CALENDAR.unpublished([2024, 2025, 2026, 2027]) == [2024, 2027]
    assert CALENDAR.is_workday(date(2027, 10, 1))


def rows(scope: str, since: str, off: list[str], on: list[str]) -> list[Value]:
    day = date.fromisoformat(since)
    return [Value(f"steering.workdays.{name}", scope, day, v, "试验") for name, v in (("holidays", off), ("worked", on))]


def test_a_region_writes_its_own_year_and_leaves_the_others_to_the_nation() -> None:
    nation = rows(NATION, "2026-01-01", ["2026-01-01"], []) + rows(NATION, "2027-01-01", ["2027-01-01"], [])
    own = workdays(Policy([*nation, *rows(REGION, "2026-01-01", ["2026-01-01", "2026-04-19/2026-04-21"], [])]))
    assert [d.isoformat() for d in sorted(own.off)] == ["2026-01-01", "2026-04-19", "2026-04-20", "2026-04-21", "2027-01-01"]


@pytest.mark.parametrize("written", ["2025-12-31", "2025-12-31/2026-01-02", "2026-12-31/2027-01-02"])
def test_a_day_of_another_year_is_refused_and_not_lost(written: str) -> None:
    with pytest.raises(PolicyError, match="不在 2026 年"):
        workdays(Policy(rows(NATION, "2026-01-01", [written], [])))


@pytest.mark.parametrize("written", ["国庆", "2026-10-08/2026-10-01", "2026-01-01/2026-12-31"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(PolicyError, match="不是日期"):
        workdays(Policy(rows(NATION, "2026-01-01", [written], [])))
