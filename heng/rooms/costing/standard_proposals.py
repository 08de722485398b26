"""标准成本建议 · Standards for people to adopt: what a unit or a case costs at the best quartile of the region's last quarter.

Services by department, from their cost and, where times and capacity are known, from their time equations (time × cost of
a minute of practical capacity, so without what lies idle; one is enough); steps of care by department; diseases and groups by
hospital, whole and step by step. The value at a rank is always one that a department or hospital reached. Adopted standards are
loaded as StandardService and StandardGroup, with document, edition and date. Source: 事前预算的环节成本标准（最优四分位与
时间方程）; Kaplan & Anderson (time-driven ABC).
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import GroupCost, GroupStep, StandardProposal
from heng.tables.fees import ServiceItem
from heng.tables.patients import Service
from heng.tables.services import ItemMethodCost, ServiceCost


class Region(Params, at="costing.disease_standards"):
    """标杆 · Cases of which care count, the rank of the best quartile, and how many observations it needs."""

    cares: list[Any]
    quartile: Decimal
    least: int


@capability("标准成本建议", "proposed standards", months=3)
def standard_proposals(
    costs: ServiceCost,
    services: Service,
    catalogue: ServiceItem,
    methods: ItemMethodCost,
    groups: GroupCost,
    steps: GroupStep,
    region: Region,
) -> StandardProposal:
    """提出标准 · One row per month, object, step and basis with enough departments or hospitals in the quarter."""
    return sql(PROPOSALS)


PROPOSALS = """
with
seen as (
    select e.month as closing, w.org, w.month from (select distinct month, first_day from run_month) e
    join run_month w on w.first_day <= e.first_day and w.first_day > e.first_day - interval 3 month),
named as (
    select c.org, c.month, c.service, c.dept, c.quantity, c.amount, s.step,
        coalesce(nullif(i.national, ''), c.item) as item
    from costs c
    left join services s on s.org = c.org and s.month = c.month and s.service = c.service
    left join catalogue i on i.org = c.org and i.month = c.month and i.item = c.item
    where c.kind = 'service' and c.quantity > 0 and c.amount > 0),
timed as (
    select n.org, n.month, n.dept, n.item, m.base as minutes, m.quantity, m.amount
    from named n join methods m on m.org = n.org and m.month = n.month and m.service = n.service and m.method = 'tdabc'
    where m.base > 0 and m.amount > 0),
counted as (
    select g.org, g.month, g.scheme, g."group" as item, g.care, g.cases, g.amount
    from groups g where g.cases > 0 and list_contains($cares, g.care)),
stage as (
    select c.org, c.month, c.scheme, c.item, t.step, t.amount
    from counted c join steps t on t.org = c.org and t.month = c.month and t.scheme = c.scheme and t."group" = c.item and t.care = c.care),
cases as (select s.closing, c.org, c.scheme, c.item, sum(c.cases) as cases, sum(c.amount) as amount
    from seen s join counted c on c.org = s.org and c.month = s.month group by all),
staged as (select s.closing, t.org, t.scheme, t.item, t.step, sum(t.amount) as amount
    from seen s join stage t on t.org = s.org and t.month = s.month group by all),
observed as (
    select s.closing, 'service' as object, n.item, null as step, 'quartile' as basis, n.org, n.dept, null as minutes,
        ratio(sum(n.amount), sum(n.quantity)) as cost
    from seen s join named n on n.org = s.org and n.month = s.month group by s.closing, n.item, n.org, n.dept
    union all
    select s.closing, 'service', t.item, null, 'tdabc', t.org, t.dept, ratio(sum(t.minutes), sum(t.quantity)),
        ratio(sum(t.amount), sum(t.quantity))
    from seen s join timed t on t.org = s.org and t.month = s.month group by s.closing, t.item, t.org, t.dept
    union all
    select s.closing, 'step', '', n.step, 'quartile', n.org, n.dept, null, ratio(sum(n.amount), sum(n.quantity))
    from seen s join named n on n.org = s.org and n.month = s.month where n.step is not null
    group by s.closing, n.step, n.org, n.dept
    union all
    select closing, scheme, item, null, 'quartile', org, '', null, ratio(amount, cases) from cases where amount > 0
    union all
    select t.closing, t.scheme, t.item, t.step, 'quartile', t.org, '', null, ratio(t.amount, c.cases)
    from staged t join cases c on c.closing = t.closing and c.org = t.org and c.scheme = t.scheme and c.item = t.item
    where t.amount > 0),
ranked as (
    select *, row_number() over (partition by closing, object, item, step, basis order by cost, org, dept) as place,
        count(*) over (partition by closing, object, item, step, basis) as observations
    from observed)
select closing as month, object, item, step, basis, count(*) as observations,
    max(minutes) filter (place = ceil(observations * $quartile))::decimal(18,4) as minutes,
    max(cost) filter (place = ceil(observations * $quartile)) as standard,
    max(cost) filter (place = ceil(observations * 0.5)) as median
from ranked where observations >= $least or basis = 'tdabc'
group by closing, object, item, step, basis
"""
