"""原因分解 · Why did a department cost more than in the months it is compared with: volume, case mix, use, prices, and the rest?

连环替代法 as in `bridge` and `variance`, in this fixed order: before → volume → case mix (only elements that follow volume) → use of
each material at its former price → prices → every other element. A material that was not used before has no former price: all of it
is use. Each level is whole fen, and every effect is the step between two levels: nothing is left over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from heng.methods.rounding import nearest
from heng.methods.variance import Line, variance

Pieces = tuple[Fraction, int]
"""数量与金额 · A quantity and its amount in fen."""
NONE: Pieces = (Fraction(), 0)


@dataclass(frozen=True, slots=True)
class Month:
    """一个月的动因 · Volume (None: not known), cases by group, materials by code, and other elements in fen.

    Groups and materials: quantity and fen. The months compared with are added up and divided by `months`.
    """

    volume: Fraction | None = None
    groups: Mapping[str, Pieces] = field(default_factory=dict)
    materials: Mapping[str, Pieces] = field(default_factory=dict)
    elements: Mapping[str, int] = field(default_factory=dict)
    months: int = 1


@dataclass(frozen=True, slots=True)
class Causes:
    """原因 · In fen: before + volume + mix + use + price + Σ elements == after. mix None: cases are not known, volume None likewise."""

    before: int
    volume: int | None
    mix: int | None
    usage: int
    price: int
    elements: Mapping[str, int]
    after: int
    materials: Mapping[str, tuple[int, int]]
    """每种材料的用量与价格影响 · Effects of use and price of each material."""


def causes(before: Month, now: Month, follows: Collection[str]) -> Causes:
    """分解两个时期的差额 · `before` summed over its months, `now` a single month; `follows`: elements that move with volume and mix.

    Where cases are known on both sides their number is the volume. ValueError: a negative quantity.
    """
    growth, weight = _growth(before, now), _weight(before, now)
    grown = Fraction(1) if growth is None else growth
    expected, lines = _expected(before, now, dict.fromkeys(follows, grown * (Fraction(1) if weight is None else weight)))
    effects = dict(zip(lines, variance(list(lines.values())), strict=True))
    start = nearest(_whole(before, {}))
    last = sum(expected.values()) + sum(nearest(x.planned * x.unit()) for x in lines.values())
    first = nearest(_whole(before, dict.fromkeys(follows, grown))) if weight is not None else last
    moved = {n: now.elements.get(n, 0) - amount for n, amount in expected.items()}
    used = {m: (e.volume + e.mix, e.price) for m, e in effects.items()}
    known = growth is not None or weight is not None
    return Causes(
        before=start,
        volume=None if growth is None else first - start,
        mix=None if weight is None else last - first,
        usage=sum(u for u, _ in used.values()) + moved.pop("material", 0) + (0 if known else last - start),
        price=sum(p for _, p in used.values()),
        elements=moved,
        after=sum(now.elements.values()) + sum(a for _, a in now.materials.values()),
        materials=used,
    )


def _growth(before: Month, now: Month) -> Fraction | None:
    if before.groups and now.groups:
        cases, now_cases = (sum((q for q, _ in m.groups.values()), Fraction()) for m in (before, now))
        return now_cases * before.months / cases
    old, new = before.volume or Fraction(), now.volume
    return new * before.months / old if old > 0 and new is not None and new >= 0 else None


def _weight(before: Month, now: Month) -> Fraction | None:
    """Growth of the mean weight of a case, the weight of a group being what its cases cost on both sides together."""
    if not (before.groups and now.groups):
        return None
    both = [(before.groups.get(g, NONE), now.groups.get(g, NONE)) for g in sorted({*before.groups, *now.groups})]
    weights = [(b[0], n[0], Fraction(b[1] + n[1]) / (b[0] + n[0])) for b, n in both]
    old, new = (sum((x[side] * x[2] for x in weights), Fraction()) / sum(x[side] for x in weights) for side in (0, 1))
    return new / old if old > 0 else None


def _expected(before: Month, now: Month, growth: Mapping[str, Fraction]) -> tuple[dict[str, int], dict[str, Line]]:
    """What every element and material would cost in the month, had only volume and mix changed."""
    elements = sorted({*before.elements, *now.elements})
    materials = sorted({*before.materials, *now.materials})
    amounts = {n: nearest(Fraction(before.elements.get(n, 0), before.months) * growth.get(n, 1)) for n in elements}
    many = growth.get("material", Fraction(1)) / before.months
    return amounts, {m: _line(before.materials.get(m, NONE), now.materials.get(m, NONE), many) for m in materials}


def _line(before: Pieces, now: Pieces, many: Fraction) -> Line:
    rate = Fraction(before[1]) / before[0] if before[0] else None
    return Line(planned=before[0] * many, quantity=now[0], rate=rate, minutes=None, spent=None, amount=now[1])


def _whole(before: Month, growth: Mapping[str, Fraction]) -> Fraction:
    many = growth.get("material", Fraction(1)) / before.months
    used = sum((a for _, a in before.materials.values()), 0) * many
    return used + sum((Fraction(a, before.months) * growth.get(n, 1) for n, a in before.elements.items()), Fraction())
