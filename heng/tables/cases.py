"""病例、病种与病组成本，区域标准与差异 · Cost of cases, diseases and groups; regional standards, indices and variance."""

from heng.core.table import Table, code, count, flag, measured, money, number, rate, text
from heng.tables.codes import BASIS, CARE, CONFIDENCE, EFFECT, EXCLUDED, JUDGEMENT, OBJECT, PATIENT_METHOD, PROPOSED, SCHEME, STEP


class TopDownCost(Table, zh="自上而下患者成本", en="top-down cost", key="encounter"):
    """药品、单独收费材料加科室其余成本按床日或诊次 · Drugs, charged consumables, and a share of the rest by days or visits."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    dept = code("科室", "department", of="dept")
    drug = money("药品成本", "drugs", carried=True)
    material = money("单独收费卫生材料成本", "separately charged consumables", carried=True)
    volume = measured("床日或诊次", "bed-days, or 1 for a visit", unit="床日或诊次")
    share = money("分摊的科室成本", "share of the department's other cost", carried=True)
    amount = money("患者成本", "cost", derived="drug + material + share")


class ChargeRatio(Table, zh="成本收入比", en="cost-to-income ratio", key="dept step"):
    """每个服务单元的成本收入比 · The cost-to-income ratio of every service unit: a department's step of care."""

    dept = code("成本科室", "department that bears the cost", of="dept")
    step = code("服务单元", "service unit", STEP)
    income = money("收入", "income")
    variable = money("其中变动成本", "of which variable", optional=True)
    amount = money("成本", "cost")
    ratio = rate(
        "成本收入比",
        "cost-to-income ratio; unknown where the net income is not positive, or next to nothing",
        "1",
        optional=True,
        derived="case when income > 0 and abs(amount) <= 1000000 * income then ratio(amount, income) end",
    )


class RatioCost(Table, zh="成本收入比法患者成本", en="cost by ratios", key="encounter"):
    """Σ 服务单元收入 × 成本收入比 · Σ income of a service unit × its ratio."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    income = money("收入", "income")
    variable = money("其中变动成本", "of which variable", optional=True, carried=True)
    amount = money("患者成本", "cost", carried=True)


class StayMonth(Table, zh="就诊跨月", en="months of a stay", key="encounter part_month part"):
    """一次就诊在本月及之前各月的序号：跨月累计由此相加 · The numbers a stay has in this month and the months before it."""

    encounter = number("就诊序号", "number of the encounter in this month", local=True)
    part_month = text("所在月份", "month of the part")
    part = number("所在月份的就诊序号", "number of the encounter in that month", local=True)
    late = flag("出院后补记", "charged after a discharge in an earlier month, with no new admission known")


class CaseCost(Table, zh="病例成本", en="case cost", key="encounter"):
    """本月完成的每个病例：跨月累计、三种方法、可信度 · Every case finished in the month, by three methods, with its confidence."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    care = code("就诊类型", "outpatient, inpatient or day case", CARE)
    dept = code("科室", "department", of="dept", optional=True)
    doctor = code("医生", "doctor in charge", optional=True)
    diagnosis = code("主要诊断", "principal diagnosis", optional=True)
    drg = code("DRG 组", "DRG", optional=True)
    dip = code("DIP 病种", "DIP group", optional=True)
    days = count("住院天数", "days in hospital", unit="天", optional=True)
    months = count("跨月数", "months with charges", unit="月")
    income = money("收入", "income", optional=True)
    bottom_up = money("自下而上成本", "bottom-up", optional=True)
    top_down = money("自上而下成本", "top-down", optional=True)
    by_ratio = money("成本收入比法成本", "by cost-to-income ratios", optional=True)
    given = money("医院自报成本", "given by the hospital", optional=True)
    method = code("选用方法", "method used", PATIENT_METHOD, optional=True)
    amount = money("病例成本", "cost; empty when no method can be used", optional=True)
    surplus = money("收入减成本", "income minus cost", optional=True, derived="income - amount")
    matched = rate("匹配率", "share of the income that has a cost", "1", optional=True)
    confidence = code("可信度", "confidence", CONFIDENCE, optional=True)


class CaseGroup(Table, zh="病例分组", en="group of a case", key="encounter scheme"):
    """每个病例在每种分组方案中属于哪一组；不计入病组成本的写明原因 · The group of every case; why one does not count."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    scheme = code("分组方案", "grouping", SCHEME)
    group = code("病组", "disease or group; empty when the case is in none")
    excluded = code("不计入原因", "why it does not count; empty when it does", EXCLUDED)


class GroupCost(Table, zh="病种病组成本", en="group cost", key="scheme group care"):
    """按主要诊断、DRG、DIP 汇总的病例成本 · Cost of cases by principal diagnosis, DRG or DIP group."""

    scheme = code("分组方案", "grouping", SCHEME)
    group = code("病组", "disease or group")
    care = code("就诊类型", "outpatient, inpatient or day case", CARE)
    cases = count("例数", "cases counted", unit="例")
    days = count("住院天数", "days of the cases counted", unit="天", optional=True)
    income = money("收入", "income of the cases counted", optional=True)
    amount = money("成本", "cost of the cases counted")
    excluded = count("不计入例数", "cases that do not count", unit="例")
    excluded_amount = money("不计入病例的成本", "cost of the cases that do not count")
    mean = rate("例均成本", "cost of a case", "元", optional=True, derived="ratio(amount, cases)")
    mean_income = rate("例均收入", "income of a case", "元", optional=True, derived="ratio(income, cases)")
    mean_days = rate("平均住院日", "days of a case", "天", optional=True, derived="ratio(days, cases)")
    surplus = money("收入减成本", "income minus cost", optional=True, derived="income - amount")


class GroupStep(Table, zh="病组环节成本", en="group cost by step", key="scheme group care step"):
    """病种、病组在每个诊疗环节的收入与成本 · Income and cost of a disease or group at every step of care."""

    scheme = code("分组方案", "grouping", SCHEME)
    group = code("病组", "disease or group")
    care = code("就诊类型", "outpatient, inpatient or day case", CARE)
    step = code("诊疗环节", "step of care", STEP)
    income = money("收入", "income")
    amount = money("成本", "cost")


class DiseaseStandard(Table, zh="区域病种成本标准", en="regional disease cost standard", key="scheme group", grain="region_month"):
    """全区最近一季的病种成本标准：去极值、小样本收缩、与上季比较 · Regional standards of the last quarter, trimmed and shrunk."""

    scheme = code("分组方案", "grouping", SCHEME)
    group = code("病组", "disease or group")
    hospitals = count("医院数", "hospitals", unit="家")
    cases = count("例数", "cases", unit="例")
    kept = count("去极值后例数", "cases kept after trimming", unit="例")
    mean = rate("去极值均值", "mean of the cases kept", "元")
    variation = rate("变异系数", "coefficient of variation of the cases kept", "1", optional=True)
    mean_days = rate("平均住院日", "days of a case, before trimming", "天", optional=True)
    parent = rate("收缩目标", "what a small group is shrunk towards", "元")
    weight = rate("自身权重", "weight of the group's own mean", "1")
    standard = rate("病种成本标准", "standard", "元")
    low = rate("下限", "lower limit of the interval", "元", optional=True)
    high = rate("上限", "upper limit of the interval", "元", optional=True)
    best_quartile = rate("最优四分位", "mean cost of the hospital at the best quartile", "元", optional=True)
    previous = rate("上季标准", "standard of the quarter before", "元", optional=True)
    change = rate("变动率", "change", "1", optional=True)
    note_zh = text("变动说明", "what changed, in Chinese")
    note_en = text("变动说明（英文）", "what changed, in English")


class CostIndex(Table, zh="医院成本指数", en="hospital cost index", key="org scheme", grain="region_month"):
    """医院病例组合与工资调整后的成本指数及区间 · Cost against the region's for the same cases, wages taken out."""

    org = code("医疗机构", "hospital", of="org")
    scheme = code("分组方案", "grouping", SCHEME)
    cases = count("例数", "cases", unit="例")
    days = count("住院天数", "days", unit="天", optional=True)
    income = money("收入", "income", optional=True)
    amount = money("实际成本", "actual cost")
    losses = count("亏损例数", "cases whose cost is above their income", unit="例", optional=True)
    expected = money("同组合区域成本", "cost of the same cases at the region's means")
    cmi = rate("病例组合指数", "case mix index", "1")
    days_index = rate("时间消耗指数", "days against the region's for the same cases", "1", optional=True)
    index = rate("费用消耗指数", "cost against the region's for the same cases", "1")
    wage = rate("工资指数", "wage level against the region; empty where it is not known", "1", optional=True)
    wage_share = rate("人员经费占比", "share of the cost that is wages", "1")
    coefficient = rate("成本差异系数", "dispersion coefficient: the index, wages taken out where their level is known", "1")
    low = rate("下限", "lower limit of the 95 % interval", "1", optional=True)
    high = rate("上限", "upper limit of the 95 % interval", "1", optional=True)
    judgement = code("判断", "where the interval of the coefficient lies against the band", JUDGEMENT)
    variance_explained = rate("方差减少量", "how much of the variance of the region's cases the grouping explains", "1", optional=True)


class StandardProposal(Table, zh="标准成本建议", en="proposed standard", key="object item step basis", grain="region_month"):
    """由最优四分位或时间方程得出的标准成本建议，由人采纳 · Standards proposed by the best quartile or time equations."""

    object = code("对象", "what a standard is proposed for", PROPOSED)
    item = code("编码", "national code of the service (else the hospital's), or the group; empty for a step")
    step = code("诊疗环节", "step of care; empty for the whole service or case", STEP, optional=True)
    basis = code("依据", "best quartile or time equation", BASIS)
    observations = count("样本数", "departments seen; for groups, hospitals", unit="个")
    minutes = measured("单位耗时", "time of one unit, by the time equation", unit="分钟", optional=True)
    standard = rate("建议标准", "proposed standard of one unit or case", "元")
    median = rate("中位数", "median", "元")


class CostVariance(Table, zh="标准成本差异", en="cost variance", key="object dept item effect"):
    """实际与标准之差拆成价格、业务量、结构、效率、能力，余额为 0 · Actual against standard, effect by effect, nothing left."""

    object = code("对象", "service, or grouping of cases", OBJECT)
    dept = code("科室", "department; empty for groups", of="dept")
    item = code("编码", "item or group; empty for capacity that no service used")
    effect = code("因素", "effect", EFFECT)
    planned = flag("有无标准", "whether a standard is in force; without one the whole amount is mix")
    amount = money("差异", "variance")
