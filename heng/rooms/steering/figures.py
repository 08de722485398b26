"""监测指标值 · The watched indicators, of every department and of the whole hospital, each month.

An indicator is evaluated as it is declared; the whole hospital's is worked out from its own sums, never from departments'
ratios. Where a side of a ratio is not known there is no value: absence is never zero. Only costing is watched here: a month in
which payment stops keeps its cost alerts, and what is found in the insurer's returns becomes a case of its own (`return_case`).
Source: 区域成本预警要求.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.errors import PolicyError
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.core.table import Table
from heng.rooms.steering.watches import AT, watches
from heng.tables import indicators  # the declarations: what they say is part of what is worked out
from heng.tables.cases import CaseCost
from heng.tables.costing import BudgetVariance, DeptResult, DirectCost
from heng.tables.steering import Figure

DECLARED = indicators.__name__
SELECT = """
select org, month, '{key}' as indicator, {dept} as dept, ({numerator})::decimal(18,4) as numerator,
    ({denominator})::decimal(18,4) as denominator, ({value})::decimal(18,6) as value
from {source} where {where} group by {by}"""
GROUPS = {"dept": "org, month, dept", "''": "org, month"}


class Rule(Params, at="steering.signals"):
    """监测设置 · What is watched."""

    watches: list[Any]


@capability("监测指标值", "figures")
def figures(results: DeptResult, direct: DirectCost, budgets: BudgetVariance, cases: CaseCost, rule: Rule) -> Figure:
    """逐指标求值 · One row per indicator and department with rows behind it, and one for the hospital (department empty)."""
    sources: dict[str, Table] = {"results": results, "direct": direct, "budgets": budgets, "cases": cases}
    watched = {i.key: i for w in watches(rule.watches) for i in (w.indicator, w.against) if i}
    found = [_select(i, _source(i, sources), dept) for _, i in sorted(watched.items()) for dept in GROUPS]
    text = " union all ".join(found) or Figure.empty()
    return sql(text)


def _source(indicator: Indicator, sources: dict[str, Table]) -> str:
    for name, table in sources.items():
        if isinstance(table, indicator.of):
            return name
    raise PolicyError(
        f"指标 {indicator.key} 依据的表 {indicator.of.zh} 不在监测范围",
        f"the indicator {indicator.key} is seen from {indicator.of.__name__}, which is not watched",
        where=AT,
        mend=("换一个指标", "choose another indicator"),
    )


def _select(i: Indicator, source: str, dept: str) -> str:
    null = "null::decimal(18,4)"
    said = {"numerator": i.numerator or null, "denominator": i.denominator or null, "value": i.value, "where": i.where}
    return SELECT.format(key=i.key, dept=dept, by=GROUPS[dept], source=source, **said)
