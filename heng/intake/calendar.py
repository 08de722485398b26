"""读年月与日期 · Reads months and dates as people and workbooks write them."""

import re
from datetime import date, datetime, timedelta
from unicodedata import normalize

import polars as pl

from heng.intake.parsed import Parsed, each
from heng.intake.visible import visible

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the hospital's clock, as written
"""Excel 的第 0 天 · Day 0 of a workbook's date serials."""
SERIALS = range(20_000, 80_000)
"""当作日期序号的数 · Serials taken for dates: 1954 to 2119."""
MONTH = re.compile(r"((?:19|20)\d{2})(?:年|[-/.])?(\d{1,2})月?份?")
TIME = r"(?:(\d{1,2})[:时](\d{1,2})(?:[:分](?:(\d{1,2})(?:\.\d+)?秒?)?)?)?(?:\+08:?00)?"
MOMENT = re.compile(rf"((?:19|20)\d{{2}})[年\-/.](\d{{1,2}})[月\-/.](\d{{1,2}})(?:日|[T ]|$)[T ]?{TIME}")
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d%H%M%S")
USUAL = r"^(?:19|20)(?:\d{2}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?|\d{12})$"
"""系统导出的写法 · How systems write a moment: such columns are read as a whole, other writings one by one."""
DAY = 86_400
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
    moment, _ = read_moment(text)
    if moment:
        return moment.date(), ""
    found = MONTH.fullmatch(re.sub(r"\s", "", normalize("NFKC", text)).strip("'"))
    if found and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1), ""
    return None, "not_a_day"


def read_moments(text: pl.Series) -> Parsed:
    """读一列时刻 · A text column as moments, as `read_moment` reads each."""
    plain = pl.select(pl.when(text.str.contains(USUAL)).then(text.str.replace_all("/", "-", literal=True))).to_series()
    fast = plain.str.to_datetime(FORMATS[0], strict=False, time_unit="us")
    for other in FORMATS[1:] if fast.null_count() > plain.null_count() else ():
        fast = pl.select(pl.coalesce(fast, plain.str.to_datetime(other, strict=False, time_unit="us"))).to_series()
    left = pl.select(pl.when(fast.is_null()).then(text)).to_series()
    if left.null_count() == len(left):
        return Parsed(fast)
    slow = each(left, read_moment, pl.Datetime("us"))
    return Parsed(pl.select(pl.coalesce(fast, slow.values)).to_series(), slow.problems)


def read_moment(text: str) -> tuple[datetime | None, str]:
    """读时刻 · `2026-03-01 08:30`, `2026/3/1 8:30:05`, `20260301083000`, a date alone (midnight) or a serial; else `not_a_moment`."""
    plain = " ".join(normalize("NFKC", text).strip("' ").split())
    plain = re.sub(r"\s?([年月日时分/.:-])\s?", r"\1", plain)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) and int(float(plain)) in SERIALS:
        return EPOCH + timedelta(seconds=round(float(plain) * DAY)), ""
    if not (found := MOMENT.fullmatch(plain) or COMPACT.fullmatch(plain)):
        return None, "not_a_moment"
    try:
        return datetime(*(int(n or 0) for n in found.groups())), ""  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None, "not_a_moment"


def month_in(text: str) -> str:
    """文字里的月份 · The one month that a title or a file's name speaks of; "" when none or several."""
    found = {f"{m[1]}-{int(m[2] or m[3] or m[4]):02}" for m in IN_TEXT.finditer(normalize("NFKC", visible(text))) if _is_month(m)}
    return found.pop() if len(found) == 1 else ""


def _is_month(found: re.Match[str]) -> bool:
    return 1 <= int(found[2] or found[3] or found[4]) <= 12
