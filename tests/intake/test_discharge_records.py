"""病案首页：三套写法读成同样的行 · Discharge records: three code systems give the same rows, of diagnoses and procedures too."""
# ruff: noqa: DTZ001 - moments are those of the hospital's clock

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from heng.core.table import Table
from heng.intake.delivery import Delivery
from heng.tables.fees import FeeLine
from heng.tables.visits import DiagnosisLine, Discharge, ProcedureLine, WardStay
from tests.intake.made import Lines, deliver, errors, only, said, text, workbook
from tests.store.tiny import loaded, tiny_region

# One field a line: the column it is read into, its code in HQMS, in the national assessment and in pinyin, and what is written.
FIELDS = """
visit P3 A48 BAH 0012345
times P2 A49 ZYCS 2
sex P5 A12C XB 2
age P7 A14 NL 35
payer P1 A46C YLFKFS 1
admitted P22 B12 RYSJ 2026-02-27_09:30
admission_dept P23 B13C RYKB 0301
transfer_depts P24 B21C ZKKB 0402
discharged P25 B15 CYSJ 2026-03-05_10:00
dept P26 B16C CYKB 0402
days P27 B20 SJZYTS 6
way_out P741 B34C LYFS 1
total P782 D01 ZFY 300.30
own_pay P751 D09 ZFJE 88.80
general_medical P752 D11 YLFUF 1.01
general_treatment P754 D12 ZLCZF 2.01
nursing P755 D13 HLF 3.01
general_other P756 D14 QTFY 4.01
pathology P757 D15 BLZDF 5.01
laboratory P758 D16 SYSZDF 6.01
imaging P759 D17 YXXZDF 7.01
clinical_diagnosis P760 D18 LCZDXMF 8.01
non_surgical P761 D19 FSSZLXMF 9.01
physiotherapy P762 D19x01 WLZLF 1.00
surgical P763 D20 SSZLF 10.01
anaesthesia P764 D20x01 MAF 2.00
surgery P765 D20x02 SSF 3.00
rehabilitation P767 D21 KFF 11.01
tcm P768 D22 ZYZLF 12.01
western_drug P769 D23 XYF 13.01
antimicrobial P770 D23x01 KJYWF 4.00
patent_drug P771 D24 ZCYF 14.01
herbal_drug P772 D25 ZCYF1 15.01
blood P773 D26 XF 16.01
albumin P774 D27 BDBLZPF 17.01
globulin P775 D28 QDBLZPF 18.01
coagulation P776 D29 NXYZLZPF 19.01
cytokine P777 D30 XBYZLZPF 20.01
exam_material P778 D31 HCYYCLF 21.01
treatment_material P779 D32 YYCLF 22.01
surgery_material P780 D33 YCXYYCLF 23.01
other P781 D34 QTF 24.06
diagnosis P321 C03C JBDM K80.100
diagnosis_name P322 C04N ZYZD 胆囊结石伴胆囊炎
on_admission P805 C05C RYBQ 1
diagnosis2 P324 C06x01C JBDM1 I10.x00
name2 P325 C07x01N QTZD1 高血压
on_admission2 P806 C08x01C RYBQ1 2
diagnosis3 P327 C06x02C JBDM2 -
name3 P328 C07x02N QTZD2 -
on_admission3 P807 C08x02C RYBQ2 -
procedure P490 C14x01C SSJCZBM1 51.2300
procedure_name P492 C15x01N SSJCZMC1 腹腔镜下胆囊切除术
done P491 C16x01 SSJCZRQ1 2026-02-28
level P820 C17x01 SSJB1 3
surgeon P495 C18x01 SZ1 D07
anaesthesia1 P498 C22x01C MZFS1 01
procedure2 P4911 C35x01C SSJCZBM2 87.5301
procedure_name2 P4913 C36x01N SSJCZMC2 术中胆管造影
done2 P4912 C37x01 SSJCZRQ2 2026-02-28_11:20
level2 P821 C38x01 SSJB2 2
surgeon2 P4916 C39x01 SZ2 D08
anaesthesia2 P4919 C43x01C MZFS2 01
name_of_patient P4 A11 XM 张某
birthday P6 A13 CSRQ 1990-05-01
site P493 A20 GJ -
"""
STAY = [(p[0], p[1:4], p[4].replace("_", " ")) for line in FIELDS.strip().splitlines() if (p := line.split())]
SYSTEMS = {"HQMS": 0, "national": 1, "pinyin": 2}


def record(system: str, **other: str) -> list[list[str]]:
    """A sheet of the one stay in a code system, with some fields written otherwise."""
    return [[codes[SYSTEMS[system]] for _, codes, _ in STAY], [other.get(column, value) for column, _, value in STAY]]


def record_file(folder: Path, system: str, lines: Lines) -> Path:
    """The file as each system exports it: CSV, CSV in GB18030, a workbook."""
    if system == "pinyin":
        return workbook(folder / "首页.xlsx", {"首页": lines})
    return text(folder / f"{system}.csv", lines, encoding="gb18030" if system == "national" else "utf-8")


def rows(delivery: Delivery, table: type[Table]) -> list[dict[str, Any]]:
    """The rows of a table without where they come from."""
    return delivery.tables[table].drop("file", "row").to_dicts()


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_same_stay_in_three_code_systems_gives_the_same_rows(tmp_path: Path, system: str) -> None:
    delivery = deliver(record_file(tmp_path, system, record(system)))
    assert set(delivery.tables) == {Discharge, DiagnosisLine, ProcedureLine}
    assert delivery.findings.is_empty(), delivery.findings["reason_zh"].to_list()
    stay = rows(delivery, Discharge)[0]
    for column, _, written in STAY:
        kind = Discharge.columns[column].type if column in Discharge.columns else ""
        if kind == "varchar":
            assert stay[column] == written, column
        elif kind.startswith("decimal") or kind in ("bigint", "integer"):
            assert stay[column] == Decimal(written), column
    assert (stay["month"], stay["admitted"], stay["discharged"]) == ("2026-03", datetime(2026, 2, 27, 9, 30), datetime(2026, 3, 5, 10))
    same = {"org": "H01", "month": "2026-03", "visit": "0012345", "system": None}
    assert rows(delivery, DiagnosisLine) == [
        same | {"rank": 1, "diagnosis": "K80.100", "name": "胆囊结石伴胆囊炎", "on_admission": "1"},
        same | {"rank": 2, "diagnosis": "I10.x00", "name": "高血压", "on_admission": "2"},
    ]
    one = {"procedure": "51.2300", "name": "腹腔镜下胆囊切除术", "done": datetime(2026, 2, 28), "level": "3", "surgeon": "D07"}
    two = {"procedure": "87.5301", "name": "术中胆管造影", "done": datetime(2026, 2, 28, 11, 20), "level": "2", "surgeon": "D08"}
    ranked = [same | {"rank": n, "anaesthesia": "01"} | p for n, p in ((1, one), (2, two))]
    assert rows(delivery, ProcedureLine) == ranked


def test_forty_diagnoses_and_forty_procedures_lie_side_by_side(tmp_path: Path) -> None:
    stay = {
        "A48": "0012345",
        "B12": "2026-02-27 09:30",
        "B15": "2026-03-05 10:00",
        "B16C": "0402",
        "D01": "300.30",
        "C03C": "K80.100",
        "C14x01C": "51.2300",
    }
    stay |= {f"C06x{n:02}C": f"I10.x00x{n:03}" for n in range(1, 41)} | {f"C07x{n:02}N": f"诊断{n}" for n in range(1, 41)}
    stay |= {f"C35x{n:02}C": f"87.53{n:02}" for n in range(1, 41)} | {f"C44x{n:02}": "-" for n in range(1, 41)}
    delivery = deliver(text(tmp_path / "国考.csv", [list(stay), list(stay.values())], encoding="gb18030"))
    assert delivery.findings.is_empty()
    assert delivery.tables[DiagnosisLine]["rank"].to_list() == list(range(1, 42))
    assert delivery.tables[DiagnosisLine]["diagnosis"].to_list()[-1] == "I10.x00x040"
    assert delivery.tables[DiagnosisLine]["name"].to_list()[:2] == [None, "诊断1"]
    assert delivery.tables[ProcedureLine]["procedure"].to_list() == ["51.2300", *(f"87.53{n:02}" for n in range(1, 41))]


def test_ten_procedures_of_hqms_keep_their_order(tmp_path: Path) -> None:
    said = "P490 P4911 P4922 P4533 P4544 P45002 P45014 P45026 P45038 P45050"
    when = "P491 P4912 P4923 P4534 P4545 P45003 P45015 P45027 P45039 P45051"
    codes, done = said.split(), when.split()
    head = ["P3", "P22", "P25", "P26", "P782", *(c for pair in zip(codes, done, strict=True) for c in pair)]
    line = ["B1", "2026-02-27", "2026-03-05", "0402", "9", *(c for n in range(10) for c in (f"51.230{n}", f"2026-03-0{n or 1}"))]
    found = deliver(text(tmp_path / "HQMS.csv", [head, line])).tables[ProcedureLine]
    assert found["procedure"].to_list() == [f"51.230{n}" for n in range(10)]
    assert found["done"].dt.day().to_list() == [1, *range(1, 10)]


STAYED = {"病案号": "B1", "入院日期": "20260227", "出院日期": "20260305", "出院科室": "内科", "总费用": "9.00"}


@pytest.mark.parametrize(
    ("diagnoses", "ranked"),
    [
        ({"JBDM": "I10.x00", "ZYZD": "高血压"}, [(1, "I10.x00", "高血压")]),
        ({"JBDM": "I10.x00"}, [(1, "I10.x00", None)]),
        ({"主要诊断代码": "I10.x00", "主要诊断": "高血压"}, [(1, "I10.x00", "高血压")]),
        ({"主要诊断代码": "I10.x00", "其他诊断编码1": "E11.900"}, [(1, "I10.x00", None), (2, "E11.900", None)]),
        ({"ZYZDBM": "I10.x00", "JBDM1": "E11.900", "QTZD1": "糖尿病"}, [(1, "I10.x00", None), (2, "E11.900", "糖尿病")]),
    ],
)
def test_the_principal_diagnosis_is_ranked_first_however_it_is_headed(
    tmp_path: Path, diagnoses: dict[str, str], ranked: list[tuple[int, str, str | None]]
) -> None:
    stay = STAYED | diagnoses
    delivery = deliver(text(tmp_path / "首页.csv", [list(stay), list(stay.values())]))
    assert delivery.findings.is_empty()
    assert delivery.tables[Discharge].select("visit", "diagnosis").rows() == [("B1", "I10.x00")]
    assert delivery.tables[DiagnosisLine].select("rank", "diagnosis", "name").rows() == ranked
    assert ProcedureLine not in delivery.tables


@pytest.mark.parametrize("record_first", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_a_file_of_all_diagnoses_stands_for_the_record_that_tells_the_principal_one(
    tmp_path: Path, *, record_first: bool, together: bool
) -> None:
    stay = STAYED | {"主要诊断编码": "I10.x00"}
    record = text(tmp_path / "首页.csv", [list(stay), list(stay.values())])
    told = [["B1", "2026-03-05", n, code] for n, code in enumerate(("I10.x00", "E11.900"), 1)]
    lines = text(tmp_path / "诊断明细.csv", [["病案号", "出院日期", "诊断序号", "诊断编码"], *told])
    paths, region = [record, lines] if record_first else [lines, record], tiny_region(tmp_path / "region")
    for some in [paths] if together else [[p] for p in paths]:
        assert loaded(region, some).refused == []
    (part,) = region.manifest.of("DiagnosisLine")
    assert (part.feed, part.rows) == ("诊断明细", 2)
    assert [p.rows for p in region.manifest.of("Discharge")] == [1]


def test_a_sheet_of_diagnoses_counts_before_the_columns_of_the_record(tmp_path: Path) -> None:
    diagnoses = [
        ["BAH", "CYSJ", "XH", "JBDM", "JBMC", "RYBQ"],
        *(["0012345", "2026-03-05", n, f"K80.{n}00", "结石", "1"] for n in (1, 2, 3)),
    ]
    procedures = [
        ["BAH", "CYSJ", "XH", "SSJCZBM", "SSJCZMC", "SSJCZRQ", "SZ", "MZFS"],
        ["0012345", "2026-03-05", 1, "51.2300", "切除", "2026-02-28", "D07", "01"],
    ]
    path = workbook(tmp_path / "首页.xlsx", {"首页": record("pinyin"), "诊断": diagnoses, "手术": procedures})
    delivery = deliver(path)
    assert delivery.tables[Discharge].height == 1
    assert delivery.tables[DiagnosisLine]["diagnosis"].to_list() == ["K80.100", "K80.200", "K80.300"]
    assert delivery.tables[ProcedureLine].select("rank", "procedure", "surgeon").rows() == [(1, "51.2300", "D07")]


def test_a_wrong_record_goes_back_with_its_diagnoses_and_says_why_in_both_languages(tmp_path: Path) -> None:
    lines = (
        record("HQMS")
        + record("HQMS", visit="B2", discharged="三月五日")[1:]
        + record("HQMS", visit="B3", done2="昨天", total="见附件")[1:]
    )
    delivery = deliver(text(tmp_path / "2026年3月首页.csv", lines))
    assert delivery.tables[Discharge]["visit"].to_list() == ["0012345"]
    assert delivery.tables[DiagnosisLine]["visit"].unique().to_list() == ["0012345"]
    told = delivery.findings.select("row", "column", "reason_zh", "reason_en").rows()
    assert (3, "P25", "日期时间读不懂", "the date and time cannot be read") in told
    assert (4, "P782", "不是数字", "this is not a number") in told
    assert (4, "手术操作日期", "日期时间读不懂", "the date and time cannot be read") in told
    assert delivery.returned[0].bad.height == 2


def test_a_diagnosis_with_a_name_and_no_code_is_told_and_left_out(tmp_path: Path) -> None:
    delivery = deliver(text(tmp_path / "a.csv", record("national", diagnosis2="-")))
    assert delivery.tables[DiagnosisLine]["rank"].to_list() == [1]
    assert said(delivery, "warning") == [(2, "C06x01C", "有名称而没有编码，这一条没有装入")]


def test_newborns_day_cases_transfers_and_unfinished_stays_are_told_apart(tmp_path: Path) -> None:
    head = [
        "病案号",
        "母亲病案号",
        "不足一周岁年龄（天）",
        "新生儿出生体重（克）",
        "就诊类型",
        "入院时间",
        "出院时间",
        "出院科别",
        "住院总费用",
    ]
    stays = [
        ["Z1", None, None, None, "住院", "2026-02-27 09:30", "2026-03-05 10:00", "产科", 9000],
        ["Z2", "Z1", 3, 3200, "住院", "2026-03-02 03:15", "2026-03-05 10:00", "新生儿科", 1200],
        ["Z3", None, None, None, "日间手术", "2026-03-09 08:00", "2026-03-09 17:00", "眼科", 5000],
    ]
    moves = [
        ["住院号", "所在科室", "转入时间", "转出时间"],
        ["Z1", "产科", "2026-02-27 09:30", "2026-03-02 08:00"],
        ["Z1", "ICU", "2026-03-02 08:00", "2026-03-05 10:00"],
        ["Z9", "产科", "2026-03-30 20:00", None],
    ]
    delivery = deliver(workbook(tmp_path / "病案.xlsx", {"病案首页": [head, *stays], "转科记录": moves}))
    assert delivery.findings.is_empty()
    found = delivery.tables[Discharge].select("visit", "mother", "age_days", "birth_weight", "care")
    assert found.rows() == [("Z1", None, None, None, "inpatient"), ("Z2", "Z1", 3, 3200, "inpatient"), ("Z3", None, None, None, "day")]
    wards = delivery.tables[WardStay].select("visit", "dept", "month", open=pl.col("ended").is_null())
    assert wards.rows() == [("Z1", "产科", "2026-03", False), ("Z1", "ICU", "2026-03", False), ("Z9", "产科", "2026-03", True)]


def test_a_row_without_a_date_takes_the_month_that_is_said_or_is_told_it_lacks_one(tmp_path: Path) -> None:
    head = ["就诊号", "项目编码", "收费类别", "数量", "金额", "执行科室", "费用时间"]
    lines = [head, ["M1", "X1", "化验费", 1, 20, "201", "2026-03-30 08:00"], ["M1", "X2", "化验费", 1, 20, "201", None]]
    assert errors(deliver(text(tmp_path / "费用明细.csv", lines))) == [(3, "费用时间", "必填项为空")]
    named = deliver(text(tmp_path / "费用明细2026年3月.csv", lines))
    assert only(named, FeeLine)["month"].to_list() == ["2026-03", "2026-03"]
    assert errors(deliver(text(tmp_path / "费用明细.csv", lines), month="2026-04")) == [(2, "费用时间", "不是要装入的月份")]
