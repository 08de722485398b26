"""开单科室成本 · Income and cost of what each department ordered from each other one: services, drugs, consumables.

Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 开单与执行科室.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, Orderer, OrderingCost, Service
from heng.tables.services import MatchedCost


@capability("开单科室成本", "ordering costs")
def ordering_costs(charges: Charge, services: Service, orderers: Orderer, matched: MatchedCost) -> OrderingCost:
    """按开单与执行科室汇总 · One row per ordering department, performing department and kind; Σ = cost of all encounters."""
    return sql("""
with
rate as (
    select s.org, s.month, s.service, s.performing, s.kind, coalesce(fine(m.amount, m.patient_quantity), 0)::decimal(24,12) as rate
    from services s left join matched m on m.org = s.org and m.month = s.month and m.service = s.service),
used as (
    select c.org, c.month, c.orderer, r.performing, r.kind, sum(c.amount) as income, sum(c.quantity::decimal(14,4) * r.rate) as amount
    from charges c join rate r on r.org = c.org and r.month = c.month and r.service = c.service
    where c.encounter > 0
    group by c.org, c.month, c.orderer, r.performing, r.kind)
select u.org, u.month, coalesce(o.ordering, '') as ordering, u.performing, u.kind, sum(u.income) as income, sum(u.amount) as amount
from used u join orderers o on o.org = u.org and o.month = u.month and o.orderer = u.orderer
group by u.org, u.month, coalesce(o.ordering, ''), u.performing, u.kind
""")
