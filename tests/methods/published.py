"""公开算例 · Read the golden cases, and hand the engine the same numbers as arrays of whole units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from heng.methods.apportion import Integers
from heng.methods.step_down import Cascade

GOLDEN = Path(__file__).parents[2] / "golden" / "methods"
MICRO = 10**6  # the engine runs on millionths, so that 1e-6 of an amount can be seen


def read(name: str) -> Any:
    return yaml.safe_load((GOLDEN / name).read_text("utf-8"))


def number(printed: str | int) -> Fraction:
    return Fraction(str(printed))


def half_digit(printed: str | int) -> Fraction:
    """Half of the last digit that a number is printed with."""
    _, _, decimals = str(printed).partition(".")
    return Fraction(1, 2 * 10 ** len(decimals))


class Allocation:
    """One published case under one method: names for the oracle, arrays for the engine."""

    def __init__(self, case: Mapping[str, Any], expect: Mapping[str, Any]) -> None:
        self.case, self.expect = case, expect
        self.unit = Fraction(case.get("unit", 1)) * MICRO
        chosen = expect.get("giver", case["giver"])
        self.order: list[str] = list(chosen)
        self.cost = {d: number(a) for d, a in case["cost"].items()}
        self.use = {g: {d: Fraction(q) for d, q in case["base"][base].items()} for g, base in chosen.items()}
        self.names = list(self.cost)
        self.givers = [self.names.index(g) for g in self.order]
        self.finals = [d for d in self.names if d not in self.order]

    def __str__(self) -> str:
        return f"{self.case['case'].partition(' · ')[2]}, {self.expect['method']} {' '.join(self.order)}"

    def arrays(self) -> tuple[Integers, Integers, Integers]:
        """cost[1, D], weight[1, D, D], driver[D, 1]."""
        cost = layers([[self.cost[d] for d in self.names]], self.unit)
        return cost, weights(self.names, self.use), np.zeros((len(self.names), 1), np.int64)


def layers(rows: Iterable[Iterable[Fraction]], unit: Fraction) -> Integers:
    scaled = [[Fraction(amount) * unit for amount in row] for row in rows]
    assert all(amount.denominator == 1 for row in scaled for amount in row), "inputs are whole units"
    return np.array([[int(amount) for amount in row] for row in scaled], np.int64)


def weights(names: Sequence[str], use: Mapping[str, Mapping[str, Fraction | int]]) -> Integers:
    weight = np.zeros((1, len(names), len(names)), np.int64)
    for giver, used in use.items():
        for user, quantity in used.items():
            weight[0, names.index(giver), names.index(user)] = int(quantity)
    return weight


def flow(cascade: Cascade, giver: int, receiver: int) -> int:
    moves = cascade.flows
    return int(moves.amount[(moves.giver == giver) & (moves.receiver == receiver)].sum())


def close(engine: Fraction | float, exact: Fraction, relative: Fraction = Fraction(1, MICRO)) -> bool:
    return abs(Fraction(engine) - exact) <= relative * max(abs(exact), Fraction(1))


FILES = ("G01_to_G04.yaml", "G05_to_G06.yaml", "G07_to_G10.yaml", "G11_to_G13.yaml")
CASES = [case for file in FILES for case in read(file)]
ALLOCATIONS = [Allocation(case, expect) for case in CASES for expect in case["expect"]]
