"""成本分析指标 · Ratios of income, cost, volume and staff over the results of clinical departments, in the scope 医疗成本.

Departments whose income, volume or staff is not known stay out of both sides of their ratio.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本分析; 医院财务分析参考指标.
"""

from typing import Literal

from heng.core.indicator import Indicator
from heng.tables.costing import DeptResult

EARNED = "scope = 'medical' and income is not null"
STAFFED = "scope = 'medical' and staff is not null"

_Better = Literal["higher", "lower", "neither"]
_RATIOS: tuple[tuple[str, str, str, str, _Better, str, str, tuple[str, str]], ...] = (
    (
        "cost_yield",
        "成本收益率",
        "surplus on cost",
        "1",
        "higher",
        EARNED,
        "ratio(sum(income) - sum(cost), sum(cost))",
        ("（收入 − 成本）÷ 成本", "(income − cost) ÷ cost"),
    ),
    (
        "surplus_rate",
        "收入结余率",
        "surplus on income",
        "1",
        "higher",
        EARNED,
        "ratio(sum(income) - sum(cost), sum(income))",
        ("（收入 − 成本）÷ 收入", "(income − cost) ÷ income"),
    ),
    ("cost_rate", "收入成本率", "cost to income", "1", "lower", EARNED, "ratio(sum(cost), sum(income))", ("成本 ÷ 收入", "cost ÷ income")),
    (
        "drug_share",
        "药占比",
        "drug share of income",
        "1",
        "lower",
        EARNED,
        "ratio(sum(drug_income), sum(income))",
        ("药品收入 ÷ 医疗收入", "drug income ÷ medical income"),
    ),
    (
        "material_per_hundred",
        "百元医疗收入（不含药品收入）消耗卫生材料",
        "consumables per 100 yuan of income without drugs",
        "元",
        "lower",
        EARNED,
        "ratio(100 * sum(material_cost), sum(income) - sum(drug_income))",
        ("卫生材料费 ÷（医疗收入 − 药品收入）× 100", "consumables ÷ (medical income − drug income) × 100"),
    ),
    (
        "visit_cost",
        "全院平均诊次成本",
        "average cost of a visit",
        "元/人次",
        "lower",
        "scope = 'medical' and measure = 'visit' and volume is not null",
        "ratio(sum(cost), sum(volume))",
        ("Σ 门急诊科室成本 ÷ 门急诊人次", "Σ cost of outpatient departments ÷ visits"),
    ),
    (
        "bed_day_cost",
        "全院平均实际占用床日成本",
        "average cost of an occupied bed-day",
        "元/床日",
        "lower",
        "scope = 'medical' and measure = 'bed_day' and volume is not null",
        "ratio(sum(cost), sum(volume))",
        ("Σ 住院科室成本 ÷ 实际占用总床日", "Σ cost of inpatient departments ÷ occupied bed-days"),
    ),
    (
        "income_per_staff",
        "每职工医疗收入",
        "income per employee",
        "元/人",
        "higher",
        f"{STAFFED} and income is not null",
        "ratio(sum(income), sum(staff))",
        ("开单收入 ÷ 平均职工人数", "ordered income ÷ average staff"),
    ),
    (
        "cost_per_staff",
        "每职工成本",
        "cost per employee",
        "元/人",
        "neither",
        STAFFED,
        "ratio(sum(cost), sum(staff))",
        ("全成本 ÷ 平均职工人数", "full cost ÷ average staff"),
    ),
    (
        "surplus_per_staff",
        "每职工结余",
        "surplus per employee",
        "元/人",
        "higher",
        f"{STAFFED} and income is not null",
        "ratio(sum(income) - sum(cost), sum(staff))",
        ("（收入 − 成本）÷ 平均职工人数", "(income − cost) ÷ average staff"),
    ),
)

for _key, _zh, _en, _unit, _better, _where, _value, _words in _RATIOS:
    Indicator(
        key=_key,
        zh=_zh,
        en=_en,
        unit=_unit,
        better=_better,
        of=DeptResult,
        where=_where,
        value=_value,
        formula=(f"{_zh} = {_words[0]}", f"{_en} = {_words[1]}"),
    )
