"""工作日历 · The calendar of working days, as the yearly notices of the State Council's office give it.

A region with days off of its own (广西三月三) writes both lists of the year in its policy: they stand in for the nation's.
"""

from datetime import date

from heng.core.errors import PolicyError
from heng.core.params import Params, Policy
from heng.methods.workdays import DAY, Workdays


class Calendar(Params, at="steering.workdays"):
    """某年的放假与调休 · Days off and weekend days worked, of the year whose notice is in force."""

    holidays: list[date | str]
    worked: list[date | str]


def workdays(policy: Policy, org: str = "") -> Workdays:
    """全部已公布年份的工作日历 · The working days of all years published; PolicyError where a day cannot be read."""
    off, on = set[date](), set[date]()
    rows = [v for name in Calendar.kinds() for v in policy.values.get(f"{Calendar.at}.{name}", [])]
    for year in sorted({v.since.year for v in rows}):
        rule = Calendar(Policy(v for v in rows if v.since.year == year), date(year, 12, 31), org)
        off |= _days(rule.holidays, year)
        on |= _days(rule.worked, year)
    return Workdays(frozenset(off), frozenset(on))


def _days(written: list[date | str], year: int) -> set[date]:
    days = set[date]()
    for entry in written:
        first, _, last = str(entry).partition("/")
        try:
            begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError as e:
            raise _astray(entry) from e
        if not 0 <= (end - begin).days < 32:
            raise _astray(entry)
        if (begin.year, end.year) != (year, year):
            raise _elsewhere(entry, year)
        days |= {begin + DAY * i for i in range((end - begin).days + 1)}
    return days


def _astray(entry: object) -> PolicyError:
    return PolicyError(
        f"放假安排中的 {entry} 不是日期",
        f"{entry} of the calendar is not a day",
        where="steering.workdays",
        mend=("写成 2026-02-15 或 2026-02-15/2026-02-23", "write 2026-02-15 or 2026-02-15/2026-02-23"),
    )


def _elsewhere(entry: object, year: int) -> PolicyError:
    return PolicyError(
        f"放假安排中的 {entry} 不在 {year} 年",
        f"{entry} of the calendar is not in {year}",
        where="steering.workdays",
        mend=("跨年的假期分开写，每天写在它的那一年", "write each day under its own year, a holiday over New Year in two parts"),
    )
