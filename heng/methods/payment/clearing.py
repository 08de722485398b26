"""年终清算 · What the fund owes for a year: by bands of the ratio of actual to standard, or by points of a fixed fund.

Bands: below 1 the hospital keeps a share of what it saved, above 1 it bears a share of what it overspent. `slice`: each band
shares the part of the difference that lies in it; `whole`: the band of the ratio shares the whole difference.
Source: 按病组（病种）付费经办管理规程 (年终清算、结余留用、合理超支分担); 按点数法: 金华市 2017.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from heng.core.errors import PolicyError
from heng.methods.apportion import apportion
from heng.methods.rounding import nearest

FINE = 10_000
"""点数以万分之一计 · Points are counted in ten-thousandths."""


@dataclass(frozen=True, slots=True)
class Band:
    """一段 · From one ratio of actual to standard up to another (None: without end): the share that the hospital keeps or bears."""

    start: Fraction
    end: Fraction | None
    share: Fraction


def bands(records: Iterable[Mapping[str, Any]], where: str) -> list[Band]:
    """整理分段 · The bands in order; PolicyError unless they begin at 0, meet each other, part at 1 and have no end."""
    found = sorted(
        (Band(Fraction(r["from"]), None if r.get("to") is None else Fraction(r["to"]), Fraction(r["hospital"])) for r in records),
        key=lambda b: b.start,
    )
    meet = found and found[0].start == 0 and found[-1].end is None and all(a.end == b.start for a, b in pairwise(found))
    if not meet or not any(b.start == 1 for b in found):
        raise PolicyError(
            "清算分段应从 0 起首尾相接、在 1 处分开、最后一段不封顶",
            "the bands must begin at 0, meet each other, part at 1, and the last must have no end",
            where=where,
            mend=("核对每段的 from 与 to", "check from and to of every band"),
        )
    return found


def settled(due: int, actual: int, parts: Sequence[Band], *, whole: bool = False) -> int:
    """清算应付 · What the fund owes in fen, `due` by the standard and `actual` by the items charged.

    Without a standard above nothing there is no ratio: the fund owes what is due.
    """
    if due <= 0:
        return due
    taken = [b for b in parts if b.start <= Fraction(actual, due) and (b.end is None or Fraction(actual, due) < b.end)] if whole else parts
    ends = [(due * b.start, None if b.end is None else due * b.end, b.share) for b in taken]
    if actual <= due:
        return nearest(actual + sum((share * _length(actual, due, None if whole else span) for *span, share in ends), Fraction(0)))
    return nearest(due + sum(((1 - share) * _length(due, actual, None if whole else span) for *span, share in ends), Fraction(0)))


def _length(low: int, high: int, span: Sequence[Fraction | None] | None) -> Fraction:
    """How much of low … high lies in a span; all of it without one."""
    start, end = span or (None, None)
    inside = min(Fraction(high), end or Fraction(high)) - max(Fraction(low), start or Fraction(low))
    return max(inside, Fraction(0))


def by_points(total: int, points: Sequence[int]) -> list[int]:
    """按点数分 · A total in fen split by points (ten-thousandths), to the last fen; nothing to anybody where nobody has points."""
    if not any(points):
        return [0] * len(points)
    return [int(part) for part in apportion(np.array([total], np.int64), np.array(points, np.int64))[0]]


def point_value(total: int, points: int) -> Fraction | None:
    """点值 · Yuan for a point: fund and patients' shares (fen) ÷ points (ten-thousandths); None without points."""
    return Fraction(total * FINE, points * 100) if points else None
