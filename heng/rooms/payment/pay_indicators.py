"""病组付费的指标 · Indicators of payment by groups: of the cases paid by group, what was paid, won or lost, and how many are outliers.

The official convention counts no gain and no loss of low and high outliers. Source: 医保经办口径 (盈亏 = 支付标准 − 总费用).
"""

from heng.core.indicator import Indicator
from heng.tables.payment import PayCase

BY_GROUP = "outlier not in ('excluded', 'unpriced') and payment is not null"

Indicator(
    key="settled_rate",
    zh="结算率",
    en="settlement rate",
    unit="1",
    better="higher",
    of=PayCase,
    where=BY_GROUP,
    numerator="sum(payment)",
    denominator="sum(fee)",
    formula=("按病组付费病例的应付金额 ÷ 总费用", "payment ÷ fees of the cases paid by group"),
)
Indicator(
    key="payment_margin",
    zh="病组盈亏（按费用）",
    en="gain or loss against fees",
    unit="元",
    better="higher",
    of=PayCase,
    where=BY_GROUP,
    value="sum(case when outlier = 'normal' then standard - fee else 0.00 end)",
    formula=(
        "正常倍率病例的支付标准 − 总费用，高低倍率及其他类别计 0",
        "standard − fees of normal cases; low, high and other outliers count as 0",
    ),
)
for _key, _zh, _en in (("high", "高倍率率", "share of high outliers"), ("low", "低倍率率", "share of low outliers")):
    Indicator(
        key=f"{_key}_outlier_rate",
        zh=_zh,
        en=_en,
        unit="1",
        better="lower",
        of=PayCase,
        where="outlier not in ('excluded', 'unpriced')",
        numerator=f"count(*) filter (outlier = '{_key}')",
        denominator="count(*)",
        formula=(f"{_zh.removesuffix('率')}病例数 ÷ 按病组付费病例数", f"{_key} outliers ÷ cases paid by group"),
    )
Indicator(
    key="fee_to_standard",
    zh="费用标准比",
    en="fees against standards",
    unit="1",
    better="lower",
    of=PayCase,
    where="outlier = 'normal'",
    numerator="sum(fee)",
    denominator="sum(standard)",
    formula=("正常倍率病例总费用 ÷ 支付标准", "fees ÷ standards of normal cases"),
)
