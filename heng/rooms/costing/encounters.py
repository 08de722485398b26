"""就诊 · Every visit or stay of a month: discharged, seen, or only charged; numbered in the order of its own number.

A discharge record comes before an outpatient record of the same number. Charges alone make an open stay when they are an
inpatient's, else an encounter without a record; its bed-days count from its first ward, or from its first charge. A newborn
names its mother. Nights count, at least one a stay; what is not known stays empty.

Discharges of one number that differ in times or in day of admission are different stays, and so is a ward entered after the
last discharge: then each stay has a visit of its own, number/times or number/day of admission, and `record` keeps the number.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范 (诊次与床日); 病案首页填写规范 (住院天数).
"""

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.fees import FeeLine
from heng.tables.organisation import Department
from heng.tables.patients import Encounter
from heng.tables.visits import Discharge, Visit, WardStay


class Rule(Params, at="costing.encounters"):
    """日间 · What a stay is that ends on the day it began, where its record does not say."""

    same_day: str


@capability("就诊", "encounters")
def encounters(discharges: Discharge, visits: Visit, lines: FeeLine, wards: WardStay, departments: Department, rule: Rule) -> Encounter:
    """列出本月的就诊 · One row per visit or stay; two records of one stay count once, the later."""
    return sql(EVERY_VISIT)


EVERY_VISIT = """
with
filed as (
    select *, admitted::date as began, coalesce(times, max(times) over (partition by org, month, visit, admitted::date)) as nth
    from discharges where visit <> ''),
discharge as (
    select org, month, visit, patient, nullif(mother, '') as mother, dept, doctor, began as admitted,
        discharged::date as discharged, days, diagnosis, procedure, drg, dip, total, nth,
        coalesce(care, case when began = discharged::date then $same_day else 'inpatient' end) as care
    from filed
    qualify row_number() over (partition by org, month, visit, nth, began order by filed.discharged desc, file desc, "row" desc) = 1),
left_on as (select org, month, visit, max(discharged) as discharged from discharge group by org, month, visit),
back as (
    select w.org, w.month, w.visit, w.dept, min(w.began) over (partition by w.org, w.month, w.visit)::date as admitted
    from wards w join left_on d on d.org = w.org and d.month = w.month and d.visit = w.visit and w.began::date > d.discharged
    qualify row_number() over (partition by w.org, w.month, w.visit order by w.began desc, w.file desc, w."row" desc) = 1),
outpatient as (
    select v.org, v.month, v.visit, v.patient, v.dept, v.doctor, v.diagnosis, coalesce(v.seen, v.registered, v.arrived)::date as seen
    from visits v left join left_on d on d.org = v.org and d.month = v.month and d.visit = v.visit
    where v.visit <> '' and d.visit is null
    qualify row_number() over (
        partition by v.org, v.month, v.visit order by coalesce(v.seen, v.registered, v.arrived) nulls last, v.file, v."row") = 1),
recorded as (select org, month, visit from left_on union all select org, month, visit from outpatient),
charged as (
    select l.org, l.month, l.visit, l.care, l.ordering, l.performing, sum(l.amount) as amount, min(l.charged)::date as since
    from lines l left join recorded r on r.org = l.org and r.month = l.month and r.visit = l.visit
    where l.visit <> '' and r.visit is null
    group by all),
placed as (
    select c.org, c.month, c.visit, c.ordering, c.amount, c.since,
        coalesce(c.care, case when 'inpatient' in (o.setting, p.setting) then 'inpatient' else 'outpatient' end) as care
    from charged c
    left join departments o on o.org = c.org and o.month = c.month and o.dept = c.ordering
    left join departments p on p.org = c.org and p.month = c.month and p.dept = c.performing),
ordered as (
    select org, month, visit, ordering as dept from placed where ordering is not null group by org, month, visit, ordering
    qualify row_number() over (partition by org, month, visit order by sum(amount) desc, ordering) = 1),
kept as (select org, month, visit, min(began)::date as admitted from wards group by all),
unrecorded as (
    select p.org, p.month, p.visit, max(o.dept) as dept, max(k.admitted) as admitted,
        least(max(k.admitted), min(p.since)) as since,
        case when count(k.visit) > 0 or count(*) filter (p.care = 'inpatient') > 0 then 'inpatient'
            when count(*) filter (p.care = 'day') > 0 then 'day' else 'outpatient' end as care
    from placed p
    left join ordered o on o.org = p.org and o.month = p.month and o.visit = p.visit
    left join kept k on k.org = p.org and k.month = p.month and k.visit = p.visit
    group by p.org, p.month, p.visit),
stay as (
    select d.org, d.month, d.visit, d.patient, d.mother, d.care, 'finished' as status, d.dept, d.doctor, d.admitted, d.discharged,
        greatest(coalesce(d.days, date_diff('day', d.admitted, d.discharged)), 1) as days,
        greatest(date_diff('day', greatest(d.admitted, m.first_day), d.discharged), case when d.admitted = d.discharged then 1 else 0 end)
            as month_days,
        d.diagnosis, d.procedure, d.drg, d.dip, d.total as total_fee, d.nth
    from discharge d join run_month m on m.org = d.org and m.month = d.month
    union all
    select b.org, b.month, b.visit, null, null, 'inpatient', 'open', b.dept, null, b.admitted, null,
        date_diff('day', b.admitted, m.last_day) + 1, date_diff('day', greatest(b.admitted, m.first_day), m.last_day) + 1,
        null, null, null, null, null, null
    from back b join run_month m on m.org = b.org and m.month = b.month),
counted as (
    select *, count(*) over (partition by org, month, visit) as stays, count(*) over (partition by org, month, visit, nth) as alike
    from stay),
every as (
    select org, month, case when stays = 1 then visit when nth is not null and alike = 1 then concat(visit, '/', nth)
            else concat(visit, '/', strftime(admitted, '%Y-%m-%d')) end as visit,
        case when stays > 1 then visit end as record,
        patient, mother, care, status, dept, doctor, admitted, discharged, days, month_days, diagnosis, procedure, drg, dip, total_fee
    from counted
    union all
    select org, month, visit, null, patient, null, 'outpatient', 'finished', dept, doctor, seen, null, null, null, diagnosis,
        null, null, null, null
    from outpatient
    union all
    select u.org, u.month, u.visit, null, null, null, u.care, case when u.care = 'inpatient' then 'open' else 'no_record' end, u.dept, null,
        u.admitted, null, date_diff('day', u.admitted, m.last_day) + 1,
        case when u.care = 'inpatient' and u.since is not null
            then date_diff('day', greatest(u.since, m.first_day), m.last_day) + 1 end,
        null, null, null, null, null
    from unrecorded u join run_month m on m.org = u.org and m.month = u.month)
select *, row_number() over (partition by org, month order by visit, admitted) as encounter from every
"""
