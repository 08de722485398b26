"""读年月与日期 · Reads months and dates as people and workbooks write them."""

import re
from datetime import date, timedelta
from unicodedata import normalize

from heng.intake.visible import visible

EPOCH = date(1899, 12, 30)
"""Excel 的第 0 天 · Day 0 of a workbook's date serials."""
SERIALS = range(20_000, 80_000)
"""当作日期序号的数 · Serials taken for dates: 1954 to 2119."""
MONTH = re.compile(r"((?:19|20)\d{2})(?:年|[-/.])?(\d{1,2})月?份?")
DAY = re.compile(r"((?:19|20)\d{2})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
IN_TEXT = re.compile(r"(?<!\d)(20\d{2})(?:\s*年\s*(\d{1,2})\s*月|[-/._](\d{1,2})(?![\d年])|(0[1-9]|1[0-2])(?!\d))")


def read_month(text: str) -> tuple[str | None, str]:
    """读月份 · `2026-03` out of `2026-03`, `2026/3`, `202603`, `2026年3月`, `2026.03`, a date or a serial; else `not_a_month`."""
    plain = re.sub(r"\s", "", normalize("NFKC", text)).strip("'")
    if found := MONTH.fullmatch(plain):
        year, month = int(found[1]), int(found[2])
        return (f"{year:04}-{month:02}", "") if 1 <= month <= 12 else (None, "not_a_month")
    day, _ = read_day(text)
    return (f"{day:%Y-%m}", "") if day else (None, "not_a_month")


def read_day(text: str) -> tuple[date | None, str]:
    """读日期 · A date out of `2026-03-01`, `2026年3月1日`, `20260301`, a month (its first day) or a serial; else `not_a_day`."""
    plain = re.sub(r"\s", "", normalize("NFKC", text)).strip("'")
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) and int(float(plain)) in SERIALS:
        return EPOCH + timedelta(days=int(float(plain))), ""
    try:
        if found := DAY.fullmatch(plain) or COMPACT.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3])), ""
        if found := MONTH.fullmatch(plain):
            return date(int(found[1]), int(found[2]), 1), ""
    except ValueError:
        return None, "not_a_day"
    return None, "not_a_day"


def month_in(text: str) -> str:
    """文字里的月份 · The one month that a title or a file's name speaks of; "" when none or several."""
    found = {f"{m[1]}-{int(m[2] or m[3] or m[4]):02}" for m in IN_TEXT.finditer(normalize("NFKC", visible(text))) if _is_month(m)}
    return found.pop() if len(found) == 1 else ""


def _is_month(found: re.Match[str]) -> bool:
    return 1 <= int(found[2] or found[3] or found[4]) <= 12
