"""交互分配 · Allocate with every service between givers counted, as a system of equations (algebraic method).

X = d + PᵀX over the givers; what a giver costs reaches the finals in the proportions S = (I − P_ss)⁻¹ P_sf.
The system is solved giver by giver without one subtraction (state reduction as for absorbing Markov chains):
whoever used giver n is charged with what n itself used, until only finals are left. All terms are positive, so
nothing cancels, no pivot is chosen, and no library's thread count can change a digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heng.methods.apportion import Integers, apportion
from heng.methods.step_down import ZeroBase, check

Floats = npt.NDArray[np.float64]
FINE = 2.0**52  # shares become whole weights at the precision a float has; money never becomes a float


class ClosedLoop(ZeroBase):
    """循环无出口 · Cost of this giver ends among givers who serve only each other (or is used by nobody)."""


def reciprocal(cost: Integers, givers: Sequence[int], weight: Integers, driver: Integers) -> Integers:
    """交互分配 · Final cost[L, D] of every department, all givers 0, the sum of each layer kept to the unit.

    Arguments as in step_down. Self-use and the order of the givers make no difference, to the byte.
    ClosedLoop when a giver with cost reaches no final; ValueError when shapes or numbers do not fit.
    Each giver's own cost is spread over the finals in one exact largest-remainder split.
    """
    check(cost, givers, weight, driver)
    inside = sorted(givers)
    outside = np.setdiff1d(np.arange(cost.shape[1]), inside)
    final = cost.astype(np.int64)
    final[:, inside] = 0
    for system in _systems(inside, weight, driver, keep_self=False):
        for row, giver in enumerate(inside):
            layers = system.layers_to_spread(cost, row)
            if layers.size:
                share = np.rint(system.share[row, outside] * FINE).astype(np.int64)
                final[np.ix_(layers, outside)] += apportion(cost[layers, giver], share)
    return final


def reciprocal_price(
    cost: Integers,
    givers: Sequence[int],
    weight: Integers,
    driver: Integers,
    *,
    keep_self: bool = False,
) -> Floats:
    """交互总成本 · X[L, G]: what each giver costs once it has paid for the services it used, in order of givers.

    Same unit as cost, as a float, for unit prices only (X ÷ its volume); no money is moved by it. keep_self
    counts self-use as a service: X then grows, the finals do not. Errors as in reciprocal.
    """
    check(cost, givers, weight, driver)
    price = np.zeros((len(cost), len(givers)))
    for system in _systems(givers, weight, driver, keep_self=keep_self):
        for row, giver in enumerate(givers):
            layers = system.layers_to_spread(cost, row)
            price[layers] += cost[layers, giver][:, None] * system.visits[row]
    return price


@dataclass(frozen=True, slots=True)
class _System:
    """Layers that share one choice of drivers, and where a unit of each giver's cost goes.

    share[G, D]: ends in which final; a positive share in a giver means: caught in a loop there.
    visits[G, G]: passes how often through which giver.
    """

    givers: Sequence[int]
    layers: Integers
    share: Floats
    visits: Floats

    def layers_to_spread(self, cost: Integers, row: int) -> Integers:
        """The layers in which this giver has cost; ClosedLoop when that cost cannot get out."""
        layers: Integers = self.layers[cost[self.layers, self.givers[row]] != 0]
        caught = np.flatnonzero(self.share[row, list(self.givers)])
        if layers.size and caught.size:
            raise ClosedLoop(self.givers[caught[0]], int(layers[0]))
        return layers


def _systems(givers: Sequence[int], weight: Integers, driver: Integers, *, keep_self: bool) -> Iterator[_System]:
    at = np.array(givers, np.int64)
    chosen, which = np.unique(driver[at], axis=1, return_inverse=True)
    for number, drivers in enumerate(chosen.T):
        use = weight[drivers, at] * (drivers >= 0)[:, None]
        if not keep_self:
            use[np.arange(len(at)), at] = 0
        share, visits = _pass_on(use, givers)
        yield _System(givers, np.flatnonzero(which.reshape(-1) == number), share, visits)


def _pass_on(use: Integers, givers: Sequence[int]) -> tuple[Floats, Floats]:
    """Solve for share and visits from use[G, D]: charge the users of each giver in turn with what it used."""
    departments = use.shape[1]
    part = use / np.maximum(use.sum(axis=1, keepdims=True), 1)
    table = np.hstack([part, np.eye(len(givers))])
    for row, giver in enumerate(givers):
        passed = table[row].copy()
        passed[giver] = 0.0
        onward = passed[:departments].sum()  # = 1 − the part that comes back to this giver, without subtracting
        if onward == 0.0:
            table[row, giver] = 1.0  # nobody else is reached from here: what comes in stays
            continue
        passed /= onward
        charged = table[:, giver].copy()
        table[:, giver] = 0.0
        table += charged[:, None] * passed
        table[row] = passed
    return table[:, :departments], table[:, departments:]
