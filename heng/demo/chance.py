"""机缘 · Seeded chance in whole numbers only, so that every machine draws the same region to the byte."""

from zlib import crc32

import numpy as np
import numpy.typing as npt

from heng.methods.apportion import apportion

Whole = npt.NDArray[np.int64]


def chance(seed: int, *names: str) -> np.random.Generator:
    """按用途分开的机缘 · A generator of its own for each purpose: months and feeds never disturb one another."""
    return np.random.default_rng([seed, *(crc32(n.encode()) for n in names)])


def about(rng: np.random.Generator, spread: int, *shape: int) -> Whole:
    """一左右的千分数 · Per mille around 1000, at most `spread` away."""
    return rng.integers(1000 - spread, 1001 + spread, size=shape, dtype=np.int64)


def split(total: int, weight: Whole) -> Whole:
    """按权重分完，一分不差 · Split a whole number by weights of any shape; all zero when nothing has weight."""
    if not weight.any():
        return np.zeros_like(weight)
    return np.asarray(apportion(np.array([total], dtype=np.int64), weight.ravel())[0].reshape(weight.shape))


def thousandths(number: Whole, *per_mille: Whole | int) -> Whole:
    """依次乘千分数 · The number times each per mille in turn, cut to whole units every time."""
    for p in per_mille:
        number = number * p // 1000
    return number
