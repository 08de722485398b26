"""成本分析指标 · Ratios of income, cost, volume and staff over the results of clinical departments, in the scope 医疗成本.

Departments whose income, volume or staff is not known stay out of both sides of their ratio.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本分析; 医院财务分析参考指标.
"""

from heng.core.indicator import Indicator
from heng.tables.costing import DeptResult

EARNED = "scope = 'medical' and income is not null"
STAFFED = "scope = 'medical' and staff is not null"

Indicator(
    key="cost_yield",
    zh="成本收益率",
    en="surplus on cost",
    unit="1",
    better="higher",
    of=DeptResult,
    where=EARNED,
    value="ratio(sum(income) - sum(cost), sum(cost))",
    formula=("（收入 − 成本）÷ 成本", "(income − cost) ÷ cost"),
)
Indicator(
    key="surplus_rate",
    zh="收入结余率",
    en="surplus on income",
    unit="1",
    better="higher",
    of=DeptResult,
    where=EARNED,
    value="ratio(sum(income) - sum(cost), sum(income))",
    formula=("（收入 − 成本）÷ 收入", "(income − cost) ÷ income"),
)
Indicator(
    key="cost_rate",
    zh="收入成本率",
    en="cost to income",
    unit="1",
    better="lower",
    of=DeptResult,
    where=EARNED,
    value="ratio(sum(cost), sum(income))",
    formula=("成本 ÷ 收入", "cost ÷ income"),
)
Indicator(
    key="drug_share",
    zh="药占比",
    en="drug share of income",
    unit="1",
    better="lower",
    of=DeptResult,
    where=EARNED,
    value="ratio(sum(drug_income), sum(income))",
    formula=("药品收入 ÷ 医疗收入", "drug income ÷ medical income"),
)
Indicator(
    key="material_per_hundred",
    zh="百元医疗收入（不含药品收入）消耗卫生材料",
    en="consumables per 100 yuan of income without drugs",
    unit="元",
    better="lower",
    of=DeptResult,
    where=EARNED,
    value="ratio(100 * sum(material_cost), sum(income) - sum(drug_income))",
    formula=("卫生材料费 ÷（医疗收入 − 药品收入）× 100", "consumables ÷ (medical income − drug income) × 100"),
)
Indicator(
    key="visit_cost",
    zh="全院平均诊次成本",
    en="average cost of a visit",
    unit="元/人次",
    better="lower",
    of=DeptResult,
    where="scope = 'medical' and measure = 'visit' and volume is not null",
    value="ratio(sum(cost), sum(volume))",
    formula=("Σ 门急诊科室成本 ÷ 门急诊人次", "Σ cost of outpatient departments ÷ visits"),
)
Indicator(
    key="bed_day_cost",
    zh="全院平均实际占用床日成本",
    en="average cost of an occupied bed-day",
    unit="元/床日",
    better="lower",
    of=DeptResult,
    where="scope = 'medical' and measure = 'bed_day' and volume is not null",
    value="ratio(sum(cost), sum(volume))",
    formula=("Σ 住院科室成本 ÷ 实际占用总床日", "Σ cost of inpatient departments ÷ occupied bed-days"),
)
Indicator(
    key="income_per_staff",
    zh="每职工医疗收入",
    en="income per employee",
    unit="元/人",
    better="higher",
    of=DeptResult,
    where=f"{STAFFED} and income is not null",
    value="muldiv(sum(income), count(distinct month), sum(staff))",
    formula=("开单收入 ÷ 平均职工人数", "ordered income ÷ average staff"),
)
Indicator(
    key="cost_per_staff",
    zh="每职工成本",
    en="cost per employee",
    unit="元/人",
    better="neither",
    of=DeptResult,
    where=STAFFED,
    value="muldiv(sum(cost), count(distinct month), sum(staff))",
    formula=("全成本 ÷ 平均职工人数", "full cost ÷ average staff"),
)
Indicator(
    key="surplus_per_staff",
    zh="每职工结余",
    en="surplus per employee",
    unit="元/人",
    better="higher",
    of=DeptResult,
    where=f"{STAFFED} and income is not null",
    value="muldiv(sum(income) - sum(cost), count(distinct month), sum(staff))",
    formula=("（收入 − 成本）÷ 平均职工人数", "(income − cost) ÷ average staff"),
)
