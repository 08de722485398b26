"""科室业务量 · The one unit a department's cost is divided by, and how much of it there was.

Outpatient departments are measured by visits, inpatient ones by bed-days actually occupied (never by beds open),
medical technology by its workload. What was not reported stays empty: it is never zero.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 诊次成本与床日成本核算.
"""

from heng.core.capability import capability, sql
from heng.tables.activity import InpatientWork, MedtechWork, OutpatientWork
from heng.tables.costing import Volume
from heng.tables.organisation import Department


@capability("科室业务量", "volume")
def volumes(departments: Department, outpatient: OutpatientWork, inpatient: InpatientWork, medtech: MedtechWork) -> Volume:
    """各科室的业务量 · One row per clinical and medical technology department; a clinical one must be 门诊 or 住院."""
    return sql("""
with unit as (
    select org, month, dept,
        case when category = 'medtech' then 'work' when setting = 'outpatient' then 'visit' else 'bed_day' end as measure
    from departments where category = 'medtech' or (category = 'clinical' and setting in ('outpatient', 'inpatient'))),
work as (
    select org, month, dept, 'visit' as measure, visits::decimal(18,4) as volume from outpatient union all
    select org, month, dept, 'bed_day', bed_days::decimal(18,4) from inpatient union all
    select org, month, dept, 'work', work from medtech)
select u.org, u.month, u.dept, u.measure, sum(w.volume) as volume
from unit u left join work w on w.org = u.org and w.month = u.month and w.dept = u.dept and w.measure = u.measure
group by all
""")
