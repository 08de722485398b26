"""分组回测 · How often our grouping agrees with the insurer's: of the month, by MDC and by ADRG of the return.

A fall of the month by the limit or more tells of a local rule that has changed, or of a new fault in coding.
Source: a hospital that measured 849 cases against official results: ADRG 96.9 %, group 88.1 %; alarm at a fall of five points.
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.returns import BackTest, ReturnCheck


class Rule(Params, at="payment.back_test"):
    """骤降 · The fall against the month before that raises the alarm."""

    fall: Decimal


@capability("分组回测", "back-test", months=2)
def back_test(checks: ReturnCheck, rule: Rule) -> BackTest:
    """逐层计数 · One row for the hospital, one per MDC and per ADRG of the return."""
    return sql("""
with
compared as (
    select c.org, c.month, 12 * year(m.first_day) + month(m.first_day) as n, c."group" as ours, c.their_group as theirs
    from checks c join run_month m on m.org = c.org and m.month = c.month
    where c."group" is not null and c.their_group is not null),
placed as (
    select *, 'hospital' as "by", '' as "group" from compared
    union all select *, 'mdc', case when theirs = '0000' then theirs else left(theirs, 1) end from compared
    union all select *, 'adrg', case when theirs = '0000' then theirs else left(theirs, 3) end from compared),
counted as (
    select org, month, n, "by", "group", count(*) as cases,
        count(case when left(ours, 3) = left(theirs, 3) then 1 end) as adrg_equal,
        count(case when ours = theirs then 1 end) as drg_equal
    from placed group by org, month, n, "by", "group"),
shown as (select *, ratio(drg_equal, cases) as share from counted)
select s.*, b.share as before, coalesce(b.share - s.share >= $fall, false) as alarm
from shown s left join shown b on b.org = s.org and b.n = s.n - 1 and b."by" = s."by" and b."group" = s."group"
""")
