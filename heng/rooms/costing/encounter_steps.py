"""患者环节成本 · Income and cost of every encounter at every step of care it went through.

Rounded on its own: the encounters of a month add up to the same cost as in `EncounterCost`, one encounter to within a few fen.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种服务单元成本构成.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, EncounterStep, Service
from heng.tables.services import MatchedCost


@capability("患者环节成本", "encounter steps")
def encounter_steps(charges: Charge, services: Service, matched: MatchedCost) -> EncounterStep:
    """按环节汇总 · One row per encounter and step of care; a step whose services have no cost keeps its income."""
    return sql("""
with rate as (
    select s.org, s.month, s.service, s.step, coalesce(fine(m.amount, m.patient_quantity), 0)::decimal(24,12) as rate
    from services s left join matched m on m.org = s.org and m.month = s.month and m.service = s.service)
select c.org, c.month, c.encounter, r.step, sum(c.amount) as income, sum(c.quantity::decimal(14,4) * r.rate) as amount
from charges c join rate r on r.org = c.org and r.month = c.month and r.service = c.service
where c.encounter > 0
group by c.org, c.month, c.encounter, r.step
""")
