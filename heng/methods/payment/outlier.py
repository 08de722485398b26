"""高倍率病例的限额 · How many high-cost cases may be paid as such: a share of all cases, the largest excess first.

Source: CHS-DRG 付费技术规范 (2019): 高倍率病例不超过出院人次的 5%，按超出金额由高到低.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeVar

Key = TypeVar("Key", int, str, tuple[str, int])


def quota(cases: int, share: Decimal) -> int:
    """名额 · How many of so many cases: whole cases, the rest is dropped."""
    return floor(Fraction(share) * cases)


def ranked(excess: Iterable[tuple[Key, int]]) -> list[Key]:
    """由高到低 · Cases by their excess, the largest first; of equals the smaller key, so that the order of rows never counts."""
    return [key for key, _ in sorted(excess, key=lambda case: (-case[1], case[0]))]
