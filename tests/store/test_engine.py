"""引擎：金额精确、不读外部文件 · The engine: exact arithmetic on money, no way out of the region folder."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.core.errors import TableError
from heng.store.engine import DuckDB

ENGINE = DuckDB()
MONEY = st.decimals(-(10**11), 10**11, places=2)
VOLUME = st.decimals(-(10**9), 10**9, places=4)


def rounded(value: Fraction, places: int) -> Decimal:
    """小数位四舍五入 · Half away from zero, worked out in fractions."""
    scaled = abs(value) * 10**places
    whole = Decimal(int(scaled + Fraction(1, 2)))
    return (whole if value >= 0 else -whole).scaleb(-places)


def one(select: str, **values: object) -> Decimal | None:
    return ENGINE.rows(f"select {select} as x", values)["x"][0]


@given(MONEY, VOLUME)
def test_ratio_is_exact_to_six_places(a: Decimal, b: Decimal) -> None:
    got = one("ratio($a::decimal(18,2), $b::decimal(18,4))", a=a, b=b)
    if b == 0:
        assert got is None
    elif abs(a / b) < 10**11:
        assert got == rounded(Fraction(a) / Fraction(b), 6)


@given(MONEY, MONEY, MONEY)
def test_muldiv_keeps_every_digit(a: Decimal, b: Decimal, c: Decimal) -> None:
    a, b = a / 1000, (b / 1000).quantize(Decimal("0.0001"))
    a = a.quantize(Decimal("0.0001"))
    got = one("muldiv($a::decimal(18,4), $b::decimal(18,4), $c::decimal(18,2))", a=a, b=b, c=c)
    if c == 0:
        assert got is None
    elif abs(Fraction(a) * Fraction(b) / Fraction(c)) < 10**20:
        assert got == rounded(Fraction(a) * Fraction(b) / Fraction(c), 4)


def test_break_even_needs_a_contribution() -> None:
    assert one("breakeven_volume(5520000.00, 900.00, 2000.00, 1.0000)") == Decimal("5018.1818").quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert one("breakeven_volume(5520000.00, 2000.00, 2000.00, 1.0000)") is None


def test_decimals_pass_both_doors_unchanged() -> None:
    rows = pl.DataFrame({"a": [Decimal("9999999999999999.99"), None]}, schema={"a": pl.Decimal(18, 2)})
    ENGINE.table("given_rows", rows)
    assert ENGINE.rows("select * from given_rows").equals(rows)


def test_files_outside_the_region_are_out_of_reach(tmp_path: Path) -> None:
    outside = tmp_path / "outside.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(outside)
    (tmp_path / "region").mkdir()
    engine = DuckDB(tmp_path / "region")
    with pytest.raises(TableError, match=r"disabled|Permission"):
        engine.rows(f"select * from read_parquet('{outside}')")  # noqa: S608 - a path of this test
    with pytest.raises(TableError):
        engine.keep("x", f"select 1; copy (select 1) to '{tmp_path}/out.csv'")
    assert not (tmp_path / "out.csv").exists()
