"""成本分析指标 · Ratios of income, cost, volume and staff of clinical departments (医疗成本), equipment, budgets, cases, returns.

Departments whose income, volume or staff is not known stay out of both sides of their ratio.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本分析; 医院财务分析参考指标.
"""

from heng.core.indicator import Indicator
from heng.tables.cases import CaseCost
from heng.tables.costing import BudgetVariance, DeptResult, DirectCost

EARNED = "scope = 'medical' and income is not null"
JUDGED = "care <> 'outpatient' and dept is not null and surplus is not null"
STAFFED = "scope = 'medical' and staff is not null"

Indicator(
    key="cost_yield",
    zh="成本收益率",
    en="surplus on cost",
    unit="1",
    better="higher",
    of=DeptResult,
    where=EARNED,
    numerator="sum(income) - sum(cost)",
    denominator="sum(cost)",
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
    numerator="sum(income) - sum(cost)",
    denominator="sum(income)",
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
    numerator="sum(cost)",
    denominator="sum(income)",
    formula=("成本 ÷ 收入", "cost ÷ income"),
)
Indicator(
    key="medical_cost",
    zh="医疗成本",
    en="medical cost",
    unit="元",
    better="neither",
    of=DeptResult,
    where=EARNED,
    numerator="sum(cost)",
    formula=("Σ 临床科室医疗成本（收入已知的科室）", "Σ medical cost of clinical departments whose income is known"),
)
Indicator(
    key="medical_income",
    zh="医疗收入",
    en="medical income",
    unit="元",
    better="higher",
    of=DeptResult,
    where=EARNED,
    numerator="sum(income)",
    formula=("Σ 临床科室收入", "Σ income of clinical departments"),
)
Indicator(
    key="drug_share",
    zh="药占比",
    en="drug share of income",
    unit="1",
    better="lower",
    of=DeptResult,
    where=EARNED,
    numerator="sum(drug_income)",
    denominator="sum(income)",
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
    numerator="sum(material_cost)",
    denominator="sum(income) - sum(drug_income)",
    times=100,
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
    numerator="sum(cost)",
    denominator="sum(volume)",
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
    numerator="sum(cost)",
    denominator="sum(volume)",
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
Indicator(
    key="equipment_cost",
    zh="设备折旧与摊销",
    en="depreciation and amortisation",
    unit="元",
    better="neither",
    of=DirectCost,
    where="item in ('depreciation', 'amortisation')",
    numerator="sum(amount)",
    formula=("固定资产折旧费 + 无形资产摊销费（科室直接成本）", "depreciation + amortisation, direct cost of departments"),
)
Indicator(
    key="budget_use",
    zh="预算执行率",
    en="use of the budget",
    unit="1",
    better="lower",
    of=BudgetVariance,
    where="detail = '' and budget is not null",
    numerator="sum(actual - coalesce(volume_effect, 0.00))",
    denominator="sum(budget)",
    formula=("实际成本 ÷ 预算标准允许的成本", "actual cost ÷ cost that the budget allows"),
)
Indicator(
    key="loss_share",
    zh="亏损病例占比",
    en="share of cases at a loss",
    unit="1",
    better="lower",
    of=CaseCost,
    where=JUDGED,
    numerator="count(case when surplus < 0 then 1 end)",
    denominator="count(*)",
    formula=(
        "成本高于收入的病例数 ÷ 收入与成本都已知的病例数",
        "cases that cost more than they bring in ÷ cases whose income and cost are known",
    ),
)
Indicator(
    key="loss_per_hundred_days",
    zh="每百住院日亏损病例数",
    en="cases at a loss per 100 days in hospital",
    unit="例/百床日",
    better="lower",
    of=CaseCost,
    where=f"{JUDGED} and days > 0",
    numerator="count(case when surplus < 0 then 1 end)",
    denominator="sum(days)",
    times=100,
    formula=("亏损病例数 ÷ 住院天数 × 100", "cases at a loss ÷ days in hospital × 100"),
)
