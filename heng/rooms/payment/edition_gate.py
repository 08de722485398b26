"""版本启用关 · May an edition be switched on? Only when it puts enough cases where the insurer's returns put them.

The returns of the last months, this one included, of the edition itself: those that pay, or trial returns that name it. A case
returned twice counts as it was returned last. Too few cases are no pass.
Source: thresholds seen in use: ADRG ≥ 96.5 %, group ≥ 87.0 %, n ≥ 500.
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.rooms.payment.return_window import WINDOW
from heng.tables.editions import EditionGate
from heng.tables.grouping import Grouping
from heng.tables.returns import ReturnMatch


class Rule(Params, at="payment.edition_gate"):
    """门槛 · Months looked at, cases needed, and the agreement needed at either level."""

    span: int
    least: int
    adrg_line: Decimal
    drg_line: Decimal


@capability("版本启用关", "gates of editions", months=2 * WINDOW - 1)
def edition_gate(groupings: Grouping, matches: ReturnMatch, rule: Rule) -> EditionGate:
    """逐版本判断 · One row per edition in which the cases of the month are grouped."""
    return sql("""
with
months as (select org, month, 12 * year(first_day) + month(first_day) as n from run_month),
ours as (
    select org, month, encounter, pack, pays,
        case when status in ('grouped', 'qy') then coalesce(nullif(drg, ''), '0000') else '0000' end as "group"
    from groupings),
edition as (select distinct g.org, g.month, m.n, g.pack from groupings g join months m on m.org = g.org and m.month = g.month),
returned as (select a.*, m.n from matches a join months m on m.org = a.org and m.month = a.month),
compared as (
    select e.org, e.month, e.pack, a.month as told, a."group" as theirs, o."group" as ours
    from edition e
    join returned a on a.org = e.org and a.n between e.n - $span + 1 and e.n
    join ours o on o.org = a.org and o.month = a.case_month and o.encounter = a.encounter and o.pack = e.pack
    where a."group" is not null and (a.pack = e.pack or (a.pack = '' and o.pays))
    qualify row_number() over (
        partition by e.org, e.month, e.pack, a.case_month, a.encounter order by a.n desc, a.settlement desc, a.named desc) = 1),
counted as (
    select e.org, e.month, e.pack, count(distinct c.told) as months, count(c.theirs) as cases,
        count(case when left(c.ours, 3) = left(c.theirs, 3) then 1 end) as adrg_equal,
        count(case when c.ours = c.theirs then 1 end) as drg_equal
    from edition e left join compared c on c.org = e.org and c.month = e.month and c.pack = e.pack
    group by e.org, e.month, e.pack)
select *, $least as least, $adrg_line::decimal(18,6) as adrg_line, $drg_line::decimal(18,6) as drg_line,
    case when cases = 0 then 'unknown' when cases < $least then 'too_few'
        when ratio(adrg_equal, cases) >= $adrg_line and ratio(drg_equal, cases) >= $drg_line then 'pass' else 'fail' end as outcome
from counted
""")
