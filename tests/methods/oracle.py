"""独立对照 · The same arithmetic once more in exact fractions and plain loops; shares no code with the engine.

Departments are names, a use is {giver: {user: quantity}}, a balance is {(department, path): Fraction} where
the path is the tuple of stage names a cost has left behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Money = dict[str, Fraction]
Use = Mapping[str, Mapping[str, Fraction]]
Path = tuple[str, ...]


@dataclass
class Result:
    """What a method leaves where, and what moved on the way."""

    final: dict[tuple[str, Path], Fraction]
    flow: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    pool: Money = field(default_factory=dict)
    after: list[Money] = field(default_factory=list)

    def full(self) -> Money:
        return by_department(self.final)


def by_department(balance: Mapping[tuple[str, Path], Fraction]) -> Money:
    total: Money = defaultdict(Fraction)
    for (department, _), amount in balance.items():
        total[department] += amount
    return dict(total)


def largest_remainder(total: int, weight: Sequence[int]) -> list[int]:
    if total < 0:
        return [-part for part in largest_remainder(-total, weight)]
    exact = [Fraction(total) * w / sum(weight) for w in weight]
    part = [e.numerator // e.denominator for e in exact]
    line = sorted(range(len(weight)), key=lambda j: (part[j] - exact[j], j))
    for j in line[: total - sum(part)]:
        part[j] += 1
    return part


def step(cost: Money, stages: Sequence[tuple[str, Sequence[str], bool]], use: Use) -> Result:
    """stages: (name, givers, with a peer round before); a name "" leaves the path as it was."""
    result = Result({(d, ()): Fraction(a) for d, a in cost.items()})
    still_open = list(cost)
    for name, givers, peer in stages:
        still_open = [d for d in still_open if d not in givers]
        if peer:
            _peer_round(result, givers, still_open, use)
        for giver in givers:
            _close(result, giver, name, still_open, use[giver])
        result.after.append(result.full())
    return result


def _move(result: Result, origin: tuple[str, Path], to: tuple[str, Path], amount: Fraction) -> None:
    result.final[origin] -= amount
    result.final[to] = result.final.get(to, Fraction(0)) + amount
    pair = origin[0], to[0]
    result.flow[pair] = result.flow.get(pair, Fraction(0)) + amount


def _peer_round(result: Result, givers: Sequence[str], still_open: Sequence[str], use: Use) -> None:
    opening = dict(result.final)
    for (giver, path), amount in opening.items():
        if giver not in givers or not amount:
            continue
        users = [d for d in (*givers, *still_open) if d != giver]
        total = sum(use[giver].get(d, Fraction(0)) for d in users)
        for peer in users:
            if peer in givers and use[giver].get(peer, Fraction(0)):
                _move(result, (giver, path), (peer, path), amount * use[giver][peer] / total)


def _close(result: Result, giver: str, name: str, still_open: Sequence[str], used: Mapping[str, Fraction]) -> None:
    total = sum(used.get(d, 0) for d in still_open)
    held = [(path, amount) for (d, path), amount in result.final.items() if d == giver and amount]
    result.pool[giver] = sum((amount for _, amount in held), Fraction(0))
    for path, amount in held:
        onward = path if name in ("", *path) else (*path, name)
        for user in still_open:
            if used.get(user, 0):
                _move(result, (giver, path), (user, onward), amount * used[user] / total)


def reciprocal(cost: Money, givers: Sequence[str], use: Use, *, keep_self: bool = False) -> tuple[Money, Money]:
    """(price of each giver, final of each other department): X = d + PᵀX by elimination in fractions."""
    share = {g: _share(g, use[g], keep_self=keep_self) for g in givers}
    rows = []
    for n in givers:
        row = [Fraction(int(n == g)) - share[g].get(n, Fraction(0)) for g in givers]
        rows.append([*row, Fraction(cost[n])])
    price = dict(zip(givers, solve(rows), strict=True))
    final = {d: cost[d] + sum(price[g] * share[g].get(d, 0) for g in givers) for d in cost if d not in givers}
    return price, final


def _share(giver: str, used: Mapping[str, Fraction], *, keep_self: bool) -> Money:
    counted = {d: Fraction(q) for d, q in used.items() if keep_self or d != giver}
    total = sum(counted.values())
    return {d: q / total for d, q in counted.items()}


def solve(rows: list[list[Fraction]]) -> list[Fraction]:
    """Solve a square system given as rows [coefficients…, right side]."""
    size = len(rows)
    for i in range(size):
        best = next(r for r in range(i, size) if rows[r][i])
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(size):
            if r != i and rows[r][i]:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[size] for row in rows]
