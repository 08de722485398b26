"""自上而下患者成本 · A patient's drugs and charged consumables, and a share of the ward's other cost by days or visits.

The other cost of a clinical department is its full cost in the scope chosen, less its drugs, less its separately
charged consumables: its own, and those that medical technology passed on in step 3. A bed-day or visit costs that ÷
the volume. A stay charged late, after its discharge in an earlier month, has no bed-days. Without fee lines the 24
fees of the discharge record stand for drugs and consumables, at zero markup. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范,
病种成本核算: 自上而下法.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import StayMonth, TopDownCost
from heng.tables.costing import Allocation, DeptCost, Volume
from heng.tables.patients import CareHour, Charge, Encounter, Service
from heng.tables.services import MatchedCost, ServicePool, StageTwoCost
from heng.tables.visits import Discharge


class Rule(Params, at="costing.top_down"):
    """分摊依据 · Days by nights or ward hours; divided by the volume reported or by what the encounters add up to."""

    by: str
    volume: str


class Pool(Params, at="costing.service_pools"):
    """口径 · The scope in which patients are costed."""

    scope: str


class Scope(Params, at="costing.scopes"):
    """口径的资金来源 · Which funds count in each scope."""

    scopes: list[Any]


@capability("自上而下患者成本", "top-down cost")
def top_down(
    costs: DeptCost,
    stage_two: StageTwoCost,
    legs: Allocation,
    pools: ServicePool,
    volumes: Volume,
    encounters: Encounter,
    stays: StayMonth,
    hours: CareHour,
    charges: Charge,
    services: Service,
    matched: MatchedCost,
    discharges: Discharge,
    rule: Rule,
    pool: Pool,
    scope: Scope,
) -> TopDownCost:
    """算出患者成本 · One row per encounter whose volume, department cost and traced cost are all known."""
    return sql(PATIENTS)


PATIENTS = """
with
chosen as (select fund from (select unnest($scopes::struct(scope varchar, fund varchar)[], recursive := true)) where scope = $scope),
charged as (select org, month, dept, sum(amount) as amount from pools where kind = 'material' group by org, month, dept),
supply as (
    select org, month, dept, sum(amount) as amount from stage_two
    where item = 'material' and category = 'medtech' and fund in (select fund from chosen) group by org, month, dept),
removed as (
    select org, month, dept, sum(amount) as amount from costs
    where item = 'drug' and fund in (select fund from chosen) group by org, month, dept
    union all select org, month, dept, amount from charged
    union all
    select l.org, l.month, l.receiver, sum(l.amount * fine(c.amount, s.amount)::decimal(24,12))::decimal(38,2) from legs l
    join charged c on c.org = l.org and c.month = l.month and c.dept = l.giver
    join supply s on s.org = l.org and s.month = l.month and s.dept = l.giver
    where l.stage = 3 and not l.peer and l.item = 'material' and l.fund in (select fund from chosen) group by l.org, l.month, l.receiver),
part as (
    select org, month, dept, amount from costs where fund in (select fund from chosen)
    union all select org, month, dept, -amount from removed),
rest as (select org, month, dept, sum(amount)::decimal(38,2) as amount from part group by org, month, dept),
present as (select org, month, part as encounter from stays where part_month = month and not late),
ward as (
    select h.org, h.month, h.encounter, h.dept, ratio(h.seconds, 86400)::decimal(18,4) as volume
    from hours h join volumes v on v.org = h.org and v.month = h.month and v.dept = h.dept and v.measure = 'bed_day'
    join present p on p.org = h.org and p.month = h.month and p.encounter = h.encounter
    where $by = 'hours'),
used as (
    select * from ward
    union all
    select e.org, e.month, e.encounter, e.dept, case when v.measure = 'visit' then 1 else e.month_days end::decimal(18,4)
    from encounters e
    join present p on p.org = e.org and p.month = e.month and p.encounter = e.encounter
    join volumes v on v.org = e.org and v.month = e.month and v.dept = e.dept
        and v.measure = case when e.care = 'outpatient' then 'visit' else 'bed_day' end
    left join ward w on w.org = e.org and w.month = e.month and w.encounter = e.encounter
    where w.encounter is null),
unit as (
    select r.org, r.month, r.dept,
        fine(r.amount, case when $volume = 'reported' then max(v.volume) else sum(u.volume) end)::decimal(24,12) as cost
    from rest r
    join used u on u.org = r.org and u.month = r.month and u.dept = r.dept
    join volumes v on v.org = r.org and v.month = r.month and v.dept = r.dept
    group by r.org, r.month, r.dept, r.amount),
share as (
    select u.org, u.month, u.encounter, sum(u.volume) as volume, sum(u.volume::decimal(14,4) * t.cost) as share
    from used u left join unit t on t.org = u.org and t.month = u.month and t.dept = u.dept
    group by u.org, u.month, u.encounter having count(u.volume) = count(*) and count(t.cost) = count(*)),
rate as (
    select m.org, m.month, m.service, s.kind, fine(m.amount, m.patient_quantity)::decimal(24,12) as rate
    from matched m join services s on s.org = m.org and s.month = m.month and s.service = m.service and s.kind <> 'service'),
traced as (
    select c.org, c.month, c.encounter,
        sum(c.quantity::decimal(14,4) * r.rate) filter (r.kind = 'drug') as drug,
        sum(c.quantity::decimal(14,4) * r.rate) filter (r.kind = 'material') as material
    from charges c join rate r on r.org = c.org and r.month = c.month and r.service = c.service
    where c.encounter > 0 group by c.org, c.month, c.encounter),
told as (select distinct org, month from charges),
record as (
    select org, month, visit, admitted::date as admitted, max(western_drug + coalesce(patent_drug, 0) + coalesce(herbal_drug, 0)) as drug,
        max(treatment_material + coalesce(exam_material, 0) + coalesce(surgery_material, 0)) as material
    from discharges group by org, month, visit, admitted::date)
select e.org, e.month, e.encounter, e.dept, s.volume, s.share,
    case when c.org is null then r.drug else coalesce(t.drug, 0) end as drug,
    case when c.org is null then r.material else coalesce(t.material, 0) end as material
from encounters e
join share s on s.org = e.org and s.month = e.month and s.encounter = e.encounter
left join traced t on t.org = e.org and t.month = e.month and t.encounter = e.encounter
left join told c on c.org = e.org and c.month = e.month
left join record r on r.org = e.org and r.month = e.month and r.visit = coalesce(e.record, e.visit)
    and (e.record is null or r.admitted = e.admitted)
where e.dept is not null and (c.org is not null or (r.drug is not null and r.material is not null))
"""
