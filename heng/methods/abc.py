"""作业成本法 · Activity-based costing: resources to activities by resource drivers, activities to services by activity drivers.

Largest remainder at both steps, so that no fen is lost. An activity that no service used keeps its cost: it is what is
missing from the parts. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 作业成本法（资源动因、作业动因）.
"""

from __future__ import annotations

import numpy as np

from heng.methods.apportion import Integers, apportion


def activity_based(supplied: Integers, resource: Integers, use: Integers) -> Integers:
    """两步分配 · part[n, m] of each supplied[n] by resource[n, a] to activities and use[a, m] to services.

    A resource that no activity used stays whole with the department. Fen in, fen out, of any sign.
    """
    part = np.zeros((len(supplied), use.shape[1]), np.int64)
    used = use.any(axis=1)
    for n in np.flatnonzero(resource.any(axis=1)):
        activity = apportion(supplied[n : n + 1], resource[n])[0]
        for a in np.flatnonzero(activity.astype(bool) & used):
            part[n] += apportion(activity[a : a + 1], use[a])[0]
    return part
