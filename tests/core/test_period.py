"""期间怎么读、怎么比 · How periods are read and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.core.errors import HengError
from heng.core.period import last_day, ordinal, period, shift, span


@pytest.mark.parametrize(
    ("written", "first", "last", "months"),
    [
        ("2026-03", "2026-03", "2026-03", 1),
        ("2026Q1", "2026-01", "2026-03", 3),
        ("2026q4", "2026-10", "2026-12", 3),
        ("2026", "2026-01", "2026-12", 12),
        ("2026YTD05", "2026-01", "2026-05", 5),
        ("2025-11..2026-02", "2025-11", "2026-02", 4),
    ],
)
def test_a_period_is_read(written: str, first: str, last: str, months: int) -> None:
    found = period(written)
    assert (found.months[0], found.months[-1], len(found.months)) == (first, last, months)


@pytest.mark.parametrize(
    "written",
    ["", "2026-13", "2026-3", "2026Q5", "三月", "2026-05..2026-03", "2026YTD00", "2026YTD13", "0000-05", "9999-12", "2026-01..9999-12"],
)
def test_what_is_no_period_is_refused_in_two_languages(written: str) -> None:
    with pytest.raises(HengError) as told:
        period(written)
    assert "2026Q1" in told.value.mend[0]
    assert "2026Q1" in told.value.mend[1]


def test_comparisons_have_the_same_length() -> None:
    quarter = period("2026Q1")
    assert quarter.before().months == ("2025-10", "2025-11", "2025-12")
    assert quarter.year_ago().months == ("2025-01", "2025-02", "2025-03")


def test_february_ends_where_the_calendar_says() -> None:
    assert (last_day("2024-02").day, last_day("2026-02").day, last_day("2026-12").day) == (29, 28, 31)


@given(st.integers(1990 * 12, 2100 * 12), st.integers(-300, 300))
def test_shifting_there_and_back_changes_nothing(n: int, by: int) -> None:
    month = shift("0000-01", n)
    assert shift(shift(month, by), -by) == month
    assert len(span(month, shift(month, abs(by)))) == abs(by) + 1
    assert ordinal(month) == n
