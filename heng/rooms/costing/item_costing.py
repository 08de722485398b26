"""一个科室用一种方法核算 · What a method needs, and what it gives every service of a department.

Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本比例系数法、成本当量法、作业成本法; Kaplan & Anderson (time-driven ABC).
"""

import numpy as np

from heng.core.errors import Say
from heng.methods.abc import activity_based
from heng.methods.apportion import Integers, apportion
from heng.methods.tdabc import assigned_cost, time_driven
from heng.rooms.costing.centres import ITEMS, Centre, Choice
from heng.tables.codes import ITEM, ITEM_METHOD

METHODS = tuple(ITEM_METHOD)
WORDS = {
    "time": ("操作时间", "an operating time"),
    "equivalence": ("成本当量", "an equivalence"),
    "abc": ("作业动因", "an activity driver"),
    "tdabc": ("耗时", "a time"),
}
OVER = (
    "已用时间超过实际产能，每分钟成本按已用时间计",
    "more time was used than practical capacity allows; a minute costs what the minutes used share",
)


def costed(centre: Centre, method: str) -> Integers:
    """哪些项目有基数 · True for the services that the method can cost."""
    return centre.use.any(axis=0) if method == "abc" else centre.weight[method] > 0


def lacking(centre: Centre, method: str, rule: Choice) -> Say | None:
    """缺什么 · What the department lacks for the method; None when it can be used."""
    if centre.rows.stop == centre.rows.start:
        return "科室没有收费的服务项目", "the department charges no services"
    if method == "tdabc" and centre.practical <= 0:
        return "没有产能数据", "its capacity is not known"
    if method == "abc" and (said := _without_resource(centre)):
        return said
    has, income = costed(centre, method), centre.weight["income"]
    if not has.any():
        zh, en = WORDS.get(method, ("收入", "income"))
        return f"没有一个项目有{zh}", f"no service has {en}"
    share = (int(income[has].sum()), int(income.sum()))
    if method in WORDS and share[0] < rule.coverage * share[1]:
        zh, en = WORDS[method]
        percent = 100 * share[0] // share[1]
        return f"有{zh}的项目只占收入的 {percent}%", f"services with {en} make up only {percent}% of the income"
    return None


def _without_resource(centre: Centre) -> Say | None:
    if not centre.resource.size:
        return "没有资源动因与作业动因", "there are no resource and activity drivers"
    for n in np.flatnonzero((centre.pool != 0) & ~centre.resource.any(axis=1)):
        zh, en = ITEM[ITEMS[n]]
        return f"{zh}没有资源动因", f"there is no resource driver for {en}"
    return None


def chosen(centre: Centre, dept: str, rule: Choice) -> tuple[str, str | None, list[Say]]:
    """选哪种方法 · Method wanted, method used, and what is to be said about it.

    What stands in is the first after it in the order of the policy whose data suffice.
    """
    wanted: str = rule.by_department.get(dept, rule.method)
    later = rule.order[rule.order.index(wanted) + 1 :] if wanted in rule.order else rule.order
    said = lacking(centre, wanted, rule)
    if said is None:
        return wanted, wanted, remarks(centre, wanted)
    used = next((m for m in later if lacking(centre, m, rule) is None), None)
    return wanted, used, [said, *(remarks(centre, used) if used else [])]


def remarks(centre: Centre, method: str) -> list[Say]:
    """用这种方法时要说明的 · What a reader must know of the method here: over capacity, times not known, services left without a cost."""
    said = [OVER] if method == "tdabc" and int(centre.weight["tdabc"].sum()) > centre.practical else []
    if method == "tdabc" and centre.untimed:
        zh, en = f"{centre.untimed} 个情形有次数而没有耗时，未计入", f"{centre.untimed} features counted have no time and are left out"
        said.append((zh, en))
    if missing := int((~costed(centre, method)).sum()):
        zh, en = WORDS.get(method, ("收入", "income"))
        said.append((f"{missing} 个项目没有{zh}，不计成本", f"{missing} services without {en} have no cost"))
    return said


def item_parts(centre: Centre, method: str) -> Integers:
    """各项目的成本 · part[7, M] of the pool in fen; what is missing from the pool went to no service."""
    if method == "abc":
        return activity_based(centre.pool, centre.resource, centre.use)
    if method == "tdabc":
        return time_driven(centre.pool, centre.weight["tdabc"], centre.practical)
    return apportion(centre.pool, centre.weight[method])


def variable_parts(variable: int, whole: int, part: Integers) -> Integers:
    """其中变动成本 · Of part[M], the variable fen, in the proportion of the pool; never more than a part of one sign."""
    weight, given = np.abs(part), int(part.sum())
    if not weight.any() or not whole:
        return np.zeros(len(part), np.int64)
    sign = -1 if (variable < 0) != ((given < 0) != (whole < 0)) else 1
    total = variable if given == whole else sign * int(assigned_cost(np.array([abs(variable)]), abs(given), abs(whole))[0])
    parts: Integers = apportion(np.array([total]), weight)[0]
    return parts
