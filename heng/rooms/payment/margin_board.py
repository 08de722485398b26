"""盈亏看板 · The margins of a month seen by hospital, major category, group, department and doctor, and the quadrant of each.

Each sum is of the cases in which its parts are known, and says how many those are: one case without a cost does not empty the
board, and nothing unknown counts as 0. Quadrants: case mix index and margin of a case against the limits of the rule.
Source: DRG 运营分析通行做法 (四象限：CMI × 盈亏).
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.margin import CaseMargin, MarginBoard


class Rule(Params, at="payment.margin_board"):
    """象限界限 · The case mix index and the margin of a case at which the quadrants meet."""

    cmi: Decimal
    margin: Decimal


@capability("盈亏看板", "margin board")
def margin_board(cases: CaseMargin, rule: Rule) -> MarginBoard:
    """逐维度汇总 · One row for the hospital and one for each major category, group, department, group in it, and doctor."""
    return sql("""
with
placed as (
    select *, 'hospital' as "by", '' as place, '' as item from cases
    union all select *, 'mdc', '', coalesce(mdc, '0000') from cases
    union all select *, 'group', '', coalesce("group", '0000') from cases
    union all select *, 'dept', coalesce(dept, ''), '' from cases
    union all select *, 'dept_group', coalesce(dept, ''), coalesce("group", '0000') from cases
    union all select *, 'doctor', coalesce(dept, ''), coalesce(doctor, '') from cases)
select org, month, "by", place as dept, item, count(*) as cases, case when count(days) = count(*) then sum(days)::bigint end as days,
    count(weight) as weighted, sum(weight)::decimal(18,4) as weight, count(payment) as priced,
    case when count(case when payment is not null then fee end) = count(payment)
        then sum(case when payment is not null then fee end) end as fee,
    sum(payment) as payment, sum(profit_formula) as profit_formula, sum(profit_adjust) as profit_adjust,
    sum(profit_official) as profit_official, count(margin) as costed,
    sum(case when margin is not null then payment end) as paid, sum(case when margin is not null then cost end) as cost,
    count(contribution) as split, sum(contribution) as contribution,
    $cmi::decimal(18,6) as cmi_from, $margin::decimal(18,6) as margin_from
from placed group by org, month, "by", place, item
""")
