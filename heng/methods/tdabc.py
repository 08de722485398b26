"""估时作业成本法 · Time-driven costing: services pay for the minutes they take, and idle minutes stay visible.

cost of a minute = cost supplied ÷ practical capacity; what no service used is unused capacity, never spread over the
services. Where more was used than capacity allows, the minutes used divide the cost and nothing is unused.
Source: Kaplan & Anderson, Time-Driven Activity-Based Costing.
"""

from __future__ import annotations

import numpy as np

from heng.methods.apportion import Integers, apportion, whole


def time_driven(supplied: Integers, minutes: Integers, practical: int) -> Integers:
    """按耗时分配 · part[n, m] of each supplied[n] by minutes[m]; supplied[n] − part[n].sum() is the cost of what is unused.

    `minutes` and `practical` in any one unit, `supplied` in fen, of any sign. ValueError when there is no capacity.
    """
    used = sum(whole(minutes, "minutes").tolist())
    assigned = assigned_cost(supplied, used, practical)
    return apportion(assigned, minutes) if used else np.zeros((len(assigned), len(minutes)), np.int64)


def assigned_cost(supplied: Integers, used: int, practical: int) -> Integers:
    """已用产能的成本 · supplied[n] × used ÷ practical, to the nearest fen (half away from zero); all of it when over capacity."""
    supplied = whole(supplied, "supplied")
    if practical <= 0:
        raise ValueError("实际产能须大于0 · practical capacity must be above zero")
    if used >= practical:
        return supplied
    parts = [(2 * abs(n) * used + practical) // (2 * practical) for n in supplied.tolist()]
    return np.where(supplied < 0, -1, 1) * np.array(parts, np.int64)
