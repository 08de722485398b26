"""科室全成本 · Full cost of each clinical department: its direct cost and what reached it, in eight buckets of origin.

Σ full cost of clinical departments = Σ direct cost of the four classes, per cost item, fund and behaviour.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范.
"""

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.tables.costing import Allocation, DeptCost, DirectCost
from heng.tables.organisation import Department


@capability("科室全成本", "full department cost")
def full_cost(costs: DirectCost, legs: Allocation, departments: Department) -> DeptCost:
    """汇总全成本 · One row per clinical department, layer and bucket that is not zero."""
    return sql("""
with clinical as (
    select org, month, dept, coalesce(setting, 'none') as setting from departments where category = 'clinical'),
part as (
    select org, month, dept, item, fund, behaviour, 'dir' as bucket, amount from costs union all
    select org, month, receiver, item, fund, behaviour, bucket, amount from legs)
select p.org, p.month, p.dept, c.setting, p.item, p.fund, p.behaviour, p.bucket, sum(p.amount) as amount
from part p join clinical c on c.org = p.org and c.month = p.month and c.dept = p.dept
group by all having sum(p.amount) <> 0
""")


Indicator(
    key="management_share",
    zh="管理费用率",
    en="administration share of full cost",
    unit="1",
    better="lower",
    of=DeptCost,
    value="ratio(sum(amount) filter (bucket in ('dir_man', 'indir_ass_man', 'indir_med_man', 'indir_ass_med_man')), sum(amount))",
    formula=("分摊来的行政后勤成本 ÷ 科室全成本", "cost that came from administration ÷ full cost"),
)
