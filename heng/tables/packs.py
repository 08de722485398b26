"""病组方案 · Grouping schemes that a region holds: each edition is a pack, told by `pack`, one for all its hospitals.

`heng load` writes them out of the folder or workbook of a scheme; `payment.group_cases` groups by them, and by the catalogues
of DIP `payment.dip_match`.
"""

from heng.core.table import Table, count, day, flag, measured, money, number, rate, text
from heng.core.table import code as coded  # a column here is called code
from heng.tables.codes import CODED, DIP_LIST, DIP_PART, GROUP_KIND, GROUP_LEVEL, SEVERITY_LEVEL

PACK = coded("分组方案", "grouping scheme and edition")


class Edition:
    """DRG 与 DIP 方案都写的 · What an edition of any scheme tells of itself."""

    pack = PACK
    scheme = text("方案", "scheme")
    edition = text("版本", "edition", optional=True)
    since = day("启用日期", "in force from", optional=True)
    until = day("停用日期", "in force until", optional=True)
    document = text("依据文件", "document", optional=True)
    sha256 = text("文件指纹", "sha256 of its files")


class Pack(Edition, Table, zh="分组方案", en="grouping scheme", key="pack", grain="region"):
    """一个方案的一个版本 · One edition of a scheme: what it is, in force from when to when, by which document."""

    any_op = flag("任一手术操作都算", "whether lists of procedures match any procedure of a case, not the principal one alone")


class PackGroup(Table, zh="方案的组", en="group of a scheme", key="pack level code", grain="region"):
    """一个组及其条件 · A group, when a case belongs to it, and its place among its siblings."""

    pack = PACK
    level = coded("层级", "level", GROUP_LEVEL)
    code = text("组编码", "code of the group")
    name = text("组名称", "name of the group", optional=True)
    parent = text("上级组", "group one level up", optional=True)
    rank = number("次序", "place in the official order")
    rule = text("条件", "rule; empty: always", optional=True)
    kind = coded("类型", "what drives the group", GROUP_KIND)


class PackMember(Table, zh="方案的集合", en="set of a scheme", key="pack set code", grain="region"):
    """规则用到的一个集合里的一个编码 · A code of a set that rules name, or of a list of codes that do not group."""

    pack = PACK
    set = text("集合", "set")
    code = text("编码", "code")


class PackSeverity(Table, zh="方案的并发症", en="severity of a diagnosis", key="pack code", grain="region"):
    """算作 MCC 或 CC 的其他诊断 · A diagnosis that counts as MCC or CC where it is not the principal one."""

    pack = PACK
    code = text("诊断编码", "diagnosis")
    level = coded("程度", "MCC or CC", SEVERITY_LEVEL)
    exclusion_table = text("排除表", "exclusion table", optional=True)


class PackExclusion(Table, zh="方案的排除表", en="exclusion of a principal diagnosis", key="pack code", grain="region"):
    """主要诊断排除哪张表里的并发症 · The table of diagnoses whose severity a principal diagnosis excludes."""

    pack = PACK
    code = text("主要诊断编码", "principal diagnosis")
    exclusion_table = text("排除表", "exclusion table")


class PackConversion(Table, zh="方案的编码对照", en="conversion of codes", key="pack kind code", grain="region"):
    """国临编码对应的医保编码 · The insurance code that stands for a clinical one."""

    pack = PACK
    kind = coded("类别", "diagnosis or procedure", CODED)
    code = text("国临编码", "clinical code")
    to = text("医保编码", "insurance code")


class PackWeight(Table, zh="方案的权重", en="weight of a group", key="pack group insurance since", grain="region"):
    """一个组的权重，可分险种 · What a group weighs from a day on, for one insurance or for all."""

    pack = PACK
    group = coded("病组", "group")
    insurance = text("险种", "insurance; empty: all")
    since = day("启用日期", "in force from")
    weight = rate("权重", "weight", "权重")
    mean_fee = money("例均费用", "mean fee", optional=True)
    mean_days = measured("平均住院日", "mean days in hospital", "天", optional=True)
    low = rate("低倍率", "low-cost limit, times the standard", "倍", optional=True)
    high = rate("高倍率", "high-cost limit, times the standard", "倍", optional=True)
    primary = flag("是否基层病组", "whether paid alike in hospitals of every level")


class DipEdition(Edition, Table, zh="DIP 方案", en="DIP scheme", key="pack", grain="region"):
    """一个 DIP 目录的一个版本 · One edition of a catalogue of DIP: what it is, in force from when to when, by which document."""


class DipEntry(Table, zh="DIP 方案的病种", en="disease of a DIP scheme", key="pack code", grain="region"):
    """一个病种及其条件 · A disease and when a case belongs to it; codes as the catalogue writes them: + all of, | any of."""

    pack = PACK
    code = text("病种编码", "code of the disease")
    rank = number("次序", "place in the catalogue")
    part = coded("层次", "part of the catalogue", DIP_PART)
    name = text("病种名称", "name of the disease", optional=True)
    dx = text("主要诊断", "principal diagnosis: codes, their first characters, ranges, or * for any")
    any_dx = flag("不限主要诊断", "whether any diagnosis may be it")
    ops = text("手术操作", "procedures; empty: none may be", optional=True)
    free = flag("不看手术操作", "whether procedures do not matter")
    any_op = flag("不限主要手术操作", "whether any procedure may be it")
    related_ops = text("相关手术操作", "what other procedures must be there", optional=True)
    other_dx = text("其他诊断", "what another diagnosis must be", optional=True)
    days_from = count("天龄从", "age in days from", unit="天", optional=True)
    days_until = count("天龄到", "age in days until", unit="天", optional=True)
    grams_from = count("体重从", "weight from", unit="克", optional=True)
    grams_until = count("体重到", "weight until", unit="克", optional=True)
    resistant = flag("是否耐药", "whether the tuberculosis resists drugs; empty: it does not matter", optional=True)
    difference = text("区分项", "what else the key tells", optional=True)
    primary = flag("是否基层病种", "whether paid alike in hospitals of every level")
    place = text("在文件何处", "sheet and row", optional=True)


class DipCode(Table, zh="DIP 方案的编码清单", en="listed code of a DIP scheme", key="pack list code", grain="region"):
    """不纳入分组的编码与耐药诊断 · A code that does not group, or a diagnosis that says that a tuberculosis resists drugs."""

    pack = PACK
    list = coded("清单", "list", DIP_LIST)
    code = text("编码", "code")
    conservative = flag("按保守治疗入组", "whether a case with it is grouped as treated without procedures", optional=True)
    unless = text("除非主要诊断为", "principal diagnoses with which it may be the principal procedure", optional=True)
