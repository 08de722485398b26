"""病例账单 · Whose bill a stay is, how large, and what the patient and others have borne of it.

The fee is that of the settlement list, else of the discharge record, else what the fee lines add up to. Of several lists of
one stay the amounts add up; where one of them does not say, the sum is not known. A list that several files tell is taken from one
of them, the one settled last; what a file repeats word for word counts once. Who pays is read by the code of the record, without
leading zeros, else by the longest word in it; what nobody knows is `other`, never nothing. Of several special reviews of a stay the
one decided last counts, whatever it agreed to: a review anew takes the place of the one before, nothing adds up.
Source: 病案首页 医疗付款方式代码 (卫医政发〔2011〕84号); 医保结算清单填写规范 (医保办发〔2020〕20号).
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import CaseCost
from heng.tables.patients import Encounter
from heng.tables.payment import CaseBill, SpecialReview
from heng.tables.visits import Discharge, Settlement, SettlementFee


class Rule(Params, at="payment.case_bills"):
    """险种 · Which code or word of the record means which insurance."""

    payers: list[Any]


@capability("病例账单", "bills of cases")
def case_bills(
    encounters: Encounter,
    discharges: Discharge,
    costs: CaseCost,
    settlements: Settlement,
    fees: SettlementFee,
    reviews: SpecialReview,
    rule: Rule,
) -> CaseBill:
    """列出账单 · One row per finished stay or day case."""
    return sql(BILLS)


BILLS = """
with
stay as (
    select org, month, encounter, visit, coalesce(record, visit) as filed, record is not null as several, admitted, discharged, total_fee
    from encounters where status = 'finished' and care <> 'outpatient'),
recorded as (
    select s.org, s.month, s.encounter, d.payer, d.own_pay
    from stay s join discharges d on d.org = s.org and d.month = s.month and d.visit = s.filed
        and d.admitted::date = s.admitted and d.discharged::date = s.discharged
    qualify row_number() over (partition by s.org, s.month, s.encounter order by d.discharged desc, d.file desc, d."row" desc) = 1),
word as (select unnest($payers::struct(written varchar, insurance varchar)[], recursive := true)),
insured as (
    select r.org, r.month, r.encounter, w.insurance
    from recorded r join word w on trim(r.payer) = w.written or regexp_replace(trim(r.payer), '^0+', '') = w.written
        or (regexp_matches(w.written, '[^0-9.]') and contains(r.payer, w.written))
    qualify row_number() over (partition by r.org, r.month, r.encounter order by length(w.written) desc, w.written) = 1),
fee as (select * from fees qualify file = max(file) over (partition by org, month, settlement)),
part as (
    select org, month, settlement, sum(scheme_b) as class_b, count(*) - count(scheme_b) as silent
    from fee group by org, month, settlement),
called as (
    select org, month, encounter, several, discharged, visit as number from stay union
    select org, month, encounter, several, discharged, filed from stay),
counted as (
    select * from settlements
    qualify file = first_value(file) over (
            partition by org, month, visit, settlement, case when coalesce(total, fund_pay, own_pay) < 0 then 1 else 0 end
            order by ended desc nulls last, file desc)
        and row_number() over (
            partition by org, month, visit, settlement, file, began, ended, total, fund_pay, own_pay, outside_pay order by "row") = 1),
named as (
    select *, visit as number from counted union all
    select *, record from counted where record <> visit),
billed as (
    select distinct s.org, s.month, s.encounter, l.settlement, l.file, l."row", l.total, l.fund_pay, l.own_pay, l.outside_pay,
        case when p.silent = 0 then p.class_b end as class_b
    from called s
    join named l on l.org = s.org and l.month = s.month and l.number = s.number and (not s.several or l.ended::date = s.discharged)
    left join part p on p.org = l.org and p.month = l.month and p.settlement = l.settlement),
settled as (
    select org, month, encounter,
        case when count(total) = count(*) then sum(total) end as total,
        case when count(coalesce(total - fund_pay, own_pay + outside_pay)) = count(*)
            then sum(coalesce(total - fund_pay, own_pay + outside_pay)) end as paid,
        case when count(outside_pay) = count(*) then sum(outside_pay) end as outside,
        case when count(class_b) = count(*) then sum(class_b) end as class_b
    from billed group by org, month, encounter),
agreed as (
    select org, visit, payment from reviews
    qualify row_number() over (partition by org, visit order by decided desc, file desc, "row" desc) = 1)
select s.org, s.month, s.encounter, r.payer, coalesce(i.insurance, 'other') as insurance,
    coalesce(l.total, s.total_fee, c.income) as fee, coalesce(l.paid, r.own_pay) as paid, l.outside, l.class_b,
    a.visit is not null as special, a.payment as agreed
from stay s
left join recorded r on r.org = s.org and r.month = s.month and r.encounter = s.encounter
left join insured i on i.org = s.org and i.month = s.month and i.encounter = s.encounter
left join settled l on l.org = s.org and l.month = s.month and l.encounter = s.encounter
left join costs c on c.org = s.org and c.month = s.month and c.encounter = s.encounter
left join agreed a on a.org = s.org and a.visit = s.visit
"""
