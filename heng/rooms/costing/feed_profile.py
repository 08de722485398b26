"""数据档次 · How far the data of a hospital carry, level by level, and which feeds the next level still wants.

A level is reached when every feed it needs has rows in the month; a feed counts by the column that the level reads (visits
named on fee lines, diagnoses, DRG). Department data alone run to the end: the higher levels say what is missing.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 核算对象 (科室、诊次、床日、项目、病种、DRG); 国卫办财务函〔2024〕377号.
"""

from heng.core.capability import capability, sql
from heng.tables.activity import InpatientWork, OutpatientWork
from heng.tables.costing import CostLine
from heng.tables.effort import ActivityUse, Capacity, ResourceUse, StandardGroup, StandardService, TimeTerm
from heng.tables.fees import FeeLine, ServiceItem
from heng.tables.services import FeedProfile
from heng.tables.visits import Discharge, Visit, WardStay


@capability("数据档次", "feed profile")
def feed_profile(
    costs: CostLine,
    outpatient: OutpatientWork,
    inpatient: InpatientWork,
    lines: FeeLine,
    items: ServiceItem,
    discharges: Discharge,
    visits: Visit,
    wards: WardStay,
    capacities: Capacity,
    terms: TimeTerm,
    resources: ResourceUse,
    activities: ActivityUse,
    services: StandardService,
    groups: StandardGroup,
) -> FeedProfile:
    """列出各层 · One row per level for every month, what it lacks in words."""
    return sql(LEVELS)


LEVELS = """
with
feature as (select * from (values
    ('department', 1, '科室成本', 'department cost'),
    ('unit', 2, '诊次与床日成本', 'cost of a visit and a bed-day'),
    ('service', 3, '项目成本（收入、工作量法）', 'service cost by income or workload'),
    ('patient', 4, '患者成本', 'patient cost'),
    ('step', 5, '环节与医生成本', 'cost of care steps and doctors'),
    ('disease', 6, '病例与病种成本', 'cost of cases and diseases'),
    ('group', 7, 'DRG、DIP 病组成本', 'cost of DRG and DIP groups'),
    ('ward_time', 8, '按病房时间分摊', 'wards by the hour'),
    ('effort', 9, '项目成本（时间、当量法）', 'service cost by time or equivalence'),
    ('tdabc', 10, '估时作业成本与产能', 'time-driven costing and capacity'),
    ('abc', 11, '作业成本', 'activity-based costing'),
    ('standard', 12, '标准成本差异', 'variance against standards')) as t(feature, rank, name_zh, name_en)),
feed as (select * from (values
    ('cost', 1, '科室成本数据（工资、折旧、领用等）', 'booked costs (pay, depreciation, issues …)'),
    ('volume', 2, '门诊工作量或住院工作量', 'outpatient or inpatient work'),
    ('line', 3, '收费明细', 'fee lines'),
    ('line_visit', 4, '收费明细的就诊号', 'numbers of visits on fee lines'),
    ('line_doctor', 5, '收费明细的开单医生', 'ordering doctors on fee lines'),
    ('record', 6, '病案首页或门诊就诊', 'discharge records or outpatient visits'),
    ('diagnosis', 7, '主要诊断', 'principal diagnoses'),
    ('grouped', 8, '病案首页的 DRG 组或 DIP 病种', 'DRG or DIP groups on discharge records'),
    ('ward', 9, '转科记录', 'ward stays'),
    ('effort', 10, '医疗服务项目目录的操作时间或成本当量', 'time taken or equivalence of service items'),
    ('capacity', 11, '产能', 'capacity'),
    ('time', 12, '时间方程或操作时间', 'time equations, or time taken of service items'),
    ('resource', 13, '资源动因', 'resource use'),
    ('activity', 14, '作业动因', 'activity use'),
    ('standard', 15, '项目或病组标准成本', 'standards of services or groups')) as t(feed, place, zh, en)),
need as (select * from (values
    ('department', 'cost'), ('unit', 'cost'), ('unit', 'volume'), ('service', 'cost'), ('service', 'line'),
    ('patient', 'cost'), ('patient', 'line_visit'), ('patient', 'record'),
    ('step', 'cost'), ('step', 'line_visit'), ('step', 'line_doctor'),
    ('disease', 'cost'), ('disease', 'record'), ('disease', 'diagnosis'), ('group', 'cost'), ('group', 'grouped'),
    ('ward_time', 'cost'), ('ward_time', 'record'), ('ward_time', 'ward'), ('effort', 'cost'), ('effort', 'line'), ('effort', 'effort'),
    ('tdabc', 'cost'), ('tdabc', 'line'), ('tdabc', 'capacity'), ('tdabc', 'time'),
    ('abc', 'cost'), ('abc', 'line'), ('abc', 'resource'), ('abc', 'activity'), ('standard', 'cost'), ('standard', 'standard'))
    as t(feature, feed)),
found as (
    select org, month, 'cost' as feed, count(*) as held from costs group by org, month
    union all select org, month, 'volume', count(*) from outpatient group by org, month
    union all select org, month, 'volume', count(*) from inpatient group by org, month
    union all select org, month, 'line', count(*) from lines group by org, month
    union all select org, month, 'line_visit', count(nullif(visit, '')) from lines group by org, month
    union all select org, month, 'line_doctor', count(nullif(doctor, '')) from lines group by org, month
    union all select org, month, 'record', count(*) from discharges group by org, month
    union all select org, month, 'record', count(*) from visits group by org, month
    union all select org, month, 'diagnosis', count(nullif(diagnosis, '')) from discharges group by org, month
    union all select org, month, 'diagnosis', count(nullif(diagnosis, '')) from visits group by org, month
    union all select org, month, 'grouped', count(coalesce(nullif(drg, ''), nullif(dip, ''))) from discharges group by org, month
    union all select org, month, 'ward', count(*) from wards group by org, month
    union all select org, month, 'effort', count(coalesce(minutes, equivalence)) from items group by org, month
    union all select org, month, 'capacity', count(*) from capacities group by org, month
    union all select org, month, 'time', count(*) from terms group by org, month
    union all select org, month, 'time', count(minutes) from items group by org, month
    union all select org, month, 'resource', count(*) from resources group by org, month
    union all select org, month, 'activity', count(*) from activities group by org, month
    union all select org, month, 'standard', count(*) from services group by org, month
    union all select org, month, 'standard', count(*) from groups group by org, month),
held as (select org, month, feed, sum(held)::bigint as held from found group by org, month, feed)
select m.org, m.month, x.feature, x.rank, x.name_zh, x.name_en,
    coalesce(string_agg(case when coalesce(h.held, 0) = 0 then f.zh end, '、' order by f.place), '') as missing_zh,
    coalesce(string_agg(case when coalesce(h.held, 0) = 0 then f.en end, ', ' order by f.place), '') as missing_en,
    coalesce(sum(h.held), 0)::bigint as rows
from run_month m
cross join feature x
join need n on n.feature = x.feature
join feed f on f.feed = n.feed
left join held h on h.org = m.org and h.month = m.month and h.feed = n.feed
group by m.org, m.month, x.feature, x.rank, x.name_zh, x.name_en
"""
