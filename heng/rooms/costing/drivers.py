"""分摊参数值 · How much of each allocation driver every department has: the menu 01–06, own drivers, and plain totals.

03 adds what a department does in its own unit: visits of outpatient, bed-days of inpatient, workload of medical
technology departments; it is meant for givers that serve one kind only. 05 counts all services of a giver together,
05:服务项目 one of them. 06 is income performed by the giver for each ordering department.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 分摊参数.
"""

from heng.core.capability import capability, sql
from heng.tables.activity import Area, Income, InpatientWork, MedtechWork, OutpatientWork, ServiceUse, StaffCount, Statistic
from heng.tables.costing import CostLine, DriverValue


@capability("分摊参数值", "driver values")
def drivers(
    staff: StaffCount,
    areas: Area,
    statistics: Statistic,
    services: ServiceUse,
    incomes: Income,
    outpatient: OutpatientWork,
    inpatient: InpatientWork,
    medtech: MedtechWork,
    lines: CostLine,
) -> DriverValue:
    """汇集参数值 · One row per driver, giver (empty where all givers share it) and receiver; nothing is made up."""
    return sql("""
with given as (
    select org, month, '01' as driver, '' as giver, dept as receiver, total::decimal(18,4) as value from staff union all
    select org, month, '02', '', dept, area from areas union all
    select org, month, '03', '', dept, visits::decimal(18,4) from outpatient union all
    select org, month, '03', '', dept, bed_days::decimal(18,4) from inpatient union all
    select org, month, '03', '', dept, work from medtech union all
    select org, month, '04', '', dept, value from statistics where driver = '工时' union all
    select org, month, '05', giver, receiver, quantity from services union all
    select org, month, '05:' || service, giver, receiver, quantity from services union all
    select org, month, '06', performing, ordering, amount::decimal(18,4) from incomes union all
    select org, month, 'income', '', ordering, amount::decimal(18,4) from incomes union all
    select org, month, 'visits', '', dept, visits::decimal(18,4) from outpatient union all
    select org, month, 'bed_days', '', dept, bed_days::decimal(18,4) from inpatient union all
    select org, month, 'discharges', '', dept, discharges::decimal(18,4) from inpatient where discharges is not null union all
    select org, month, 'material', '', dept, amount::decimal(18,4) from lines where item = 'material' and excluded = '' union all
    select org, month, driver, '', dept, value from statistics)
select org, month, driver, giver, receiver, sum(value)::decimal(18,4) as value from given group by all
""")
