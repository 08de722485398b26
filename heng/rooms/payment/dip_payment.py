"""DIP 病例支付 · What each case is paid: its points times the value of a point, to the fen; fund and patient together.

By the opening value through the year; by the settlement value where the rule says so. A case in no disease, or of an insurance
without a value, is kept and stays without an amount. Source: 医保办发〔2020〕50号 DIP 技术规范.
"""

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.dip import DipCase, DipPayment, DipValue


class Rule(Params, at="payment.dip_payment"):
    """用哪个点值 · Which value pays: budget or settlement."""

    by: str


@capability("DIP 病例支付", "DIP payments of cases")
def dip_payment(cases: DipCase, point_values: DipValue, rule: Rule) -> DipPayment:
    """逐例支付 · One row per finished stay or day case."""
    return sql("""
with valued as (select month, insurance, case when $by = 'settlement' then settled else budget end as value from point_values)
select c.org, c.month, c.encounter, c.insurance, c.points, v.value, (c.points * v.value)::decimal(18,2) as payment, c.fee
from cases c left join valued v on v.month = c.month and v.insurance = c.insurance
""")


Indicator(
    key="dip_balance",
    zh="DIP 例均盈亏",
    en="DIP payment minus fee, a case",
    unit="元",
    better="higher",
    of=DipPayment,
    where="payment is not null and fee is not null",
    numerator="sum(payment - fee)",
    denominator="count(*)",
    formula=("（支付标准 − 总费用）之和 ÷ 有支付标准的病例数", "Σ (payment − fee) ÷ cases that have a payment"),
)
