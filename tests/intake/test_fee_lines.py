"""收费明细、就诊、医嘱与目录 · Fee lines of the insurer's interface and of HIS, visits, orders and catalogues."""
# ruff: noqa: DTZ001 - moments are those of the hospital's clock

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.core.table import table
from heng.intake.calendar import read_day, read_moment
from heng.tables.activity import Income
from heng.tables.codes import FEE_CLASS
from heng.tables.fees import Consumable, DoctorOrder, DrugItem, FeeLine, ServiceItem
from heng.tables.visits import Visit
from tests.intake.made import deliver, errors, only, said, text, workbook

FIELDS = (  # 医保费用明细 5204, field by field
    "feedetl_sn,mdtrt_id,setl_id,rx_drord_no,med_type,fee_ocur_time,cnt,pric,det_item_fee_sumamt,pric_uplmt_amt,selfpay_prop,"
    "fulamt_ownpay_amt,overlmt_amt,preselfpay_amt,inscp_scp_amt,chrgitm_lv,hilist_code,hilist_name,list_type,med_list_codg,"
    "medins_list_codg,medins_list_name,med_chrgitm_type,prodname,spec,dosform_name,bilg_dept_codg,bilg_dept_name,bilg_dr_codg,"
    "bilg_dr_name,acord_dept_codg,acord_dept_name,orders_dr_code,orders_dr_name"
)
INTERFACE = FIELDS.split(",")
NATIONAL = "001102000010000-110200001"
LINE = {
    "mdtrt_id": "M1", "setl_id": "J1", "med_type": "21", "fee_ocur_time": "2026-03-02 08:01:30", "cnt": "2.5000", "pric": "10.500000",
    "det_item_fee_sumamt": "26.25", "med_list_codg": NATIONAL, "medins_list_codg": "X1", "medins_list_name": "血常规",
    "med_chrgitm_type": "04", "bilg_dept_codg": "102", "bilg_dr_codg": "D07", "acord_dept_codg": "201",
}  # fmt: skip
SCREEN = "就诊流水号 住院号 患者姓名 就诊类型 费用时间 医保编码 项目编码 项目名称 数量 单价 金额 开单科室 开单医生 执行科室 收费类别 结算号"
HIS = SCREEN.split()
READ = {
    "org": "H01", "month": "2026-03", "visit": "M1", "care": "inpatient", "charged": datetime(2026, 3, 2, 8, 1, 30), "item": "X1",
    "name": "血常规", "national": NATIONAL, "fee_class": "04", "quantity": Decimal("2.5000"), "price": Decimal("10.500000"),
    "amount": Decimal("26.25"), "ordering": "102", "doctor": "D07", "performing": "201", "settlement": "J1",
}  # fmt: skip


def his(*lines: list[object]) -> list[list[object]]:
    """A sheet of fee lines as HIS exports it."""
    return [list(HIS), *lines]


def his_line(**other: object) -> list[object]:
    """One fee line of HIS, with some cells written otherwise."""
    said = ["M1", "Z1", "张某", "住院", "2026/3/2 8:01:30", NATIONAL, "X1", "血常规", 2.5, 10.5, 26.25, "102", "D07", "201", "化验费", "J1"]
    return [other.get(h, cell) for h, cell in zip(HIS, said, strict=True)]


def test_the_insurers_interface_and_his_give_the_same_line(tmp_path: Path) -> None:
    interface = text(tmp_path / "5204.csv", [INTERFACE, [LINE.get(f, "") for f in INTERFACE]], encoding="gb18030")
    for path in (interface, text(tmp_path / "明细.csv", his(his_line())), workbook(tmp_path / "明细.xlsx", {"a": his(his_line())})):
        delivery = deliver(path)
        assert only(delivery, FeeLine).drop("file", "row").to_dicts() == [READ], path.name
        assert delivery.findings.is_empty(), path.name


def test_monthly_income_stays_income_and_a_line_of_a_bill_is_a_fee_line(tmp_path: Path) -> None:
    head = ["年月", "开单科室", "执行科室", "收费类别", "收费项目编码", "收费项目名称", "单价", "数量", "金额"]
    monthly = ["2026-03", "102", "201", "化验费", "X1", "血常规", 10.5, 2.5, 26.25]
    assert list(deliver(text(tmp_path / "三月.csv", [head, monthly])).tables) == [Income]
    assert list(deliver(text(tmp_path / "三月.csv", [["住院号", *head], ["Z1", *monthly]])).tables) == [FeeLine]
    assert list(deliver(text(tmp_path / "三月.csv", [head, monthly]), as_table="FeeLine").tables) == [FeeLine]
    assert list(deliver(text(tmp_path / "收入明细.csv", his(his_line()))).tables) == [FeeLine]


def test_a_line_charged_to_nobody_loads_and_a_wrong_one_says_why(tmp_path: Path) -> None:
    lines = his(
        his_line(就诊流水号=None),
        his_line(费用时间="2026-02-30 08:00"),
        his_line(收费类别="特种费"),
        his_line(金额="10.255"),
        his_line(执行科室=None),
        his_line(就诊类型="体检"),
    )
    delivery = deliver(workbook(tmp_path / "2026年3月明细.xlsx", {"a": lines}))
    assert said(delivery, "note") == []
    assert only(delivery, FeeLine).select("visit", "row").rows() == [(None, 2)]
    assert errors(delivery) == [
        (3, "费用时间", "日期时间读不懂"),
        (4, "收费类别", "不在编码表内"),
        (5, "金额", "金额多于两位小数"),
        (6, "执行科室", "必填项为空"),
        (7, "就诊类型", "不在编码表内"),
    ]
    assert set(delivery.findings["reason_en"]) >= {"the date and time cannot be read", "this is not in the code list"}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *((zh, code) for code, (zh, _) in FEE_CLASS.items()),
        *((code, code) for code in FEE_CLASS),
        ("04化验费", "04"), ("检验", "04"), ("CT费", "03"), ("西药", "09"), ("草药费", "10"), ("成药费", "11"), ("麻醉费", "06"),
        ("材料费", "08"), ("诊查费", "02"), ("输血费", "05"), ("血费", "14"), ("床位", "01"),
    ],
)  # fmt: skip
def test_words_of_fee_classes(tmp_path: Path, word: str, code: str) -> None:
    assert only(deliver(text(tmp_path / "明细.csv", his(his_line(收费类别=word)))), FeeLine)["fee_class"].to_list() == [code]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-01 08:30", datetime(2026, 3, 1, 8, 30)),
        ("2026-03-01 08:30:05", datetime(2026, 3, 1, 8, 30, 5)),
        ("2026-03-01T08:30:05.123+08:00", datetime(2026, 3, 1, 8, 30, 5)),
        ("2026/3/1 8:30:05", datetime(2026, 3, 1, 8, 30, 5)),
        ("2026/3/1 18:30", datetime(2026, 3, 1, 18, 30)),
        ("2026年3月1日 8时30分", datetime(2026, 3, 1, 8, 30)),
        ("２０２６．３．１ ８：３０", datetime(2026, 3, 1, 8, 30)),
        ("20260301083005", datetime(2026, 3, 1, 8, 30, 5)),
        ("20260301 0830", datetime(2026, 3, 1, 8, 30)),
        ("20260301", datetime(2026, 3, 1)),
        ("2026-03-01", datetime(2026, 3, 1)),
        ("46082.3541666667", datetime(2026, 3, 1, 8, 30)),
        ("46082", datetime(2026, 3, 1)),
    ],
)
def test_moments_as_people_and_systems_write_them(tmp_path: Path, written: str, read: datetime) -> None:
    assert read_moment(written) == (read, "")
    assert read_day(written) == (read.date(), "")
    both = [his_line(费用时间=written), his_line(费用时间="2026-03-01 00:00:00")]  # beside a moment that is read with its column
    assert only(deliver(text(tmp_path / "明细.csv", his(*both))), FeeLine)["charged"].to_list() == [read, datetime(2026, 3, 1)]


@pytest.mark.parametrize("written", ["2026-02-30 08:00", "2026-03-01 25:00", "2026-13-01", "2026-03", "昨天", "20260230083000", "1234567"])
def test_what_is_no_moment_is_none(written: str) -> None:
    assert read_moment(written) == (None, "not_a_moment")


def test_a_workbooks_own_date_cells_are_moments(tmp_path: Path) -> None:
    lines = his(his_line(费用时间=datetime(2026, 3, 1, 8, 30)), his_line(费用时间="2026-03-01 08:30"))
    assert only(deliver(workbook(tmp_path / "明细.xlsx", {"a": lines})), FeeLine)["charged"].to_list() == [datetime(2026, 3, 1, 8, 30)] * 2


def test_the_outpatient_page_gives_the_times_of_a_visit(tmp_path: Path) -> None:
    head = ["username", "jzkh", "jzlsh", "xm", "xb", "ghsj", "bdsj", "jzsj", "jzksdm", "jzks", "jzys", "fz", "zddm"]
    line = [
        "某医院",
        "K9",
        "M1",
        "张某",
        "1",
        "2026-03-02 07:50",
        "2026-03-02 08:05",
        "2026-03-02 08:20",
        "101",
        "内科门诊",
        "李某",
        "复诊",
        "I10.x00",
    ]
    found = only(deliver(text(tmp_path / "门诊.csv", [head, line])), Visit)
    told = found.select("month", "visit", "patient", "dept", "doctor", "registered", "arrived", "seen", "diagnosis", "first").row(0)
    times = [datetime(2026, 3, 2, 7, 50), datetime(2026, 3, 2, 8, 5), datetime(2026, 3, 2, 8, 20)]
    assert told == ("2026-03", "M1", "K9", "101", "李某", *times, "I10.x00", "复诊")


def test_an_order_is_no_fee_line(tmp_path: Path) -> None:
    screen = "病案号 住院号 医嘱类别 医嘱时间 停止时间 开单科室 执行科室 编码 名称 数量 单价 金额 医嘱时效 地点"
    line = ["B1", "Z1", "西药", "2026-03-02 08:20", "2026-03-04 09:00", "102", "301", "Y1", "阿卡波糖片", 3, 12.5, 37.5, "长期", "病房"]
    told = only(deliver(text(tmp_path / "医嘱.csv", [screen.split(), line])), DoctorOrder)
    assert told.select("visit", "kind", "item", "amount", "term", "month").row(0) == (
        "Z1",
        "drug",
        "Y1",
        Decimal("37.50"),
        "长期",
        "2026-03",
    )


def test_catalogues_of_services_drugs_and_consumables(tmp_path: Path) -> None:
    services = [
        ["项目编码", "项目名称", "医保项目编码", "物价编码", "计价单位", "单价", "收费类别", "耗时（分钟）", "成本当量", "诊疗环节"]
    ]
    services += [
        ["X1", "血常规", NATIONAL, "250101015", "次", 20, "化验费", 3.5, 1, "检验"],
        ["X2", "CT平扫", None, None, "部位", 180, "检查费", 15, None, None],
    ]
    drugs = [["药品编码", "药品名称", "医保药品编码", "规格", "剂型", "单位", "零售价", "进价", "药品类别"]]
    drugs += [["Y1", "阿卡波糖片", "XA10BFA001A001010100483", "50mg×30", "片剂", "盒", 40.5, 40.5, "西药"]]
    goods = [["材料编码", "材料名称", "医保耗材编码", "规格型号", "生产企业", "单位", "单价", "进价", "是否收费", "高值标志"]]
    goods += [["M1", "支架", "C0301010100100002345", "3.0×18", "某厂", "个", 700, 700, "是", "是"]]
    delivery = deliver(workbook(tmp_path / "目录.xlsx", {"项目": services, "药品": drugs, "材料": goods}))
    assert delivery.findings.is_empty()
    assert {t: f.height for t, f in delivery.tables.items()} == {ServiceItem: 2, DrugItem: 1, Consumable: 1}
    first = delivery.tables[ServiceItem].select("item", "price_code", "fee_class", "minutes", "equivalence", "step").row(0)
    assert first == ("X1", "250101015", "04", Decimal("3.5000"), Decimal("1.0000"), "lab")
    assert delivery.tables[DrugItem].select("fee_class", "cost", "since").row(0)[0] == "09"
    assert delivery.tables[Consumable].select("charged", "high_value").row(0) == (True, True)


EFFORT = [
    ("ResourceUse", "年月 科室编码 成本项目 作业 资源动因量", "2026-03 201 人员经费 采血 120"),
    ("ActivityUse", "年月 科室编码 作业 项目编码 作业动因量 权重", "2026-03 201 采血 X1 300 1.5"),
    ("Capacity", "年月 科室编码 理论产能（分钟） 实际产能（分钟）", "2026-03 201 20000 16000"),
    ("TimeTerm", "科室编码 项目编码 情形 单位耗时", "201 X1 基本 3.5"),
    ("TermCount", "年月 科室编码 项目编码 情形 次数", "2026-03 201 X1 急诊 40"),
    ("StandardService", "科室编码 项目编码 计划数量 标准耗时 标准费率 依据文件 启用日期", "201 X1 3000 3.5 2.1 院发1号 2026-01-01"),
    ("StandardGroup", "分组方案 病组 计划例数 标准成本 依据文件 启用日期", "DRG ES21 20 6500 院发1号 2026-01-01"),
    ("WorkedOutCost", "病案号 出院日期 患者成本 核算方法", "B1 2026-03-05 6500.00 自下而上"),
    ("SettlementFee", "年月 结算编号 就诊号 收费类别 金额", "2026-03 J1 M1 化验费 60"),
]


@pytest.mark.parametrize(("name", "head", "line"), EFFORT, ids=[n for n, _, _ in EFFORT])
def test_every_other_sheet_of_patient_costing_is_recognised(tmp_path: Path, name: str, head: str, line: str) -> None:
    delivery = deliver(text(tmp_path / "a.csv", [head.split(), line.split()]))
    assert only(delivery, table(name)).height == 1
    assert delivery.findings.is_empty()


def test_an_unreadable_sheet_of_lines_names_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(FileError) as told:
        deliver(
            text(tmp_path / "a.csv", [[h for h in HIS if h != "金额"], [c for h, c in zip(HIS, his_line(), strict=True) if h != "金额"]])
        )
    assert "收费明细" in told.value.zh
    assert "金额" in told.value.zh
    assert "amount" in told.value.en
