"""期间：月、季、年、累计与上年同期 · Periods: month, quarter, year, year to date, and the same period before."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from heng.core.errors import HengError

FORMS = re.compile(r"^(\d{4})(?:-(\d{2})|Q([1-4])|YTD(\d{2}))?$|^(\d{4}-\d{2})\.\.(\d{4}-\d{2})$")


YEARS = range(1900, 2200)
"""哪些年 · The years that a person may ask for: further away no calendar reaches a year back and a month on."""


@dataclass(frozen=True)
class Period:
    """连续的若干个月 · A run of months, each written `2026-03`."""

    name: str
    months: tuple[str, ...]

    def before(self) -> "Period":
        """上一期（环比） · The period just before, of the same length."""
        return _span_of(tuple(shift(m, -len(self.months)) for m in self.months))

    def year_ago(self) -> "Period":
        """上年同期（同比） · The same months one year earlier."""
        return _span_of(tuple(shift(m, -12) for m in self.months))


def period(text: str) -> Period:
    """读出期间 · Read `2026-03`, `2026Q1`, `2026`, `2026YTD05` (cumulative to May) or `2026-01..2026-03`.

    Raises HengError when the text is none of these or names a month that does not exist.
    """
    found = FORMS.match(text.strip().upper())
    if not found:
        raise _unreadable(text)
    year, month, quarter, until, first, last = found.groups()
    if not {int(part[:4]) for part in (year, first, last) if part} <= set(YEARS):
        raise _unreadable(text)
    if month or first:
        return Period(text, tuple(span(first or f"{year}-{month}", last or f"{year}-{month}")))
    start, end = (3 * int(quarter) - 2, 3 * int(quarter)) if quarter else (1, int(until or 12))
    return Period(text, tuple(span(f"{year}-{start:02}", f"{year}-{end:02}")))


def span(first: str, last: str) -> list[str]:
    """首月到末月 · All months from the first to the last, both included."""
    a, b = ordinal(first), ordinal(last)
    if b < a:
        raise _unreadable(f"{first}..{last}")
    return [_named(n) for n in range(a, b + 1)]


def shift(month: str, by: int) -> str:
    """前后移动若干个月 · The month `by` months later (earlier when negative)."""
    return _named(ordinal(month) + by)


def ordinal(month: str) -> int:
    """月份序号 · Months since year 0, so that neighbours differ by one."""
    year, number = int(month[:4]), int(month[5:])
    if not 1 <= number <= 12:
        raise _unreadable(month)
    return year * 12 + number - 1


def last_day(month: str) -> date:
    """该月最后一天 · The last day of a month: the day on which dated values are read."""
    year, number = divmod(ordinal(month) + 1, 12)
    return date(year, number + 1, 1) - timedelta(days=1)


def _named(n: int) -> str:
    return f"{n // 12:04}-{n % 12 + 1:02}"


def _span_of(months: tuple[str, ...]) -> Period:
    first, last = months[0], months[-1]
    return Period(first if first == last else f"{first}..{last}", months)


def _unreadable(text: str) -> HengError:
    return HengError(
        f"读不懂期间「{text}」",
        f"cannot read the period {text!r}",
        mend=(
            "请写成 2026-03、2026Q1、2026、2026YTD05 或 2026-01..2026-03",
            "write 2026-03, 2026Q1, 2026, 2026YTD05 or 2026-01..2026-03",
        ),
    )
