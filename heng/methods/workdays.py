"""工作日历：放假与调休上班 · Working days: Monday to Friday, less the days off of the notice, plus its make-up days.

The days are an argument: each year's notice of the State Council's office names them. A year without a notice counts
weekends only, and `unpublished` says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from heng.core.errors import HengError, Say

DAY = timedelta(days=1)
TOO_LATE: Say = ("写早一些的日子", "write an earlier day")


@dataclass(frozen=True, slots=True)
class Workdays:
    """放假的日子与上班的周末 · Days off (weekend days among them or not), and weekend days worked."""

    off: frozenset[date]
    on: frozenset[date]

    def is_workday(self, day: date) -> bool:
        """是否上班 · Whether people work on the day."""
        return day not in self.off and (day in self.on or day.weekday() < 5)

    def after(self, day: date, n: int) -> date:
        """其后第 n 个工作日 · The n-th working day after the day (which itself never counts); n = 0 is the day. ValueError below 0.

        HengError where no calendar goes that far: it ends with 9999-12-31.
        """
        if n < 0:
            raise ValueError("工作日数不能为负 · a number of working days is not negative")
        while n > 0:
            if day == date.max:
                raise HengError("日历到 9999-12-31 为止", "the calendar ends with 9999-12-31", where="DAY", mend=TOO_LATE)
            day += DAY
            n -= self.is_workday(day)
        return day

    def between(self, a: date, b: date) -> int:
        """相隔几个工作日 · How many working days lie after a, up to b: `between(a, after(a, n)) == n`; negative where b is before a."""
        first, last = min(a, b), max(a, b)
        passed = sum(self.is_workday(first + DAY * i) for i in range(1, (last - first).days + 1))
        return passed if a <= b else -passed

    def unpublished(self, years: Iterable[int]) -> list[int]:
        """没有放假通知的年份 · Those of the years of which no day off is known: there only weekends are off."""
        known = {d.year for d in self.off}
        return sorted(set(years) - known)
