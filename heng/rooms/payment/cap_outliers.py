"""高倍率名额 · The high-cost cases of the year so far, the largest excess first, and what those beyond the quota lose.

The quota is a share of the cases paid by group: of each month, or of the year so far. Of the month, such cases are paid by the
standard at once (PayCase), and nothing is taken off later; of the year, what they were paid above the standard is taken off at
clearing, with its points. Where a payment is not known, neither is what to take off.
Source: CHS-DRG 付费技术规范 (2019): 高倍率病例不超过出院人次的 5%，按超出金额由高到低.
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.rooms.payment.year_so_far import YEAR
from heng.tables.payment import OutlierCap, PayCase


class Rule(Params, at="payment.pay_cases"):
    """名额 · The share, and whether it is of a month or of the year."""

    cap_share: Decimal
    cap_period: str


@capability("高倍率名额", "quota of high-cost cases", months=YEAR)
def cap_outliers(cases: PayCase, rule: Rule) -> OutlierCap:
    """由高到低排名 · One row per high-cost case of the year so far; of equals the earlier month, then the smaller number."""
    return sql("""
with
seen as (
    select m.org, m.month, p.month as case_month, p.encounter, p.insurance, p."group", p.outlier, p.excess, p.points, p.payment,
        p.standard, p.fund_pay, p.fund_standard, case when $cap_period = 'month' then p.month else '' end as span
    from run_month m join cases p on p.org = m.org and p.month <= m.month and left(p.month, 4) = left(m.month, 4)),
place as (
    select org, month, span, floor(count(*) filter (outlier <> 'excluded') * $cap_share)::bigint as places
    from seen group by org, month, span),
ranked as (
    select s.*, p.places,
        row_number() over (partition by s.org, s.month, s.span order by s.excess desc, s.case_month, s.encounter) as rank
    from seen s join place p on p.org = s.org and p.month = s.month and p.span = s.span
    where s.outlier = 'high'),
judged as (
    select *, rank <= places as inside,
        case when $cap_period = 'month' or rank <= places then 0.00 else payment - standard end as cut,
        case when $cap_period = 'month' or rank <= places then 0.00 else fund_pay - fund_standard end as fund_cut
    from ranked)
select org, month, case_month, encounter, insurance, "group", excess, rank::integer as rank, places, inside, cut, fund_cut,
    case when cut = 0 then 0.0000 else muldiv(points, cut, payment) end as point_cut
from judged
""")
