"""就诊跨月 · Under which number a stay that is finished or open this month stood in the five months before, and its newborn's.

What a stay cost is the sum over these parts. Parts before an earlier end of the same number belong to that earlier stay. A
record of the same day of admission that comes again in a later month is the same stay, counted once, in the first. Charges
after a discharge in an earlier month, with no ward entered since, are late: the patient is not in hospital again.
With `with_mother` a newborn that leaves in the month its mother leaves is part of her stay; else it stands on its own.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算 (按完整住院过程归集).
"""

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import StayMonth
from heng.tables.patients import Encounter


class Rule(Params, at="costing.stay_months"):
    """新生儿 · Whether a newborn is costed with its mother or apart."""

    newborn: str


@capability("就诊跨月", "months of a stay", months=6)
def stay_months(encounters: Encounter, rule: Rule) -> StayMonth:
    """找出各月的部分 · One row per stay of the month and month in which it was seen, the newborn's beside the mother's."""
    return sql("""
with
seen as (
    select e.*, coalesce(e.record, e.visit) as number, 12 * year(m.first_day) + month(m.first_day) as n,
        case when e.care <> 'outpatient' then e.admitted end as came, 12 * year(e.admitted) + month(e.admitted) as came_n
    from encounters e join run_month m on m.org = e.org and m.month = e.month),
placed as (
    select *,
        coalesce(sum(case when status = 'finished' then 1 else 0 end) over (
            partition by org, number order by n, admitted nulls last, encounter
            rows between unbounded preceding and 1 preceding), 0) as spell,
        max(case when status = 'finished' then n end) over (
            partition by org, number, admitted order by n range between 5 preceding and 1 preceding) as told,
        max(discharged) over (partition by org, number order by n range between 5 preceding and 1 preceding) as gone,
        max(came) over (partition by org, number order by n range between 5 preceding and current row) as back
    from seen),
stay as (
    select *, status = 'open' and gone is not null and coalesce(back <= gone, true) as late
    from placed where status <> 'finished' or admitted is null or told is null),
owned as (
    select s.org, s.month, s.n, s.number, s.spell, s.late, s.came_n, coalesce(m.encounter, s.encounter) as encounter
    from stay s left join stay m on $newborn = 'with_mother' and m.org = s.org and m.month = s.month
        and m.number = s.mother and m.status = 'finished' and s.status = 'finished'
        and (m.record is null or (m.admitted <= s.admitted and m.discharged >= s.admitted))
    where s.status <> 'no_record'
    qualify row_number() over (partition by s.org, s.month, s.encounter order by m.admitted desc, m.encounter) = 1)
select o.org, o.month, o.encounter, p.month as part_month, p.encounter as part, o.late
from owned o join stay p on p.org = o.org and p.number = o.number and p.spell = o.spell
    and p.n <= o.n and p.n > o.n - 6 and (not p.late or p.n >= coalesce(o.came_n, 0))
""")
