"""就诊、病案首页与结算清单 · Visits, discharge records (病案首页) and settlement lists. All are loaded from files.

`visit` is the hospital's own number of one visit or stay (就诊流水号、住院号加次数); every feed names a visit by it.
Source of the fields: 病案首页（HQMS、国考、HIS 三套写法）与医保结算清单 4101.
"""

from heng.core.table import Table, code, count, moment, money, number, text
from heng.tables.codes import CARE, FEE_CLASS


class Visit(Table, zh="门诊就诊", en="outpatient visit", key="visit file row", source=True):
    """一次门急诊就诊 · One outpatient or emergency visit."""

    visit = text("就诊号", "number of the visit", private=True)
    patient = text("患者编号", "number of the patient", private=True, optional=True)
    dept = code("就诊科室编码", "department seen", of="dept")
    doctor = code("接诊医生编码", "doctor", optional=True)
    registered = moment("挂号时间", "registered at", optional=True)
    arrived = moment("报到时间", "arrived at", optional=True)
    seen = moment("接诊时间", "seen at", optional=True)
    left = moment("离院时间", "left at", optional=True)
    diagnosis = code("诊断编码", "diagnosis", optional=True)
    first = text("初诊复诊", "first or return visit", optional=True)


class Discharge(Table, zh="病案首页", en="discharge record", key="visit file row", source=True):
    """一次住院出院：首页的基本信息与 24 项费用 · One finished stay: the record's basic facts and its 24 fee items."""

    visit = text("病案号", "number of the stay", private=True)
    times = number("住院次数", "which stay of this patient it is", optional=True)
    patient = text("患者编号", "number of the patient", private=True, optional=True)
    sex = text("性别", "sex", optional=True)
    age = count("年龄", "age in years", unit="岁", optional=True)
    age_days = count("不足一岁年龄", "age in days of a child under one year", unit="天", optional=True)
    birth_weight = count("新生儿出生体重", "birth weight", unit="克", optional=True)
    mother = text("母亲病案号", "number of the mother's stay, for a newborn", private=True, optional=True)
    care = code("就诊类型", "inpatient or day case", CARE, optional=True)
    admitted = moment("入院时间", "admitted at")
    admission_dept = code("入院科别", "department of admission", of="dept", optional=True)
    transfer_depts = text("转科科别", "departments passed through", optional=True)
    discharged = moment("出院时间", "discharged at")
    dept = code("出院科别", "department of discharge", of="dept")
    days = count("实际住院天数", "days in hospital", unit="天", optional=True)
    doctor = code("主治医师编码", "doctor in charge", optional=True)
    way_out = text("离院方式", "way of leaving", optional=True)
    payer = text("医疗付款方式", "who pays", optional=True)
    diagnosis = code("主要诊断编码", "principal diagnosis", optional=True)
    diagnosis_name = text("主要诊断名称", "name of the principal diagnosis", optional=True)
    procedure = code("主要手术操作编码", "principal procedure", optional=True)
    procedure_name = text("主要手术操作名称", "name of the principal procedure", optional=True)
    drg = code("DRG 组", "DRG, where a file gives it", optional=True)
    dip = code("DIP 病种", "DIP group, where a file gives it", optional=True)
    total = money("住院总费用", "all fees")
    own_pay = money("自付金额", "paid by the patient", optional=True)
    general_medical = money("一般医疗服务费", "general medical service", optional=True)
    general_treatment = money("一般治疗操作费", "general treatment", optional=True)
    nursing = money("护理费", "nursing", optional=True)
    general_other = money("综合医疗服务其他费", "other general service", optional=True)
    pathology = money("病理诊断费", "pathology", optional=True)
    laboratory = money("实验室诊断费", "laboratory", optional=True)
    imaging = money("影像学诊断费", "imaging", optional=True)
    clinical_diagnosis = money("临床诊断项目费", "clinical diagnostics", optional=True)
    non_surgical = money("非手术治疗项目费", "non-surgical treatment", optional=True)
    physiotherapy = money("其中临床物理治疗费", "of which physiotherapy", optional=True)
    surgical = money("手术治疗费", "surgical treatment", optional=True)
    anaesthesia = money("其中麻醉费", "of which anaesthesia", optional=True)
    surgery = money("其中手术费", "of which surgery", optional=True)
    rehabilitation = money("康复费", "rehabilitation", optional=True)
    tcm = money("中医治疗费", "traditional Chinese treatment", optional=True)
    western_drug = money("西药费", "western drugs", optional=True)
    antimicrobial = money("其中抗菌药物费", "of which antimicrobials", optional=True)
    patent_drug = money("中成药费", "patent medicine", optional=True)
    herbal_drug = money("中草药费", "herbal medicine", optional=True)
    blood = money("血费", "blood", optional=True)
    albumin = money("白蛋白类制品费", "albumin", optional=True)
    globulin = money("球蛋白类制品费", "globulin", optional=True)
    coagulation = money("凝血因子类制品费", "coagulation factors", optional=True)
    cytokine = money("细胞因子类制品费", "cytokines", optional=True)
    exam_material = money("检查用一次性材料费", "consumables for examination", optional=True)
    treatment_material = money("治疗用一次性材料费", "consumables for treatment", optional=True)
    surgery_material = money("手术用一次性材料费", "consumables for surgery", optional=True)
    other = money("其他费", "other", optional=True)


class DiagnosisLine(Table, zh="诊断明细", en="diagnosis", key="visit rank file row", source=True):
    """一次就诊的每个诊断 · Every diagnosis of a visit, the principal one ranked 1."""

    visit = text("病案号", "number of the visit", private=True)
    rank = number("诊断序号", "rank of the diagnosis")
    diagnosis = code("诊断编码", "diagnosis")
    name = text("诊断名称", "name of the diagnosis", optional=True)
    on_admission = text("入院病情", "present on admission", optional=True)
    system = text("编码版本", "code system and edition", optional=True)


class ProcedureLine(Table, zh="手术操作明细", en="procedure", key="visit rank file row", source=True):
    """一次就诊的每个手术操作 · Every procedure of a visit, the principal one ranked 1."""

    visit = text("病案号", "number of the visit", private=True)
    rank = number("手术操作序号", "rank of the procedure")
    procedure = code("手术操作编码", "procedure")
    name = text("手术操作名称", "name of the procedure", optional=True)
    done = moment("手术操作日期", "done at", optional=True)
    level = text("手术级别", "level of surgery", optional=True)
    surgeon = code("术者编码", "surgeon", optional=True)
    anaesthesia = text("麻醉方式", "kind of anaesthesia", optional=True)
    system = text("编码版本", "code system and edition", optional=True)


class WardStay(Table, zh="转科记录", en="ward stay", key="visit began file row", source=True):
    """一次住院在每个科室（病房、ICU）的起止 · From when to when a stay was in each ward, intensive care included."""

    visit = text("病案号", "number of the stay", private=True)
    dept = code("所在科室编码", "department of the ward", of="dept")
    began = moment("转入时间", "moved in at")
    ended = moment("转出时间", "moved out at; empty while still there", optional=True)


class Settlement(Table, zh="结算清单", en="settlement list", key="settlement file row", source=True):
    """医保结算清单 4101 的表头 · The head of a settlement list: whose visit, when, and who paid how much."""

    settlement = text("结算编号", "number of the settlement", private=True)
    visit = text("就诊号", "number of the visit", private=True)
    record = text("病案号", "number of the discharge record", private=True, optional=True)
    patient = text("患者编号", "number of the patient", private=True, optional=True)
    care = code("就诊类型", "outpatient, inpatient or day case", CARE, optional=True)
    began = moment("结算开始日期", "settled from", optional=True)
    ended = moment("结算结束日期", "settled to", optional=True)
    payment = text("医保支付方式", "how the insurer pays", optional=True)
    total = money("医疗费总额", "all fees", optional=True)
    fund_pay = money("基金支付总额", "paid by the funds", optional=True)
    own_pay = money("个人自付", "paid by the patient inside the scheme", optional=True)
    outside_pay = money("个人自费", "paid by the patient outside the scheme", optional=True)
    account_pay = money("个人账户支付", "paid from the patient's account", optional=True)
    cash_pay = money("个人现金支付", "paid in cash", optional=True)


class SettlementFee(Table, zh="结算清单收费项目", en="settlement fee", key="settlement fee_class file row", source=True):
    """结算清单的 14 类费用 · The 14 classes of fees of a settlement list."""

    settlement = text("结算编号", "number of the settlement", private=True)
    visit = text("就诊号", "number of the visit", private=True)
    fee_class = code("收费类别", "fee class", FEE_CLASS)
    amount = money("金额", "amount")
    scheme_a = money("甲类费用", "class A", optional=True)
    scheme_b = money("乙类费用", "class B", optional=True)
    outside = money("全自费金额", "outside the scheme", optional=True)
    other = money("其他金额", "other", optional=True)


class WorkedOutCost(Table, zh="医院自报患者成本", en="patient cost given by the hospital", key="visit file row", source=True):
    """别的系统已算好的患者成本 · Patient costs that another system of the hospital has worked out."""

    visit = text("病案号", "number of the visit", private=True)
    amount = money("患者成本", "cost of the patient")
    method = text("核算方法", "how it was worked out", optional=True)
