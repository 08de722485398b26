"""患者收支 · Income and cost of every encounter, variable and fixed apart, and how much of the income has a cost at all.

Income whose service has no cost is counted in income but not in costed income: how far the cost covers the encounter. The
cost is that of `EncounterCost`; the variable part is rounded on its own, and the fixed part is what remains.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本习性与本量利分析.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, EncounterCost, EncounterTotal
from heng.tables.services import MatchedCost


@capability("患者收支", "encounter totals")
def encounter_totals(charges: Charge, matched: MatchedCost, costs: EncounterCost) -> EncounterTotal:
    """汇总每次就诊 · One row per encounter that was charged."""
    return sql("""
with
rate as (
    select org, month, service, fine(variable, patient_quantity)::decimal(24,12) as variable
    from matched where patient_quantity <> 0 and amount <> 0),
summed as (
    select c.org, c.month, c.encounter, count(*) as lines, sum(c.amount) as income,
        coalesce(sum(c.amount) filter (r.service is not null), 0.00) as costed_income,
        coalesce(sum(c.quantity::decimal(14,4) * r.variable), 0.00) as variable
    from charges c left join rate r on r.org = c.org and r.month = c.month and r.service = c.service
    where c.encounter > 0
    group by c.org, c.month, c.encounter)
select s.*, coalesce(t.amount, 0.00) as amount
from summed s left join costs t on t.org = s.org and t.month = s.month and t.encounter = s.encounter
""")
