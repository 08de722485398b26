"""成本勾稽 · From the ledger to full cost, arrow by arrow: what went in, what was taken out, what came out, and the gap.

Ledger → collected lines; lines less exclusions → direct cost; direct cost less departments outside costing → full cost
of clinical departments; full cost → the widest scope. A gap is 0.00 or it is an error somewhere; without a ledger the
first gap is unknown, never zero. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 数据核对.
"""

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.tables.booked import LedgerBalance
from heng.tables.costing import CostLine, DeptCost, DirectCost, ScopeCost, TieOut


@capability("成本勾稽", "tie-out")
def tie_out(ledger: LedgerBalance, lines: CostLine, direct: DirectCost, dept_costs: DeptCost, scopes: ScopeCost) -> TieOut:
    """逐步勾稽 · Four arrows per hospital and month."""
    return sql("""
with
booked as (select org, month, sum(amount) as amount from ledger group by all),
line as (
    select org, month, sum(amount) as amount, coalesce(sum(amount) filter (excluded <> ''), 0.00) as excluded from lines group by all),
spent as (
    select org, month, sum(amount) as amount, coalesce(sum(amount) filter (category = 'outside'), 0.00) as outside
    from direct group by all),
whole as (select org, month, sum(amount) as amount from dept_costs group by all),
widest as (select org, month, sum(direct + indirect) as amount from scopes where scope = 'hospital_full' group by all),
side as (
    select l.org, l.month, b.amount as ledger, l.amount as collected, l.excluded, coalesce(s.amount, 0.00) as direct,
        coalesce(s.outside, 0.00) as outside, coalesce(w.amount, 0.00) as whole, coalesce(x.amount, 0.00) as widest
    from line l left join booked b using (org, month) left join spent s using (org, month)
    left join whole w using (org, month) left join widest x using (org, month)),
arrow as (
    select org, month, 1 as step, '总账 → 成本明细' as arrow_zh, 'ledger → cost lines' as arrow_en, ledger as before, 0.00 as removed,
        collected as after from side union all
    select org, month, 2, '成本明细 − 不计入 → 科室直接成本', 'cost lines − excluded → direct cost', collected, excluded, direct
    from side union all
    select org, month, 3, '直接成本 − 未纳入 → 临床科室全成本', 'direct cost − outside → full cost of clinical departments',
        direct, outside, whole from side union all
    select org, month, 4, '临床科室全成本 → 医院全成本口径', 'full cost → the scope of the whole hospital', whole, 0.00, widest from side)
select org, month, step, arrow_zh, arrow_en, before::decimal(38,2) as before, removed::decimal(38,2) as removed,
    after::decimal(38,2) as after
from arrow
""")


Indicator(
    key="tie_out_gap",
    zh="勾稽差额",
    en="tie-out gap",
    unit="元",
    better="lower",
    of=TieOut,
    value="sum(abs(difference))",
    formula=("Σ |每一步的差额|，应为 0.00", "Σ |gap of every arrow|, which must be 0.00"),
)
