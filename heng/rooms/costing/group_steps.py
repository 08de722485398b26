"""病组环节成本 · Where the cost of a disease or group arises: income and cost of its counted cases at every step of care.

Line by line costs over all months of a case. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算 (服务单元成本构成).
"""

from heng.core.capability import capability, sql
from heng.tables.cases import CaseCost, CaseGroup, GroupStep, StayMonth
from heng.tables.patients import EncounterStep


@capability("病组环节成本", "group cost by step", months=6)
def group_steps(cases: CaseCost, groups: CaseGroup, stays: StayMonth, steps: EncounterStep) -> GroupStep:
    """汇总环节 · One row per grouping, group, kind of care and step."""
    return sql("""
select g.org, g.month, g.scheme, g."group", c.care, t.step, sum(t.income) as income, sum(t.amount) as amount
from groups g
join cases c on c.org = g.org and c.month = g.month and c.encounter = g.encounter
join stays s on s.org = g.org and s.month = g.month and s.encounter = g.encounter
join steps t on t.org = s.org and t.month = s.part_month and t.encounter = s.part
where g.excluded = ''
group by g.org, g.month, g.scheme, g."group", c.care, t.step
""")
