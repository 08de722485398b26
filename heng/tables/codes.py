"""各表共用的编码及其中英文 · Code lists that tables share, each code with its Chinese and English words.

Source of classes, cost items and scopes: 国卫财务发〔2021〕4号 公立医院成本核算规范.
"""

CATEGORY = {
    "clinical": ("临床服务类", "clinical"),
    "medtech": ("医疗技术类", "medical technology"),
    "support": ("医疗辅助类", "medical support"),
    "admin": ("行政后勤类", "administration and logistics"),
    "common": ("公共成本池", "common cost pool"),
    "outside": ("未纳入核算", "outside costing"),
}
SETTING = {"outpatient": ("门诊", "outpatient"), "inpatient": ("住院", "inpatient"), "none": ("不分", "not split")}
ITEM = {
    "staff": ("人员经费", "staff"),
    "material": ("卫生材料费", "medical consumables"),
    "drug": ("药品费", "drugs"),
    "depreciation": ("固定资产折旧费", "depreciation"),
    "amortisation": ("无形资产摊销费", "amortisation"),
    "risk": ("提取医疗风险基金", "malpractice risk provision"),
    "other": ("其他运行费用", "other operating"),
}
FUND = {
    "own": ("自有资金", "own funds"),
    "fiscal": ("财政项目拨款", "fiscal project"),
    "research": ("科教项目", "research and teaching project"),
    "other": ("其他资金", "other funds"),
}
BEHAVIOUR = {"fixed": ("固定", "fixed"), "variable": ("变动", "variable")}
DRIVER = {
    "01": ("平均职工人数", "average staff"),
    "02": ("面积", "floor area"),
    "03": ("工作量", "workload"),
    "04": ("工时", "working hours"),
    "05": ("内部服务量", "internal service"),
    "06": ("开单收入", "income ordered"),
    "income": ("开单收入合计", "all income ordered"),
    "visits": ("门急诊人次", "visits"),
    "bed_days": ("实际占用床日", "occupied bed-days"),
    "discharges": ("出院人次", "discharges"),
    "material": ("卫生材料费", "consumables cost"),
    "share": ("多科室人员工作量", "measured work of shared people"),
}
"""常用分摊参数的名称；医院自己的参数以名为码 · Names of the usual drivers; a hospital's own driver is its own name."""
BUCKET = {
    "dir": ("直接成本", "direct"),
    "dir_man": ("分摊管理", "administration"),
    "indir_ass_man": ("管理→医辅", "administration via support"),
    "indir_med_man": ("管理→医技", "administration via medical technology"),
    "indir_ass_med_man": ("管理→医辅→医技", "administration via support via medical technology"),
    "dir_ass": ("分摊医辅", "support"),
    "indir_med_ass": ("医辅→医技", "support via medical technology"),
    "dir_med": ("分摊医技", "medical technology"),
}
SCOPE = {
    "operating": ("医疗业务成本", "medical operating cost"),
    "medical": ("医疗成本", "medical cost"),
    "medical_full": ("医疗全成本", "full medical cost"),
    "hospital_full": ("医院全成本", "full hospital cost"),
}
MEASURE = {
    "visit": ("门急诊人次", "visits"),
    "bed_day": ("实际占用床日", "occupied bed-days"),
    "work": ("医技工作量", "medical technology workload"),
    "month": ("月", "month"),
    "piece": ("件", "piece"),
}
FAMILY = {
    "required": ("必填", "required"),
    "type": ("类型", "type"),
    "domain": ("值域", "domain"),
    "reference": ("引用", "reference"),
    "logic": ("逻辑", "logic"),
    "reconciliation": ("勾稽", "reconciliation"),
    "outlier": ("异常值", "outlier"),
    "freshness": ("及时性", "freshness"),
}
OUTCOME = {
    "pass": ("通过", "pass"),
    "pass_with_failures": ("通过但有问题行", "pass with failures"),
    "fail": ("不通过", "fail"),
    "not_applicable": ("不适用", "not applicable"),
    "error": ("检查出错", "error"),
}
SEVERITY = {"error": ("错误", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")}
STANDARD_METHOD = {
    "written": ("按所填代码", "by the code as written"),
    "extension": ("扩展编码", "extension code"),
    "suggested": ("仅有建议，待确认", "only a suggestion, to be confirmed"),
    "none": ("未对照", "not mapped"),
}
SUBJECT_METHOD = {
    "own": ("本院成本项目字典", "the hospital's own dictionary"),
    "chart": ("科目表编码", "code in the chart of accounts"),
    "name": ("名称", "name"),
    "none": ("未对照", "not mapped"),
}
