"""因素分析 · Why did actual cost differ from its standard: volume, mix or price?

连环替代法, in this fixed order: standard → volume (all items grow alike, standard mix, standard price) → mix (actual
volume of each item, standard price) → price (actual amounts). Each level is rounded to the fen once, and every effect
is the step from one level to the next: the three add up to the difference with nothing left over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from heng.methods.apportion import LIMIT, Integers, whole

Exact = npt.NDArray[Any]  # arrays of Python's own integers: products of fen and volume pass 64 bits


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """差异分解 · Effects in fen, same shape as the inputs; volume + mix + price == actual − standard, item by item."""

    volume: Integers
    mix: Integers
    price: Integers


def bridge(standard: Integers, standard_volume: Integers, actual: Integers, actual_volume: Integers) -> Bridge:
    """分解差异 · Split actual − standard (fen) by the volumes of the items; all arrays [..., items], one group per row.

    An item without a standard (volume and amount 0) has no standard price: its whole amount is mix, and no price
    effect is claimed. With one item there is no mix. Half a fen is rounded away from zero. ValueError: shapes differ,
    no whole numbers, amounts beyond 2**62, a negative volume, a standard amount without volume, or a group without standard volume.
    """
    names = ("standard", "standard_volume", "actual", "actual_volume")
    arrays = [whole(a, n) for a, n in zip((standard, standard_volume, actual, actual_volume), names, strict=True)]
    _check(*arrays)
    planned, old, paid, new = (a.astype(object) for a in arrays)
    grown = _nearest(planned * new.sum(axis=-1, keepdims=True), old.sum(axis=-1, keepdims=True))
    mixed = np.where(old == 0, paid, _nearest(planned * new, np.where(old == 0, 1, old)))
    levels = [planned, grown, mixed, paid]
    if max(int(abs(level).max(initial=0)) for level in levels) >= LIMIT:
        raise ValueError("金额过大 · amounts must stay below 2**62 fen at every level")
    return Bridge(*((after - before).astype(np.int64) for before, after in pairwise(levels)))


def _nearest(number: Exact, divisor: Exact) -> Exact:
    up = (2 * abs(number) + divisor) // (2 * divisor)
    return np.asarray(np.where(number < 0, -up, up))


def _check(standard: Integers, standard_volume: Integers, actual: Integers, actual_volume: Integers) -> None:
    if not standard.shape == standard_volume.shape == actual.shape == actual_volume.shape or standard.ndim == 0:
        raise ValueError("四组数形状不一 · the four arrays must have one shape [..., items]")
    if (standard_volume < 0).any() or (actual_volume < 0).any():
        raise ValueError("业务量不能为负 · a volume must not be negative")
    if ((standard_volume == 0) & (standard != 0)).any():
        raise ValueError("有标准金额而无标准业务量 · a standard amount without a standard volume has no price")
    if (standard_volume.max(axis=-1, initial=0) == 0).any():
        raise ValueError("标准业务量为0 · a group without standard volume cannot be explained")
