"""患者成本 · What patient-level costing writes: the coded charge lines, and the cost of every visit seen from every side.

`encounter` and `service` are whole numbers that stand for a visit and for a service of a department inside one
(hospital, month); `Encounter` and `Service` say what they stand for. 0 means nobody.
"""

from heng.core.table import Table, code, count, day, flag, measured, money, number, rate, text
from heng.tables.codes import BEHAVIOUR, CARE, FEE_CLASS, ITEM, KIND, STATUS, STEP, UNMATCHED


class Encounter(Table, zh="就诊", en="encounter", key="encounter"):
    """本月出院、就诊或有收费的每次就诊 · Every visit or stay of the month: discharged, seen, or charged."""

    encounter = number("就诊序号", "number of the encounter in this month", local=True)
    visit = text(
        "就诊号", "the hospital's number of the visit; with the times or day of admission where it has several stays", private=True
    )
    record = text(
        "所属病案号", "number that several stays of the month share; empty when the visit is the number", private=True, optional=True
    )
    patient = text("患者编号", "number of the patient", private=True, optional=True)
    mother = text("母亲就诊号", "visit of the mother, for a newborn", private=True, optional=True)
    care = code("就诊类型", "outpatient, inpatient or day case", CARE)
    status = code("状态", "finished, still in hospital, or without a record", STATUS)
    dept = code("科室", "department of discharge, of the visit, or that ordered most", of="dept", optional=True)
    doctor = code("医生", "doctor in charge", optional=True)
    admitted = day("入院日期", "admitted or seen on", optional=True)
    discharged = day("出院日期", "discharged on", optional=True)
    days = count("住院天数", "days of the whole stay so far", unit="天", optional=True)
    month_days = count("本月床日", "bed-days of the stay inside this month", unit="床日", optional=True)
    diagnosis = code("主要诊断", "principal diagnosis", optional=True)
    procedure = code("主要手术操作", "principal procedure", optional=True)
    drg = code("DRG 组", "DRG", optional=True)
    dip = code("DIP 病种", "DIP group", optional=True)
    total_fee = money("首页总费用", "all fees as the discharge record says", optional=True)


class Service(Table, zh="科室服务项目", en="service of a department", key="service"):
    """一个科室提供的一个项目：属于谁、哪一类、做了多少、收了多少 · An item that a department gives: class, quantity, income."""

    service = number("服务序号", "number of the service in this month", local=True)
    dept = code("成本科室", "department that bears the cost", of="dept")
    performing = code("执行科室", "department that performs", of="dept")
    kind = code("类型", "service, drug or consumable", KIND)
    item = code("项目编码", "item")
    name = text("项目名称", "name of the item", optional=True)
    fee_class = code("收费类别", "fee class", FEE_CLASS)
    step = code("诊疗环节", "step of care", STEP)
    minutes = measured("操作时间", "time of one unit", unit="分钟", optional=True)
    equivalence = measured("成本当量", "equivalence of one unit", unit="当量", optional=True)
    quantity = measured("数量", "quantity charged", unit="按项目")
    patient_quantity = measured("有患者的数量", "quantity charged to a patient", unit="按项目")
    income = money("收入", "income")
    patient_income = money("有患者的收入", "income from patients")


class Orderer(Table, zh="开单人", en="orderer", key="orderer"):
    """谁开的单：科室与医生 · Who ordered: department and doctor."""

    orderer = number("开单序号", "number of the orderer in this month", local=True)
    ordering = code("开单科室", "ordering department", of="dept", optional=True)
    doctor = code("开单医生", "ordering doctor", optional=True)


class Charge(Table, zh="收费事实", en="charge", key="encounter file row"):
    """一行收费，编码换成整数、按就诊排好：患者成本的事实表 · One coded fee line: the fact of patient costing."""

    encounter = number("就诊序号", "number of the encounter; 0 for nobody", local=True)
    service = number("服务序号", "number of the service", local=True)
    orderer = number("开单序号", "number of the orderer", local=True)
    quantity = measured("数量", "quantity", unit="按项目")
    amount = money("金额", "amount")
    file = code("来源文件", "source file and sheet", of="file")
    row = number("来源行号", "row in the source sheet")


class EncounterCost(Table, zh="患者成本", en="encounter cost", key="encounter"):
    """每次就诊的成本，七个成本项目各一栏 · The cost of every encounter, a column for each of the seven cost items."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    staff = money("人员经费", "staff", carried=True)
    material = money("卫生材料费", "medical consumables", carried=True)
    drug = money("药品费", "drugs", carried=True)
    depreciation = money("固定资产折旧费", "depreciation", carried=True)
    amortisation = money("无形资产摊销费", "amortisation", carried=True)
    risk = money("提取医疗风险基金", "malpractice risk provision", carried=True)
    other = money("其他运行费用", "other operating", carried=True)
    amount = money("患者成本", "cost", derived="staff + material + drug + depreciation + amortisation + risk + other")


class EncounterTotal(Table, zh="患者收支", en="encounter total", key="encounter"):
    """每次就诊的收入、成本与其中变动成本 · Income and cost of every encounter, and how much of the cost is variable."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    lines = count("收费行数", "fee lines", unit="行")
    income = money("收入", "income")
    costed_income = money("已计成本的收入", "income of lines that have a cost")
    variable = money("变动成本", "variable cost", carried=True)
    fixed = money("固定成本", "fixed cost", derived="amount - variable")
    amount = money("患者成本", "cost, the same as in EncounterCost")
    surplus = money("收入减成本", "income minus cost", derived="income - amount")


class EncounterStep(Table, zh="患者环节成本", en="encounter step", key="encounter step"):
    """每次就诊在每个诊疗环节的收入与成本 · Income and cost of every encounter at every step of care."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    step = code("诊疗环节", "step of care", STEP)
    income = money("收入", "income")
    amount = money("成本", "cost", carried=True)


class EncounterFee(Table, zh="患者费用类别成本", en="encounter fee class", key="encounter fee_class"):
    """每次就诊在每个收费类别的收入与成本 · Income and cost of every encounter by fee class."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    fee_class = code("收费类别", "fee class", FEE_CLASS)
    income = money("收入", "income")
    amount = money("成本", "cost", carried=True)


class StepCost(Table, zh="环节成本", en="cost of a step", key="care performing step item"):
    """每个科室每个诊疗环节的成本 · The cost of every step of care, by performing department and cost item."""

    care = code("就诊类型", "outpatient, inpatient or day case", CARE)
    performing = code("执行科室", "performing department", of="dept")
    step = code("诊疗环节", "step of care", STEP)
    item = code("成本项目", "cost item", ITEM)
    amount = money("成本", "cost", carried=True)


class OrderingCost(Table, zh="开单科室成本", en="cost by ordering department", key="ordering performing kind"):
    """开单科室 × 执行科室的收入与成本 · Income and cost by ordering and performing department."""

    ordering = code("开单科室", "ordering department; empty when the line does not say", of="dept")
    performing = code("执行科室", "performing department", of="dept")
    kind = code("类型", "service, drug or consumable", KIND)
    income = money("收入", "income")
    amount = money("成本", "cost", carried=True)


class DoctorCost(Table, zh="开单医生成本", en="cost by ordering doctor", key="ordering doctor step"):
    """每位开单医生在每个环节开出的收入与成本 · Income and cost that every doctor ordered, by step of care."""

    ordering = code("开单科室", "ordering department; empty when the line does not say", of="dept")
    doctor = code("开单医生", "ordering doctor; empty when the line does not say")
    step = code("诊疗环节", "step of care", STEP)
    encounters = count("患者人次", "encounters", unit="人次")
    income = money("收入", "income")
    variable = money("变动成本", "variable cost", carried=True)
    fixed = money("固定成本", "fixed cost", carried=True)
    amount = money("成本", "cost", derived="variable + fixed")


class UnmatchedCost(Table, zh="未匹配成本", en="unmatched cost", key="dept item reason"):
    """没有归到患者的成本及原因，不做暗中分摊 · Cost that reached no patient, and why; it is never spread silently."""

    dept = code("科室", "department", of="dept")
    item = code("成本项目", "cost item", ITEM)
    reason = code("原因", "reason", UNMATCHED)
    amount = money("未匹配成本", "unmatched cost")
    billed = money("所涉收费", "charges concerned, at cost; only for drugs and charged consumables", optional=True)


class PatientTieOut(Table, zh="患者成本勾稽", en="patient tie-out", key="dept item"):
    """科室成本 = 患者成本 + 未匹配成本 · Cost of a department = cost of its patients + unmatched, per cost item."""

    dept = code("科室", "department", of="dept")
    item = code("成本项目", "cost item", ITEM)
    cost = money("二级分摊后成本", "cost after step 2, in the scope chosen")
    patients = money("患者成本", "cost that reached patients")
    unmatched = money("未匹配成本", "unmatched cost")
    difference = money("差额", "difference", derived="cost - patients - unmatched")


class WorkInProgress(Table, zh="在院患者成本", en="work in progress", key="encounter"):
    """月末仍在院的患者到目前为止的成本，出院后补记的另标 · Cost so far of stays not finished; what was charged late is marked."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    dept = code("科室", "department", of="dept", optional=True)
    admitted = day("入院日期", "admitted on", optional=True)
    late = flag("出院后补记", "charged after a discharge in an earlier month: not in hospital")
    amount = money("本月成本", "cost of this month")
    before = money("前期成本", "cost of the months before", stock=True)
    total = money("累计成本", "cost so far", derived="amount + before")


class CareHour(Table, zh="病房占用时间", en="ward time", key="encounter dept"):
    """每次住院本月在每个病房占用的时间 · Time that every stay spent in every ward inside the month."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    dept = code("科室", "department of the ward", of="dept")
    seconds = count("占用秒数", "seconds", unit="秒")
    hours = measured("占用小时", "hours", unit="小时", derived="ratio(seconds, 3600)")


class BehaviourShare(Table, zh="成本习性占比", en="behaviour share", key="dept item behaviour"):
    """二级分摊后成本中固定与变动各占多少 · How much of a department's cost after step 2 is fixed or variable."""

    dept = code("科室", "department", of="dept")
    item = code("成本项目", "cost item", ITEM)
    behaviour = code("成本习性", "behaviour", BEHAVIOUR)
    amount = money("成本", "cost")
    share = rate("占比", "share; empty where fixed and variable cancel out", "1", optional=True)
