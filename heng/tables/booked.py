"""各系统记下的钱 · Money that a hospital's systems have booked, before any sharing out. All are loaded from files."""

from heng.core.table import Table, code, day, flag, measured, money, text
from heng.tables.codes import FUND


class LedgerBalance(Table, zh="总账科目发生额", en="ledger balance", key="subject fund file row", source=True):
    """财务总账各费用科目本月发生额：勾稽的依据 · Expense accounts of the general ledger: what everything must tie to."""

    subject = code("科目编码", "account code")
    subject_name = text("科目名称", "account name", optional=True)
    fund = code("资金来源", "fund source", FUND)
    amount = money("本期发生额", "amount of the month")


class CostBooking(Table, zh="成本归集", en="cost booking", key="dept subject fund file row", source=True):
    """已按科室归集的成本 · Cost already booked by department and subject."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    subject = code("成本项目编码", "subject code")
    subject_name = text("成本项目名称", "subject name", optional=True)
    fund = code("资金来源", "fund source", FUND)
    amount = money("金额", "amount")
    voucher = text("凭证号", "voucher", optional=True)


class Salary(Table, zh="工资表", en="salary", key="staff_no file row", source=True):
    """工资、奖金、社保、公积金 · Pay of each person in the month, by the department that pays."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    staff_no = text("职工编码", "staff number", private=True)
    staff_name = text("姓名", "name", private=True, optional=True)
    staff_class = text("职工分类", "staff class", optional=True)
    basic = money("基本工资", "basic pay", optional=True)
    allowance = money("津贴补贴", "allowances", optional=True)
    bonus = money("绩效工资", "performance pay", optional=True)
    insurance = money("社会保障缴费", "social insurance", optional=True)
    housing = money("住房公积金", "housing fund", optional=True)
    amount = money("应发合计", "total cost of the person")
    fund = code("资金来源", "fund source", FUND)


class Material(Table, zh="材料消耗", en="material use", key="dept material file row", source=True):
    """材料领用（计价与不计价） · Consumables issued to departments."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    material_class = text("材料分类", "material class", optional=True)
    material = code("材料编码", "material code", optional=True)
    material_name = text("材料名称", "material name", optional=True)
    charged = flag("收费标志", "separately charged", optional=True)
    quantity = measured("数量", "quantity", unit="件", optional=True)
    amount = money("金额", "amount")
    fund = code("资金来源", "fund source", FUND)


class DrugUse(Table, zh="药品消耗", en="drug use", key="dept drug_class file row", source=True):
    """药品按购入成本 · Drugs used, at purchase cost."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    drug_class = text("药品类别", "drug class", optional=True)
    amount = money("金额", "amount")
    fund = code("资金来源", "fund source", FUND)


class Depreciation(Table, zh="折旧摊销明细", en="depreciation", key="dept asset_class fund file row", source=True):
    """固定资产折旧与无形资产摊销 · Depreciation and amortisation charged to departments."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    asset_class = text("资产分类", "asset class")
    intangible = flag("是否无形资产", "intangible")
    fund = code("资金来源", "fund source", FUND)
    amount = money("折旧额", "amount")


class Asset(Table, zh="资产卡片", en="asset card", key="card file row", grain="org", source=True):
    """固定资产与无形资产卡片 · Cards of tangible and intangible assets."""

    card = code("卡片号", "card number")
    name = text("资产名称", "asset name")
    asset_class = text("资产分类", "asset class", optional=True)
    dept = code("科室编码", "using department", of="dept", optional=True)
    cost = money("原值", "acquisition cost")
    acquired = day("启用年月", "in use from")
    disposed = day("停用年月", "disposed", optional=True)
    life_years = measured("折旧年限", "useful life", unit="年", optional=True)
    fund = code("资金来源", "fund source", FUND)


class OtherCost(Table, zh="其他费用", en="other cost", key="dept subject fund file row", source=True):
    """医疗风险基金与其他运行费用 · Risk provision and other operating cost by department."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    subject = code("成本项目编码", "subject code")
    subject_name = text("成本项目名称", "subject name", optional=True)
    fund = code("资金来源", "fund source", FUND)
    amount = money("金额", "amount")


class Budget(Table, zh="科室成本预算标准", en="budget standard", key="dept item detail since", grain="org", source=True):
    """每科室每成本项目的上限，须注明依据文件 · Cap per department and cost item, dated, with the document that sets it."""

    dept = code("科室编码", "department code", of="dept")
    item = code("成本项目分类", "cost item")
    detail = text("明细分类", "class inside the item, such as a material class; empty for the whole item")
    basis = code("计量单位", "standard per month, visit, bed-day, workload or piece")
    planned_volume = measured("计划业务量", "planned volume in that basis", unit="按业务量", optional=True)
    standard = money("单位标准金额", "standard amount per unit of the basis")
    document = text("依据文件", "document that sets it")
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)
