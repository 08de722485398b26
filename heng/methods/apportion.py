"""整数分摊 · Split whole units in proportion to whole weights and lose none of them.

The largest-remainder rule (Hamilton): everyone gets the whole part of the exact share; the units still
missing go to the largest remainders, the earlier index first among equals. Every step is exact: a float
only guesses a quotient, the remainder is taken in wrapping 64-bit integers and puts the guess right.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

LIMIT = 1 << 62  # |total| and Σ weight stay below it, so a remainder off by one weight sum fits 64 bits
CERTAIN = 1 << 50  # four roundings of 2**-53 each move a smaller quotient by less than one
HALF = 31  # bits of the lower half of a large total


def apportion(total: Integers, weight: Integers) -> Integers:
    """按权重分摊 · Split each total[n] by weight[m] into part[n, m] with part.sum(axis=1) == total.

    Units: any whole unit (fen). A negative total (red ink) is minus the split of its absolute value.
    ValueError: no whole numbers, |total| ≥ 2**62, a negative weight, Σ weight = 0, or Σ weight ≥ 2**62
    after division by the greatest common divisor. Source: largest-remainder method.
    """
    total = whole(total, "total")
    if total.size and not (int(total.min()) > -LIMIT and int(total.max()) < LIMIT):
        raise ValueError("待分摊数过大 · a total must stay below 2**62")
    ratio, sum_of_ratio = _reduced(weight)
    size = np.abs(total)
    part, rest = _shares(size[:, None], ratio, sum_of_ratio)
    part += _next_in_line(rest, size - part.sum(axis=1), sum_of_ratio)
    part[total < 0] *= -1
    return part


def whole(number: npt.ArrayLike, name: str) -> Integers:
    """整数数组 · The same numbers as int64 of any shape; ValueError when they are not whole numbers."""
    array = np.asarray(number)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name} 应为整数 · {name} must be whole numbers, not {array.dtype}")
    if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        raise ValueError(f"{name} 超出 64 位 · {name} must fit 64 bits")
    return array.astype(np.int64, copy=False)


def _reduced(weight: Integers) -> tuple[Integers, int]:
    weight = whole(weight, "weight")
    if (weight < 0).any():
        raise ValueError("权重不能为负 · a weight must not be negative")
    divisor = int(np.gcd.reduce(weight, initial=0))
    if divisor == 0:
        raise ValueError("权重之和为0 · the weights add up to zero")
    ratio = weight // divisor
    sum_of_ratio = sum(ratio.tolist())  # Python adds without overflow
    if sum_of_ratio >= LIMIT:
        raise ValueError("权重之和过大 · the weights must add up to less than 2**62")
    return ratio, sum_of_ratio


def _shares(size: Integers, ratio: Integers, divisor: int) -> tuple[Integers, Integers]:
    """Whole part and remainder of size·ratio / divisor, with size[n, 1] and ratio[m]."""
    if size.max(initial=0) < CERTAIN:
        return _divide(size, ratio, divisor)
    upper, carry = _divide(size >> HALF, ratio, divisor)
    middle, rest_of_carry = _divide(np.full_like(carry, 1 << HALF), carry, divisor)
    lower, rest_of_lower = _divide(size & ((1 << HALF) - 1), ratio, divisor)
    rest = rest_of_carry + rest_of_lower
    full = (rest >= divisor).astype(np.int64)
    return (upper << HALF) + middle + lower + full, rest - full * divisor


def _divide(left: Integers, right: Integers, divisor: int) -> tuple[Integers, Integers]:
    """Whole part and remainder of left·right / divisor, exact while the quotient is below CERTAIN."""
    quotient = (left.astype(np.float64) * right / divisor).astype(np.int64)
    rest = left * right - quotient * divisor  # wraps twice, and comes back: the true value fits 64 bits
    off = (rest >= divisor).astype(np.int64) - (rest < 0)
    quotient += off
    rest -= off * divisor
    return quotient, rest


def _next_in_line(rest: Integers, missing: Integers, divisor: int) -> npt.NDArray[np.bool_]:
    """True for the missing[n] largest of rest[n, m], earlier index first among equals."""
    count = rest.shape[1]
    if divisor * count >= 2 * LIMIT:
        rank = np.argsort(np.argsort(-rest, axis=1, kind="stable"), axis=1)
        return np.asarray(rank < missing[:, None])
    # One number that says both: smaller is earlier in line, and no two are equal, so any sort will do.
    place = (divisor - 1 - rest) * count + np.arange(count)
    line = np.sort(place, axis=1)
    last = np.take_along_axis(line, np.maximum(missing - 1, 0)[:, None], axis=1)
    return np.asarray((place <= last) & (missing > 0)[:, None])
