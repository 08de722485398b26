"""同一批病例在几个版本下 · The same cases under several editions of a scheme: who moves where, at what price, and whether to switch.

Standards are compared at the same rate. `0000` is a case in no group.
"""

from heng.core.table import Table, code, count, money, number, rate, text

GATE = {
    "pass": ("通过", "pass"),
    "fail": ("不通过", "fail"),
    "too_few": ("例数不足", "too few cases"),
    "unknown": ("无返回可比", "no return to compare with"),
}


class EditionCase(Table, zh="病例版本对照", en="case in two editions", key="encounter pack"):
    """同一病例在付费版本与另一版本中的病组、权重与支付标准 · A case in the edition that pays and in another: group, weight, standard."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    pack = text("另一版本", "the other edition")
    dept = code("科室", "department", of="dept", optional=True)
    group = code("现组", "group now")
    to_group = code("新组", "group in the other edition")
    fee = money("医疗总费用", "all fees", optional=True)
    weight = rate("权重", "weight now", unit="权重", optional=True)
    new_weight = rate("新权重", "weight in the other edition; empty where it has none", unit="权重", optional=True)
    standard = money("支付标准", "standard now", optional=True)
    new_standard = money("新支付标准", "standard in the other edition, at the same rate", optional=True)
    change = money("变化", "change", optional=True, derived="new_standard - standard")


class Moved:
    """哪个病组去了哪里 · A group now, and where another edition puts its cases: what a row is about stands before its figures."""

    pack = text("另一版本", "the other edition")
    group = code("现组", "group now")
    to_group = code("新组", "group in the other edition")


class Touched:
    """换版影响到谁 · The other edition, and the department that it touches."""

    pack = text("另一版本", "the other edition")
    dept = code("科室", "department; empty when not known", of="dept")


class Compared:
    """两个版本并列的数 · Weight and standard of the same cases under two editions, where both are known."""

    cases = count("例数", "cases", unit="例")
    compared = count("可比例数", "cases with a standard in both editions", unit="例")
    weight = rate("总权重", "total weight now", unit="权重", optional=True)
    new_weight = rate("新版总权重", "total weight in the other edition", unit="权重", optional=True)
    standard = money("支付标准", "standards now", optional=True)
    new_standard = money("新版支付标准", "standards in the other edition, at the same rate", optional=True)
    change = money("变化", "change", optional=True, derived="new_standard - standard")


class EditionShift(Compared, Moved, Table, zh="版本变化", en="shift between editions", key="pack group to_group"):
    """同一批病例在另一版本中去了哪组 · Where the cases of a group go in another edition, and what their standards become."""


class PolicyEffect(Compared, Touched, Table, zh="政策影响", en="effect of a policy", key="pack dept"):
    """换版对各科室盈亏的影响 · What another edition does to each department's surplus or shortfall."""

    moved = count("换组例数", "cases in another group", unit="例")
    fee = money("医疗总费用", "fees of the cases compared", optional=True)
    cost = money("成本", "cost of the cases compared; empty while one is not known", optional=True)
    surplus = money("按费用的盈亏", "standards minus fees", optional=True, derived="standard - fee")
    new_surplus = money("新版按费用的盈亏", "the same in the other edition", optional=True, derived="new_standard - fee")
    margin = money("按成本的盈亏", "standards minus cost", optional=True, derived="standard - cost")
    new_margin = money("新版按成本的盈亏", "the same in the other edition", optional=True, derived="new_standard - cost")


class EditionGate(Table, zh="版本启用关", en="gate of an edition", key="pack"):
    """一个版本的分组与返回够不够一致，可否启用 · Whether an edition agrees with the returns well enough to be switched on."""

    pack = text("分组版本", "edition")
    outcome = code("结论", "outcome", GATE)
    months = count("比较月数", "months compared", unit="月", stock=True)
    cases = count("比较例数", "cases compared", unit="例", stock=True)
    least = count("至少例数", "cases needed", unit="例", stock=True)
    adrg_equal = count("ADRG 一致", "equal in ADRG", unit="例", stock=True)
    drg_equal = count("病组一致", "equal in the group", unit="例", stock=True)
    adrg_share = rate("ADRG 一致率", "agreement in ADRG", unit="1", optional=True, derived="ratio(adrg_equal, cases)")
    drg_share = rate("病组一致率", "agreement in the group", unit="1", optional=True, derived="ratio(drg_equal, cases)")
    adrg_line = rate("ADRG 门槛", "line for ADRG", unit="1")
    drg_line = rate("病组门槛", "line for the group", unit="1")
