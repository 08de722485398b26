"""医院成本指数 · Does a hospital cost more than the region for the same cases, once its wages are taken out?

index = actual ÷ what the same cases cost at the region's means. 成本差异系数 = index ÷ (wage share × wage index + 1 − wage
share), the wage index being cost of staff per head against the region's. The 95 % interval is by the delta method, the
region's means and wages taken as given; where it crosses an edge of the band, the judgement is not certain.
Source: 成本差异系数 0.8–1.2; 费用消耗指数、时间消耗指数（DRG 绩效评价）; the labour-related share of CMS payment systems.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.methods.case_mix import Cases, Mix, case_mix, region_of, variance_reduced
from heng.methods.rounding import decimal, root
from heng.rooms.costing.layers import yuan
from heng.rooms.costing.regional import QUARTER, grouped_cases, months_of, quarter
from heng.rooms.costing.wages import Wage, wages
from heng.tables.activity import StaffCount
from heng.tables.cases import CaseCost, CaseGroup, CostIndex
from heng.tables.costing import DirectCost

SUMS = {
    "size": pl.len(),
    "cost": pl.col("cost").sum(),
    "squares": pl.col("cost").cast(pl.Int128).pow(2).sum(),
    "days": pl.col("days").sum(),
    "stays": pl.col("days").count(),
}


class Region(Params, at="costing.disease_standards"):
    """病例范围 · Cases of which care count, and the width of the interval."""

    cares: list[Any]
    z: Decimal


class Rule(Params, at="costing.cost_index"):
    """规则 · The band, and the wage share of a hospital whose own is not known."""

    band_low: Decimal
    band_high: Decimal
    wage_share: Decimal


@capability("医院成本指数", "hospital cost indices", months=QUARTER)
def cost_index(cases: CaseCost, groups: CaseGroup, costs: DirectCost, staff: StaffCount, region: Region, rule: Rule) -> CostIndex:
    """逐院求指数 · One row per month, hospital and grouping with cases in the quarter that ends with the month."""
    rows = grouped_cases(cases.frame(), groups.frame(), region.cares)
    spent, people = costs.frame(), staff.frame()
    found: list[dict[str, Any]] = []
    for month in months_of(rows):
        paid = wages(quarter(spent, month), quarter(people, month), rule.wage_share)
        for (scheme,), part in quarter(rows, month).sort("scheme", "org").group_by("scheme", maintain_order=True):
            hospitals = _hospitals(part)
            mixes, explained = case_mix(hospitals), decimal(variance_reduced(region_of(hospitals)))
            for total in _totals(part):
                mix, wage = mixes.get(total["org"]), paid.get(total["org"], Wage(None, Fraction(rule.wage_share)))
                if mix:  # none where all cases together cost nothing
                    found.append(
                        {"month": month, "scheme": scheme, "variance_explained": explained, **total, **_row(mix, wage, region, rule)}
                    )
    return pl.DataFrame(found, schema=CostIndex.schema())


def _hospitals(rows: pl.DataFrame) -> dict[str, dict[str, Cases]]:
    found: dict[str, dict[str, Cases]] = {}
    for org, group, *sums in rows.group_by("org", "group").agg(**SUMS).sort("org", "group").iter_rows():
        found.setdefault(org, {})[group] = Cases(*sums)
    return found


def _totals(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """What each hospital's cases add up to; empty where no case says."""
    stayed, billed = pl.col("days").count() > 0, pl.col("billed")
    summed = rows.group_by("org").agg(
        cases=pl.len().cast(pl.Int64),
        amount=pl.col("cost").sum(),
        days=pl.when(stayed).then(pl.col("days").sum()),
        income=pl.when(billed.any()).then(pl.col("income").sum()),
        losses=pl.when(billed.any()).then((billed & (pl.col("cost") > pl.col("income"))).sum().cast(pl.Int64)),
    )
    return summed.sort("org").with_columns(yuan("amount"), yuan("income")).to_dicts()


def _row(mix: Mix, wage: Wage, region: Region, rule: Rule) -> dict[str, Any]:
    coefficient = mix.index / wage.divisor
    half = None if mix.error is None else Fraction(region.z) * root(mix.error) / wage.divisor
    low, high = (None, None) if half is None else (coefficient - half, coefficient + half)
    return {
        "expected": decimal(mix.expected / 100, 2),
        "cmi": decimal(mix.cmi),
        "index": decimal(mix.index),
        "days_index": decimal(mix.days_index),
        "wage": decimal(wage.index),
        "wage_share": decimal(wage.share),
        "coefficient": decimal(coefficient),
        "low": decimal(low),
        "high": decimal(high),
        "judgement": _judgement(low, high, rule),
    }


def _judgement(low: Fraction | None, high: Fraction | None, rule: Rule) -> str:
    if low is None or high is None:
        return "uncertain"
    if rule.band_low <= low and high <= rule.band_high:
        return "inside"
    return "outside" if high < rule.band_low or low > rule.band_high else "uncertain"


Indicator(
    key="outside_band",
    zh="成本差异系数越界的医院占比",
    en="share of hospitals outside the band",
    unit="1",
    better="lower",
    of=CostIndex,
    value="ratio(count(*) filter (judgement = 'outside'), count(*))",
    formula=(
        "区间全在界外的医院数 ÷ 医院数，按分组方案计",
        "hospitals whose interval lies wholly outside the band ÷ hospitals, of each grouping",
    ),
)
