"""项目成本池 · A department's cost after step 2, in the scope chosen, in three parts: drugs, charged consumables, services.

Consumables that are charged separately are those issued as such; where no issue of the month says so, what was billed as
consumables, at cost. They never exceed what the department's consumables cost. Σ of the parts = cost after step 2 in scope.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 医疗服务项目成本核算（剔除药品与单独收费卫生材料）.
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.booked import Material
from heng.tables.fees import FeeLine
from heng.tables.services import ServicePool, StageTwoCost


class Rule(Params, at="costing.service_pools"):
    """口径与材料成本率 · The scope, and what billed consumables cost where issues do not say."""

    scope: str
    material_ratio: Decimal


class Scope(Params, at="costing.scopes"):
    """口径 · Which funds count in each scope."""

    scopes: list[Any]


class Classes(Params, at="costing.services"):
    """收费类别 · Which fee classes are consumables."""

    classes: list[Any]


@capability("项目成本池", "service pools")
def service_pools(costs: StageTwoCost, materials: Material, lines: FeeLine, rule: Rule, scope: Scope, classes: Classes) -> ServicePool:
    """分成三份 · One row per department, part and cost item that is not zero."""
    return sql("""
with
chosen as (select fund from (select unnest($scopes::struct(scope varchar, fund varchar)[], recursive := true)) where scope = $scope),
consumable as (
    select fee_class from (select unnest($classes::struct(fee_class varchar, kind varchar)[], recursive := true)) where kind = 'material'),
cost as (
    select org, month, dept, item, sum(amount) as amount, coalesce(sum(amount) filter (behaviour = 'variable'), 0.00) as variable
    from costs where fund in (select fund from chosen) group by all),
supply as (select org, month, dept, amount, variable from cost where item = 'material' and amount > 0),
issued as (
    select org, month, dept, sum(amount) as amount from materials
    where charged and fund in (select fund from chosen) group by all),
told as (select distinct org, month from materials where charged is not null),
billed as (
    select l.org, l.month, coalesce(p.dept, o.dept) as dept, muldiv(sum(l.amount), $material_ratio, 1) as amount
    from lines l
    left join told t on t.org = l.org and t.month = l.month
    left join supply p on p.org = l.org and p.month = l.month and p.dept = l.performing
    left join supply o on o.org = l.org and o.month = l.month and o.dept = l.ordering
    where l.fee_class in (select fee_class from consumable) and t.org is null group by all),
charged as (
    select s.org, s.month, s.dept, s.variable as whole_variable, s.amount as whole,
        greatest(0, least(s.amount, coalesce(i.amount, b.amount, 0)))::decimal(18,2) as amount
    from supply s
    left join issued i on i.org = s.org and i.month = s.month and i.dept = s.dept
    left join billed b on b.org = s.org and b.month = s.month and b.dept = s.dept),
apart as (select org, month, dept, amount, muldiv(whole_variable, amount, whole)::decimal(18,2) as variable from charged),
part as (
    select org, month, dept, 'drug' as kind, item, variable, amount from cost where item = 'drug' union all
    select org, month, dept, 'material', 'material', variable, amount from apart union all
    select c.org, c.month, c.dept, 'service', c.item, c.variable - coalesce(m.variable, 0.00), c.amount - coalesce(m.amount, 0.00)
    from cost c left join apart m on c.item = 'material' and m.org = c.org and m.month = c.month and m.dept = c.dept
    where c.item <> 'drug')
select org, month, dept, kind, item, variable::decimal(38,2) as variable, amount::decimal(38,2) as amount
from part where amount <> 0 or variable <> 0
""")
