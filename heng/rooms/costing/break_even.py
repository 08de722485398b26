"""本量利分析 · From which volume on does a department cover its cost?

Outpatient departments by visits, inpatient ones by bed-days, with full cost and ordered income; medical technology by
workload, with performed income and its cost after step 2. 保本业务量 = 固定成本 ÷ (单位收入 − 单位变动成本). Where income does
not cover variable cost there is no break-even, and the cell stays empty. Source: 国卫财务发〔2021〕4号, 本量利分析.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.activity import Income
from heng.tables.costing import Allocation, BreakEven, DeptCost, DirectCost, Volume


class Rule(Params, at="costing.break_even"):
    """口径 · The scope of cost that has to be covered."""

    covered: str


class Scope(Params, at="costing.scopes"):
    """口径 · The funds of each scope, and whether administration counts."""

    scopes: list[Any]


@capability("本量利分析", "break-even analysis")
def break_even(
    costs: DeptCost,
    direct: DirectCost,
    legs: Allocation,
    incomes: Income,
    volumes: Volume,
    rule: Rule,
    scope: Scope,
) -> BreakEven:
    """求保本点 · One row per clinical and medical technology department that carries cost."""
    return sql(BREAK_EVEN)


BREAK_EVEN = """
with
scope as (
    select * from (select unnest($scopes::struct(scope varchar, fund varchar, management boolean)[], recursive := true))
    where scope = $covered),
part as (
    select org, month, dept, behaviour, fund, bucket, amount from costs union all
    select org, month, dept, behaviour, fund, 'dir', amount from direct where category = 'medtech' union all
    select l.org, l.month, l.receiver, l.behaviour, l.fund, l.bucket, l.amount
    from legs l join volumes u on u.org = l.org and u.month = l.month and u.dept = l.receiver and u.measure = 'work' where l.stage < 3),
spent as (
    select p.org, p.month, p.dept, coalesce(sum(p.amount) filter (p.behaviour = 'fixed'), 0.00)::decimal(38,2) as fixed,
        coalesce(sum(p.amount) filter (p.behaviour = 'variable'), 0.00)::decimal(38,2) as variable
    from part p join scope s on s.fund = p.fund and (s.management or not contains(p.bucket, 'man')) group by all),
earned as (
    select org, month, ordering as dept, 'clinical' as class, sum(amount) as income from incomes group by all union all
    select org, month, performing, 'medtech', sum(amount) from incomes group by all)
select s.org, s.month, s.dept, v.measure, v.volume, e.income, s.fixed, s.variable
from spent s join volumes v on v.org = s.org and v.month = s.month and v.dept = s.dept
left join earned e on e.org = s.org and e.month = s.month and e.dept = s.dept and e.class = if(v.measure = 'work', 'medtech', 'clinical')
"""


Indicator(
    key="below_break_even",
    zh="未达保本点的科室占比",
    en="share of departments below break-even",
    unit="1",
    better="lower",
    of=BreakEven,
    value="ratio(count(*) filter (income < fixed + variable), count(*))",
    where="income is not null",
    formula=("收入低于成本的科室数 ÷ 有收入的科室数", "departments whose income does not cover their cost ÷ departments with income"),
)
