"""病房占用时间 · How long every stay was in every ward inside the month, intensive care included.

A ward stay counts by the part of it that lies in the month; what was still open in an earlier file runs on until a later
file ends it, the record is closed, or the month is over. Of several stays of one number, the one that began last before the
ward was entered counts. Source: the hospital's own records of transfers (转科记录).
"""

from heng.core.capability import capability, sql
from heng.tables.patients import CareHour, Encounter
from heng.tables.visits import WardStay


@capability("病房占用时间", "ward time", months=6)
def care_hours(wards: WardStay, encounters: Encounter) -> CareHour:
    """汇总占用时间 · One row per encounter and ward with time in the month; files of the five months before are read too."""
    return sql("""
with
calendar as (
    select org, month, cast(first_day as timestamp) as opens, cast(last_day as timestamp) + interval 1 day as closes,
        12 * year(first_day) + month(first_day) as n
    from run_month),
stay as (
    select org, month, encounter, coalesce(record, visit) as visit, discharged,
        case when row_number() over (partition by org, month, coalesce(record, visit) order by admitted, encounter) > 1
            then admitted end as since,
        lead(admitted) over (partition by org, month, coalesce(record, visit) order by admitted, encounter) as until
    from encounters),
told as (
    select e.org, e.month, e.encounter, w.dept, m.opens, m.closes, greatest(w.began, m.opens) as began,
        least(coalesce(w.ended, cast(e.discharged as timestamp), m.closes), m.closes) as ended
    from stay e
    join calendar m on m.org = e.org and m.month = e.month
    join wards w on w.org = e.org and w.visit = e.visit
        and (e.since is null or cast(w.began as date) >= e.since) and (e.until is null or cast(w.began as date) < e.until)
    join calendar t on t.org = w.org and t.month = w.month and t.n <= m.n and t.n > m.n - 6
    qualify row_number() over (
        partition by e.org, e.month, e.encounter, w.dept, w.began
        order by case when w.ended is null then 1 else 0 end, t.n desc, w.file, w."row") = 1)
select org, month, encounter, dept, sum(86400 * date_diff('day', cast(began as date), cast(ended as date))
    + 3600 * (hour(ended) - hour(began)) + 60 * (minute(ended) - minute(began)) + second(ended) - second(began)) as seconds
from told where ended > began
group by org, month, encounter, dept
""")
