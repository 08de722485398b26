"""攻击者：对公布的全部表做精确线性规划 · The attacker: exact linear programming over everything that is shown.

Fractions, the simplex method with Bland's rule: what it finds is what can be known, to the last digit. It knows the rule of
publishing, too: a zero is always shown, so what is hidden is one at least.
"""

from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

Row = list[Fraction]


class Attack:
    """All arrays of counts that agree with what is shown: of any hidden count the least and the most it can be."""

    def __init__(self, counts: NDArray[np.int64], masks: dict[tuple[int, ...], NDArray[np.bool_]]) -> None:
        """Write down what is known: shown margins exactly, hidden ones as one at least. Only what is shown is read off `counts`."""
        places = list(product(*map(range, counts.shape)))
        empty = {p for axes, mask in masks.items() for p in places if not mask[cell(p, axes)] and total(counts, axes, cell(p, axes)) == 0}
        self.places = [p for p in places if p not in empty]
        known = [(axes, at, bool(mask[at])) for axes, mask in masks.items() for at in np.ndindex(mask.shape)]
        known = [k for k in known if k[2] or total(counts, k[0], k[1])]
        slack = [k for k in known if k[2]]
        rows = list[Row]()
        for axes, at, secret in known:
            row = [Fraction(int(cell(p, axes) == at)) for p in self.places]
            row += [Fraction(-int(k == (axes, at, True))) for k in slack]
            rows.append([*row, Fraction(1 if secret else total(counts, axes, at))])
        self.rows, self.basis = feasible(rows)

    def range_of(self, axes: tuple[int, ...], at: tuple[int, ...]) -> tuple[Fraction, Fraction | None]:
        """The least and the most that a hidden count can be; None: there is no most."""
        wanted = [Fraction(int(cell(p, axes) == at)) for p in self.places]
        least, most = (optimum(self.rows, self.basis, [sign * w for w in wanted]) for sign in (-1, 1))
        return Fraction(0) if least is None else -least, most


def cell(place: tuple[int, ...], axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(place[a] for a in axes)


def total(counts: NDArray[np.int64], axes: tuple[int, ...], at: tuple[int, ...]) -> int:
    return int(counts.sum(axis=tuple(a for a in range(counts.ndim) if a not in axes))[at])


def feasible(rows: list[Row]) -> tuple[list[Row], list[int]]:
    """A first corner of the polytope: artificial variables are driven out, idle rows dropped."""
    width, height = len(rows[0]) - 1, len(rows)
    made = [[*r[:-1], *(Fraction(int(i == n)) for i in range(height)), r[-1]] for n, r in enumerate(rows)]
    basis = [width + n for n in range(height)]
    climb(made, basis, [Fraction(0)] * width + [Fraction(-1)] * height)
    for n in range(height):
        if basis[n] >= width and (column := next((j for j in range(width) if made[n][j]), None)) is not None:
            pivot(made, basis, n, column)
    kept = [n for n in range(height) if basis[n] < width]
    assert all(made[n][-1] == 0 for n in range(height) if n not in kept), "what is shown contradicts itself"
    return [[*made[n][:width], made[n][-1]] for n in kept], [basis[n] for n in kept]


def optimum(rows: list[Row], basis: list[int], wanted: Row) -> Fraction | None:
    """The most that a sum can be, from a corner on; None when it has no bound."""
    made, at = [list(r) for r in rows], list(basis)
    wanted = [*wanted, *[Fraction(0)] * (len(rows[0]) - 1 - len(wanted))]
    return sum((wanted[b] * r[-1] for b, r in zip(at, made, strict=True)), Fraction(0)) if climb(made, at, wanted) else None


def climb(rows: list[Row], basis: list[int], wanted: Row) -> bool:
    """Go from corner to corner as long as it pays (Bland: never in a circle); False when there is no end to it."""
    while True:
        gains = (
            wanted[j] - sum(wanted[b] * r[j] for b, r in zip(basis, rows, strict=True) if r[j] and wanted[b]) for j in range(len(wanted))
        )
        column = next((j for j, gain in enumerate(gains) if gain > 0), None)
        if column is None:
            return True
        ratios = [(r[-1] / r[column], basis[n], n) for n, r in enumerate(rows) if r[column] > 0]
        if not ratios:
            return False
        pivot(rows, basis, min(ratios)[2], column)


def pivot(rows: list[Row], basis: list[int], at: int, column: int) -> None:
    divisor = rows[at][column]
    rows[at] = [v / divisor for v in rows[at]]
    for n, row in enumerate(rows):
        if n != at and (factor := row[column]):
            rows[n] = [v - factor * w if w else v for v, w in zip(row, rows[at], strict=True)]
    basis[at] = column
