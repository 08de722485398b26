"""逐行：好的装入，坏的说明并退回 · Row by row: good rows load, bad rows are explained and go back in their own template."""

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from heng.core.errors import FileError
from heng.core.table import table
from heng.intake.delivery import Place, read_delivery, write_returned
from heng.tables.activity import Area, Income, InpatientWork, StaffCount
from heng.tables.booked import Asset, Depreciation, LedgerBalance, OtherCost, Salary
from heng.tables.organisation import Department
from heng.tables.quality import Finding, SourceFile
from tests.intake.made import deliver, errors, only, said, text, workbook

INCOME = ["统计年月", "开单科室", "执行科室", "收费类别", "金额"]


def income(*rows: tuple[object, ...]) -> list[list[object]]:
    """An income sheet for March 2026 with these amounts (or whole rows)."""
    return [INCOME, *(["2026-03", "101", f"20{i}", "检查", *r] if len(r) == 1 else list(r) for i, r in enumerate(rows))]


def test_rows_keep_the_declared_columns_types_and_their_place_in_the_sheet(tmp_path: Path) -> None:
    delivery = deliver(workbook(tmp_path / "a.xlsx", {"收入": [[], ["收入明细"], *income((1.5,), (0.1 + 0.2,))]}))
    rows = only(delivery, Income)
    assert rows.schema == Income.schema()
    assert rows.select("org", "month", "amount", "row").rows() == [
        ("H01", "2026-03", Decimal("1.50"), 4),
        ("H01", "2026-03", Decimal("0.30"), 5),
    ]
    assert delivery.findings.schema == Finding.schema()
    assert delivery.files.schema == SourceFile.schema()
    assert delivery.files.drop("file").rows() == [("H01", "a.xlsx", "收入", "Income", "2026-03", 2, 0)]
    assert rows["file"].unique().to_list() == delivery.files["file"].to_list()


def test_the_same_file_gives_the_same_delivery(tmp_path: Path) -> None:
    path = text(tmp_path / "收入.csv", income((1,), ("见附件",), (3,)))
    one, other = deliver(path), deliver(path)
    assert one.findings.equals(other.findings)
    assert one.files.equals(other.files)
    assert only(one, Income).equals(only(other, Income))


@pytest.mark.parametrize("absent", ["", "-", "—", "/", "NULL", "　"])
def test_absence_is_never_zero(tmp_path: Path, absent: str) -> None:
    delivery = deliver(text(tmp_path / "收入.csv", income((5,), (absent,))))
    assert only(delivery, Income)["amount"].to_list() == [Decimal("5.00")]
    assert errors(delivery) == [(3, "金额", "必填项为空")]
    beds = [["年月", "科室", "入院人次", "实际占用床日"], ["2026-03", "101", absent, "30"]]
    assert only(deliver(text(tmp_path / "住院.csv", beds)), InpatientWork)["admissions"].to_list() == [None]


@pytest.mark.parametrize(
    ("written", "reason"),
    [("见附件", "不是数字"), ("12.345", "金额多于两位小数"), ("#REF!", "单元格是公式错误"), ("9" * 18, "数值过大")],
)
def test_a_bad_amount_is_explained(tmp_path: Path, written: str, reason: str) -> None:
    assert errors(deliver(text(tmp_path / "收入.csv", income((written,), (1,))))) == [(2, "金额", reason)]


def test_a_formula_error_in_a_workbook_is_not_a_blank(tmp_path: Path) -> None:
    head = ["年月", "科室编码", "医生", "总数"]
    lines = [head, ["2026-03", "101", ("=1/0", "#DIV/0!"), 3], ["2026-03", "102", 1, ("=1+1", 2)], ["2026-03", ("=A9", "#REF!"), 1, 2]]
    delivery = deliver(workbook(tmp_path / "人员.xlsx", {"说明": [["无"]], "a": lines}))
    assert only(delivery, StaffCount).select("dept", "total").rows() == [("102", Decimal("2.0000"))]
    assert errors(delivery) == [(2, "医生", "单元格是公式错误"), (4, "科室编码", "单元格是公式错误")]


@pytest.mark.parametrize(
    "written", ["2026-03", "2026/3", "202603", "2026年3月", "2026.03", "２０２６年３月", "46082", "2026-03-31 00:00:00", "'2026-3"]
)
def test_months_as_people_write_them(tmp_path: Path, written: str) -> None:
    rows = only(deliver(text(tmp_path / "收入.csv", income((written, "101", "201", "检查", "1")))), Income)
    assert rows["month"].to_list() == ["2026-03"]


def test_a_month_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    delivery = deliver(text(tmp_path / "收入.csv", income(("2026-13", "101", "201", "检查", "1"), (1,))))
    assert errors(delivery) == [(2, "统计年月", "月份读不懂")]


def test_the_month_comes_from_two_columns_the_title_the_file_or_the_user(tmp_path: Path) -> None:
    bare = [["科室", "面积"], ["101", "5"]]
    apart = text(tmp_path / "a.csv", [["年", "月", "科室", "面积"], ["2026", "3", "101", "5"]])
    short = text(tmp_path / "2026年面积.csv", [["月份", "科室", "面积"], ["3", "101", "5"]])
    titled = workbook(tmp_path / "b.xlsx", {"a": [["二院面积表 2026 年 3 月"], *bare]})
    named = text(tmp_path / "面积_202603.csv", bare)
    for path, month in ((apart, ""), (titled, ""), (named, ""), (short, "2026-03"), (text(tmp_path / "c.csv", bare), "2026-03")):
        assert only(deliver(path, month=month), Area)["month"].to_list() == ["2026-03"], path.name
    with pytest.raises(FileError, match="--month"):
        deliver(text(tmp_path / "d.csv", bare))


def test_rows_of_another_month_or_hospital_are_findings(tmp_path: Path) -> None:
    lines = [
        ["机构编码", *INCOME],
        ["H01", "2026-03", "1", "2", "检查", "1"],
        ["H02", "2026-03", "1", "2", "检查", "2"],
        ["H01", "2026-02", "1", "2", "检查", "3"],
    ]
    delivery = deliver(text(tmp_path / "收入.csv", lines), month="2026-03")
    assert only(delivery, Income)["amount"].to_list() == [Decimal("1.00")]
    assert errors(delivery) == [(3, "机构编码", "属于另一家医院"), (4, "统计年月", "不是要装入的月份")]


def test_total_rows_are_skipped_and_checked(tmp_path: Path) -> None:
    lines = [
        ["科室名称", "面积"],
        ["内科", "10"],
        ["外科", "20"],
        ["小计", "30"],
        ["检验", "5"],
        ["小 计", "6"],
        ["合计", "35"],
        ["制表人：张三", ""],
    ]
    delivery = deliver(workbook(tmp_path / "面积2026年3月.xlsx", {"a": lines}))
    assert only(delivery, Area)["dept"].to_list() == ["内科", "外科", "检验"]
    assert said(delivery, "warning") == [(6, "面积", "合计行与明细之和不符：合计 6.00，明细之和 5.00")]
    assert errors(delivery) == []


def test_totals_in_ten_thousands_of_yuan(tmp_path: Path) -> None:
    lines = [
        ["2026年3月 总账发生额", "", "单位：万元"],
        ["科目编码", "科目名称", "本期发生额"],
        ["5001", "业务", "12.345678"],
        ["5101", "管理", "1"],
        ["", "合计", "13.345678"],
    ]
    delivery = deliver(text(tmp_path / "a.csv", lines))
    assert only(delivery, LedgerBalance)["amount"].to_list() == [Decimal("123456.78"), Decimal("10000.00")]
    assert said(delivery, "warning") == []
    assert "单位换算成元：万元 × 10,000" in {r for _, _, r in said(delivery, "note")}


def test_repeated_rows(tmp_path: Path) -> None:
    staff = [["年月", "科室", "总数"], ["2026-03", "101", "5"], ["2026-03", "101", "5"]]
    delivery = deliver(text(tmp_path / "人员.csv", staff))
    assert errors(delivery) == [(3, "整行", "与上面一行完全相同")]
    assert only(delivery, StaffCount).height == 1
    money = deliver(text(tmp_path / "收入.csv", [INCOME, *[["2026-03", "1", "2", "检查", "1"]] * 2]))
    assert only(money, Income).height == 2
    assert said(money, "warning") == [(3, "整行", "与上面一行完全相同，仍已装入")]


def test_salary_is_added_up_when_there_is_no_total(tmp_path: Path) -> None:
    head = ["年", "月", "科室", "工号", "姓名", "基本工资", "绩效工资", "住房公积金"]
    row = ["2026", "3", "101", "0009", "甲", "5,000.00", "1200.5", ""]
    delivery = deliver(text(tmp_path / "工资.csv", [head, row, [*row[:3], "8", "乙", "", "", ""]]))
    rows = only(delivery, Salary)
    assert rows.select("staff_no", "amount", "housing").rows() == [("0009", Decimal("6200.50"), None)]
    assert errors(delivery) == [(3, "应发合计", "必填项为空")]
    assert (0, "应发合计", "没有合计，已由各项相加") in said(delivery, "note")


def test_a_salary_total_that_differs_from_its_parts_is_a_warning(tmp_path: Path) -> None:
    head = ["年月", "科室", "工号", "基本工资", "绩效工资", "应发合计"]
    delivery = deliver(text(tmp_path / "工资.csv", [head, ["202603", "1", "9", "1", "2", "4"], ["202603", "1", "8", "1", "2", "3"]]))
    assert said(delivery, "warning") == [(2, "应发合计", "合计与各项之和不符")]
    assert only(delivery, Salary)["amount"].to_list() == [Decimal("4.00"), Decimal("3.00")]


def test_intangible_assets_are_told_by_their_class(tmp_path: Path) -> None:
    lines = [
        ["年月", "科室", "资产分类", "资金来源", "折旧额"],
        ["202603", "1", "专用设备", "自有", "1"],
        ["202603", "1", "无形资产-软件", "财政项目", "2"],
    ]
    rows = only(deliver(text(tmp_path / "折旧.csv", lines)), Depreciation)
    assert rows.select("intangible", "fund").rows() == [(False, "own"), (True, "fiscal")]


def test_codes_stay_codes(tmp_path: Path) -> None:
    lines = [
        ["卡片号", "资产名称", "原值", "启用年月", "使用科室编码"],
        [123456789012345678, "CT", 1, "2020年5月", 101.0],
        ["0000123456789012345678", "床", 2, 44000, "１０１"],
    ]
    delivery = deliver(workbook(tmp_path / "卡片.xlsx", {"a": lines}))
    rows = only(delivery, Asset)
    assert rows.select("card", "dept").rows() == [("0000123456789012345678", "101")]
    assert str(rows["acquired"][0]) == "2020-06-18"
    assert [(r, c) for r, c, _ in errors(delivery)] == [(2, "卡片号")]
    assert only(deliver(text(tmp_path / "a.csv", [["部门编码", "部门名称"], ["101.0", "甲"], ["A03.01", "乙"]])), Department)[
        "dept"
    ].to_list() == ["101", "A03.01"]


def test_an_unquoted_comma_inside_a_number_does_not_shift_the_row(tmp_path: Path) -> None:
    path = tmp_path / "收入.csv"
    path.write_text(",".join(INCOME) + "\n2026-03,1,2,检查,1,234.50\n2026-03,1,2,检查,7\n", encoding="utf-8")
    assert errors(deliver(path)) == [(2, "整行", "单元格比表头多")]


def test_bad_rows_go_back_in_their_own_template_and_come_home_when_mended(tmp_path: Path) -> None:
    lines = [
        ["示范医院收入明细 2026年3月"],
        INCOME[1:],
        ["101", "201", "检查", 5],
        ["101", "202", "=cmd|x", "见附件"],
        ["101", None, "检查", 7.25],
    ]
    path = workbook(tmp_path / "收入.xlsx", {"三月收入": lines})
    with_formula = deliver(path)
    assert only(with_formula, Income)["row"].to_list() == [3]
    back = write_returned(with_formula.returned[0], tmp_path / "back")
    grid = CalamineWorkbook.from_path(back).get_sheet_by_index(0).to_python()
    assert grid[0][0] == lines[0][0]
    assert grid[1] == [*INCOME[1:], "问题说明"]
    assert grid[2][2:4] == ["=cmd|x", "见附件"]
    assert grid[2][4] == "「金额」不是数字 → 请改成数字，如 1234.50"
    assert grid[3] == ["101", "", "检查", 7.25, "「执行科室」必填项为空 → 请填写执行科室编码"]
    again = read_delivery(back, Place("H01"))
    assert [r for r, _, _ in errors(again)] == [3, 4]
    twice = CalamineWorkbook.from_path(write_returned(again.returned[0], tmp_path / "twice")).get_sheet_by_index(0).to_python()
    assert twice[1:3] == grid[1:3]


def test_text_files_go_back_in_their_own_encoding_and_formulas_are_harmless(tmp_path: Path) -> None:
    path = text(tmp_path / "收入.csv", income(("=HYPERLINK(1)",), (1,)), encoding="gb18030", mark="\t")
    back = write_returned(deliver(path).returned[0], tmp_path / "back")
    with back.open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert rows[0] == [*INCOME, "问题说明"]
    assert rows[1][4] == "'=HYPERLINK(1)"


def test_other_cost_can_be_told_to_be_what_it_is(tmp_path: Path) -> None:
    lines = [["年月", "科室", "成本项目", "金额"], ["2026-03", "101", "提取医疗风险基金", "12.50"]]
    rows = only(deliver(text(tmp_path / "三月.csv", lines), as_table="OtherCost"), OtherCost)
    assert rows.select("subject", "subject_name", "fund").rows() == [("提取医疗风险基金", "提取医疗风险基金", "own")]
    with pytest.raises(FileError, match="没有模板"):
        deliver(text(tmp_path / "三月.csv", lines), as_table="OtherCosts")


def test_every_finding_has_both_languages_and_a_repair(tmp_path: Path) -> None:
    delivery = deliver(text(tmp_path / "收入.csv", income(("x",), ("1.234",), ("2026-03", "", "2", "检查", "1"))))
    told = delivery.findings.filter(pl.any_horizontal(pl.col("reason_zh", "reason_en", "mend_zh", "mend_en") == ""))
    assert told.is_empty()
    assert delivery.findings.select(*table("Finding").key).is_unique().all()
