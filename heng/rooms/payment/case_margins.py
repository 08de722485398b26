"""病例盈亏 · What every case wins or loses: by fees, as insurers count it, and by cost, as it is.

By fees: standard − fee; the official convention counts 0 for low and high outliers and all that is not paid by its standard.
By cost: payment − cost, and payment − variable cost. The variable part, drugs and consumables are those of the method that costs the
case; where that method does not tell, the department's share of variable cost is laid on its cost, and drugs stay unknown.
A newborn costed with its mother has no cost of its own; where too little of a case's income has a cost, its cost is not known.
Source: 医保经办口径 (盈亏 = 支付标准 − 总费用, 倍率病例计 0); 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本习性.
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.cases import CaseCost, RatioCost, StayMonth, TopDownCost
from heng.tables.margin import CaseMargin
from heng.tables.patients import BehaviourShare, Encounter, EncounterCost, EncounterTotal
from heng.tables.payment import PayCase
from heng.tables.visits import Discharge


class Enough(Params, at="costing.case_costs"):
    """匹配率 · The share of the income matched from which a cost out of fee lines is taken as the cost of the case."""

    bottom_up_from: Decimal


class Way(Params, at="payment.dip_severity"):
    """死亡 · What a death is written as in the way of leaving."""

    died: list[Any]


@capability("病例盈亏", "margins of cases", months=6)
def case_margins(
    cases: PayCase,
    encounters: Encounter,
    discharges: Discharge,
    costs: CaseCost,
    stays: StayMonth,
    totals: EncounterTotal,
    lines: EncounterCost,
    ratios: RatioCost,
    tops: TopDownCost,
    shares: BehaviourShare,
    enough: Enough,
    way: Way,
) -> CaseMargin:
    """逐例计算盈亏 · One row per case of the pack that pays."""
    return sql(MARGINS)


MARGINS = """
with
costed as (select * from costs where method in ('top_down', 'given') or matched >= $bottom_up_from),
part as (
    select c.org, c.month, c.encounter, k.method, sum(t.variable) as bottom_up,
        case when count(r.variable) = count(r.encounter) then sum(r.variable) end as by_ratio,
        case k.method when 'bottom_up' then sum(e.drug) when 'top_down' then sum(d.drug) end as drug,
        case k.method when 'bottom_up' then sum(e.material) when 'top_down' then sum(d.material) end as material
    from cases c
    join costed k on k.org = c.org and k.month = c.month and k.encounter = c.encounter
    join stays s on s.org = c.org and s.month = c.month and s.encounter = c.encounter
    left join totals t on t.org = s.org and t.month = s.part_month and t.encounter = s.part
    left join lines e on e.org = s.org and e.month = s.part_month and e.encounter = s.part
    left join ratios r on r.org = s.org and r.month = s.part_month and r.encounter = s.part
    left join tops d on d.org = s.org and d.month = s.part_month and d.encounter = s.part
    group by c.org, c.month, c.encounter, k.method),
behaviour as (
    select org, month, dept, sum(amount) as amount, sum(case when behaviour = 'variable' then amount else 0.00 end) as variable
    from shares group by org, month, dept),
leaving as (
    select e.org, e.month, e.encounter, list_contains($died, trim(d.way_out)) as died
    from encounters e join discharges d on d.org = e.org and d.month = e.month and d.visit = coalesce(e.record, e.visit)
        and d.admitted::date = e.admitted and d.discharged::date = e.discharged
    where trim(d.way_out) <> ''
    qualify row_number() over (partition by e.org, e.month, e.encounter order by d.discharged desc, d.file desc, d."row" desc) = 1),
known as (
    select c.*, l.died, k.method, k.amount as cost, p.drug, p.material,
        case k.method when 'bottom_up' then p.bottom_up when 'by_ratio' then p.by_ratio
            else muldiv(k.amount, b.variable, b.amount)::decimal(38,2) end as variable
    from cases c
    left join costed k on k.org = c.org and k.month = c.month and k.encounter = c.encounter
    left join part p on p.org = c.org and p.month = c.month and p.encounter = c.encounter
    left join behaviour b on b.org = c.org and b.month = c.month and b.dept = c.dept
    left join leaving l on l.org = c.org and l.month = c.month and l.encounter = c.encounter)
select *, case when outlier = 'normal' then standard - fee when outlier <> 'unpriced' then 0.00 end as profit_official
from known
"""
KNOWN = "payment is not null and cost is not null"

Indicator(
    key="case_margin",
    zh="病组盈亏（按成本）",
    en="gain or loss against cost",
    unit="元",
    better="higher",
    of=CaseMargin,
    where=KNOWN,
    numerator="sum(payment) - sum(cost)",
    formula=("支付与成本都已知的病例的应付金额 − 成本", "payment − cost of the cases of which both are known"),
)
Indicator(
    key="case_margin_rate",
    zh="病组成本盈余率",
    en="margin on payment",
    unit="1",
    better="higher",
    of=CaseMargin,
    where=KNOWN,
    numerator="sum(payment) - sum(cost)",
    denominator="sum(payment)",
    formula=("（应付金额 − 成本）÷ 应付金额", "(payment − cost) ÷ payment"),
)
Indicator(
    key="loss_cases",
    zh="亏损病例占比（按成本）",
    en="share of cases paid below cost",
    unit="1",
    better="lower",
    of=CaseMargin,
    where=KNOWN,
    numerator="count(case when payment < cost then 1 end)",
    denominator="count(*)",
    formula=("应付金额低于成本的病例 ÷ 两者都已知的病例", "cases paid below cost ÷ cases of which both are known"),
)
