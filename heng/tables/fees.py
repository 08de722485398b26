"""收费明细、医嘱与收费目录 · Fee lines, doctors' orders, and the catalogues of what is charged. All are loaded from files.

Source of the fields: 医保费用明细 5204（bilg = 开单，acord = 执行）、HIS 医嘱导出与《全国医疗服务项目技术规范》.
"""

from heng.core.table import Table, code, day, flag, measured, moment, money, rate, text
from heng.tables.codes import CARE, FEE_CLASS, KIND, STEP


class FeeLine(Table, zh="收费明细", en="fee line", key="visit file row", source=True, summed="care ordering performing fee_class"):
    """一行收费：谁、哪一项、多少、谁开单、谁执行 · One line of a bill: whose, which item, how much, who ordered, who performed."""

    visit = text("就诊号", "number of the visit; empty when charged to nobody", private=True, optional=True)
    care = code("就诊类型", "outpatient, inpatient or day case", CARE, optional=True)
    charged = moment("费用发生时间", "charged at", optional=True)
    item = code("项目编码", "the hospital's own item code")
    name = text("项目名称", "name of the item", optional=True)
    national = code("医保目录编码", "national item code", optional=True)
    fee_class = code("收费类别", "fee class", FEE_CLASS)
    quantity = measured("数量", "quantity", unit="按项目")
    price = rate("单价", "price", "元", optional=True)
    amount = money("金额", "amount")
    ordering = code("开单科室编码", "ordering department", of="dept", optional=True)
    doctor = code("开单医生编码", "ordering doctor", optional=True)
    performing = code("执行科室编码", "performing department", of="dept")
    settlement = text("结算编号", "number of the settlement", private=True, optional=True)


class DoctorOrder(Table, zh="医嘱", en="doctor's order", key="visit item file row", source=True):
    """医嘱：药品、材料与诊疗 · Orders of drugs, consumables and services."""

    visit = text("病案号", "number of the visit", private=True)
    kind = code("医嘱类别", "drug, consumable or service", KIND, optional=True)
    ordered = moment("医嘱时间", "ordered at")
    stopped = moment("停止时间", "stopped at", optional=True)
    ordering = code("开单科室编码", "ordering department", of="dept", optional=True)
    performing = code("执行科室编码", "performing department", of="dept", optional=True)
    doctor = code("开单医生编码", "ordering doctor", optional=True)
    item = code("项目编码", "item")
    name = text("项目名称", "name of the item", optional=True)
    quantity = measured("数量", "quantity", unit="按项目", optional=True)
    price = rate("单价", "price", "元", optional=True)
    amount = money("金额", "amount", optional=True)
    term = text("医嘱时效", "standing or single order", optional=True)


class ServiceItem(Table, zh="医疗服务项目目录", en="service item", key="item since", grain="org", source=True):
    """收费的服务项目：国家编码、耗时与当量 · Charged services: their national codes, time taken and equivalence."""

    item = code("项目编码", "the hospital's own item code")
    name = text("项目名称", "name")
    national = code("医保项目编码", "national code of 15 digits", optional=True)
    price_code = code("价格项目编码", "price code of 9 digits", optional=True)
    technical = code("技术规范编码", "code of 8 characters in the technical standard of 2023", optional=True)
    unit = text("计价单位", "unit", optional=True)
    price = rate("单价", "price", "元", optional=True)
    fee_class = code("收费类别", "fee class", FEE_CLASS, optional=True)
    step = code("诊疗环节", "step of care; by fee class where empty", STEP, optional=True)
    minutes = measured("操作时间", "time taken", unit="分钟", optional=True)
    equivalence = measured("成本当量", "equivalence: how many times the cost of the reference item", unit="当量", optional=True)
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)


class DrugItem(Table, zh="药品目录", en="drug item", key="item since", grain="org", source=True):
    """药品：国家编码、规格与进价 · Drugs: their national codes, pack and purchase price."""

    item = code("药品编码", "the hospital's own drug code")
    name = text("药品名称", "name")
    national = code("医保药品编码", "national code of 23 characters", optional=True)
    specification = text("规格", "specification", optional=True)
    form = text("剂型", "dosage form", optional=True)
    unit = text("计价单位", "unit", optional=True)
    price = rate("单价", "price", "元", optional=True)
    cost = rate("进价", "purchase price", "元", optional=True)
    fee_class = code("收费类别", "fee class", FEE_CLASS, optional=True)
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)


class Consumable(Table, zh="卫生材料目录", en="consumable", key="item since", grain="org", source=True):
    """卫生材料：C 码、是否单独收费、高值与进价 · Consumables: C code, separately charged or not, high value, purchase price."""

    item = code("材料编码", "the hospital's own material code")
    name = text("材料名称", "name")
    national = code("医保耗材编码", "national code: C and 19 digits", optional=True)
    specification = text("规格", "specification", optional=True)
    maker = text("生产企业", "maker", optional=True)
    unit = text("计价单位", "unit", optional=True)
    price = rate("单价", "price", "元", optional=True)
    cost = rate("进价", "purchase price", "元", optional=True)
    charged = flag("收费标志", "separately charged", optional=True)
    high_value = flag("高值标志", "high value", optional=True)
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)
