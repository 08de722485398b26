"""未匹配成本 · Cost that reached no patient, per department and cost item, and why. It is shown, never spread silently.

Drugs and consumables: issued but not billed is what the pool holds beyond what was billed, or all of a pool below zero
(returns); billed but not issued says how much was billed beyond the pool, and has no cost. Services: unused capacity
(time-driven), else what no charged service bears. Charged to no patient: cost of services less what went to patients.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 数据核对.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.patients import Service, UnmatchedCost
from heng.tables.services import MatchedCost, ServiceCost, ServicePool


class Rule(Params, at="costing.service_costs"):
    """加成率 · The markup on drugs and consumables, by fee class."""

    markup: list[Any]


@capability("未匹配成本", "unmatched cost")
def unmatched(services: Service, pools: ServicePool, costs: ServiceCost, matched: MatchedCost, rule: Rule) -> UnmatchedCost:
    """未匹配成本及原因 · One row per department, cost item and reason; Σ + cost matched = the pools."""
    return sql("""
with
markup as (select unnest($markup::struct(fee_class varchar, rate decimal(18,6))[], recursive := true)),
wide as (
    select org, month, dept, kind, 'given' as side, staff, material, drug, depreciation, amortisation, risk, other from costs union all
    select org, month, dept, '', 'matched', staff, material, drug, depreciation, amortisation, risk, other from matched),
part as (
    select org, month, dept, kind, side, unnest([
        {'item': 'staff', 'amount': staff}, {'item': 'material', 'amount': material}, {'item': 'drug', 'amount': drug},
        {'item': 'depreciation', 'amount': depreciation}, {'item': 'amortisation', 'amount': amortisation},
        {'item': 'risk', 'amount': risk}, {'item': 'other', 'amount': other}], recursive := true)
    from wide),
timed as (select distinct org, month, dept from costs where method = 'tdabc'),
side as (
    select org, month, dept, kind, item, amount as pool, 0.00 as given, 0.00 as billed from pools union all
    select org, month, dept, kind, item, 0.00, amount, 0.00 from part where side = 'given' union all
    select s.org, s.month, s.dept, s.kind, s.kind, 0.00, 0.00, ratio(s.income, 1 + coalesce(m.rate, 0.000000))::decimal(18,2)
    from services s left join markup m on m.fee_class = s.fee_class where s.kind <> 'service' and s.quantity > 0 and s.income > 0),
pool as (
    select org, month, dept, kind, item, sum(pool) as pool, sum(given) as given, sum(billed) as billed from side group by all),
found as (
    select p.org, p.month, p.dept, p.item, case when p.kind <> 'service' then 'issued_not_billed'
        when t.dept is not null then 'unused_capacity' else 'no_charge' end as reason, p.pool - p.given as amount,
        case when p.kind <> 'service' then p.billed end as billed
    from pool p left join timed t on t.org = p.org and t.month = p.month and t.dept = p.dept where p.pool <> p.given
    union all
    select org, month, dept, item, 'billed_not_issued', 0.00, billed - given from pool where kind <> 'service' and billed > given
    union all
    select org, month, dept, item, 'no_patient', sum(case side when 'given' then amount else -amount end), null from part
    group by all having sum(case side when 'given' then amount else -amount end) <> 0)
select org, month, dept, item, reason, sum(amount)::decimal(38,2) as amount, sum(billed)::decimal(38,2) as billed
from found group by all
""")
