"""病组区域参照 · What a case of a group costs, charges and stays in the region over twelve months, and how risky it is to die of.

Risk by the logarithm of the death rates of the groups with deaths: below μ − σ low, below μ mid-low, below μ + σ mid-high, else
high; groups without deaths are a class of their own. Decimal logarithms and roots are the same on every machine.
Source: 国家卫生健康委 DRG 医疗服务绩效评价 (低风险组死亡率); 费用消耗指数、时间消耗指数的区域均值.
"""

from decimal import Context, Decimal
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.period import shift
from heng.tables.margin import CaseMargin, GroupReference

YEAR = 12
KEY = ["pack", "group"]
EXACT = Context(prec=28)


@capability("病组区域参照", "regional references of groups", months=YEAR)
def group_reference(cases: CaseMargin) -> GroupReference:
    """汇总全区 · One row per month, scheme and group with cases in the twelve months that end with the month."""
    placed = cases.frame().filter(pl.col("group").is_not_null() & (pl.col("status") == "grouped"))
    by_month = placed.group_by("month", *KEY).agg(
        cases=pl.len(),
        priced=pl.col("fee").count(),
        fee=pl.col("fee").cast(pl.Decimal(38, 2)).sum(),
        costed=pl.col("cost").count(),
        cost=pl.col("cost").cast(pl.Decimal(38, 2)).sum(),
        stays=pl.col("days").count(),
        days=pl.col("days").sum(),
        followed=pl.col("died").count(),
        deaths=pl.col("died").sum(),
    )
    found = [row for month in sorted(by_month["month"].unique()) for row in _year(by_month, month)]
    return pl.DataFrame(found, schema={n: t for n, t in GroupReference.schema().items() if not GroupReference.columns[n].derived})


def _year(by_month: pl.DataFrame, month: str) -> list[dict[str, Any]]:
    year = by_month.filter(pl.col("month").is_between(pl.lit(shift(month, 1 - YEAR)), pl.lit(month)))
    rows = year.drop("month").group_by(KEY).sum().sort(KEY).to_dicts()
    for row in rows:
        for known, total in (("priced", "fee"), ("costed", "cost"), ("stays", "days"), ("followed", "deaths")):
            row[total] = row[total] if row[known] else None
    risks = _risks({(r["pack"], r["group"]): (r["deaths"], r["followed"]) for r in rows if r["followed"]})
    return [{"month": month, "risk": risks.get((r["pack"], r["group"])), **r} for r in rows]


def _risks(deaths: dict[tuple[str, str], tuple[int, int]]) -> dict[tuple[str, str], str]:
    """The class of every group whose deaths are known."""
    logs = {key: EXACT.divide(Decimal(d), Decimal(n)).ln(EXACT) for key, (d, n) in deaths.items() if d}
    if not logs:
        return dict.fromkeys(deaths, "none")
    mean = EXACT.divide(sum(logs.values(), Decimal()), Decimal(len(logs)))
    squares = sum(((x - mean) ** 2 for x in logs.values()), Decimal())
    spread = EXACT.divide(squares, Decimal(max(len(logs) - 1, 1))).sqrt(EXACT)

    def risk(x: Decimal) -> str:
        if x < mean:
            return "low" if x < mean - spread else "mid_low"
        return "mid_high" if x < mean + spread else "high"

    return {key: risk(logs[key]) if key in logs else "none" for key in deaths}
