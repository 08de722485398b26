"""别家医院的文件不会装进来 · A file of another hospital does not load, whether a column, the title or a name says so."""

from pathlib import Path

import polars as pl
import pytest

from heng.app.load import LoadReport, load
from heng.app.region import Hospital, new_region
from heng.intake.delivery import Delivery, Place, read_delivery
from heng.intake.whose import whose
from heng.tables.activity import Area, Income
from heng.tables.organisation import Department
from tests.intake.made import errors, only, text, workbook

PLACE = Place("H01", "2026-03", name="示范市第一医院", others=("示范市第一医院南院", "H02", "示范市第二医院", "H03", "HOSP-4", "乙院"))
AREA = [["科室", "面积"], ["101", "5"]]


def handed_in(path: Path) -> Delivery:
    """What a file brings when it is handed in for the first hospital."""
    return read_delivery(path, PLACE)


@pytest.mark.parametrize(
    ("said", "is_of"),
    [
        ("示范市第一医院", "mine"),
        ("示范市第一医院2026年3月收入", "mine"),
        ("示范市 第二 医院\u200b（盖章）", "other"),
        ("示范市第一医院南院", "other"),
        ("示范市第一医院收入（含示范市第二医院会诊）", "mine"),
        ("市一院", ""),
        ("h02", "other"),
        ("H01", "mine"),
        ("科室H03一览", ""),
        ("HOSP-4 income", "other"),
        ("HOSP-42 income", ""),
        ("乙院", "other"),
        ("甲乙院", ""),
        ("", ""),
    ],
)
def test_whose_a_text_says_it_is(said: str, is_of: str) -> None:
    assert whose(said, PLACE)[0] == is_of


@pytest.mark.parametrize("other", ["示范市第二医院", "示范市第一医院南院", "H03"])
def test_a_column_that_names_another_hospital_throughout(tmp_path: Path, other: str) -> None:
    lines = [["医疗机构", *AREA[0]], [other, "101", "5"], [other, "102", "6"]]
    delivery = handed_in(text(tmp_path / "面积.csv", lines))
    assert errors(delivery) == [(2, "医疗机构", "属于另一家医院"), (3, "医疗机构", "属于另一家医院")]
    assert delivery.tables == {}


def test_rows_of_another_hospital_among_ones_own(tmp_path: Path) -> None:
    lines = [
        ["医疗机构", *AREA[0]],
        *([name, "101", str(i)] for i, name in enumerate(("示范市第二医院", "示范市第二医院", "示范市第一医院", "H01"))),
    ]
    delivery = handed_in(text(tmp_path / "面积.csv", lines))
    assert [r for r, _, _ in errors(delivery)] == [2, 3]
    assert only(delivery, Area).select("org", "row").rows() == [("H01", 4), ("H01", 5)]


def test_a_name_that_the_region_does_not_know_is_taken_as_before(tmp_path: Path) -> None:
    lines = [["医疗机构", *AREA[0]], ["市一院", "101", "5"], ["市一院", "102", "6"], ["示范市第二医院", "103", "7"]]
    delivery = handed_in(text(tmp_path / "面积.csv", lines))
    assert [r for r, _, _ in errors(delivery)] == [4]
    assert only(delivery, Area).height == 2


def test_a_title_a_sheet_or_a_file_of_another_hospital(tmp_path: Path) -> None:
    titled = workbook(tmp_path / "面积.xlsx", {"a": [["示范市第二医院 2026年3月 科室面积"], *AREA], "b": AREA})
    delivery = handed_in(titled)
    assert errors(delivery) == [(0, "标题", "属于另一家医院：写着「示范市第二医院」，整张表没有装入")]
    assert delivery.files.select("sheet", "loaded", "rejected").rows() == [("a", 0, 1), ("b", 1, 0)]
    assert delivery.returned == []
    assert only(delivery, Area)["file"].unique().to_list() == delivery.files["file"].to_list()[1:]
    sheets = workbook(tmp_path / "b.xlsx", {"示范市第一医院": AREA, "示范市第二医院": AREA})
    assert [(c, r) for _, c, r in errors(handed_in(sheets))] == [("工作表", "属于另一家医院：写着「示范市第二医院」，整张表没有装入")]
    assert handed_in(text(tmp_path / "示范市第二医院面积.csv", AREA)).tables == {}
    assert only(handed_in(workbook(tmp_path / "示范市第二医院.xlsx", {"示范市第一医院": AREA})), Area).height == 1


def test_the_region_tells_the_names_and_nothing_of_ones_own_is_replaced(tmp_path: Path) -> None:
    region = new_region(tmp_path / "region", "试验", [Hospital("H01", "甲县人民医院"), Hospital("H02", "乙县人民医院")])
    dictionary = [["科室编码", "科室名称"], ["101", "内科"]]

    def loaded(*lines: list[str]) -> LoadReport:
        return load(region, [("H01", text(tmp_path / "科室字典.csv", lines))], Place(""))

    assert loaded(["甲县人民医院科室字典"], *dictionary).rows == {"Department": 1}
    wrong = loaded(["乙县人民医院科室字典"], *dictionary)
    assert (wrong.rows, wrong.findings["column"].to_list()) == ({}, ["标题"])
    lines = [["医院名称", "统计年月", "开单科室", "执行科室", "收费类别", "金额"], ["乙县人民医院", "2026-03", "1", "2", "检查", "5"]]
    assert load(region, [("H01", text(tmp_path / "收入.csv", lines))], Place("")).rows == {}
    held = [p for p in region.manifest.parts if p.table in (Department.__name__, Income.__name__)]
    assert [(p.table, p.rows) for p in held] == [("Department", 1)]
    assert pl.read_parquet(region.path / held[0].file)["dept"].to_list() == ["101"]
