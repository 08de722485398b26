"""在院患者成本 · What the stays still open at the end of the month have cost so far: this month, and the months before.

Line by line costs only. A month in which nothing of the stay was costed adds nothing; a stay of which nothing at all was
costed has no row. What was charged after a discharge in an earlier month is marked late: it stands here so that it is seen, but
no patient is in hospital for it. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算 (未出院患者成本结转下期).
"""

from heng.core.capability import capability, sql
from heng.tables.cases import StayMonth
from heng.tables.patients import Encounter, EncounterCost, WorkInProgress


@capability("在院患者成本", "work in progress", months=6)
def work_in_progress(encounters: Encounter, stays: StayMonth, costs: EncounterCost) -> WorkInProgress:
    """累计在院成本 · One row per open stay with a cost, and per stay charged late; months before the last five are not seen."""
    return sql("""
select e.org, e.month, e.encounter, e.dept, e.admitted, s.late,
    coalesce(sum(c.amount) filter (s.part_month = s.month), 0.00)::decimal(38,2) as amount,
    coalesce(sum(c.amount) filter (s.part_month <> s.month), 0.00)::decimal(38,2) as before
from encounters e
join stays s on s.org = e.org and s.month = e.month and s.encounter = e.encounter
join costs c on c.org = s.org and c.month = s.part_month and c.encounter = s.part
where e.status = 'open'
group by e.org, e.month, e.encounter, e.dept, e.admitted, s.late
""")
