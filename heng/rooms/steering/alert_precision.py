"""预警精度 · How far alerts can be relied on: of the episodes raised in the last twelve months, how many people found real.

Months that overlap with what any of them tells of its beginning are one episode (`heng.app.episodes` opens its case). It is
judged by the last decision real or not_real about it. Where none is judged there is no precision: absence is never zero.
Source: 区域成本预警要求（预警复核）.
"""

from heng.core.capability import capability, sql
from heng.tables.steering import AlertPrecision, Signal, SignalDecision


@capability("预警精度", "alert precision", months=12)
def alert_precision(signals: Signal, decisions: SignalDecision) -> AlertPrecision:
    """逐监测统计 · One row per watch with episodes that began in the twelve months ending with the month."""
    return sql("""
with
seen as (
    select m.org, m.month, s.watch, s.dept, strftime(m.first_day - interval 12 month, '%Y-%m') as edge, s.month as shown, s.since,
        lag(s.month) over (partition by m.org, m.month, s.watch, s.dept order by s.month) as before
    from run_month m join signals s on s.org = m.org and s.month <= m.month
        and s.month > strftime(m.first_day - interval 12 month, '%Y-%m')),
begun as (
    select *, coalesce(before < min(since) over (partition by org, month, watch, dept order by shown
        rows between current row and unbounded following), true) as begins
    from seen),
numbered as (
    select *, sum(case when begins then 1 else 0 end) over (partition by org, month, watch, dept order by shown
        rows between unbounded preceding and current row) as number
    from begun),
episode as (
    select org, month, watch, dept, number, min(since) as since, max(shown) as seen
    from numbered
    group by org, month, watch, dept, number, edge
    having min(since) > edge),
judged as (
    select e.org, e.month, e.watch, e.dept, e.number, d.kind
    from episode e join decisions d on d.org = e.org and d.watch = e.watch and coalesce(d.dept, '') = e.dept
        and d.month <= e.month and coalesce(d.about, d.month) between e.since and e.seen and d.kind in ('real', 'not_real')
    qualify row_number() over (partition by e.org, e.month, e.watch, e.dept, e.number
        order by d.month desc, d.file desc, d."row" desc) = 1)
select e.org, e.month, e.watch, count(*)::decimal(18,4) as raised,
    (count(*) filter (j.kind = 'real'))::decimal(18,4) as confirmed,
    (count(*) filter (j.kind = 'not_real'))::decimal(18,4) as dismissed
from episode e left join judged j
    on j.org = e.org and j.month = e.month and j.watch = e.watch and j.dept = e.dept and j.number = e.number
group by e.org, e.month, e.watch
""")
