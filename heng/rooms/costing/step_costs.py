"""环节成本 · What every step of care costs, by performing department, cost item and kind of visit.

Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种服务单元成本构成.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, Encounter, Service, StepCost
from heng.tables.services import MatchedCost


@capability("环节成本", "step costs")
def step_costs(charges: Charge, encounters: Encounter, services: Service, matched: MatchedCost) -> StepCost:
    """按执行科室与环节汇总 · One row per kind of visit, department, step and cost item with a cost; Σ = cost of all encounters."""
    return sql("""
with
used as (
    select c.org, c.month, c.service, e.care, sum(c.quantity) as quantity
    from charges c join encounters e on e.org = c.org and e.month = c.month and e.encounter = c.encounter
    group by all),
cost as (
    select org, month, service, patient_quantity, unnest([
        {'item': 'staff', 'amount': staff}, {'item': 'material', 'amount': material}, {'item': 'drug', 'amount': drug},
        {'item': 'depreciation', 'amount': depreciation}, {'item': 'amortisation', 'amount': amortisation},
        {'item': 'risk', 'amount': risk}, {'item': 'other', 'amount': other}], recursive := true)
    from matched where patient_quantity <> 0),
rate as (
    select org, month, service, item, fine(amount, patient_quantity)::decimal(24,12) as rate from cost where amount <> 0)
select u.org, u.month, u.care, s.performing, s.step, r.item, sum(u.quantity * r.rate) as amount
from used u
join services s on s.org = u.org and s.month = u.month and s.service = u.service
join rate r on r.org = u.org and r.month = u.month and r.service = u.service
group by all
""")
