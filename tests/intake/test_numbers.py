"""数字：与缓慢而明白的读法逐个相同 · Numbers: the fast column-wise reading agrees with a slow and plain one, cell by cell."""

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heng.intake.numerals import numeral, one, read_numbers

UNHURRIED = settings(deadline=None)  # a busy machine is no mistake of the reader
WIDE = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1,234.50", "1234.50"),
        ("￥1,234.50", "1234.50"),
        ("¥ 1 234.5元", "1234.5"),
        ("1234.50CNY", "1234.50"),
        ("１２３．４５", "123.45"),
        ("(1,234.50)", "-1234.50"),
        ("（1,234.50）", "-1234.50"),
        ("1,234.50-", "-1234.50"),
        ("-1,234.50", "-1234.50"),
        ("△5", "-5"),
        ("−5", "-5"),
        ("'00123", "123"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.2E+05", "120000"),
        ("12.5%", "0.125"),
        ("30人", "30"),
    ],
)
def test_numbers_as_people_write_them(written: str, read: str) -> None:
    assert numeral(written) == Decimal(read)


@pytest.mark.parametrize(
    "written",
    ["见附件", "1,23", "1.2.3", "--5", "(5", "12-3", "1E999999", "NaN", "Infinity", "0x10", "1,2345", "", "9" * 61, "5²", "①", "⑴"],
)
def test_what_is_no_number_is_not_guessed(written: str) -> None:
    assert numeral(written) is None


@pytest.mark.parametrize(
    ("written", "money", "problem"),
    [
        ("0.30000000000000004", "0.30", ""),
        ("1234.5600000000004", "1234.56", ""),
        ("12.3400", "12.34", ""),
        ("12.345", None, "too_precise"),
        ("0.0001", None, "too_precise"),
        ("1.23E+04", "12300", "scientific"),
        ("9" * 17, None, "too_large"),
    ],
)
def test_money_is_exact_or_refused(written: str, money: str | None, problem: str) -> None:
    assert one(written, 2) == (None if money is None else Decimal(money), problem)


def test_ten_thousands_of_yuan_are_scaled_exactly() -> None:
    parsed = read_numbers(pl.Series(["12.3456", "0.0000005", "-1"]), 2, 10_000)
    assert parsed.values.to_list() == [Decimal("123456.00"), None, Decimal("-10000.00")]
    assert parsed.problems is not None
    assert parsed.problems.to_list() == [None, "too_precise", None]


def test_people_are_whole_and_measures_are_rounded_aloud() -> None:
    assert one("12.0", 0) == (12, "")
    assert one("12.5", 0) == (None, "not_whole")
    assert one("33.333333", 4) == (Decimal("33.3333"), "rounded")


def fen(text: str) -> Fraction | None:
    """An independent slow reading: digit by digit, in whole fen, None when it is not whole."""
    sign, whole, part, seen = 1, 0, "", False
    for mark in text:
        if mark in "-(":
            sign = -1
        elif mark == ".":
            seen = True
        elif mark.isdigit():
            whole, part = (whole, part + mark) if seen else (whole * 10 + int(mark), part)
    value = sign * (Fraction(whole) + (Fraction(int(part), 10 ** len(part)) if part else 0)) * 100
    return value if value.denominator == 1 else None


@st.composite
def written(draw: st.DrawFn) -> str:
    """An amount in one of the ways in which people write amounts."""
    whole, digits = draw(st.integers(0, 10**12)), draw(st.text("0123456789", max_size=3))
    plain = f"{whole:,}" if draw(st.booleans()) else str(whole)
    text = f"{plain}.{digits}" if digits else plain
    shape = draw(st.sampled_from(["{}", "-{}", "({})", "{}-", "（{}）", "￥{}", "-￥{}", "{}元", " {} ", "'{}"]))
    text = shape.format(text)
    return text.translate(WIDE) if draw(st.booleans()) else text


@UNHURRIED
@given(st.lists(written(), min_size=1, max_size=20))
def test_a_column_of_money_is_read_as_the_slow_reading_says(texts: list[str]) -> None:
    read = read_numbers(pl.Series(texts), 2)
    expected = [fen(t.translate({v: k for k, v in WIDE.items()})) for t in texts]
    assert [None if v is None else Fraction(v) * 100 for v in read.values.to_list()] == expected
    refused = [None] * len(texts) if read.problems is None else read.problems.to_list()
    assert [p == "too_precise" for p in refused] == [e is None for e in expected]


@UNHURRIED
@given(st.integers(-(10**14), 10**14), st.integers(1, 9))
def test_the_sum_of_floats_is_read_as_the_fen_it_stands_for(hundredths: int, parts: int) -> None:
    noisy = sum([hundredths / 100 / parts] * parts)
    value, problem = one(repr(noisy) if "e" not in repr(noisy) else f"{noisy:.20f}", 2)
    assert (value, problem) == (Decimal(hundredths).scaleb(-2), "")


@UNHURRIED
@given(st.lists(st.text(max_size=12), max_size=20), st.sampled_from([0, 2, 4, 6]))
def test_any_text_gives_a_value_or_a_problem_and_never_stops(texts: list[str], places: int) -> None:
    read = read_numbers(pl.Series(texts, dtype=pl.String), places)
    refused = [None] * len(texts) if read.problems is None else read.problems.to_list()
    assert all(v is not None or p for v, p in zip(read.values.to_list(), refused, strict=True))
