"""差异追溯单 · The tracing sheet of every case that differs from the return: item by item, ours, theirs, the difference.

Source: 医保月结算对账（追溯单）.
"""

from heng.core.capability import capability, sql
from heng.rooms.payment.check_returns import Rule
from heng.tables.returns import ReturnCheck, ReturnTrace


@capability("差异追溯单", "tracing sheets")
def trace_returns(checks: ReturnCheck, rule: Rule) -> ReturnTrace:
    """逐项展开 · Seven rows per case that differs or is missing on one side."""
    return sql("""
with
shown as (select * from checks where difference not in ('equal', 'unknown')),
item as (
    select org, month, visit, 'group' as what, "group" as ours, their_group as theirs, null::decimal(18,6) as gap, 0.00 as allowed,
        "group" = their_group as alike
    from shown
    union all select org, month, visit, 'outlier', outlier, their_outlier, null, 0.00, outlier = their_outlier from shown
    union all select org, month, visit, 'weight', weight::varchar, their_weight::varchar, weight - their_weight, 0.00, null from shown
    union all
    select org, month, visit, 'standard', standard::varchar, their_standard::varchar, standard - their_standard, $tolerance, null from shown
    union all select org, month, visit, 'fee', fee::varchar, their_fee::varchar, fee - their_fee, $tolerance, null from shown
    union all
    select org, month, visit, 'fund_pay', fund_pay::varchar, their_fund_pay::varchar, fund_pay - their_fund_pay, $tolerance, null from shown
    union all
    select org, month, visit, 'own_pay', own_pay::varchar, their_own_pay::varchar, own_pay - their_own_pay, $tolerance, null from shown)
select org, month, visit, what, ours, theirs, gap::decimal(18,6) as gap, coalesce(alike, abs(gap) <= allowed) as same from item
""")
