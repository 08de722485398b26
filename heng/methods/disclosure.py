"""小数不外露：隐去 1 至 10 的计数，也隐去能推出它们的 · Counts of one to ten are hidden, and enough others that nobody works them out.

All tables that are published together are margins of one array of counts: rows, columns, totals, several linked tables. A
small count is safe when another array would have given the same published figures, with a count in its place that is not
small. Such an array is made for each: the count goes up, a box of cells around it goes down and up in turn, and every figure
that this changes is hidden. So an attacker, by linear programming over all that is shown, cannot tell it from a larger one.
Zeros are always shown, and the attacker may know that. Whatever else is published of a cell (a mean, a share, an amount) is
to be hidden where its count is: a count follows from two of them.
A cost of several hospitals together is hidden, too, where one of them makes up nearly all that nobody has shown of it: the sum
would tell that one's cost. It is hidden so that it might be large enough for nobody to stand out, by boxes of costs.
Source: CMS cell size suppression policy (none of 1–10 shown or derivable); Cox 1995, network models for complementary cell
suppression (alternating cycles); Hundepool et al., Handbook on Statistical Disclosure Control, §4.2 ((n,k) dominance, n = 1).
"""

from collections.abc import Collection, Iterator
from fractions import Fraction
from functools import reduce
from itertools import combinations
from operator import and_

import numpy as np
from numpy.typing import NDArray

Axes = tuple[int, ...]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Index = tuple[slice, ...]


def hidden(counts: Counts, shown: Collection[Axes], least: int = 11) -> dict[Axes, Mask]:
    """哪些格要隐去 · What is to be hidden of each table shown: True where a count must not stand.

    `counts`: how many, by any number of axes. `shown`: the tables published, each by the axes that it keeps, in rising order
    (`()`: the grand total). `least`: the smallest count above zero that may be shown.
    """
    tables = _tables(counts, shown)
    masks = {axes: (table > 0) & (table < least) for axes, table in tables.items()}
    small = {axes: np.argwhere(mask) for axes, mask in masks.items()}
    for axes in _finest_first(small):
        for cell in small[axes]:
            up = max(least - int(tables[axes][tuple(cell)]), least // 2)
            _protect(counts, tables, masks, (axes, cell.tolist(), up))
    return _as_shown(counts, masks)


def dominated(costs: Counts, masks: dict[Axes, Mask], by: int, share: Fraction) -> dict[Axes, Mask]:
    """哪些金额要隐去 · What is to be hidden of each table of amounts: where `masks` hides a count, and where one party stands out.

    `costs`: whole fen, by the same axes; `by`: the axis of the parties. Of a sum over them the part counts that no other
    figure shows: a party with more than this share of it stands out.
    """
    tables = _tables(costs, masks)
    hide = {axes: np.array(mask).reshape(tables[axes].shape) for axes, mask in masks.items()}
    done = list[tuple[Axes, list[int], int]]()
    while found := next((f for f in _standing_out(tables, hide, by, share) if f not in done), None):
        _protect(costs, tables, hide, found)  # also what another's box hides already: that box may be too small for it
        done.append(found)
    return _as_shown(costs, hide)


def _standing_out(tables: dict[Axes, Counts], hide: dict[Axes, Mask], by: int, share: Fraction) -> Iterator[tuple[Axes, list[int], int]]:
    """Sums over the parties of which one makes up too much, and how much larger each would have to be."""
    for axes in _finest_first(tables):
        finer = tuple(sorted((*axes, by)))
        if by in axes or finer not in tables:
            continue
        secret = np.where(hide[finer], tables[finer], 0)
        rest, largest = secret.sum(axis=by, keepdims=True), secret.max(axis=by, keepdims=True)
        for cell in np.argwhere(largest * share.denominator > rest * share.numerator):
            most, sum_ = int(largest[tuple(cell)]), int(rest[tuple(cell)])
            yield axes, cell.tolist(), -(-most * share.denominator // share.numerator) - sum_


def _tables(counts: Counts, shown: Collection[Axes]) -> dict[Axes, Counts]:
    return {axes: counts.sum(axis=tuple(a for a in range(counts.ndim) if a not in axes), keepdims=True) for axes in shown}


def _finest_first(tables: Collection[Axes]) -> list[Axes]:
    return sorted(tables, key=lambda a: (-len(a), a))


def _as_shown(counts: Counts, masks: dict[Axes, Mask]) -> dict[Axes, Mask]:
    return {axes: mask.reshape([counts.shape[a] for a in axes]) for axes, mask in masks.items()}


def _protect(counts: Counts, tables: dict[Axes, Counts], masks: dict[Axes, Mask], wanted: tuple[Axes, list[int], int]) -> None:
    """Hide the cheapest box around a figure that could then be larger by `up`: of as many axes as can be, the one that hides least.

    A box of no axis is the figure alone, with every total that it is in: there is always that.
    """
    axes, cell, up = wanted
    for size in range(len(axes), -1, -1):
        found = [(*best, box) for box in combinations(axes, size) if (best := _cheapest(counts, tables, masks, (axes, cell, box, up)))]
        if found:
            _, place, box = min(found)
            for corner, _ in _corners(axes, cell, box):
                for t in tables:
                    if set(box) <= set(t):
                        at = (place[a] if part == slice(None) else cell[a] for a, part in enumerate(corner))
                        masks[t][tuple(i if a in t else 0 for a, i in enumerate(at))] = True
            return


def _cheapest(
    counts: Counts, tables: dict[Axes, Counts], masks: dict[Axes, Mask], wanted: tuple[Axes, list[int], Axes, int]
) -> tuple[int, tuple[int, ...]] | None:
    """The cost and the far corner of the cheapest box on some axes; None where no box would do."""
    axes, cell, box, up = wanted
    cost, fits = np.zeros((1,) * counts.ndim, np.int64), list[Mask]()
    for corner, falls in _corners(axes, cell, box):
        if falls:
            fits.append(counts[corner] >= up)
        for t, table in tables.items():
            if set(box) <= set(t):
                part = tuple(s if a in t else slice(None) for a, s in enumerate(corner))
                fits.append(table[part] >= (up + 1 if falls else 1))  # what is hidden may be known not to be zero
                cost = cost + np.where(masks[t][part], 0, table[part])
    for a in box:  # two corners are two cells
        fits.append((np.arange(counts.shape[a]) != cell[a]).reshape([-1 if b == a else 1 for b in range(counts.ndim)]))
    dear = np.iinfo(np.int64).max
    costs = np.where(reduce(and_, fits), cost, dear)
    best = int(costs.argmin())
    return None if costs.flat[best] == dear else (int(costs.flat[best]), tuple(map(int, np.unravel_index(best, costs.shape))))


def _corners(axes: Axes, cell: list[int], box: Axes) -> Iterator[tuple[Index, bool]]:
    """The corners of all boxes at a cell, as parts of the array, and whether the count falls there.

    On an axis of the box a corner lies at the cell or at any other place; on one that the table does not keep, at any place.
    """
    for size in range(len(box) + 1):
        for far in combinations(box, size):
            near = set(axes) - set(far)
            yield tuple(slice(i, i + 1) if a in near else slice(None) for a, i in enumerate(cell)), size % 2 == 1
