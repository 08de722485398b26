"""科室收支 · Income, cost, surplus, volume and staff of each clinical department, side by side in each scope.

Income of a clinical department is what it ordered (开单收入), whoever performed it. What is not known stays empty.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本分析.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.activity import Income, StaffCount
from heng.tables.costing import DeptCost, DeptResult, ScopeCost, Volume


class Rule(Params, at="costing.result"):
    """收费类别 · Fee classes that are drugs."""

    drug_classes: list[Any]


class Scope(Params, at="costing.scopes"):
    """口径 · The four scopes, to count administration inside each."""

    scopes: list[Any]


@capability("科室收支", "department result")
def result(
    costs: ScopeCost,
    buckets: DeptCost,
    incomes: Income,
    volumes: Volume,
    staff: StaffCount,
    rule: Rule,
    scope: Scope,
) -> DeptResult:
    """汇总科室收支 · One row per clinical department and scope."""
    return sql("""
with
scope as (select unnest($scopes::struct(scope varchar, fund varchar, management boolean)[], recursive := true)),
cost as (
    select org, month, dept, setting, scope, sum(amount) as cost, sum(amount) filter (item = 'staff') as staff_cost,
        sum(amount) filter (item = 'material') as material_cost, sum(amount) filter (item = 'drug') as drug_cost
    from costs group by all),
management as (
    select b.org, b.month, b.dept, s.scope, sum(b.amount) as management_cost
    from buckets b join scope s on s.fund = b.fund and s.management where contains(b.bucket, 'man') group by all),
income as (
    select org, month, ordering as dept, sum(amount) as income,
        coalesce(sum(amount) filter (list_contains($drug_classes, fee_class)), 0.00) as drug_income
    from incomes group by all),
people as (select org, month, dept, sum(total)::decimal(18,4) as staff from staff group by all)
select c.org, c.month, c.dept, c.setting, v.measure, c.scope, i.income, i.drug_income,
    c.cost, c.staff_cost, c.material_cost, c.drug_cost, coalesce(m.management_cost, 0.00)::decimal(38,2) as management_cost,
    v.volume, p.staff
from cost c
join volumes v on v.org = c.org and v.month = c.month and v.dept = c.dept
left join management m on m.org = c.org and m.month = c.month and m.dept = c.dept and m.scope = c.scope
left join income i on i.org = c.org and i.month = c.month and i.dept = c.dept
left join people p on p.org = c.org and p.month = c.month and p.dept = c.dept
""")
