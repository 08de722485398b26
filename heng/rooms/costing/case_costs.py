"""病例成本 · Every case finished in the month: its cost over all its months, by every method there is, and how sure it is.

The first method of the order that gives a figure is used; line by line only when enough of the income has a cost, unless
nothing else is known. Matched: costed income ÷ income, or ÷ all fees of the discharge record where those are more. Where
a month of the stay is not costed top-down, its days cost what the other days did.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算 (自上而下、自下而上、成本收入比).
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.cases import CaseCost, RatioCost, StayMonth, TopDownCost
from heng.tables.patients import Encounter, EncounterCost, EncounterTotal
from heng.tables.visits import WorkedOutCost


class Rule(Params, at="costing.case_costs"):
    """方法次序与可信度 · The order of methods, and the shares of income matched from which a cost is trusted."""

    order: list[Any]
    bottom_up_from: Decimal
    a_from: Decimal
    b_from: Decimal
    given_confidence: str


@capability("病例成本", "case cost", months=6)
def case_costs(
    encounters: Encounter,
    stays: StayMonth,
    totals: EncounterTotal,
    costs: EncounterCost,
    tops: TopDownCost,
    ratios: RatioCost,
    given: WorkedOutCost,
    rule: Rule,
) -> CaseCost:
    """算出病例成本 · One row per finished stay or visit; a newborn costed with its mother has none of its own."""
    return sql(CASES)


CASES = """
with
summed as (
    select s.org, s.month, s.encounter, count(distinct case when t.encounter is not null then s.part_month end) as months,
        sum(t.income) as income, sum(t.costed_income) as costed, sum(c.amount) as bottom_up,
        sum(d.drug + d.material) as traced, sum(d.share) as share,
        sum(case when d.encounter is not null then p.month_days end) as share_days,
        count(distinct case when d.encounter is not null then s.part_month end) as share_months,
        case when count(r.encounter) = count(t.encounter) then sum(r.amount) end as by_ratio
    from stays s
    join encounters p on p.org = s.org and p.month = s.part_month and p.encounter = s.part
    left join totals t on t.org = s.org and t.month = s.part_month and t.encounter = s.part
    left join costs c on c.org = s.org and c.month = s.part_month and c.encounter = s.part
    left join tops d on d.org = s.org and d.month = s.part_month and d.encounter = s.part
    left join ratios r on r.org = s.org and r.month = s.part_month and r.encounter = s.part
    group by s.org, s.month, s.encounter),
told as (select org, month, visit, sum(amount) as given from given group by org, month, visit),
known as (
    select e.org, e.month, e.encounter, e.care, e.dept, e.doctor, e.diagnosis, e.drg, e.dip, e.days, s.months,
        coalesce(s.income, e.total_fee) as income, s.bottom_up, s.by_ratio, g.given,
        case when s.share_months <= 12 * (year(e.discharged) - year(e.admitted)) + month(e.discharged) - month(e.admitted)
            then (s.traced + muldiv(s.share, e.days, s.share_days))::decimal(38,2)
            else s.traced + s.share end as top_down,
        ratio(s.costed, greatest(s.income, coalesce(e.total_fee, s.income))) as matched
    from encounters e
    join summed s on s.org = e.org and s.month = e.month and s.encounter = e.encounter
    left join told g on g.org = e.org and g.month = e.month and g.visit = e.visit
    where e.status = 'finished'),
wanted as (
    select nullif(list_position($order, 'given'), 0) as given, nullif(list_position($order, 'bottom_up'), 0) as bottom_up,
        nullif(list_position($order, 'top_down'), 0) as top_down, nullif(list_position($order, 'by_ratio'), 0) as by_ratio),
ranked as (
    select k.*, case when k.given is not null then w.given end as given_rank,
        case when k.top_down is not null then w.top_down end as top_rank,
        case when k.by_ratio is not null then w.by_ratio end as ratio_rank,
        case when k.bottom_up is null then null when k.matched >= $bottom_up_from then w.bottom_up
            else w.bottom_up + 9 end as bottom_rank  -- 匹配不足时排在其余方法之后
    from known k cross join wanted w),
chosen as (
    select *, case least(given_rank, bottom_rank, top_rank, ratio_rank) when given_rank then 'given' when bottom_rank then 'bottom_up'
        when top_rank then 'top_down' when ratio_rank then 'by_ratio' end as method
    from ranked)
select *,
    case method when 'given' then given when 'bottom_up' then bottom_up when 'top_down' then top_down
        when 'by_ratio' then by_ratio end as amount,
    case when method = 'bottom_up' and matched >= $a_from then 'A' when method = 'bottom_up' and matched >= $b_from then 'B'
        when method = 'given' then $given_confidence when method is not null then 'C' end as confidence
from chosen
"""


Indicator(
    key="case_cost",
    zh="例均住院成本",
    en="cost of a stay",
    unit="元",
    better="lower",
    of=CaseCost,
    where="care <> 'outpatient' and amount is not null",
    value="ratio(sum(amount), count(*))",
    formula=("住院与日间病例成本 ÷ 例数", "cost of stays and day cases ÷ cases"),
)
