"""诊次与床日成本 · What one visit and one occupied bed-day cost, per department, scope and cost item.

Outpatient departments by visits, inpatient ones by bed-days actually occupied. Where the volume is not known the unit
cost stays empty: it is never zero. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 诊次成本与床日成本核算.
"""

from heng.core.capability import capability, sql
from heng.tables.costing import ScopeCost, UnitCost, Volume


@capability("诊次床日成本", "unit cost")
def unit_cost(costs: ScopeCost, volumes: Volume) -> UnitCost:
    """单位成本 · One row per department, scope and item, with the volume it is divided by."""
    return sql("""
select c.org, c.month, c.dept, v.measure, c.scope, c.item, c.amount, v.volume
from costs c join volumes v on v.org = c.org and v.month = c.month and v.dept = c.dept
""")
