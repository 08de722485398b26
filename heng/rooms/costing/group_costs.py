"""病种病组成本 · Cost, income and days of the cases of every disease and group; the cases that do not count stand beside them.

Cases counted + not counted = all cases, and so their cost. A sum of which a part is not known is left empty.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算、DRG 成本核算.
"""

from heng.core.capability import capability, sql
from heng.tables.cases import CaseCost, CaseGroup, GroupCost


@capability("病种病组成本", "group cost")
def group_costs(cases: CaseCost, groups: CaseGroup) -> GroupCost:
    """汇总病组 · One row per grouping, group and kind of care."""
    return sql("""
select g.org, g.month, g.scheme, g."group", c.care, count(*) filter (g.excluded = '') as cases,
    case when count(c.days) filter (g.excluded = '') = count(*) filter (g.excluded = '')
        then sum(c.days) filter (g.excluded = '') end as days,
    case when count(c.income) filter (g.excluded = '') = count(*) filter (g.excluded = '')
        then sum(c.income) filter (g.excluded = '') end as income,
    coalesce(sum(c.amount) filter (g.excluded = ''), 0.00)::decimal(38,2) as amount,
    count(*) filter (g.excluded <> '') as excluded,
    coalesce(sum(c.amount) filter (g.excluded <> ''), 0.00)::decimal(38,2) as excluded_amount
from groups g join cases c on c.org = g.org and c.month = g.month and c.encounter = g.encounter
group by g.org, g.month, g.scheme, g."group", c.care
""")
