"""收费事实 · Every fee line with its encounter, service and orderer as whole numbers, kept in the order of encounters.

All patient costing reads this one table: a line is 5 numbers wide, and an encounter's lines stand together. A line
charged to nobody has encounter 0; no line is left out. Where one number has several stays in the month, a line belongs to
the stay that began last before it was charged, else to the first. Source: the hospital's own fee lines.
"""

from heng.core.capability import capability, sql
from heng.tables.fees import FeeLine
from heng.tables.patients import Charge, Encounter, Orderer, Service


@capability("收费事实", "charges")
def charges(lines: FeeLine, encounters: Encounter, services: Service, orderers: Orderer) -> Charge:
    """把收费明细编码 · One row per fee line. Where the ordering department bears a line there is a service of its own for it."""
    return sql("""
with
several as (
    select org, month, record, encounter, lead(admitted) over (partition by org, month, record order by admitted, encounter) as until,
        case when row_number() over (partition by org, month, record order by admitted, encounter) > 1 then admitted end as since
    from encounters where record is not null),
span as (
    select org, month, record, encounter, coalesce(since, date '0001-01-01') as since, coalesce(until, date '9999-12-31') as until
    from several)
select l.org, l.month, coalesce(e.encounter, t.encounter, 0) as encounter, coalesce(o.service, p.service) as service, d.orderer,
    l.quantity, l.amount, l.file, l."row"
from lines l
left join encounters e on e.org = l.org and e.month = l.month and e.visit = l.visit and e.record is null
left join span t on t.org = l.org and t.month = l.month and t.record = l.visit
    and coalesce(l.charged::date, date '0001-01-01') >= t.since and coalesce(l.charged::date, date '0001-01-01') < t.until
left join services p on p.org = l.org and p.month = l.month
    and p.performing = l.performing and p.item = l.item and p.fee_class = l.fee_class and p.dept = l.performing
left join services o on o.org = l.org and o.month = l.month
    and o.performing = l.performing and o.item = l.item and o.fee_class = l.fee_class and o.dept = l.ordering
join orderers d on d.org = l.org and d.month = l.month
    and coalesce(d.ordering, '') = coalesce(l.ordering, '') and coalesce(d.doctor, '') = coalesce(l.doctor, '')
""")
