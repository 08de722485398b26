"""医保月预结 · What the fund owes for the cases of a month, what it advances, what it withholds as a deposit for quality.

A sum of which a part is not known is left empty, and the cases that are the reason are counted. Cases that are not paid by
group stand aside: the fund pays them by item, and no clearing touches them.
Source: 按病组（病种）付费经办管理规程 (月预结算、质量保证金); 医保办发〔2024〕9号 (特例单议不超过 DRG 出院病例的 5%、DIP 的 5‰).
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.payment import FundMonth, PayCase


class Rule(Params, at="payment.fund_months"):
    """预结 · The shares advanced and withheld, and the share of cases that may be put to special review."""

    advance_share: Decimal
    deposit_share: Decimal
    special_share: Decimal


@capability("医保月预结", "monthly advances")
def fund_months(cases: PayCase, rule: Rule) -> FundMonth:
    """汇总一月 · One row per insurance."""
    return sql("""
with
summed as (
    select org, month, insurance, count(*) filter (outlier <> 'excluded') as cases,
        count(*) filter (outlier <> 'excluded' and (fund_pay is null or fund_fee is null or points is null)) as unknown,
        sum(points) filter (outlier <> 'excluded') as points, sum(fee) filter (outlier <> 'excluded') as fee,
        sum(payment) filter (outlier <> 'excluded') as payment, sum(fund_fee) filter (outlier <> 'excluded') as fund_fee,
        sum(fund_pay) filter (outlier <> 'excluded') as fund_pay, count(*) filter (outlier = 'special') as special,
        count(*) filter (outlier = 'excluded') as aside,
        case when count(fund_pay) filter (outlier = 'excluded') = count(*) filter (outlier = 'excluded')
            then coalesce(sum(fund_pay) filter (outlier = 'excluded'), 0.00)::decimal(18,2) end as aside_fund
    from cases group by org, month, insurance),
known as (
    select org, month, insurance, cases, unknown, special, aside, aside_fund,
        case when unknown = 0 then coalesce(points, 0.0000)::decimal(18,4) end as points,
        case when unknown = 0 then coalesce(fee, 0.00)::decimal(18,2) end as fee,
        case when unknown = 0 then coalesce(payment, 0.00)::decimal(18,2) end as payment,
        case when unknown = 0 then coalesce(fund_fee, 0.00)::decimal(18,2) end as fund_fee,
        case when unknown = 0 then coalesce(fund_pay, 0.00)::decimal(18,2) end as fund_pay
    from summed)
select *, round(fund_pay * $advance_share, 2)::decimal(18,2) as advance, round(fund_pay * $deposit_share, 2)::decimal(18,2) as deposit,
    floor(cases * $special_share)::bigint as special_places
from known
""")
