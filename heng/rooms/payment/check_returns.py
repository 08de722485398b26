"""医保返回核对 · Every case of the return, and every case that should be in it, ours beside theirs.

The first difference is told, as it explains those after it: a case that is not there, then the group, its weight, the standard (that
is the rate), the outlier class, amounts alone. What one side does not know is not compared. A case returned in several months is
held against all of them up to now. One not returned after the months that a return may take is missing, once others of its month
of discharge were returned: of a month that the insurer has not told of, nothing is known.
Source: 医保月结算对账（差异分类与追溯单）.
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.rooms.payment.return_window import WINDOW, Window
from heng.tables.patients import Encounter
from heng.tables.payment import PayCase
from heng.tables.returns import ReturnCheck, ReturnMatch


class Insured(Params, at="payment.pay_cases"):
    """按病组付费的险种 · Cases of which insurance are paid by group, and so returned."""

    insured: list[Any]


class Rule(Params, at="payment.check_returns"):
    """容差与期限 · What counts as equal, and after how many months a case should have been returned."""

    tolerance: Decimal
    due_months: int


@capability("医保返回核对", "check of returns", months=WINDOW)
def check_returns(matches: ReturnMatch, cases: PayCase, encounters: Encounter, insured: Insured, rule: Rule, window: Window) -> ReturnCheck:
    """逐例对照 · One row per case returned this month under the paying edition, returned and unknown, or due and not returned."""
    return sql(CHECKED)


CHECKED = """
with
months as (select org, month, 12 * year(first_day) + month(first_day) as n from run_month),
own as (
    select p.*, m.n, e.visit
    from cases p join months m on m.org = p.org and m.month = p.month
    join encounters e on e.org = p.org and e.month = p.month and e.encounter = p.encounter),
held as (select distinct org, n, pack from own),
line as (
    select a.*, m.n, coalesce(a.case_month || ' ' || a.encounter, ' ' || a.named) as one
    from matches a
    join months m on m.org = a.org and m.month = a.month
    left join own o on o.org = a.org and o.month = a.case_month and o.encounter = a.encounter
    left join (select distinct l.org, l.month, l.pack from matches l join months k on k.org = l.org and k.month = l.month
        join held h on h.org = l.org and h.pack = l.pack and h.n between k.n - $latest and k.n) h
        on h.org = a.org and h.month = a.month and h.pack = a.pack
    where a.pack = '' or a.pack = coalesce(o.pack, h.pack)),
told as (
    select now.org, now.month, now.one, max(l.named) as named, max(l.case_month) as case_month, max(l.encounter) as encounter,
        max(case when l.n = now.n then l.settlement end) as settlement, max(case when l.n = now.n then l."group" end) as "group",
        max(case when l.n = now.n then l.weight end) as weight, max(case when l.n = now.n then l.standard end) as standard,
        max(case when l.n = now.n then l.outlier end) as outlier,
        sum(l.total) as total, sum(l.fund_pay) as fund_pay, sum(l.own_pay) as own_pay
    from (select distinct org, month, n, one from line) now
    join line l on l.org = now.org and l.one = now.one and l.n between now.n - $latest and now.n
    group by now.org, now.month, now.one),
came as (select org, case_month, min(n) as n from line where case_month is not null group by org, case_month),
due as (
    select o.org, m.month, o.month as case_month, o.encounter
    from own o join came c on c.org = o.org and c.case_month = o.month
    join months m on m.org = o.org and m.n = greatest(o.n + $due_months, c.n)
    left join line l on l.org = o.org and l.case_month = o.month and l.encounter = o.encounter and l.n between o.n and m.n
    where l.org is null and list_contains($insured, o.insurance)),
pair as (
    select org, month, case_month, encounter, named, settlement, "group", weight, standard, outlier, total, fund_pay, own_pay, 1 as returned
    from told
    union all
    select org, month, case_month, encounter, null, null, null, null, null, null, null, null, null, 0 from due),
beside as (
    select t.org, t.month, coalesce(o.visit, t.named) as visit, t.settlement, t.case_month, t.encounter, o.dept, t.returned,
        case when o.org is not null then coalesce(nullif(o."group", ''), '0000') end as "group", t."group" as their_group,
        o.weight, t.weight as their_weight, o.standard, t.standard as their_standard, nullif(o.outlier, 'unpriced') as outlier,
        t.outlier as their_outlier,
        o.fee, t.total::decimal(18,2) as their_fee, o.fund_pay, t.fund_pay::decimal(18,2) as their_fund_pay,
        o.patient_share as own_pay, t.own_pay::decimal(18,2) as their_own_pay
    from pair t left join own o on o.org = t.org and o.month = t.case_month and o.encounter = t.encounter)
select *,
    case when case_month is null then 'missing_at_hospital' when returned = 0 then 'missing_in_return' when "group" is null then 'unknown'
        when "group" <> their_group then 'group' when abs(weight - their_weight) > 0 then 'weight'
        when abs(standard - their_standard) > $tolerance then 'standard' when outlier <> their_outlier then 'outlier'
        when abs(fee - their_fee) > $tolerance or abs(fund_pay - their_fund_pay) > $tolerance
            or abs(own_pay - their_own_pay) > $tolerance then 'amount'
        when coalesce(their_group, (weight - their_weight)::varchar, (standard - their_standard)::varchar,
            case when outlier is not null then their_outlier end, (fund_pay - their_fund_pay)::varchar, (fee - their_fee)::varchar,
            (own_pay - their_own_pay)::varchar) is null then 'unknown'
        else 'equal' end as difference
from beside
"""


Indicator(
    key="group_agreement",
    zh="分组一致率",
    en="agreement of groups with the return",
    unit="1",
    better="higher",
    of=ReturnCheck,
    where='dept is not null and "group" is not null and their_group is not null',
    numerator='count(case when "group" = their_group then 1 end)',
    denominator="count(*)",
    formula=("分组与返回一致的病例 ÷ 两边都有分组的病例", "cases in the group of the return ÷ cases grouped on both sides"),
)
Indicator(
    key="return_equal",
    zh="返回一致率",
    en="returns without a difference",
    unit="1",
    better="higher",
    of=ReturnCheck,
    where="difference <> 'unknown'",
    numerator="count(case when difference = 'equal' then 1 end)",
    denominator="count(*)",
    formula=("一致的病例 ÷ 核对的病例", "cases without a difference ÷ cases checked"),
)
Indicator(
    key="return_shortfall",
    zh="返回少付",
    en="paid less than by our rules",
    unit="元",
    better="lower",
    of=ReturnCheck,
    where="shortfall is not null",
    numerator="sum(shortfall)",
    formula=("Σ（本院测算基金支付 − 返回基金支付）", "Σ (fund payment by our rules − fund payment returned)"),
)
