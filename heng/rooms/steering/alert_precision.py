"""预警精度 · How far alerts can be relied on: of the episodes raised in the last twelve months, how many people found real.

An episode is judged by the last decision real or not_real made while it stood. Where none is judged there is no precision:
absence is never zero. Source: 区域成本预警要求（预警复核）.
"""

from heng.core.capability import capability, sql
from heng.tables.steering import AlertPrecision, Signal, SignalDecision


@capability("预警精度", "alert precision", months=12)
def alert_precision(signals: Signal, decisions: SignalDecision) -> AlertPrecision:
    """逐监测统计 · One row per watch with episodes that began in the twelve months ending with the month."""
    return sql("""
with
episode as (
    select m.org, m.month, s.watch, s.dept, s.since, max(s.month) as seen
    from run_month m join signals s on s.org = m.org and s.month <= m.month
    where s.since > strftime(m.first_day - interval 12 month, '%Y-%m')
    group by m.org, m.month, s.watch, s.dept, s.since),
judged as (
    select e.org, e.month, e.watch, e.dept, e.since, d.kind
    from episode e join decisions d on d.org = e.org and d.watch = e.watch and coalesce(d.dept, '') = e.dept
        and d.month >= e.since and d.month <= e.seen and d.kind in ('real', 'not_real')
    qualify row_number() over (partition by e.org, e.month, e.watch, e.dept, e.since order by d.month desc, d."row" desc) = 1)
select e.org, e.month, e.watch, count(*)::decimal(18,4) as raised,
    (count(*) filter (j.kind = 'real'))::decimal(18,4) as confirmed,
    (count(*) filter (j.kind = 'not_real'))::decimal(18,4) as dismissed
from episode e left join judged j
    on j.org = e.org and j.month = e.month and j.watch = e.watch and j.dept = e.dept and j.since = e.since
group by e.org, e.month, e.watch
""")
