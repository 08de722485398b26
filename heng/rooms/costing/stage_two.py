"""二级分摊后科室成本 · Cost of clinical and medtech departments after administration and support were shared out.

The point at which service items are costed. What medical technology gives to clinical departments is still with medical
technology here. Σ = Σ direct cost of the four classes. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 医疗服务项目成本核算.
"""

from heng.core.capability import capability, sql
from heng.tables.costing import Allocation, DirectCost
from heng.tables.organisation import Department
from heng.tables.services import StageTwoCost


@capability("二级分摊后科室成本", "cost after step 2")
def stage_two(costs: DirectCost, legs: Allocation, departments: Department) -> StageTwoCost:
    """汇总 · One row per department, item, fund and behaviour that is not zero."""
    return sql("""
with
unit as (select org, month, dept, category from departments where category in ('clinical', 'medtech')),
part as (
    select org, month, dept, item, fund, behaviour, amount from costs union all
    select org, month, receiver, item, fund, behaviour, amount from legs where stage <= 2)
select p.org, p.month, p.dept, u.category, p.item, p.fund, p.behaviour, sum(p.amount) as amount
from part p join unit u on u.org = p.org and u.month = p.month and u.dept = p.dept
group by all having sum(p.amount) <> 0
""")
