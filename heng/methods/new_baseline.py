"""重定基线的建议 · Has a series settled at a new level? Since which month, from what, to what: a person decides.

A shift is sustained when all known months since some month lie on one side of the centre, up to the last month; there are at
least `months` of them, and their mean lies at least `least` σ from the centre. It began where that is most likely: where the
square of what was added up since, ÷ the number of months, is greatest (Hinkley, Biometrika 57(1), 1970). As NHS England's Making
Data Count advises, limits are calculated anew only for a lasting change whose cause is known: this proposes, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heng.methods.control_chart import Limits
from heng.methods.series import Flags, Floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """新基线建议 · found; since: the month's place in the series; before and after: the old centre and the mean since. All [...]."""

    found: Flags
    since: npt.NDArray[np.int64]
    before: Floats
    after: Floats


def propose(values: Floats, limits: Limits, months: int = 8, least: float = 1.0) -> Proposal:
    """提出建议 · Look back from the last month of values [..., months]; where nothing is found, since is −1 and after NaN.

    Call it with the months known so far: what it says of them, later months do not change.
    """
    offset, reach, watched = np.broadcast_arrays(values - limits.centre, limits.reach, limits.judged)
    known = watched & ~np.isnan(offset)
    side = np.where(known, np.sign(offset), 0)
    broken = ~watched | (known & (side != _last(side)))
    run = ~np.logical_or.accumulate(broken[..., ::-1], axis=-1)[..., ::-1] & (side != 0)
    count, moved = (np.add.accumulate(np.where(run, a, 0.0)[..., ::-1], axis=-1)[..., ::-1] for a in (np.ones_like(offset), offset))
    likely = np.where(run & (count >= months), ratio(moved**2, count), -1.0)
    since = np.argmax(likely, axis=-1)[..., None]
    shift = np.take_along_axis(ratio(moved, count), since, axis=-1)
    found = ((np.take_along_axis(likely, since, axis=-1) > 0) & (np.abs(shift) * 3 >= least * reach[..., -1:]))[..., 0]
    before = np.broadcast_to(limits.centre, values.shape)[..., -1]
    return Proposal(found, np.where(found, since[..., 0], -1), before, np.where(found, before + shift[..., 0], np.nan))


def _last(side: Floats) -> Floats:
    """The side of the last known month that has one, [..., 1]."""
    place = side.shape[-1] - 1 - np.argmax(side[..., ::-1] != 0, axis=-1)
    return np.take_along_axis(side, place[..., None], axis=-1)
