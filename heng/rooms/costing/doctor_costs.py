"""开单医生成本 · Income and cost that every doctor ordered at every step of care, and for how many encounters.

Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本分析.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, DoctorCost, Orderer, Service
from heng.tables.services import MatchedCost


@capability("开单医生成本", "doctor costs")
def doctor_costs(charges: Charge, services: Service, orderers: Orderer, matched: MatchedCost) -> DoctorCost:
    """按开单医生与环节汇总 · One row per ordering department, doctor and step; an encounter counts once in each row."""
    return sql("""
with
rate as (
    select s.org, s.month, s.service, s.step,
        coalesce(fine(m.variable, m.patient_quantity), 0)::decimal(24,12) as variable,
        coalesce(fine(m.amount - m.variable, m.patient_quantity), 0)::decimal(24,12) as fixed
    from services s left join matched m on m.org = s.org and m.month = s.month and m.service = s.service),
seen as (
    select c.org, c.month, c.orderer, r.step, c.encounter, sum(c.amount) as income,
        sum(c.quantity::decimal(14,4) * r.variable) as variable, sum(c.quantity::decimal(14,4) * r.fixed) as fixed
    from charges c join rate r on r.org = c.org and r.month = c.month and r.service = c.service
    where c.encounter > 0
    group by c.org, c.month, c.orderer, r.step, c.encounter)
select s.org, s.month, coalesce(o.ordering, '') as ordering, coalesce(o.doctor, '') as doctor, s.step, count(*) as encounters,
    sum(s.income) as income, sum(s.variable) as variable, sum(s.fixed) as fixed
from seen s join orderers o on o.org = s.org and o.month = s.month and o.orderer = s.orderer
group by s.org, s.month, coalesce(o.ordering, ''), coalesce(o.doctor, ''), s.step
""")
