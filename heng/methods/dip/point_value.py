"""点值 · What a point is worth: before the year from what cases used to cost, after it from what the fund has to give.

Budget value = Σ cost ÷ Σ points of the history, the years weighted. Three openings: all cases (plain); cases whose cost
lies between two percentiles of its year (trimmed); cases whose cost per point is not above the plain value (optimal, 优值区间).
Settlement value = (fund ÷ share that the fund pays) ÷ Σ points of the year. Source: 医保办发〔2020〕50号 DIP 技术规范;
优值区间与百分位法为行业实现, 待本地文件确认.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from heng.methods.rounding import nearest
from heng.methods.standard import nearest_rank


@dataclass(frozen=True, slots=True)
class Case:
    """一个病例 · Its year, its cost in fen and its points in ten-thousandths."""

    year: int
    cost: int
    points: int


def plain(cases: Iterable[Case], weights: Mapping[int, int]) -> Fraction | None:
    """全部病例 · Σ weight × cost ÷ Σ weight × points, in fen per ten-thousandth of a point; None without points."""
    cost = points = 0
    for case in cases:
        weight = weights.get(case.year, 0)
        cost += weight * case.cost
        points += weight * case.points
    return Fraction(cost, points) if points else None


def trimmed(cases: Sequence[Case], weights: Mapping[int, int], low: Fraction, high: Fraction) -> Fraction | None:
    """百分位法 · The same without cases whose cost lies below or above these percentiles of its year, by rank."""
    kept: list[Case] = []
    for year in sorted({c.year for c in cases}):
        own = [c for c in cases if c.year == year]
        costs = sorted(c.cost for c in own)
        least, most = nearest_rank(costs, low), nearest_rank(costs, high)
        kept += [c for c in own if least <= c.cost <= most]
    return plain(kept, weights)


def optimal(cases: Sequence[Case], weights: Mapping[int, int]) -> Fraction | None:
    """优值区间 · The same of the cases whose cost per point is not above the plain value."""
    value = plain(cases, weights)
    if value is None:
        return None
    return plain((c for c in cases if c.cost * value.denominator <= value.numerator * c.points), weights)


def pool(fund: Fraction, share: Fraction) -> int:
    """病例总费用池 · What fund and patients pay together, in whole fen: fund (fen) ÷ the share that the fund pays.

    ValueError: a share of 0 and less, or of more than 1.
    """
    if not 0 < share <= 1:
        raise ValueError("基金支付比例应大于 0、不大于 1 · the share that the fund pays must lie in (0, 1]")
    return nearest(fund / share)


OPENINGS: Mapping[str, Callable[[Sequence[Case], Mapping[int, int], Fraction, Fraction], Fraction | None]] = {
    "plain": lambda cases, weights, _low, _high: plain(cases, weights),
    "trimmed": trimmed,
    "optimal": lambda cases, weights, _low, _high: optimal(cases, weights),
}
"""三种开点办法 · The ways to open a value, by name."""
