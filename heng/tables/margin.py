"""盈亏、保本住院日、目标成本与绩效指数 · Margin of cases paid by group, break-even stay, target cost, and indices against the region.

Fees and cost stand beside each other: by the insurer's convention a case wins or loses standard − fee; in truth, payment − cost.
`0000` is no group, an empty department or doctor is one that is not known.
"""

from heng.core.table import Table, code, count, flag, measured, money, number, rate
from heng.tables.codes import CARE, GROUPING, INSURANCE, OUTLIER, PATIENT_METHOD, STEP

MARGIN_BY = {
    "hospital": ("全院", "hospital"),
    "mdc": ("主要诊断大类", "major category"),
    "group": ("病组", "group"),
    "dept": ("科室", "department"),
    "dept_group": ("科室的病组", "group in a department"),
    "doctor": ("医生", "doctor"),
    "insurance": ("险种", "insurance"),
}
QUADRANT = {
    "strong": ("优势：难度高、有结余", "strong: heavy cases, a surplus"),
    "potential": ("潜力：难度低、有结余", "potential: light cases, a surplus"),
    "costly": ("成本待控：难度高、亏损", "costly: heavy cases, a loss"),
    "weak": ("劣势：难度低、亏损", "weak: light cases, a loss"),
}
"""四象限：病例组合指数 × 例均盈亏 · Quadrants of case mix and margin."""
RISK = {
    "none": ("无死亡", "no deaths"),
    "low": ("低风险", "low"),
    "mid_low": ("中低风险", "below the mean"),
    "mid_high": ("中高风险", "above the mean"),
    "high": ("高风险", "high"),
}
"""病组死亡风险级别 · Classes of a group by its death rate in the region."""
SWING = "(cases * squares - days * days)"
GROWTH = "(cases * products - days * variable)"
SLOPED = f"cases >= least and {SWING} > 0 and {GROWTH} > 0"
"""最小二乘 · Least squares of variable cost on days: slope = GROWTH ÷ SWING, where enough cases vary, and cost more the longer."""


class CaseMargin(Table, zh="病例盈亏", en="margin of a case", key="encounter"):
    """每例的费用、支付与成本，按费用与按成本的盈亏 · Fee, payment and cost of every case, and what it wins by either."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    dept = code("科室", "department", of="dept", optional=True)
    doctor = code("医生", "doctor in charge", optional=True)
    care = code("就诊类型", "inpatient or day case", CARE)
    insurance = code("险种", "insurance", INSURANCE)
    pack = code("分组方案", "grouping scheme and edition")
    mdc = code("主要诊断大类", "major category", optional=True)
    adrg = code("核心病组", "ADRG", optional=True)
    group = code("病组", "group", optional=True)
    status = code("入组状态", "status of grouping", GROUPING)
    outlier = code("结算类别", "how the case is settled", OUTLIER)
    died = flag("是否死亡", "died; empty where the way of leaving is not told", optional=True)
    days = count("住院天数", "days in hospital", unit="天", optional=True)
    weight = rate("权重", "weight", "权重", optional=True)
    standard = money("支付标准", "payment standard", optional=True)
    fee = money("住院总费用", "all fees", optional=True)
    payment = money("应付金额", "payment by the rule", optional=True)
    method = code("成本方法", "method of costing", PATIENT_METHOD, optional=True)
    cost = money("成本", "cost", optional=True)
    variable = money("变动成本", "variable cost", optional=True)
    drug = money("药品成本", "cost of drugs", optional=True)
    material = money("卫生材料成本", "cost of consumables", optional=True)
    profit_formula = money("盈亏（公式）", "standard − fee", optional=True, derived="standard - fee")
    profit_adjust = money("盈亏调整", "what the convention takes off", optional=True, derived="profit_official - (standard - fee)")
    profit_official = money("盈亏（经办口径）", "standard − fee of normal cases, 0 of all others", optional=True)
    margin = money("盈亏（按成本）", "payment − cost", optional=True, derived="payment - cost")
    contribution = money("边际贡献", "payment − variable cost", optional=True, derived="payment - variable")


class MarginBoard(Table, zh="盈亏看板", en="margin board", key="by dept item"):
    """全院、大类、病组、科室、医生的例数、权重、费用、支付、成本与盈亏 · Volume, weight and the profits, seen by each.

    Every sum is of the cases in which its parts are known; how many those are stands beside it.
    """

    by = code("维度", "seen by", MARGIN_BY)
    dept = code("科室", "department; empty where it is not of one", of="dept")
    item = code("对象", "major category, group or doctor; empty for the hospital and departments")
    cases = count("例数", "cases", unit="例")
    days = count("住院天数", "days in hospital", unit="天", optional=True)
    weighted = count("有权重例数", "cases with a weight", unit="例")
    weight = measured("总权重", "total weight", unit="权重", optional=True)
    priced = count("应付已知例数", "cases whose payment is known", unit="例")
    fee = money("住院总费用", "fees of the cases whose payment is known", optional=True)
    payment = money("应付金额", "payment by the rule", optional=True)
    profit_formula = money("盈亏（公式）", "standards − fees", optional=True)
    profit_adjust = money("盈亏调整", "what the convention takes off", optional=True)
    profit_official = money("盈亏（经办口径）", "standards − fees of normal cases", optional=True)
    costed = count("成本已知例数", "cases whose payment and cost are known", unit="例")
    paid = money("其应付金额", "payment of the cases whose cost is known", optional=True)
    cost = money("其成本", "their cost", optional=True)
    split = count("变动成本已知例数", "cases whose payment and variable cost are known", unit="例")
    contribution = money("边际贡献", "payment − variable cost", optional=True)
    margin = money("盈亏（按成本）", "payment − cost", optional=True, derived="paid - cost")
    cmi = rate("病例组合指数", "case mix index", "权重", optional=True, derived="ratio(weight, weighted)")
    mean_margin = rate("例均盈亏", "margin of a case", "元", optional=True, derived="ratio(paid - cost, costed)")
    cmi_from = rate("病例组合指数界限", "case mix index from which cases are heavy", "权重")
    margin_from = rate("例均盈亏界限", "margin of a case from which there is a surplus", "元")
    quadrant = code(
        "象限",
        "quadrant of case mix and margin",
        QUADRANT,
        optional=True,
        derived="case when weight is null or cost is null then null"
        " when weight >= cmi_from * weighted then case when paid - cost >= margin_from * costed then 'strong' else 'costly' end"
        " when paid - cost >= margin_from * costed then 'potential' else 'weak' end",
    )


class BreakEvenStay(Table, zh="保本住院日", en="break-even stay", key="by dept item"):
    """支付够用到第几天 · Up to which day the payment of a group covers its variable cost, at the marginal cost of a day.

    Break-even = mean days + (payment − variable cost) of a case ÷ marginal cost of a day.
    """

    by = code("维度", "seen by", MARGIN_BY)
    dept = code("科室", "department; empty where it is not of one", of="dept")
    item = code("对象", "group; empty for departments")
    least = number("最少例数", "cases from which the slope is taken")
    cases = count("例数", "stays whose days, payment and variable cost are known", unit="例")
    days = count("住院天数", "days in hospital", unit="天")
    squares = count("天数平方和", "sum of squares of the days", unit="天²")
    payment = money("应付金额", "payment by the rule")
    variable = money("变动成本", "variable cost")
    products = measured("天数×变动成本之和", "sum of days × variable cost", unit="元·天")
    mean_days = rate("平均住院日", "mean days", "天", optional=True, derived="ratio(days, cases)")
    day_cost = rate(
        "每日边际成本",
        "marginal cost of a day: least squares of variable cost on days; else variable cost ÷ days",
        "元",
        optional=True,
        derived=f"case when {SLOPED} then ratio({GROWTH}, {SWING}) else ratio(variable, days) end",
    )
    break_even = rate(
        "保本住院日",
        "day up to which the payment covers variable cost",
        "天",
        optional=True,
        derived=f"case when {SLOPED} then greatest(ratio(days * {GROWTH} + (payment - variable) * {SWING}, cases * {GROWTH}), 0)"
        " else greatest(ratio(payment * days, variable * cases), 0) end",
    )


class MarginBridge(Table, zh="盈亏变动原因", en="margin bridge", key="group"):
    """一个病组的盈亏比上月为什么变：数量、结构、住院日、药品、耗材、价格、其余成本，不留余额 · Why a margin moved; nothing is left."""

    group = code("病组", "group")
    cases_before = count("上月例数", "cases of the month before", unit="例")
    cases = count("本月例数", "cases of this month", unit="例")
    before = money("上月盈亏", "margin of the month before")
    volume = money("数量", "all groups grow alike")
    mix = money("结构", "more or fewer of this group than of all")
    occupancy = money("住院日", "longer or shorter stays, at the cost of a day", optional=True)
    drug = money("药品", "drugs of a case", optional=True)
    material = money("耗材", "consumables of a case", optional=True)
    price = money("价格", "payment of a case: weights, rates, outliers")
    other = money("其余成本", "cost of a day, or of a case where days are not known, beside drugs and consumables")
    after = money("本月盈亏", "margin of this month")
    residual = money(
        "余额",
        "what is not explained: none",
        derived="after - before - volume - mix - price - other"
        " - coalesce(occupancy, 0.00) - coalesce(drug, 0.00) - coalesce(material, 0.00)",
    )


class MarginStep(Table, zh="付费病组环节成本", en="cost by step of a paid group", key="group step"):
    """逐项计成本的病例在每个诊疗环节的成本 · Cost at every step of care, of the cases costed line by line."""

    group = code("病组", "group")
    step = code("诊疗环节", "step of care", STEP)
    cases = count("例数", "cases of the group", unit="例")
    amount = money("成本", "cost at the step")


class StepBenchmark(Table, zh="环节成本标杆", en="benchmark of a step", key="group step", grain="region_month"):
    """最近一季各院中最优四分位的例均环节成本 · The best quartile among hospitals of what a case costs at a step, last quarter."""

    group = code("病组", "group")
    step = code("诊疗环节", "step of care", STEP)
    hospitals = count("医院数", "hospitals", unit="家")
    best = rate("最优四分位例均成本", "cost of a case at the best quartile", "元")


class TargetStep(Table, zh="目标成本分解", en="step of a target cost", key="group step"):
    """由支付价倒推的目标成本，超出部分分到各环节 · A target backwards from the price; what is above it, split over the steps.

    Only groups above their target. Amounts are of all cases; Σ cut over the steps = cost − target, to the fen.
    """

    group = code("病组", "group")
    step = code("诊疗环节", "step of care", STEP)
    cases = count("例数", "cases costed line by line", unit="例")
    price = money("支付价", "payment of these cases")
    wished = money("期望盈余", "margin wished for")
    target = money("目标成本", "target: payment − margin wished for", derived="price - wished")
    cost = money("成本", "cost of these cases at all steps")
    gap = money("须降金额", "to be saved", derived="cost - price + wished")
    amount = money("环节成本", "cost at this step")
    best = money("环节标杆", "cost at this step at the best quartile; empty where too few hospitals are known", optional=True)
    cut = money("本环节须降", "to be saved at this step")
    planned = money("环节目标", "cost at this step by the plan", derived="amount - cut")
    each = rate("例均须降", "to be saved in a case", "元", optional=True, derived="ratio(cut, cases)")
    beyond = flag("是否低于标杆", "whether the plan goes below the best quartile", optional=True, derived="cut > 0 and amount - cut < best")


class GroupReference(Table, zh="病组区域参照", en="regional reference of a group", key="pack group", grain="region_month"):
    """全区最近十二个月每个病组的例均费用、成本、住院日与死亡风险 · Means and risk of death of every group, region, twelve months."""

    pack = code("分组方案", "grouping scheme and edition")
    group = code("病组", "group")
    cases = count("例数", "cases", unit="例")
    priced = count("费用已知例数", "cases whose fee is known", unit="例")
    fee = money("住院总费用", "their fees", optional=True)
    costed = count("成本已知例数", "cases whose cost is known", unit="例")
    cost = money("成本", "their cost", optional=True)
    stays = count("天数已知例数", "cases whose days are known", unit="例")
    days = count("住院天数", "their days", unit="天", optional=True)
    followed = count("离院方式已知例数", "cases whose way of leaving is known", unit="例")
    deaths = count("死亡例数", "deaths among them", unit="例", optional=True)
    mean_fee = rate("例均费用", "fee of a case", "元", optional=True, derived="ratio(fee, priced)")
    mean_cost = rate("例均成本", "cost of a case", "元", optional=True, derived="ratio(cost, costed)")
    mean_days = rate("平均住院日", "days of a case", "天", optional=True, derived="ratio(days, stays)")
    death_rate = rate("病死率", "deaths ÷ cases", "1", optional=True, derived="ratio(deaths, followed)")
    risk = code("死亡风险", "class of the risk of death", RISK, optional=True)


class GroupIndex(Table, zh="病组绩效指数", en="index of groups", key="by dept item"):
    """病例组合指数、消耗指数、低风险组死亡率、入组率与倍率率 · Case mix, consumption against the region, deaths, outliers."""

    by = code("维度", "seen by", MARGIN_BY)
    dept = code("科室", "department; empty where it is not of one", of="dept")
    item = code("对象", "major category, group, doctor or insurance; empty for the hospital and departments")
    cases = count("例数", "cases", unit="例")
    grouped = count("入组例数", "cases in a group", unit="例")
    qy = count("歧义组例数", "ambiguous cases", unit="例")
    judged = count("按病组付费例数", "cases paid by group", unit="例")
    low = count("低倍率例数", "low outliers", unit="例")
    high = count("高倍率例数", "high outliers", unit="例")
    groups = count("病组数", "number of groups", unit="组", stock=True)
    weighted = count("有权重例数", "cases with a weight", unit="例")
    weight = measured("总权重", "total weight", unit="权重", optional=True)
    fee_cases = count("费用可比例数", "cases compared by fee", unit="例")
    fee_units = measured("费用消耗", "Σ fee ÷ mean fee of the group in the region", unit="例")
    cost_cases = count("成本可比例数", "cases compared by cost", unit="例")
    cost_units = measured("成本消耗", "Σ cost ÷ mean cost of the group in the region", unit="例")
    time_cases = count("天数可比例数", "cases compared by days", unit="例")
    time_units = measured("时间消耗", "Σ days ÷ mean days of the group in the region", unit="例")
    low_risk = count("低风险组例数", "cases of low-risk groups whose way of leaving is known", unit="例")
    low_risk_deaths = count("低风险组死亡例数", "deaths among them", unit="例")
    cmi = rate("病例组合指数", "case mix index", "权重", optional=True, derived="ratio(weight, weighted)")
    fee_index = rate("费用消耗指数", "fees against the region", "倍", optional=True, derived="ratio(fee_units, fee_cases)")
    cost_index = rate("成本消耗指数", "cost against the region", "倍", optional=True, derived="ratio(cost_units, cost_cases)")
    time_index = rate("时间消耗指数", "days against the region", "倍", optional=True, derived="ratio(time_units, time_cases)")
    low_risk_rate = rate("低风险组死亡率", "deaths in low-risk groups", "1", optional=True, derived="ratio(low_risk_deaths, low_risk)")
    grouped_rate = rate("入组率", "share in a group", "1", optional=True, derived="ratio(grouped, cases)")
    qy_rate = rate("歧义组率", "share of ambiguous cases", "1", optional=True, derived="ratio(qy, cases)")
    high_rate = rate("高倍率率", "share of high outliers", "1", optional=True, derived="ratio(high, judged)")
    low_rate = rate("低倍率率", "share of low outliers", "1", optional=True, derived="ratio(low, judged)")
