"""机构、科室、科目字典 · Dictionaries: departments, cost subjects, and how local codes map to standard ones."""

from heng.core.table import Table, code, day, flag, text
from heng.tables.codes import BEHAVIOUR, CATEGORY, FUND, ITEM, SETTING


class Department(Table, zh="科室字典", en="department", key="dept since", grain="org", source=True):
    """一家医院的核算单元 · Cost centres of a hospital, valid from `since`; only leaves may carry cost."""

    dept = code("科室编码", "department code", of="dept")
    name = text("科室名称", "department name")
    category = code("科室类别", "department class", CATEGORY, optional=True)
    setting = code("门诊住院", "outpatient or inpatient", SETTING, optional=True)
    parent = code("上级科室编码", "parent department", of="dept", optional=True)
    leaf = flag("是否末级", "leaf")
    driver = code("分摊参数", "allocation driver of this department", of="driver", optional=True)
    national = code("诊疗科目代码", "national clinical subject code, as written", optional=True)
    disabled = flag("是否停用", "disabled")
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)


class DepartmentMap(Table, zh="科室对照", en="department map", key="local since", grain="org", source=True):
    """本地编码何时起对应哪个核算单元 · From which day a system's own department code means which cost centre."""

    local = code("本地科室编码", "local department code or name")
    system = text("来源系统", "source system", optional=True)
    dept = code("科室编码", "department code", of="dept")
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)


class Subject(Table, zh="成本项目字典", en="cost subject", key="subject since", grain="org", source=True):
    """医院自己的科目或成本项目 · The hospital's own accounts or cost items, mapped to the seven cost items."""

    subject = code("成本项目编码", "subject code")
    name = text("成本项目名称", "subject name")
    item = code("成本项目分类", "cost item", ITEM, optional=True)
    behaviour = code("成本习性", "cost behaviour", BEHAVIOUR, optional=True)
    fund = code("资金来源", "fund source", FUND, optional=True)
    excluded = text("不计入成本原因", "why it is not a cost", optional=True)
    leaf = flag("是否末级", "leaf")
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)
