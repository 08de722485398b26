"""科室服务项目 · What every department gave and charged for: which item, of which kind, at which step of care, how much.

A service is borne by the department that performs it. A drug, or a consumable charged for, is borne where its cost was
booked: by the performing department, else by the one that ordered it.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范 (药品与单独收费的卫生材料不计入医疗服务项目成本).
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.fees import Consumable, DrugItem, FeeLine, ServiceItem
from heng.tables.organisation import Department
from heng.tables.patients import Service
from heng.tables.services import ServicePool


class Rule(Params, at="costing.services"):
    """收费类别与环节 · What each fee class is and at which step of care it stands; names that mean intensive care or anaesthesia."""

    classes: list[Any]
    intensive_care: str
    anaesthesia: str


@capability("科室服务项目", "services of departments")
def services(
    lines: FeeLine,
    items: ServiceItem,
    drugs: DrugItem,
    consumables: Consumable,
    departments: Department,
    pools: ServicePool,
    rule: Rule,
) -> Service:
    """汇总科室服务项目 · One row per bearing department, performing department, item and fee class, numbered in that order."""
    return sql(WHAT_WAS_GIVEN)


WHAT_WAS_GIVEN = """
with
class as (select unnest($classes::struct(fee_class varchar, kind varchar, step varchar, anaesthesia boolean)[], recursive := true)),
catalogue as (
    select org, month, 'service' as kind, item, name, step, minutes, equivalence from items union all
    select org, month, 'drug', item, name, null, null, null from drugs union all
    select org, month, 'material', item, name, null, null, null from consumables),
given as (
    select org, month, performing, ordering, item, fee_class, max(name) as name, sum(quantity) as quantity, sum(amount) as income,
        coalesce(sum(quantity) filter (visit <> ''), 0.0000) as patient_quantity,
        coalesce(sum(amount) filter (visit <> ''), 0.00) as patient_income
    from lines group by all),
stocked as (select org, month, dept, kind from pools where kind <> 'service' group by all having sum(amount) > 0),
borne as (
    select g.org, g.month, g.performing, g.item, g.fee_class, coalesce(c.kind, 'service') as kind,
        case when p.dept is null and o.dept is not null then g.ordering else g.performing end as dept,
        max(coalesce(c.step, 'other')) as step, bool_or(coalesce(c.anaesthesia, false)) as anaesthesia, max(g.name) as name,
        sum(g.quantity) as quantity, sum(g.patient_quantity) as patient_quantity, sum(g.income) as income,
        sum(g.patient_income) as patient_income
    from given g
    left join class c on c.fee_class = g.fee_class
    left join stocked p on p.org = g.org and p.month = g.month and p.dept = g.performing and p.kind = c.kind
    left join stocked o on o.org = g.org and o.month = g.month and o.dept = g.ordering and o.kind = c.kind
    group by g.org, g.month, g.performing, g.item, g.fee_class, 6, 7),
named as (
    select b.org, b.month, b.dept, b.performing, b.kind, b.item, coalesce(i.name, b.name) as name, b.fee_class, d.name as place,
        case when i.step is not null then i.step
            when b.anaesthesia and regexp_matches(coalesce(i.name, b.name, '') || b.item, $anaesthesia) then 'anaesthesia'
            else b.step end as step,
        i.minutes, i.equivalence, b.quantity, b.patient_quantity, b.income, b.patient_income
    from borne b
    left join catalogue i on i.org = b.org and i.month = b.month and i.kind = b.kind and i.item = b.item
    left join departments d on d.org = b.org and d.month = b.month and d.dept = b.performing)
select * replace (case when step = 'ward' and regexp_matches(upper(coalesce(place, '')), $intensive_care) then 'icu' else step end as step),
    row_number() over (partition by org, month order by dept, performing, kind, item, fee_class) as service
from named
"""
