"""诊次与床日成本 · What one visit and one occupied bed-day cost, per department, scope and cost item.

Outpatient departments by visits, inpatient ones by bed-days actually occupied. Where the volume is not known the unit
cost stays empty: it is never zero. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 诊次成本与床日成本核算.
"""

from heng.core.capability import capability, sql
from heng.tables.activity import InpatientWork, OutpatientWork
from heng.tables.costing import ScopeCost, UnitCost


@capability("诊次床日成本", "unit cost")
def unit_cost(costs: ScopeCost, outpatient: OutpatientWork, inpatient: InpatientWork) -> UnitCost:
    """单位成本 · One row per department, scope and item, with the volume it is divided by."""
    return sql("""
with volume as (
    select org, month, dept, 'outpatient' as setting, 'visit' as measure, sum(visits)::decimal(18,4) as volume
    from outpatient group by all union all
    select org, month, dept, 'inpatient', 'bed_day', sum(bed_days)::decimal(18,4) from inpatient group by all)
select c.org, c.month, c.dept, if(c.setting = 'outpatient', 'visit', 'bed_day') as measure, c.scope, c.item, c.amount, v.volume
from costs c left join volume v on v.org = c.org and v.month = c.month and v.dept = c.dept and v.setting = c.setting
where c.setting <> 'none'
""")
