"""文字有多宽 · How wide text prints: a Chinese character takes two places, a Latin one takes one."""

from decimal import Decimal
from math import ceil
from unicodedata import east_asian_width

from heng.serve.excel.sheet import UNKNOWN, Kind, Value

WIDE = "WFA"  # ambiguous ones, such as 「—」 and ①, print wide in Chinese fonts


def places(text: str) -> int:
    """占几个半角位 · Places that the widest line of a text takes."""
    if text.isascii() and "\n" not in text:  # nearly every number
        return len(text)
    return max((sum(2 if east_asian_width(c) in WIDE else 1 for c in line) for line in text.split("\n")), default=0)


def printed(value: Value, kind: Kind) -> str:
    """打印出来的样子 · A value as Excel will print it under its column's format."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    return f"{value:.2%}" if kind == "share" else f"{value:,.2f}"


def rows_needed(text: str, width: float) -> int:
    """换行后占几行 · Rows that a text takes when it is wrapped into a width."""
    return sum(max(1, ceil(places(line) / max(1.0, width))) for line in text.split("\n"))


def as_number(value: Decimal | float) -> float:
    """交给 Excel 的数 · The number that Excel keeps: its cells hold 15 digits, enough for 10 trillion yuan to the fen."""
    return float(value)
