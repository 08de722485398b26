"""科室成本核算的结果 · What department costing writes, from the booked line to full cost, unit cost and tie-out."""

from heng.core.table import Table, code, flag, measured, money, number, rate, text
from heng.tables.codes import BEHAVIOUR, BUCKET, CATEGORY, FUND, ITEM, MEASURE, SCOPE, SETTING, SEVERITY


class CostLine(Table, zh="成本明细", en="cost line", key="feed file row subject"):
    """统一口径的成本明细，可回到来源行 · Every booked cost in one form, traceable to its source row."""

    dept = code("科室编码", "department code", of="dept")
    item = code("成本项目", "cost item; empty when the subject is not mapped yet", ITEM, optional=True)
    subject = code("科目", "subject as booked, or the class inside the feed")
    behaviour = code("成本习性", "behaviour; empty when the subject is not mapped yet", BEHAVIOUR, optional=True)
    fund = code("资金来源", "fund source", FUND)
    feed = code("来源表", "table it was booked in")
    staff_no = text("职工编码", "staff number", private=True, optional=True)
    excluded = text("不计入原因", "why it is not a cost; empty when it is")
    amount = money("金额", "amount")
    file = code("来源文件", "source file and sheet", of="file")
    row = number("来源行号", "row in the source sheet")


class DriverValue(Table, zh="分摊参数值", en="driver value", key="driver giver receiver"):
    """每个参数在每个受益科室的数量 · How much of each driver every receiver has; giver is empty where all givers share it."""

    driver = code("分摊参数", "driver", of="driver")
    giver = code("服务科室", "giving department", of="dept")
    receiver = code("受益科室", "receiving department", of="dept")
    value = measured("参数值", "value", unit="按参数")


class DriverBase(Table, zh="分摊基数", en="driver base", key="giver driver receiver"):
    """每个服务科室在每个候选参数下，谁用了多少 · Under each driver a giver may use: who used how much, and who is still open."""

    giver = code("服务科室", "giving department or common pool", of="dept")
    driver = code("分摊参数", "driver", of="driver")
    receiver = code("受益科室", "receiving department", of="dept")
    stage = number("步骤", "step: 0 common pool, 1 administration, 2 support, 3 medical technology")
    open = flag("是否受益", "receiver is in a later class, and so still open in the giver's step")
    value = measured("参数值", "value", unit="按参数")


class DriverChoice(Table, zh="分摊参数选用", en="driver choice", key="giver item"):
    """每个服务科室每个成本项目选用的参数 · The driver each giver uses for each cost item, and what was wanted first."""

    giver = code("服务科室", "giving department or common pool", of="dept")
    stage = number("步骤", "step: 0 common pool, 1 administration, 2 support, 3 medical technology")
    item = code("成本项目", "cost item", ITEM)
    wanted = code("首选参数", "driver wanted first; empty when none is set", of="driver", optional=True)
    driver = code("选用参数", "driver used: the first whose base is not zero", of="driver", optional=True)
    base_total = measured("参数合计", "total over open receivers; empty when no driver is set", unit="按参数", optional=True)


class Readiness(Table, zh="分摊前检查", en="readiness", key="severity check dept", gate=True):
    """运行前的错误清单：有错误就不分摊 · Errors before the run; a month with an error is not allocated."""

    severity = code("程度", "severity", SEVERITY)
    check = code("检查", "check")
    dept = code("科室编码", "department code; empty for the hospital", of="dept")
    reason_zh = text("原因", "reason in Chinese")
    reason_en = text("原因（英文）", "reason in English")
    mend_zh = text("怎么改", "how to mend, in Chinese")
    mend_en = text("怎么改（英文）", "how to mend, in English")


class CommonShare(Table, zh="公共成本分配", en="common share", key="giver staff_no receiver item fund behaviour"):
    """公共成本与多科室人员在第一步之前的分配 · Common cost pools and shared people, split before step 1."""

    giver = code("成本池", "common pool or paying department", of="dept")
    staff_no = text("职工编码", "staff number; empty for a pool", private=True)
    receiver = code("受益科室", "receiving department", of="dept")
    item = code("成本项目", "cost item", ITEM)
    fund = code("资金来源", "fund source", FUND)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR)
    driver = code("分摊参数", "driver", of="driver")
    base = measured("参数值", "driver value of the receiver", unit="按参数")
    base_total = measured("参数合计", "total of the driver", unit="按参数")
    amount = money("金额", "amount")


class DirectCost(Table, zh="科室直接成本", en="direct cost", key="dept item fund behaviour"):
    """含公共成本分配后的科室直接成本 · Direct cost of every department, common costs included."""

    dept = code("科室", "department", of="dept")
    category = code("科室类别", "department class", CATEGORY)
    item = code("成本项目", "cost item", ITEM)
    fund = code("资金来源", "fund source", FUND)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR)
    amount = money("直接成本", "direct cost")


class Allocation(Table, zh="分摊过程", en="allocation", key="stage peer giver receiver item fund behaviour bucket"):
    """三级分摊的每一笔：谁给谁、按什么、多少 · Every leg of the three-step allocation."""

    stage = number("步骤", "step: 1 administration, 2 support, 3 medical technology")
    peer = flag("是否平级", "peer allocation inside a class")
    giver = code("服务科室", "giving department", of="dept")
    receiver = code("受益科室", "receiving department", of="dept")
    item = code("成本项目", "cost item", ITEM)
    fund = code("资金来源", "fund source", FUND)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR)
    bucket = code("来源路径", "origin as the receiver sees it", BUCKET)
    driver = code("分摊参数", "driver", of="driver")
    base = measured("参数值", "driver value of the receiver", unit="按参数")
    base_total = measured("参数合计", "total of the driver over open receivers", unit="按参数")
    amount = money("金额", "amount")


class DeptCost(Table, zh="科室全成本", en="full department cost", key="dept item fund behaviour bucket"):
    """临床科室全成本，按成本项目、资金来源与八个来源路径 · Full cost of clinical departments by item, fund and origin."""

    dept = code("科室", "department", of="dept")
    setting = code("门诊住院", "outpatient or inpatient", SETTING)
    item = code("成本项目", "cost item", ITEM)
    fund = code("资金来源", "fund source", FUND)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR)
    bucket = code("来源路径", "origin", BUCKET)
    amount = money("金额", "amount")


class ScopeCost(Table, zh="四口径成本", en="scope cost", key="dept scope item"):
    """四个法定口径下的直接、间接与全成本 · Direct, indirect and full cost in the four statutory scopes."""

    dept = code("科室", "department", of="dept")
    setting = code("门诊住院", "outpatient or inpatient", SETTING)
    scope = code("口径", "scope", SCOPE)
    item = code("成本项目", "cost item", ITEM)
    direct = money("直接成本", "direct")
    indirect = money("间接成本", "indirect")
    amount = money("全成本", "full", derived="direct + indirect")


class Volume(Table, zh="科室业务量", en="volume", key="dept"):
    """每个科室的成本除以什么、有多少 · The unit a department's cost is divided by, and how much of it there was."""

    dept = code("科室", "department", of="dept")
    measure = code("业务量单位", "measure", MEASURE)
    volume = measured("业务量", "volume", unit="按业务量", optional=True)


class UnitCost(Table, zh="诊次床日成本", en="unit cost", key="dept scope item"):
    """每诊次、每实际占用床日成本 · Cost per visit and per occupied bed-day, by scope and cost item."""

    dept = code("科室", "department", of="dept")
    measure = code("业务量", "measure", MEASURE)
    scope = code("口径", "scope", SCOPE)
    item = code("成本项目", "cost item", ITEM)
    amount = money("成本", "cost")
    volume = measured("业务量", "volume", unit="按业务量", optional=True)
    unit_cost = rate("单位成本", "unit cost", unit="元", optional=True, derived="ratio(amount, volume)")


class DeptResult(Table, zh="科室收支", en="department result", key="dept scope"):
    """科室收入、成本、结余与业务量 · Income, cost, surplus and volume of each clinical department in each scope."""

    dept = code("科室", "department", of="dept")
    setting = code("门诊住院", "outpatient or inpatient", SETTING)
    measure = code("业务量", "measure", MEASURE)
    scope = code("口径", "scope", SCOPE)
    income = money("科室收入", "income", optional=True)
    drug_income = money("药品收入", "drug income", optional=True)
    cost = money("全成本", "full cost")
    staff_cost = money("人员经费", "staff cost")
    material_cost = money("卫生材料费", "consumables cost")
    drug_cost = money("药品费", "drug cost")
    management_cost = money("管理费用", "administration cost inside")
    surplus = money("收入减成本", "income minus cost", optional=True, derived="income - cost")
    volume = measured("业务量", "volume", unit="按业务量", optional=True)
    staff = measured("平均职工人数", "average staff", unit="人", optional=True, stock=True)
    unit_cost = rate("单位成本", "unit cost", unit="元", optional=True, derived="ratio(cost, volume)")


class BreakEven(Table, zh="本量利分析", en="break-even", key="dept"):
    """每科室保本业务量与保本收入 · Break-even volume and income of each department."""

    dept = code("科室", "department", of="dept")
    measure = code("业务量", "measure", MEASURE)
    volume = measured("业务量", "volume", unit="按业务量", optional=True)
    income = money("收入", "income", optional=True)
    fixed = money("固定成本", "fixed cost")
    variable = money("变动成本", "variable cost")
    breakeven_volume = measured(
        "保本业务量", "break-even volume", unit="按业务量", optional=True, derived="breakeven_volume(fixed, variable, income, volume)"
    )
    breakeven_income = money("保本收入", "break-even income", optional=True, derived="breakeven_income(fixed, variable, income)")
    safety_margin = rate(
        "安全边际率",
        "margin of safety",
        unit="1",
        optional=True,
        derived="ratio(income - breakeven_income(fixed, variable, income), income)",
    )


class MethodCost(Table, zh="分摊方法比较", en="allocation method", key="method dept"):
    """直接法、各种次序的阶梯法、交互法下的全成本 · Full cost by direct, step-down in several orders, and reciprocal."""

    method = code("方法", "method")
    dept = code("科室", "department", of="dept")
    amount = money("全成本", "full cost; empty where the method cannot be used", optional=True)
    statutory = money("三级分摊全成本", "full cost by the three-step rule")
    moved = money("差异", "difference to the three-step rule", optional=True, derived="amount - statutory")
    moved_share = rate("差异率", "difference as a share", unit="1", optional=True, derived="ratio(amount - statutory, statutory)")
    note = text("说明", "why the method cannot be used here", optional=True)


class TieOut(Table, zh="成本勾稽", en="tie-out", key="step"):
    """总账→剔除→直接→全成本，每一步差额 · Ledger → excluded → direct → full, with the difference at each arrow."""

    step = number("序号", "step")
    arrow_zh = text("环节", "arrow in Chinese")
    arrow_en = text("环节（英文）", "arrow in English")
    before = money("前", "before", optional=True)
    removed = money("剔除", "taken out on this arrow: excluded, outside costing")
    after = money("后", "after", optional=True)
    difference = money("差额", "difference", optional=True, derived="before - removed - after")


class BudgetVariance(Table, zh="科室成本预算差异", en="budget variance", key="dept item detail"):
    """预算标准与实际之差，按量、价、结构解释 · Actual against the cap, explained by volume, price and mix."""

    dept = code("科室", "department", of="dept")
    item = code("成本项目", "cost item", ITEM)
    detail = text("明细分类", "class inside the item")
    document = text("依据文件", "document that sets the cap")
    budget = money("预算", "budget", optional=True)
    actual = money("实际", "actual")
    difference = money("差异", "difference", optional=True, derived="actual - budget")
    volume_effect = money("业务量差异", "due to volume", optional=True)
    price_effect = money("价格差异", "due to price or use per unit", optional=True)
    mix_effect = money("结构差异", "due to mix", optional=True)
