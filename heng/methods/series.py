"""时间序列的数 · Series of months as arrays [..., months], and sums that are the same on every machine.

NaN is a month that is not known. Sums run in order, where numpy's own would add in pieces whose size is its business.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Marks = npt.NDArray[np.int8]
"""方向 · +1 above, −1 below, 0 nothing."""


def total(values: Floats, of: Flags | None = None) -> Floats:
    """按序求和 · The sum along the last axis, which stays with length 1; only of the flagged values where flags are given."""
    counted = values if of is None else np.where(of, values, 0.0)
    if counted.shape[-1] == 0:
        return np.zeros((*counted.shape[:-1], 1))
    return np.asarray(np.add.accumulate(counted, axis=-1)[..., -1:])


def ratio(number: npt.ArrayLike, divisor: npt.ArrayLike) -> Floats:
    """相除 · number ÷ divisor; NaN where there is nothing to divide by."""
    whole = np.asarray(divisor, np.float64)
    return np.asarray(number / np.where(whole > 0, whole, np.nan))


def mean(values: Floats, of: Flags) -> Floats:
    """均值 · Mean of the flagged values along the last axis, which stays; NaN of none."""
    return ratio(total(values, of), of.sum(axis=-1, keepdims=True))
