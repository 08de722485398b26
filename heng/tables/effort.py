"""作业、时间方程、产能与标准成本 · Activities, time equations, capacity and adopted standards. All are loaded from files.

Source: Kaplan & Anderson (time-driven ABC); 国卫财务发〔2021〕4号 作业成本法：资源动因、作业动因.
"""

from heng.core.table import Table, code, day, measured, rate, text
from heng.tables.codes import ITEM, SCHEME


class ResourceUse(Table, zh="资源动因", en="resource use", key="dept item activity file row", source=True):
    """一种资源（成本项目）被各作业用了多少 · How much of a department's resource (a cost item) each activity used."""

    dept = code("科室编码", "department code", of="dept")
    item = code("成本项目", "cost item; empty for all items alike", ITEM, optional=True)
    activity = text("作业", "activity")
    quantity = measured("资源动因量", "amount of the resource driver, such as hours", unit="按动因")


class ActivityUse(Table, zh="作业动因", en="activity use", key="dept activity item file row", source=True):
    """一项作业为各项目做了多少 · How much of an activity each service item took."""

    dept = code("科室编码", "department code", of="dept")
    activity = text("作业", "activity")
    item = code("项目编码", "service item")
    quantity = measured("作业动因量", "amount of the activity driver, such as tests or hours", unit="按动因")
    weight = measured("权重", "weight of one unit; 1 where empty", unit="1", optional=True)


class Capacity(Table, zh="产能", en="capacity", key="dept file row", source=True):
    """科室本月可提供的工作时间 · Working time that a department could give in the month."""

    dept = code("科室编码", "department code", of="dept")
    minutes = measured("理论产能", "theoretical capacity", unit="分钟")
    practical = measured("实际产能", "practical capacity; a share of the theoretical where empty", unit="分钟", optional=True)


class TimeTerm(Table, zh="时间方程", en="time equation term", key="dept item term since", grain="org", source=True):
    """时间方程的一项：基本耗时，或出现某情形时多用的时间 · One term of a time equation: the basic time, or the time a feature adds."""

    dept = code("科室编码", "department code", of="dept")
    item = code("项目编码", "service item")
    term = text("情形", "feature that takes the time; 基本 for the basic time of every unit")
    minutes = measured("单位耗时", "time taken each time", unit="分钟")
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)


class TermCount(Table, zh="情形次数", en="feature count", key="dept item term file row", source=True):
    """本月每种情形出现了几次 · How often each feature of a time equation occurred in the month."""

    dept = code("科室编码", "department code", of="dept")
    item = code("项目编码", "service item")
    term = text("情形", "feature")
    quantity = measured("次数", "times", unit="次")


class StandardService(Table, zh="项目标准成本", en="standard of a service", key="dept item since", grain="org", source=True):
    """一个项目被采纳的标准：耗时、单价与计划量 · The adopted standard of a service: time, cost and planned quantity."""

    dept = code("科室编码", "department code", of="dept")
    item = code("项目编码", "service item")
    quantity = measured("计划数量", "planned quantity of a month", unit="按项目")
    minutes = measured("标准耗时", "standard time", unit="分钟", optional=True)
    minute_cost = rate("标准费率", "standard cost of a minute, or of a unit where no time is set", "元")
    capacity = measured("计划产能", "planned practical capacity of the department", unit="分钟", optional=True)
    document = text("依据文件", "document")
    edition = text("版本", "edition", optional=True)
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)


class StandardGroup(Table, zh="病组标准成本", en="standard of a group", key="scheme group since", grain="org", source=True):
    """一个病种或病组被采纳的标准成本 · The adopted standard cost of a case of a disease or group."""

    scheme = code("分组方案", "grouping", SCHEME)
    group = code("病组", "disease or group")
    cases = measured("计划例数", "planned cases of a month", unit="例")
    amount = rate("标准成本", "standard cost of a case", "元")
    document = text("依据文件", "document")
    edition = text("版本", "edition", optional=True)
    since = day("启用日期", "valid from")
    until = day("停用日期", "valid until", optional=True)
