"""各表共用的编码及其中英文 · Code lists that tables share, each code with its Chinese and English words.

Source of classes, cost items and scopes: 国卫财务发〔2021〕4号 公立医院成本核算规范.
"""

from heng.tables.payment_codes import *  # noqa: F403 - given on: whoever looks for a code list looks here

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
FEE_CLASS = {
    "01": ("床位费", "bed"),
    "02": ("诊察费", "consultation"),
    "03": ("检查费", "examination"),
    "04": ("化验费", "laboratory"),
    "05": ("治疗费", "treatment"),
    "06": ("手术费", "surgery"),
    "07": ("护理费", "nursing"),
    "08": ("卫生材料费", "consumables"),
    "09": ("西药费", "western drugs"),
    "10": ("中药饮片费", "herbal pieces"),
    "11": ("中成药费", "patent medicine"),
    "12": ("一般诊疗费", "general consultation"),
    "13": ("挂号费", "registration"),
    "14": ("其他费", "other"),
}
"""收费项目类别 · The national classes of fees (医保 med_chrgitm_type)."""
STEP = {
    "registration": ("挂号", "registration"),
    "waiting": ("候诊", "waiting"),
    "consultation": ("诊察", "consultation"),
    "exam": ("检查", "examination"),
    "lab": ("检验", "laboratory"),
    "treatment": ("治疗", "treatment"),
    "surgery": ("手术", "surgery"),
    "anaesthesia": ("麻醉", "anaesthesia"),
    "ward": ("病房床日", "ward bed-day"),
    "icu": ("重症监护", "intensive care"),
    "nursing": ("护理", "nursing"),
    "pharmacy": ("取药", "drugs"),
    "material": ("耗材", "consumables"),
    "other": ("其他", "other"),
}
"""诊疗环节，也是服务单元 · Steps of care; as service units they carry the cost-to-income ratios."""
KIND = {"service": ("服务项目", "service"), "drug": ("药品", "drug"), "material": ("单独收费卫生材料", "separately charged consumable")}
CARE = {"outpatient": ("门诊", "outpatient"), "inpatient": ("住院", "inpatient"), "day": ("日间", "day case")}
STATUS = {
    "finished": ("已完成", "finished"),
    "open": ("在院未结", "still in hospital"),
    "no_record": ("只有收费，没有就诊记录", "charges without a record of the visit"),
}
ITEM_METHOD = {
    "income": ("收入比例系数法", "ratio by income"),
    "time": ("操作时间比例系数法", "ratio by operating time"),
    "workload": ("工作量比例系数法", "ratio by workload"),
    "equivalence": ("成本当量法", "equivalence"),
    "abc": ("作业成本法", "activity-based costing"),
    "tdabc": ("估时作业成本法", "time-driven activity-based costing"),
}
PATIENT_METHOD = {
    "bottom_up": ("自下而上", "bottom-up"),
    "top_down": ("自上而下", "top-down"),
    "by_ratio": ("成本收入比", "cost-to-income ratio"),
    "given": ("医院自报", "given by the hospital"),
}
UNMATCHED = {
    "no_patient": ("收费没有对应患者", "charged to no patient"),
    "no_charge": ("没有收费项目承担", "borne by no charged service"),
    "unused_capacity": ("未使用的能力", "unused capacity"),
    "issued_not_billed": ("已领用未计价", "issued but not billed"),
    "billed_not_issued": ("已计价未领用", "billed but not issued"),
}
CONFIDENCE = {
    "A": ("高：逐项归集，匹配充分", "high: costed line by line, nearly all matched"),
    "B": ("中：逐项归集，部分未匹配", "medium: costed line by line, partly matched"),
    "C": ("低：按收入或床日推算", "low: worked out from income or days"),
}
SCHEME = {
    "diagnosis": ("主要诊断", "principal diagnosis"),
    "drg": ("DRG 组", "DRG"),
    "dip": ("DIP 病种", "DIP group"),
}
EXCLUDED = {
    "": ("计入", "counted"),
    "uncosted": ("没有成本", "without a cost"),
    "ungrouped": ("未入组", "in no group"),
    "long_stay": ("住院天数超限", "too long a stay"),
    "low_cost": ("成本过低", "too low a cost"),
}
"""病例不计入病组成本的原因 · Why a case does not count in the cost of its group."""
EFFECT = {
    "price": ("价格", "price"),
    "volume": ("业务量", "volume"),
    "mix": ("结构", "mix"),
    "efficiency": ("效率（耗时）", "efficiency (time)"),
    "capacity": ("能力利用", "capacity"),
}
OBJECT = {"service": ("项目", "service")} | SCHEME
"""标准成本的对象 · What a standard may be of."""
PROPOSED = OBJECT | {"step": ("诊疗环节", "step of care")}
BASIS = {"quartile": ("最优四分位", "best quartile"), "tdabc": ("时间方程", "time equation")}
JUDGEMENT = {
    "inside": ("区间内", "inside the band"),
    "outside": ("区间外", "outside the band"),
    "uncertain": ("不能确定", "not certain: the interval crosses an edge"),
}
ROLE = {
    "accountant": ("成本会计", "cost accountant"),
    "head": ("科主任", "head of department"),
    "president": ("院长", "president"),
    "it": ("信息科", "IT department"),
    "finance": ("财务科", "finance department"),
    "medical": ("医务科", "medical affairs"),
    "commission": ("卫健委", "health commission"),
    "insurance": ("医保局", "insurance bureau"),
    "supervisor": ("监督委员", "supervisory committee"),
    "public": ("公众", "the public"),
    "system_admin": ("系统管理员", "system administrator"),
    "security_admin": ("安全管理员", "security administrator"),
    "audit_admin": ("审计管理员", "audit administrator"),
}
