"""人、面积、工作量与收入 · Staff, space, workload and income: what costs are shared by and compared with."""

from heng.core.table import Table, code, count, measured, money, text


class StaffCount(Table, zh="科室人员", en="staff count", key="dept file row", source=True):
    """各科室平均职工人数 · Average number of staff of each department in the month."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    doctors = measured("医生", "doctors", unit="人", optional=True)
    nurses = measured("护士", "nurses", unit="人", optional=True)
    technicians = measured("技师", "technicians", unit="人", optional=True)
    pharmacists = measured("药师", "pharmacists", unit="人", optional=True)
    managers = measured("管理", "managers", unit="人", optional=True)
    workers = measured("后勤", "logistics workers", unit="人", optional=True)
    total = measured("总数", "average staff", unit="人")


class StaffShare(Table, zh="多科室人员分配", en="staff share", key="staff_no dept file row", source=True):
    """在多个科室工作的人按实际工作量分配 · People who work in several departments, by their measured work."""

    staff_no = text("职工编码", "staff number", private=True)
    dept = code("科室编码", "department code", of="dept")
    share = measured("工作量", "measured work, such as hours", unit="小时")


class Area(Table, zh="科室面积", en="area", key="dept file row", source=True):
    """占用面积 · Floor area used by each department."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    area = measured("面积", "floor area", unit="平方米")


class Statistic(Table, zh="自定义分摊参数", en="statistic", key="driver dept file row", source=True):
    """医院自定义的分摊参数值 · Values of the hospital's own allocation drivers."""

    driver = code("参数名", "driver", of="driver")
    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    value = measured("统计值", "value", unit="按参数")


class ServiceUse(Table, zh="内部服务量", en="internal service", key="giver receiver service file row", source=True):
    """服务科室为受益科室提供的服务量 · Service that one department gave another."""

    giver = code("服务科室编码", "giving department", of="dept")
    receiver = code("受益科室编码", "receiving department", of="dept")
    service = text("服务项目", "service")
    quantity = measured("服务量", "quantity", unit="按服务项目")


class Income(Table, zh="收入明细", en="income", key="ordering performing fee_class file row", source=True):
    """开单科室 × 执行科室的收入 · Income by ordering and performing department."""

    ordering = code("开单科室编码", "ordering department", of="dept")
    performing = code("执行科室编码", "performing department", of="dept")
    fee_class = text("收费类别", "fee class")
    amount = money("金额", "amount")


class OutpatientWork(Table, zh="门诊工作量", en="outpatient work", key="dept file row", source=True):
    """门急诊人次 · Outpatient and emergency visits."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    visits = count("门急诊人次", "visits", unit="人次")


class InpatientWork(Table, zh="住院工作量", en="inpatient work", key="dept file row", source=True):
    """入出院人次与床日 · Admissions, discharges, beds and bed-days."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    admissions = count("入院人次", "admissions", unit="人次", optional=True)
    discharges = count("出院人次", "discharges", unit="人次", optional=True)
    beds_approved = count("编制床位", "approved beds", unit="张", optional=True)
    beds_open = count("实际开放床位", "open beds", unit="张", optional=True)
    bed_days = count("实际占用床日", "occupied bed-days", unit="床日")


class MedtechWork(Table, zh="医技工作量", en="medical technology work", key="dept file row", source=True):
    """检查检验工作量 · Workload of medical technology departments."""

    dept = code("科室编码", "department code", of="dept")
    dept_name = text("科室名称", "department name", optional=True)
    work = measured("工作量", "workload", unit="工作量")
