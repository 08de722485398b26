"""科室直接成本 · Direct cost of every department: what it booked, less what it shared out, plus its part of common cost.

What is not a cost is left out here; departments outside costing keep theirs, under their own class, so that nothing
disappears between the ledger and full cost. Σ direct cost = Σ lines that count. Source: 国卫财务发〔2021〕4号.
"""

from heng.core.capability import capability, sql
from heng.tables.costing import CommonShare, CostLine, DirectCost, Readiness
from heng.tables.organisation import Department


@capability("科室直接成本", "direct cost")
def direct_cost(lines: CostLine, shares: CommonShare, departments: Department, readiness: Readiness) -> DirectCost:
    """汇总科室直接成本 · One row per department, item, fund and behaviour that is not zero."""
    return sql("""
with moved as (
    select org, month, dept, item, fund, behaviour, amount from lines where excluded = '' union all
    select org, month, giver, item, fund, behaviour, -amount from shares union all
    select org, month, receiver, item, fund, behaviour, amount from shares)
select m.org, m.month, m.dept, d.category, m.item, m.fund, m.behaviour, sum(m.amount) as amount
from moved m left join departments d on d.org = m.org and d.month = m.month and d.dept = m.dept
group by all having sum(m.amount) <> 0
""")
