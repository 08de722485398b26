"""合并症并发症占比 · Does a hospital code complications more often than it did, and than the others do, in the same ADRG?

Only ADRG that are split by severity count: elsewhere a complication changes nothing. Fisher's exact test, one-sided.
Source: CHS-DRG 技术规范 (MCC/CC); RAC and OIG practice of testing DRG pairs for upcoding.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.core.period import shift
from heng.methods.exact_share import upper_chance
from heng.methods.rounding import decimal
from heng.tables.grouping import Grouping
from heng.tables.signs import SeverityMix

YEAR = 12
Counts = tuple[int, int]


class Rule(Params, at="payment.severity_mix"):
    """最少例数 · Cases of a month below which nothing is told."""

    least: int


@capability("合并症并发症占比", "severity mix", months=YEAR)
def severity_mix(groupings: Grouping, rule: Rule) -> SeverityMix:
    """逐院逐 ADRG 比较 · One row per month, hospital and ADRG with enough cases."""
    paid = groupings.frame().filter(pl.col("pays") & (pl.col("status") == "grouped") & pl.col("adrg").is_not_null())
    severe = pl.col("severity").is_in(["mcc", "cc"]).fill_null(value=False)
    counted = paid.group_by("month", "org", "pack", "adrg").agg(cases=pl.len(), severe=severe.sum(), drgs=pl.col("drg").unique())
    months = sorted(counted["month"].unique().to_list())
    found = [row for month in months for row in _month(counted, month, rule.least)]
    return pl.DataFrame(found, schema={n: t for n, t in SeverityMix.schema().items() if not SeverityMix.columns[n].derived})


def _month(counted: pl.DataFrame, month: str, least: int) -> Iterator[dict[str, Any]]:
    year = counted.filter(pl.col("month").is_between(pl.lit(shift(month, 1 - YEAR)), pl.lit(month)))
    # The same code means another group in another edition: only months under the edition of this one count.
    year = year.join(year.filter(pl.col("month") == month).select("pack").unique(), on="pack", how="semi")
    split = year.explode("drgs").group_by("adrg").agg(pl.col("drgs").n_unique()).filter(pl.col("drgs") > 1)["adrg"].to_list()
    sums: dict[tuple[str, str], Counts] = {}
    total: dict[str, Counts] = {}
    for org, adrg, cases, severe in year.select("org", "adrg", "cases", "severe").iter_rows():
        sums[org, adrg] = _added(sums.get((org, adrg)), (cases, severe))
        total[adrg] = _added(total.get(adrg), (cases, severe))
    now = year.filter((pl.col("month") == month) & pl.col("adrg").is_in(split) & (pl.col("cases") >= least)).sort("org", "adrg")
    for org, adrg, cases, severe in now.select("org", "adrg", "cases", "severe").iter_rows():
        whole = sums[org, adrg]
        own, others = _added(whole, (-cases, -severe)), _added(total[adrg], (-whole[0], -whole[1]))
        yield {
            "month": month,
            "org": org,
            "adrg": adrg,
            "cases": cases,
            "severe": severe,
            **_beside("own", (cases, severe), own),
            **_beside("other", (cases, severe), others),
        }


def _added(one: Counts | None, more: Counts) -> Counts:
    return (more[0] + one[0], more[1] + one[1]) if one else more


def _beside(name: str, now: Counts, base: Counts) -> dict[str, Any]:
    chance = decimal(upper_chance(now[1], now[0], base[1], base[0])) if base[0] else None
    return {f"{name}_cases": base[0], f"{name}_severe": base[1], f"{name}_chance": chance}
