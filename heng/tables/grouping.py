"""病例入组 · The group of every finished stay under every grouping scheme that is switched on, and why."""

from heng.core.table import Table, code, flag, number, text
from heng.tables.codes import CASE_SEVERITY, GROUPING


class Grouping(Table, zh="病例入组", en="grouping of a case", key="encounter pack"):
    """一次住院在一个方案下的组 · The group of a stay under a scheme. `pays`: whether this scheme pays."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    pack = code("分组方案", "grouping scheme and edition")
    pays = flag("是否用于付费", "whether this is the scheme that pays")
    status = code("入组状态", "what became of the case", GROUPING)
    mdc = code("主要诊断大类", "major category", optional=True)
    adrg = code("核心病组", "ADRG", optional=True)
    drg = code("病组", "group; empty where the case is in none", optional=True)
    severity = code("严重程度", "severity of the other diagnoses", CASE_SEVERITY)
    why = text("原因码", "reason codes, step by step")
    given = code("首页所填病组", "group that the discharge record gives", optional=True)
