"""项目成本 · What item costing writes: pools after step 2, the cost of every service by every method, capacity, tie-outs."""

from heng.core.table import Table, code, count, measured, money, number, rate, text
from heng.tables.codes import BEHAVIOUR, CATEGORY, FUND, ITEM, ITEM_METHOD, KIND


class StageTwoCost(Table, zh="二级分摊后科室成本", en="cost after step 2", key="dept item fund behaviour"):
    """临床与医技科室在二级分摊之后的成本：项目核算的起点 · Cost of clinical and medtech departments after step 2."""

    dept = code("科室", "department", of="dept")
    category = code("科室类别", "department class", CATEGORY)
    item = code("成本项目", "cost item", ITEM)
    fund = code("资金来源", "fund source", FUND)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR)
    amount = money("二级分摊后成本", "cost after step 2")


class ServicePool(Table, zh="项目成本池", en="service pool", key="dept kind item"):
    """科室成本分成三份：药品、单独收费卫生材料、服务项目 · A department's cost in three parts: drugs, charged consumables, services."""

    dept = code("科室", "department", of="dept")
    kind = code("类型", "service, drug or consumable", KIND)
    item = code("成本项目", "cost item", ITEM)
    variable = money("其中变动成本", "of which variable")
    amount = money("成本", "cost, in the scope chosen")


class ServiceCost(Table, zh="科室项目成本", en="service cost", key="service"):
    """每个科室项目的成本，七个成本项目各一栏 · The cost of every service of a department, a column for each cost item."""

    service = number("服务序号", "number of the service in this month", local=True)
    dept = code("成本科室", "department that bears the cost", of="dept")
    kind = code("类型", "service, drug or consumable", KIND)
    item = code("项目编码", "item")
    method = code("核算方法", "method; empty for drugs and consumables, which are traced", ITEM_METHOD, optional=True)
    quantity = measured("数量", "quantity", unit="按项目")
    income = money("收入", "income")
    staff = money("人员经费", "staff")
    material = money("卫生材料费", "medical consumables")
    drug = money("药品费", "drugs")
    depreciation = money("固定资产折旧费", "depreciation")
    amortisation = money("无形资产摊销费", "amortisation")
    risk = money("提取医疗风险基金", "malpractice risk provision")
    other = money("其他运行费用", "other operating")
    variable = money("其中变动成本", "of which variable")
    amount = money("项目成本", "cost", derived="staff + material + drug + depreciation + amortisation + risk + other")
    unit_cost = rate(
        "单位成本",
        "cost of one unit",
        "元",
        optional=True,
        derived=f"ratio({'staff + material + drug + depreciation + amortisation + risk + other'}, quantity)",
    )
    unit_surplus = rate(
        "单位收益",
        "surplus of one unit",
        "元",
        optional=True,
        derived="ratio(income - (staff + material + drug + depreciation + amortisation + risk + other), quantity)",
    )


class MatchedCost(Table, zh="有患者的项目成本", en="cost of services given to patients", key="service"):
    """项目成本中归到患者的部分 · The part of a service's cost that goes to patients, by the quantity charged to them."""

    service = number("服务序号", "number of the service in this month", local=True)
    dept = code("成本科室", "department that bears the cost", of="dept")
    patient_quantity = measured("有患者的数量", "quantity charged to a patient", unit="按项目")
    staff = money("人员经费", "staff")
    material = money("卫生材料费", "medical consumables")
    drug = money("药品费", "drugs")
    depreciation = money("固定资产折旧费", "depreciation")
    amortisation = money("无形资产摊销费", "amortisation")
    risk = money("提取医疗风险基金", "malpractice risk provision")
    other = money("其他运行费用", "other operating")
    variable = money("其中变动成本", "of which variable")
    amount = money("成本", "cost", derived="staff + material + drug + depreciation + amortisation + risk + other")


class ItemMethodCost(Table, zh="项目成本方法比较", en="item cost by method", key="method service"):
    """同一项目在各种方法下的成本 · The cost of the same service by every method that its department's data allow."""

    method = code("核算方法", "method", ITEM_METHOD)
    service = number("服务序号", "number of the service in this month", local=True)
    dept = code("成本科室", "department that bears the cost", of="dept")
    item = code("项目编码", "item")
    base = measured("分配基数", "base: income, minutes, quantity, equivalents", unit="按方法", optional=True)
    quantity = measured("数量", "quantity", unit="按项目")
    amount = money("项目成本", "cost")
    unit_cost = rate("单位成本", "cost of one unit", "元", optional=True, derived="ratio(amount, quantity)")


class ItemMethodChoice(Table, zh="项目成本方法选用", en="item method choice", key="dept"):
    """每个科室用哪种方法，首选用不了时的原因 · Which method a department uses, and why not the one wanted first."""

    dept = code("科室", "department", of="dept")
    wanted = code("首选方法", "method wanted", ITEM_METHOD)
    method = code("选用方法", "method used; empty when none can be", ITEM_METHOD, optional=True)
    note = text("说明", "why the method wanted cannot be used", optional=True)
    note_en = text("说明（英文）", "why the method wanted cannot be used, in English", optional=True)


class CapacityCost(Table, zh="产能成本", en="capacity cost", key="dept"):
    """投入的、用掉的与未使用的产能，以分钟和元计 · Capacity supplied, used and unused, in minutes and yuan."""

    dept = code("科室", "department", of="dept")
    minutes = measured("理论产能", "theoretical capacity", unit="分钟")
    practical = measured("实际产能", "practical capacity", unit="分钟")
    used = measured("已用时间", "time used by the services given", unit="分钟")
    supplied = money("投入成本", "cost of the capacity supplied")
    assigned = money("已用产能成本", "cost of the capacity used")
    unused = money("未用产能成本", "cost of the capacity unused", derived="supplied - assigned")
    minute_cost = rate(
        "每分钟成本",
        "cost of a minute; over capacity, of a minute used",
        "元",
        optional=True,
        derived="ratio(supplied, greatest(practical, used))",
    )
    use = rate("产能利用率", "use of capacity", "1", optional=True, derived="ratio(used, practical)")


class ItemTieOut(Table, zh="项目成本勾稽", en="item tie-out", key="step"):
    """医院全成本逐步减到项目与未匹配，余下差额 · The full cost, less services and what no service bears, down to a gap of 0.00."""

    step = number("序号", "step")
    name_zh = text("项目", "what is taken off, in Chinese")
    name_en = text("项目（英文）", "what is taken off, in English")
    amount = money("金额", "amount")


class FeedProfile(Table, zh="数据档次", en="feed profile", key="feature"):
    """凭现有数据能算到哪一层，下一份数据会添上什么 · How far the data there are will carry, and what the next feed would add."""

    feature = code("核算内容", "what can be worked out")
    rank = number("层次", "level")
    name_zh = text("名称", "name in Chinese")
    name_en = text("名称（英文）", "name in English")
    missing_zh = text("还缺的数据", "feeds still missing, in Chinese; empty when none")
    missing_en = text("还缺的数据（英文）", "feeds still missing; empty when none")
    rows = count("已有行数", "rows there are of the feeds needed", unit="行")
