"""整数分摊 · Whole units divided by whole weights: exact at any size, nothing lost, ties to the earlier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.apportion import LIMIT, apportion
from tests.methods.oracle import largest_remainder

SIZES = st.sampled_from([2, 10, 31, 49, 50, 51, 53, 61, 62])
TOTAL = SIZES.flatmap(lambda bits: st.integers(1 - 2**bits, 2**bits - 1))
WEIGHTS = SIZES.flatmap(lambda bits: st.lists(st.integers(0, 2**bits - 1), min_size=1, max_size=9)).filter(lambda w: 0 < sum(w) < LIMIT)


def split(total: list[int], weight: list[int]) -> list[list[int]]:
    result: list[list[int]] = apportion(np.array(total, np.int64), np.array(weight, np.int64)).tolist()
    return result


@given(st.lists(TOTAL, max_size=4), WEIGHTS)
def test_equals_the_exact_split_at_any_size(total: list[int], weight: list[int]) -> None:
    assert split(total, weight) == [largest_remainder(one, weight) for one in total]


@given(st.lists(TOTAL, min_size=1, max_size=4), WEIGHTS)
def test_loses_no_unit(total: list[int], weight: list[int]) -> None:
    assert [sum(part) for part in split(total, weight)] == total


@given(TOTAL, st.lists(st.integers(0, 999), min_size=1, max_size=9).filter(any), st.integers(1, 10**15))
def test_scaling_the_weights_changes_nothing(total: int, weight: list[int], factor: int) -> None:
    assert split([total], [w * factor for w in weight]) == split([total], weight)


@pytest.mark.parametrize(
    ("total", "weight", "part"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # equal remainders: the earlier department
        (101, [1, 1, 1], [34, 34, 33]),
        (100, [1, 2, 4], [14, 29, 57]),  # 14.29, 28.57, 57.14: the largest remainder
        (-100, [1, 1, 1], [-34, -33, -33]),  # red ink is the mirror of black
        (1, [0, 0, 5], [0, 0, 1]),  # who used nothing receives nothing
        (0, [3, 4], [0, 0]),
        (LIMIT - 1, [LIMIT - 2, 1], [LIMIT - 2, 1]),
        (7, [2**62, 2**62], [4, 3]),  # too large to add, until divided by what they share
    ],
)
def test_by_hand(total: int, weight: list[int], part: list[int]) -> None:
    assert split([total], weight) == [part]


def test_few_and_many_sharers_are_ranked_alike() -> None:
    """Beyond 2**63 ÷ Σ weight sharers another way of ranking takes over; both must agree with the oracle."""
    rng = np.random.default_rng(20260331)
    for largest in (2**20, 2**55):
        weight = rng.integers(0, largest, 60).tolist()
        assert split([10**12 + 1], weight) == [largest_remainder(10**12 + 1, weight)]


@pytest.mark.parametrize(
    ("total", "weight", "reason"),
    [
        ([1], [0, 0], "权重之和为0 · the weights add up to zero"),
        ([1], [], "权重之和为0 · the weights add up to zero"),
        ([1], [3, -1], "must not be negative"),
        ([1], [LIMIT - 1, 1], r"less than 2\*\*62"),
        ([LIMIT], [1], r"below 2\*\*62"),
        ([-(2**63)], [1], r"below 2\*\*62"),
    ],
)
def test_what_cannot_be_split_is_refused(total: list[int], weight: list[int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        split(total, weight)


def test_floats_and_oversized_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="weight 应为整数"):
        apportion(np.array([1]), np.array([0.5, 0.5]))
    with pytest.raises(ValueError, match="fit 64 bits"):
        apportion(np.array([1]), np.array([2**63 + 1], np.uint64))
