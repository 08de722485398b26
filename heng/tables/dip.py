"""按病种分值付费 · Payment by scores of diseases (DIP): the region's catalogue, scores, values, and every case's points."""

from heng.core.table import Table, code, count, flag, measured, money, number, rate, text
from heng.tables.codes import AUXILIARY, DEVIATION, DIP_CLASS, DIP_LEVEL, DIP_REASON, GROUPING, HOSPITAL_LEVEL, INSURANCE, ORGAN, TREATMENT


class DipStay(Table, zh="DIP 病例信息", en="stay as DIP sees it", key="encounter"):
    """一次住院按 DIP 看：亚目、手术操作组合、治疗方式、费用 · A finished stay: subcategory, set of procedures, treatment, fees."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    insurance = code("险种", "insurance", INSURANCE)
    hospital_class = code("医院类别", "class of the hospital", HOSPITAL_LEVEL)
    diagnosis = code("诊断亚目", "subcategory of the principal diagnosis", optional=True)
    procedures = text("手术操作组合", "procedures that count, joined by +; empty for conservative treatment")
    treatment = code("治疗方式", "kind of treatment", TREATMENT)
    days = count("住院天数", "days in hospital", unit="天", optional=True)
    fee = money("总费用", "all fees", optional=True)
    drug = money("药品费", "drugs", optional=True)
    consumable = money("耗材费", "consumables", optional=True)
    treated = money("治疗费", "treatment and surgery", optional=True)
    reason = code("未入组原因", "why it cannot be grouped; empty when it can", DIP_REASON)


class DipSeverity(Table, zh="DIP 病情信息", en="severity as DIP sees it", key="encounter"):
    """一次住院的病情：年龄、重症天数、合并症、器官损害、肿瘤 · What the auxiliary catalogue asks of a finished stay."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    age = count("年龄", "age in years", unit="岁", optional=True)
    age_days = count("不足一岁天龄", "age in days of a child under one year", unit="天", optional=True)
    days = count("住院天数", "days in hospital", unit="天", optional=True)
    died = flag("是否死亡", "died")
    intensive_days = count("重症监护天数", "days begun in intensive care; empty where no ward is known", unit="天", optional=True)
    comorbidity = count("合并症指数", "comorbidity index of the other diagnoses", unit="分")
    organ = code("器官损害", "organ failure or lesion among the other diagnoses", ORGAN)
    tumour = flag("主要诊断为肿瘤", "principal diagnosis is a tumour")
    spread = flag("转移或其他部位肿瘤", "spread, or a tumour elsewhere, among the other diagnoses")


class DipMatch(Table, zh="DIP 病种匹配", en="match of a case in a DIP scheme", key="encounter pack"):
    """一次住院符合一个 DIP 方案的哪些病种 · The diseases of a DIP scheme that a stay fits, by its codes alone."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    pack = code("DIP 方案", "scheme and edition")
    status = code("入组状态", "what became of the case", GROUPING)
    fits = text("符合的病种", "diseases that fit alike, joined by |, the first one before the others; empty: none fits", optional=True)
    why = text("原因码", "reason codes, step by step")


class DipCatalogue(Table, zh="DIP 病种目录", en="catalogue of DIP diseases", key="group", grain="region_month"):
    """三级目录：由本区域历史病例形成，或按国家方案 · The three-level catalogue: made by the region's own history, or that of a scheme."""

    group = code("病种（三级）", "disease, the unit that is paid")
    pack = code("DIP 方案", "scheme that the catalogue follows; empty: the region's own history", optional=True)
    name = text("病种名称", "name that the scheme gives it", optional=True)
    secondary = code("二级目录", "second level: subcategory whatever the treatment; of a comprehensive disease its category")
    primary = code("一级目录", "first level: category of the diagnosis")
    level = code("病种类型", "core or comprehensive", DIP_LEVEL)
    treatment = code("治疗方式", "kind of treatment; empty where the scheme tells the procedures alone", TREATMENT, optional=True)
    procedures = text("手术操作组合", "procedures, joined by +; empty for conservative treatment and comprehensive diseases")
    alike = flag("是否基层病种", "whether the scheme has it paid alike in hospitals of every class", optional=True)
    cases = count(
        "历史例数",
        "cases of exactly this combination, or that fit this disease alone; of a comprehensive one, that fit no other",
        unit="例",
    )
    fee = money("历史总费用", "fees of these cases")
    mean = rate("例均费用", "mean fee; empty without cases", "元", derived="ratio(fee, cases)", optional=True)
    wanted = count("核心病种门槛", "cases from which a combination is core; 0 where a scheme tells what is", unit="例", stock=True)
    first_month = text("历史首月", "first month of the history")
    last_month = text("历史末月", "last month of the history")


class DipScore(Table, zh="DIP 病种分值", en="score of a DIP disease", key="group", grain="region_month"):
    """每个病种的费用、药品、耗材分值 · Scores of a disease for all fees, drugs and consumables; the years weighted."""

    group = code("病种", "disease")
    level = code("病种类型", "core or comprehensive", DIP_LEVEL)
    cases = count("例数", "cases of the history that fit the disease", unit="例")
    mean = rate("加权例均费用", "weighted mean fee", "元")
    drug_mean = rate("加权例均药品费", "weighted mean of drugs", "元", optional=True)
    consumable_mean = rate("加权例均耗材费", "weighted mean of consumables", "元", optional=True)
    reference = rate("基准例均费用", "mean that scores are measured by", "元")
    score = rate("病种分值", "score", "分")
    drug_score = rate("药品分值", "score of drugs", "分", optional=True)
    consumable_score = rate("耗材分值", "score of consumables", "分", optional=True)
    mean_days = rate("平均住院日", "days of a case", "天", optional=True)
    variation = rate("变异系数", "coefficient of variation of the fees", "1", optional=True)
    stable = flag("是否稳定", "enough cases, and a variation within the limit")


class DipReference(Table, zh="DIP 病种基准费用", en="reference of a DIP disease", key="hospital_class group", grain="region_month"):
    """上年同类医院该病种的例均费用，及其与全区之比 · Last year's mean of a disease in a class of hospitals, and its coefficient."""

    hospital_class = code("医院类别", "class of hospitals, or all of the region", DIP_CLASS)
    group = code("病种", "disease")
    cases = count("上年例数", "cases of the last year", unit="例")
    mean = rate("上年例均费用", "mean fee of the last year", "元")
    coefficient = rate("病种系数", "weighted mean of the class ÷ that of all hospitals", "1")


class DipCoefficient(Table, zh="DIP 医院系数", en="DIP coefficient of a hospital", key="org", grain="region_month"):
    """基本系数加加成系数 · Basic coefficient of the hospital's class, and additions."""

    org = code("医疗机构", "hospital", of="org")
    hospital_class = code("医院类别", "class of the hospital", HOSPITAL_LEVEL)
    basic = rate("基本系数", "basic coefficient; 1 where its class has no history", "1")
    addition = rate("加成系数", "additions", "1")
    coefficient = rate("医院系数", "coefficient of the hospital", "1", derived="basic + addition")


class DipCase(Table, zh="DIP 病例分值", en="points of a DIP case", key="encounter"):
    """每个病例的病种、偏差、系数与得分 · The disease of every finished stay, its deviation, coefficients and points."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    insurance = code("险种", "insurance", INSURANCE)
    group = code("病种", "disease; empty where it is in none", optional=True)
    level = code("病种类型", "core or comprehensive", DIP_LEVEL, optional=True)
    reason = code("未计分原因", "why it has no score; empty when it has", DIP_REASON)
    score = rate("病种分值", "score of the disease", "分", optional=True)
    fee = money("总费用", "all fees", optional=True)
    reference = rate("基准费用", "last year's mean of the disease in hospitals of the class", "元", optional=True)
    ratio = rate("费用偏差倍数", "fee ÷ reference", "1", optional=True)
    deviation = code("偏差类别", "deviation", DEVIATION, optional=True)
    auxiliary = code("辅助分型", "class of the auxiliary catalogue that counts", AUXILIARY)
    auxiliary_coefficient = rate("辅助系数", "its coefficient, the largest of the case", "1")
    coefficient = rate("医院或病种系数", "coefficient of the hospital, or of the disease in its class", "1", optional=True)
    points = measured("得分", "points; empty where the case has no score and is not paid by its fee", "分", optional=True)


class DipValue(Table, zh="DIP 点值", en="DIP point value", key="insurance", grain="region_month"):
    """预算点值的三种开法与年内结算点值 · The three opening values, and the settlement value of the year so far."""

    insurance = code("险种", "insurance", INSURANCE)
    cases = count("历史例数", "cases of the history", unit="例")
    plain = rate("点值（全部病例）", "value by all cases", "元/分", optional=True)
    trimmed = rate("点值（百分位法）", "value without extreme fees", "元/分", optional=True)
    optimal = rate("点值（优值区间）", "value by cases not above the mean value", "元/分", optional=True)
    budget = rate("预算点值", "opening value chosen by the rule", "元/分", optional=True)
    points = measured("本年累计得分", "points of the year so far", "分", optional=True)
    pool = money("本年累计费用池", "fund of the year so far ÷ the share that it pays", optional=True)
    settled = rate("结算点值", "pool ÷ points", "元/分", optional=True)


class DipClearing(Table, zh="DIP 清算", en="DIP clearing", key="insurance org", grain="region_month"):
    """费用池按得分分给各医院，分毫不差 · The pool of the year so far split by points: what hospitals get adds up to it to the fen."""

    insurance = code("险种", "insurance", INSURANCE)
    org = code("医疗机构", "hospital", of="org")
    cases = count("本年累计例数", "cases of the year so far", unit="例")
    points = measured("本年累计得分", "points of the year so far", "分")
    fee = money("本年累计费用", "fees of these cases")
    amount = money("应得总额", "what the pool gives")
    difference = money("与费用之差", "amount minus fees", derived="amount - fee")


class DipPayment(Table, zh="DIP 病例支付", en="DIP payment of a case", key="encounter"):
    """得分 × 点值 · Points times value, to the fen; the patient's share included."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    insurance = code("险种", "insurance", INSURANCE)
    points = measured("得分", "points; empty where the case is in no disease", "分", optional=True)
    value = rate("点值", "point value; empty where none is known, and for those who pay themselves", "元/分", optional=True)
    payment = money("支付标准", "what the case is paid, by fund and patient together", optional=True)
    fee = money("总费用", "all fees", optional=True)
    difference = money("与费用之差", "payment minus fees", optional=True, derived="payment - fee")
