"""付费病组环节成本 · What the cases of a paid group cost at every step of care, all months of a stay taken together.

Only stays and day cases costed line by line whose payment is known: other methods do not tell steps.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算 (服务单元成本构成).
"""

from heng.core.capability import capability, sql
from heng.tables.cases import StayMonth
from heng.tables.margin import CaseMargin, MarginStep
from heng.tables.patients import EncounterStep


@capability("付费病组环节成本", "cost by step of paid groups", months=6)
def margin_steps(cases: CaseMargin, stays: StayMonth, steps: EncounterStep) -> MarginStep:
    """汇总环节 · One row per group and step that cost anything."""
    return sql("""
with
counted as (
    select org, month, encounter, "group", count(*) over (partition by org, month, "group") as cases
    from cases where "group" is not null and method = 'bottom_up' and payment is not null)
select c.org, c.month, c."group", t.step, max(c.cases) as cases, sum(t.amount) as amount
from counted c
join stays s on s.org = c.org and s.month = c.month and s.encounter = c.encounter
join steps t on t.org = s.org and t.month = s.part_month and t.encounter = s.part
group by c.org, c.month, c."group", t.step having sum(t.amount) <> 0
""")
