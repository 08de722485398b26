"""公开病例数与例均成本 · What the public may know: how many cases of which group each hospital treats, and what they cost.

Cells, totals of hospitals, totals of groups and the grand total are one set: no count from 1 to 10 stands in it or can be
worked out from all of it, by any linear programme. Where a count is hidden the mean is, too; and the mean of several hospitals
where one that is not shown makes up nearly all of their cost. Pairs that are not there are zero. One grouping is published: a
second one of the same cases would give the hidden totals of the first.
Source: CMS cell size suppression policy; 国卫规划发〔2022〕29号 医疗卫生机构网络安全管理办法（数据公开须防止重新识别）;
Hundepool et al., Handbook on Statistical Disclosure Control §4.2 (dominance).
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.disclosure import dominated, hidden
from heng.methods.rounding import decimal
from heng.rooms.costing.regional import grouped_cases, months_of
from heng.tables.cases import CaseCost, CaseGroup
from heng.tables.public import PublicCase

SHOWN = [(0, 1), (0,), (1,), ()]
"""公布的表 · The tables published: by group and hospital, by group, by hospital, all together."""


class Region(Params, at="costing.disease_standards"):
    """病例范围 · Cases of which care count."""

    cares: list[Any]


class Rule(Params, at="costing.publish_cases"):
    """规则 · The grouping that is published, the smallest count that may be shown, and the share that stands out."""

    scheme: str
    least: int
    share: Decimal


@capability("公开病例数", "published case counts")
def publish_cases(cases: CaseCost, groups: CaseGroup, region: Region, rule: Rule) -> PublicCase:
    """逐月公布 · The rows of every month with cases of the grouping."""
    rows = grouped_cases(cases.frame(), groups.frame(), region.cares).filter(pl.col("scheme") == rule.scheme)
    found = [row for month in months_of(rows) for row in _month(rows.filter(pl.col("month") == month), month, rule)]
    return pl.DataFrame(found, schema=PublicCase.schema())


def _month(rows: pl.DataFrame, month: str, rule: Rule) -> list[dict[str, Any]]:
    names = [sorted(rows[axis].unique().to_list()) for axis in ("group", "org")]
    counts, costs = np.zeros((2, len(names[0]), len(names[1])), np.int64)
    for group, org, size, cost in rows.group_by("group", "org").agg(pl.len(), pl.col("cost").sum()).iter_rows():
        at = names[0].index(group), names[1].index(org)
        counts[at], costs[at] = size, cost
    found = list[dict[str, Any]]()
    masks = hidden(counts, SHOWN, rule.least)
    without_mean = dominated(costs, masks, 1, Fraction(rule.share))
    for axes, mask in masks.items():
        dropped = tuple(a for a in (0, 1) if a not in axes)
        sizes, fen = counts.sum(axis=dropped), costs.sum(axis=dropped)
        for at in np.ndindex(sizes.shape):
            if sizes[at]:
                group, hospital = (names[a][at[axes.index(a)]] if a in axes else "" for a in (0, 1))
                mean = None if without_mean[axes][at] else decimal(Fraction(int(fen[at]), 100 * int(sizes[at])))
                cases = None if mask[at] else int(sizes[at])
                found.append({"month": month, "group": group, "hospital": hospital, "cases": cases, "mean": mean})
    return found
