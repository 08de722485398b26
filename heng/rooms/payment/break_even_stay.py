"""保本住院日 · Up to which day what is paid for a group covers what its cases cost variably, and what one more day costs.

The marginal cost of a day is the slope of variable cost on days, by least squares over the stays of the group; too few stays,
stays all alike, or a slope of 0 and less: variable cost ÷ days. Only sums are kept, so that several months can be taken together.
Break-even = mean days + (payment − variable cost) of a case ÷ marginal cost of a day; fixed cost is not asked for.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 本量利分析; 最小二乘法 (混合成本分解).
"""

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.margin import BreakEvenStay, CaseMargin


class Rule(Params, at="payment.break_even_stay"):
    """最少例数 · Stays from which the slope is taken."""

    least: int


@capability("保本住院日", "break-even stays")
def break_even_stay(cases: CaseMargin, rule: Rule) -> BreakEvenStay:
    """求保本住院日 · One row per group, department and group in a department with stays whose days, payment and variable cost are known."""
    return sql("""
with
stay as (
    select * from cases where care = 'inpatient' and days is not null and payment is not null and variable is not null),
placed as (
    select *, 'group' as "by", '' as place, "group" as item from stay where "group" is not null
    union all select *, 'dept', dept, '' from stay where dept is not null
    union all select *, 'dept_group', dept, "group" from stay where dept is not null and "group" is not null)
select org, month, "by", place as dept, item, $least::integer as least, count(*) as cases, sum(days)::bigint as days,
    sum(days * days)::bigint as squares, sum(payment) as payment, sum(variable) as variable,
    sum(days * variable::decimal(18,4))::decimal(18,4) as products
from placed group by org, month, "by", place, item
""")
