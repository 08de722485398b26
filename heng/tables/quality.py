"""数据有什么问题、谁来改 · What is wrong with the data, and who mends it by when."""

from heng.core.table import Table, code, count, day, flag, money, number, rate, text
from heng.tables.codes import BEHAVIOUR, CATEGORY, FAMILY, ITEM, OUTCOME, SEVERITY, STANDARD_METHOD, SUBJECT_METHOD


class SourceFile(Table, zh="来源文件", en="source file", key="file", grain="org"):
    """每个装入的工作表 · Every sheet that was loaded: where each row of the region comes from."""

    file = code("来源文件", "file and sheet id")
    name = text("文件名", "file name")
    sheet = text("工作表", "sheet")
    table = code("表", "table it was loaded into")
    months = text("涉及月份", "months it covers")
    loaded = count("装入行数", "rows loaded", unit="行")
    rejected = count("退回行数", "rows sent back", unit="行")


class Finding(Table, zh="装入问题", en="finding", key="file row column reason_zh", grain="org"):
    """装入时发现的问题，逐行逐列 · What intake found wrong, row by row and column by column."""

    file = code("来源文件", "source file and sheet", of="file")
    row = number("行号", "row in the sheet; 0 for the whole sheet")
    column = text("列", "column")
    value = text("原值", "value as written; it may be a patient's number", optional=True, private=True)
    severity = code("程度", "severity", SEVERITY)
    reason_zh = text("原因", "reason in Chinese")
    reason_en = text("原因（英文）", "reason in English")
    mend_zh = text("怎么改", "how to mend, in Chinese")
    mend_en = text("怎么改（英文）", "how to mend, in English")


class CheckResult(Table, zh="质量检查结果", en="check result", key="check"):
    """每项检查的结论与分母 · The outcome of every check with its denominator, owner and due date."""

    check = code("检查编号", "check id")
    name_zh = text("检查内容", "what is checked, in Chinese")
    name_en = text("检查内容（英文）", "what is checked, in English")
    family = code("类别", "family", FAMILY)
    table = code("表", "table")
    severity = code("程度", "severity", SEVERITY)
    outcome = code("结论", "outcome", OUTCOME)
    checked = count("检查行数", "rows checked", unit="行")
    failed = count("问题行数", "rows that fail", unit="行")
    threshold = rate("允许比例", "share of failing rows allowed", unit="1")
    owner = text("责任部门", "owner")
    due = day("整改期限", "due date", optional=True)
    note = text("说明", "why not applicable, or what went wrong", optional=True)


class CheckFailure(Table, zh="质量问题行", en="check failure", key="check file row value"):
    """每一个不合格的行 · Every failing row, exportable."""

    check = code("检查编号", "check id")
    file = code("来源文件", "source file and sheet; empty when the month as a whole fails", of="file")
    row = number("行号", "row in the sheet; 0 when the month as a whole fails")
    column = text("列", "column")
    value = text("值", "value, or the two sides that differ; it may be a patient's number", private=True)
    reason_zh = text("原因", "reason in Chinese")
    reason_en = text("原因（英文）", "reason in English")
    mend_zh = text("怎么改", "how to mend, in Chinese")
    mend_en = text("怎么改（英文）", "how to mend, in English")


class HiddenCost(Table, zh="隐性成本完整性", en="hidden cost", key="hidden dept"):
    """小医院常漏的成本：有没有记、估计多少 · Costs that small hospitals leave out: recorded or not, and an estimate kept apart."""

    hidden = code("隐性成本", "hidden cost")
    name_zh = text("名称", "name in Chinese")
    name_en = text("名称（英文）", "name in English")
    dept = code("科室编码", "department code; empty for the hospital", of="dept")
    recorded = money("已记金额", "amount recorded", optional=True)
    imputed = money("估算金额", "estimated amount, never added to cost", optional=True)
    is_imputed = flag("是否估算", "whether an estimate is given")
    basis = text("估算依据", "how it was estimated")


class DepartmentStandard(Table, zh="科室标准对照", en="department standard", key="dept"):
    """每个科室对应的国家诊疗科目或扩展编码 · The national clinical subject or extension code of every department."""

    dept = code("科室编码", "department code", of="dept")
    name = text("科室名称", "department name")
    category = code("科室类别", "department class", CATEGORY, optional=True)
    written = text("原填代码", "code as written", optional=True)
    standard = code("标准代码", "standard code, such as 03.01, or an extension, such as Z1.04", optional=True)
    standard_name = text("标准名称", "standard name", optional=True)
    method = code("对照方式", "how it was found", STANDARD_METHOD)
    ambiguous_before = flag("对照前是否有歧义", "whether code and name as written could not be told apart or understood")
    ambiguous_after = flag("对照后是否有歧义", "whether it still has no standard code")
    suggestion = code("建议代码", "suggested code, for a person to confirm", optional=True)
    suggestion_name = text("建议名称", "suggested name", optional=True)
    similarity = rate("名称相似度", "likeness of the two names", unit="1", optional=True)


class SubjectStandard(Table, zh="科目标准对照", en="subject standard", key="subject name"):
    """每个科目归哪个成本项目、依据什么、名称是否另有所指 · The cost item of every subject, by what, and whether its name says another."""

    subject = code("科目编码", "subject as booked")
    name = text("科目名称", "subject name; empty when none is given")
    item = code("成本项目", "cost item", ITEM, optional=True)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR, optional=True)
    excluded = text("不计入原因", "why it is not a cost; empty when it is", optional=True)
    method = code("对照方式", "how it was found", SUBJECT_METHOD)
    suggestion = code("名称所指", "cost item that the name suggests", ITEM, optional=True)
    nearest = text("最相近名称", "nearest name of the charts when nothing else was found", optional=True)
    similarity = rate("名称相似度", "likeness of the two names", unit="1", optional=True)
    is_misposted = flag("疑似记错", "whether the name suggests another item than the one booked")
    lines = count("笔数", "lines booked in the month", unit="笔")
    amount = money("金额", "amount booked in the month")


class FormFinding(Table, zh="报表勾稽问题", en="form finding", key="identity report sheet line"):
    """报表里对不上的恒等式，指明报表与单元格 · Identities of a filed form that do not hold, with report and cells."""

    identity = code("勾稽关系", "identity")
    report = code("报表", "report")
    sheet = code("工作表", "sheet")
    line = code("行次或栏次", "the line (or the column, for identities down a column)")
    cells = text("涉及单元格", "the cells that take part, with their values")
    expected = rate("应为", "what the identity gives", unit="按报表")
    value = rate("填报", "what was filed", unit="按报表")
    difference = rate("差额", "filed minus expected", unit="按报表")
    reason_zh = text("原因", "reason in Chinese")
    reason_en = text("原因（英文）", "reason in English")
    mend_zh = text("怎么改", "how to mend, in Chinese")
    mend_en = text("怎么改（英文）", "how to mend, in English")
