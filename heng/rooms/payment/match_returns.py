"""医保返回对应病例 · Which case of the hospital each visit of the insurer's return is.

A return names a visit by the hospital's number, or by that of the settlement list, whose record number then counts. Where a number
has several stays the one discharged on the day given is meant, else the last. A visit reversed and settled anew within a return
counts once, with its amounts added up and the rest of its last line. A settlement that several files tell is taken from one of them,
the one settled last; a line that a file repeats word for word counts once, unless the settlement was reversed in between. Where that
file reverses what stands in an earlier one only, the line that it reverses counts, too.
Source: 医保月结算对账（结算返回明细与病案首页逐例对应）.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.rooms.payment.return_window import WINDOW, Window
from heng.tables.patients import Encounter
from heng.tables.returns import ReturnMatch, SettlementReturn
from heng.tables.visits import Settlement


class Rule(Params, at="payment.match_returns"):
    """未入组的写法 · How returns write that a case is in no group."""

    ungrouped: list[Any]


@capability("医保返回对应病例", "cases of a return", months=WINDOW)
def match_returns(returns: SettlementReturn, settlements: Settlement, encounters: Encounter, rule: Rule, window: Window) -> ReturnMatch:
    """逐个返回找病例 · One row per edition and visit returned in the month; empty where the hospital knows no such case."""
    return sql(MATCHED)


MATCHED = """
with
months as (select org, month, 12 * year(first_day) + month(first_day) as n from run_month),
line as (
    select r.*, m.n, coalesce(r.pack, '') as edition, coalesce(nullif(r.visit, ''), r.settlement) as named,
        case when coalesce(r.total, r.fund_pay, r.own_pay) < 0 then 1 else 0 end as back
    from returns r join months m on m.org = r.org and m.month = r.month),
told as (
    select *,
        first_value(file) over (
            partition by org, month, edition, named, settlement, back order by settled desc nulls last, file desc) as newest,
        max(back) over (partition by org, month, edition, named, settlement) as reversed,
        row_number() over (
            partition by org, month, edition, named, settlement, file, settled, discharged, "group", weight, standard, outlier, total,
                fund_pay, own_pay
            order by "row") as nth
    from line),
pair as (
    select *, sum(case when file = newest then 1 - 2 * back else 0 end) over same as left_over,
        row_number() over (partition by org, month, edition, named, settlement, abs(total), abs(fund_pay), abs(own_pay),
            case when back = 0 and file <> newest then 1 else 0 end order by settled desc nulls last, file desc, "row" desc) as spare
    from told
    window same as (partition by org, month, edition, named, settlement, abs(total), abs(fund_pay), abs(own_pay))),
judged as (
    select *, case when file = newest and (nth = 1 or reversed = 1) or back = 0 and file <> newest and spare <= -left_over then 1 else 0 end
        as counts
    from pair),
one as (
    select org, month, n, edition, named, settlement, discharged, "group", weight, standard, outlier,
        count(*) over (partition by org, month, edition, named) as lines,
        sum(1 - counts) over (partition by org, month, edition, named) as repeated,
        sum(case when counts = 1 then total end) over (partition by org, month, edition, named) as total,
        sum(case when counts = 1 then fund_pay end) over (partition by org, month, edition, named) as fund_pay,
        sum(case when counts = 1 then own_pay end) over (partition by org, month, edition, named) as own_pay
    from judged
    qualify row_number() over (
        partition by org, month, edition, named order by counts desc, settled desc nulls last, file desc, "row" desc) = 1),
listed as (
    select s.org, m.n, s.settlement, coalesce(nullif(s.record, ''), s.visit) as name
    from settlements s join months m on m.org = s.org and m.month = s.month),
name as (
    select org, month, n, edition, named, discharged, named as name, 1 as sure from one
    union all
    select o.org, o.month, o.n, o.edition, o.named, o.discharged, l.name, 2
    from one o join listed l on l.org = o.org and l.settlement = o.settlement and l.n between o.n - $latest and o.n),
own as (
    select e.org, e.month, m.n, e.encounter, e.discharged, e.visit as name, 1 as sure
    from encounters e join months m on m.org = e.org and m.month = e.month where e.status = 'finished' and e.care <> 'outpatient'
    union all
    select e.org, e.month, m.n, e.encounter, e.discharged, e.record, 2
    from encounters e join months m on m.org = e.org and m.month = e.month
    where e.status = 'finished' and e.care <> 'outpatient' and e.record is not null),
found as (
    select a.org, a.month, a.edition, a.named, o.month as case_month, o.encounter
    from name a join own o on o.org = a.org and o.name = a.name and o.n between a.n - $latest and a.n
    qualify row_number() over (
        partition by a.org, a.month, a.edition, a.named
        order by a.sure, case when o.discharged = a.discharged then 0 else 1 end, o.sure, o.n desc, o.discharged desc,
            o.encounter desc) = 1)
select o.org, o.month, o.edition as pack, o.named, o.settlement, f.case_month, f.encounter, o.lines, o.repeated::bigint as repeated,
    case when list_contains($ungrouped, o."group") then '0000' else nullif(o."group", '') end as "group",
    o.weight, o.standard, o.outlier, o.total::decimal(18,2) as total, o.fund_pay::decimal(18,2) as fund_pay,
    o.own_pay::decimal(18,2) as own_pay
from one o
left join found f on f.org = o.org and f.month = o.month and f.edition = o.edition and f.named = o.named
"""
