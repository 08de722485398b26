"""成本动因数据 · What every department used and did in a month: volume, cases by group, consumables, drugs, people, equipment.

Clinical departments: their cost in the scope 医疗成本, direct cost by element, and what is allocated to them in one sum.
Others: their direct cost out of own funds. Consumables stand by material with their pieces; what of the consumables cost has
no line of its own stands without detail, so that the elements of a department add up to its cost. Source: 国卫财务发〔2021〕4号.
"""

from heng.core.capability import capability, sql
from heng.tables.booked import Material
from heng.tables.cases import CaseCost
from heng.tables.costing import DirectCost, ScopeCost, Volume
from heng.tables.steering import CostElement


@capability("成本动因数据", "cost elements")
def cost_elements(costs: ScopeCost, direct: DirectCost, volumes: Volume, materials: Material, cases: CaseCost) -> CostElement:
    """汇总动因 · One row per department, element and detail; Σ amounts of a department without cases = its cost."""
    return sql("""
with
clinical as (select * from costs where scope = 'medical'),
own as (
    select org, month, dept, item, sum(direct) as amount from clinical group by org, month, dept, item
    union all
    select d.org, d.month, d.dept, d.item, sum(d.amount) as amount
    from direct d left join (select distinct org, month, dept from clinical) c on c.org = d.org and c.month = d.month and c.dept = d.dept
    where c.dept is null and d.fund = 'own' group by d.org, d.month, d.dept, d.item),
named as (
    select org, month, dept,
        case when item in ('depreciation', 'amortisation') then 'equipment' when item = 'risk' then 'other' else item end as element,
        amount
    from own),
lines as (
    select m.org, m.month, m.dept, m.material as detail, sum(m.quantity) as quantity, sum(m.amount) as amount
    from materials m join (select distinct org, month, dept from own) o on o.org = m.org and o.month = m.month and o.dept = m.dept
    where m.material is not null and m.fund = 'own'
    group by m.org, m.month, m.dept, m.material having count(m.quantity) = count(*) and sum(m.quantity) > 0 and sum(m.amount) >= 0),
plain as (
    select org, month, dept, element, amount from named
    union all select org, month, dept, 'material' as element, -amount as amount from lines),
every_row as (
    select org, month, dept, element, '' as detail, null::decimal(18,4) as quantity, sum(amount)::decimal(18,2) as amount
    from plain group by org, month, dept, element
    union all
    select org, month, dept, 'material', detail, quantity::decimal(18,4), amount::decimal(18,2) from lines
    union all
    select org, month, dept, 'indirect', '', null::decimal(18,4), sum(indirect)::decimal(18,2) from clinical group by org, month, dept
    union all
    select org, month, dept, 'volume', '', volume, null::decimal(18,2) from volumes where volume is not null
    union all
    select org, month, dept, 'case', drg, count(*)::decimal(18,4), sum(amount)::decimal(18,2)
    from cases where dept is not null and drg is not null and amount is not null group by org, month, dept, drg)
select * from every_row
""")
