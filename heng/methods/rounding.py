"""舍入 · From exact numbers to the digits that are shown: half away from zero, the same on every machine."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt

FINE = 10**9  # a root is taken to nine decimals, more than any figure shows


def nearest(value: Fraction) -> int:
    """四舍五入取整 · To the nearest whole number, half away from zero."""
    return half_up(value.numerator, value.denominator)


def half_up(over: int, under: int) -> int:
    """两个整数相除，四舍五入 · A quotient of whole numbers to the nearest one, half away from zero; `under` above nothing."""
    up = (2 * abs(over) + under) // (2 * under)
    return -up if over < 0 else up


def decimal(value: Fraction | None, places: int = 6) -> Decimal | None:
    """写成小数 · A fraction to so many decimals; None stays None."""
    return None if value is None else Decimal(nearest(value * 10**places)).scaleb(-places)


def root(square: Fraction) -> Fraction:
    """平方根 · The square root of a fraction, exact to nine decimals whatever machine takes it."""
    number, divisor = square.as_integer_ratio()
    return Fraction(isqrt(number * FINE**2 // divisor), FINE)
