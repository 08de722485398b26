"""月份怎样写给人看 · Months as people read them, and which of them can hardly be meant."""

from collections.abc import Iterable
from datetime import datetime

from heng.core.period import ordinal, shift

OLDEST = 120
"""再早就多半是写错了 · Months back after which a month is more likely a slip of the pen."""


def spans(months: Iterable[str]) -> str:
    """连续的月份合写 · Months in order, runs of them written `2026-01..2026-03`."""
    runs = list[tuple[str, str]]()
    for month in sorted(set(months)):
        if runs and ordinal(month) == ordinal(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return "、".join(first if first == last else f"{first}..{last}" for first, last in runs)


def this_month() -> str:
    """现在是哪个月 · The month it is now, where the user is."""
    return f"{datetime.now().astimezone():%Y-%m}"


def unlikely(months: Iterable[str]) -> list[str]:
    """多半写错了的月份 · Months that are yet to begin, or more than ten years back."""
    now = this_month()
    return sorted({m for m in months if not shift(now, -OLDEST) <= m <= now})
