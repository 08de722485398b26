"""法定报表的期间与编号 · The statutory tables over longer periods, in either numbering, and what is refused."""

from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from heng.app.period import View, see
from heng.app.region import Region
from heng.core.errors import HengError
from heng.core.period import period
from heng.serve.excel.statutory import write_tables
from heng.tables.codes import ITEM
from heng.tables.costing import DeptResult, ScopeCost, UnitCost
from tests.reading import owner
from tests.serve.excel import hospital
from tests.serve.excel.reading import Page, dates

MARCH = period("2026-03")
LEGACY = dict(zip(ITEM, ("人员经费", "卫生材料费", "药品费", "固定资产折旧", "无形资产摊销", "提取医疗风险基金", "其他费用"), strict=True))
SHORT = dict(zip(("人员", "卫材", "药品", "折旧", "摊销", "风险", "其他"), LEGACY.values(), strict=True))
CLINICAL = {d: hospital.NAMES[d] for d in hospital.SETTING}
THREE = ("直接成本", "间接成本", "全成本")


def test_the_same_figures_give_the_same_bytes(written: tuple[Path, Path], tmp_path: Path) -> None:
    again = write_tables(owner(hospital.region(tmp_path / "other", {"2026-03": hospital.rows()})), "H01", MARCH, tmp_path)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in written]
    assert [dates(p) for p in again] == [{"1980-01-01", "2026-03-31"}] * 2, "no date of today"


def test_a_quarter_adds_up_its_months_and_says_which_are_missing(tmp_path: Path) -> None:
    rows = hospital.rows()
    region = hospital.region(tmp_path / "region", {"2026-01": rows, "2026-03": rows})
    tables, receipts = write_tables(owner(region), "H01", period("2026Q1"), tmp_path)
    page = Page(tables, "成本医01")
    assert page.amount("本季总计", "合计") == 2 * 17138000
    assert "2026年第一季度" in page.titles
    assert "注意：本期缺 2026-02 的成本结果" in page.text
    assert Page(tables, "成本医03", deep=2).amount("诊次成本", "内科门诊/金额") == Decimal("126.04")
    assert [r[4] for r in Page(tables, "勾稽核对").body if r[1] != ""] == ["相符"] * 6
    assert "本期含多个月份" in Page(receipts, "C1 内科门诊").text


def test_a_quarter_with_one_month_of_unknown_volume_has_no_unit_cost(tmp_path: Path) -> None:
    silent = hospital.rows()
    silent[DeptResult] = [{**r, "volume": None} for r in silent[DeptResult]]
    region = hospital.region(tmp_path / "region", {"2026-01": hospital.rows(), "2026-02": silent, "2026-03": hospital.rows()})
    page = Page(write_tables(owner(region), "H01", period("2026Q1"), tmp_path)[0], "成本医03", deep=2)
    assert page.row("诊次成本")["内科门诊/金额"] == "—"


def test_a_hospital_may_choose_the_numbering_of_2021(tmp_path: Path) -> None:
    overlay = 'numbering:\n  values:\n    2021-01-26: {value: "2021", source: 院长办公会纪要}\n'
    region = hospital.region(tmp_path / "region", {"2026-03": hospital.rows()}, overlay=overlay)
    tables, _ = write_tables(owner(region), "H01", MARCH, tmp_path)
    names = CalamineWorkbook.from_path(tables).sheet_names
    assert names == ["01-1", "01-2", "02-1", "02-2", "03", "04", "医疗成本分类分摊表", "05", "06", "勾稽核对"]
    assert Page(tables, "01-1").headings[-2] == "其他运行费用"
    page = Page(tables, "06", deep=2)
    assert page.titles[0] == "医院床日成本构成表"
    assert page.amount("科室全成本合计", "全院平均/金额") == Decimal("549.84")
    assert page.amount("人员经费", "内科住院/金额") == Decimal("186.36")
    assert "内科门诊" not in page.text


def test_an_unknown_numbering_is_refused(tmp_path: Path) -> None:
    overlay = "numbering:\n  values:\n    2021-01-26: {value: legaci, source: 笔误}\n"
    region = hospital.region(tmp_path / "region", {"2026-03": hospital.rows()}, overlay=overlay)
    with pytest.raises(HengError) as refused:
        write_tables(owner(region), "H01", MARCH, tmp_path)
    assert refused.value.mend == ("是否想写 legacy？", "did you mean legacy?")


def test_a_month_that_was_not_worked_out_is_refused(region: Region, tmp_path: Path) -> None:
    with pytest.raises(HengError, match="还没有算完"):
        write_tables(owner(region), "H01", period("2026-04"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_names_of_departments_cannot_break_a_workbook(tmp_path: Path) -> None:
    names = {**hospital.NAMES, "C1": "=内科/门诊[一]*?:" + "很长" * 20, "C2": "内科", "C3": "内科"}
    region = hospital.region(tmp_path / "region", {"2026-03": hospital.rows()}, names)
    tables, receipts = write_tables(owner(region), "H01", MARCH, tmp_path)
    rows = [r[0] for r in Page(tables, "成本医02", deep=2).body]
    assert rows[:3] == [names["C1"], "内科（C2）", "内科（C3）"]
    sheets = CalamineWorkbook.from_path(receipts).sheet_names
    assert len(sheets) == 4
    assert max(map(len, sheets)) <= 31


def test_progress_is_told(region: Region, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_tables(owner(region), "H01", MARCH, tmp_path, progress=lambda *step: told.append(step))
    assert told == [("读取", 0, 3), ("成本报表", 1, 3), ("分摊收据", 2, 3)]


def test_unit_costs_per_item_are_those_of_the_table(tmp_path: Path) -> None:
    overlay = 'numbering:\n  values:\n    2021-01-26: {value: "2021", source: 院长办公会纪要}\n'
    rows = hospital.rows()
    wards = [r for r in rows[ScopeCost] if r["scope"] == "medical" and r["setting"] == "inpatient"]
    same = {"measure": "bed_day", "scope": "medical"}
    rows[UnitCost] = [
        {"dept": r["dept"], "item": r["item"], "amount": r["direct"] + r["indirect"], "volume": hospital.VOLUME[r["dept"]], **same}
        for r in wards
    ]
    region = hospital.region(tmp_path / "region", {"2026-03": rows}, overlay=overlay)
    page = Page(write_tables(owner(region), "H01", MARCH, tmp_path)[0], "06", deep=2)
    words = dict(zip(ITEM, [r[0] for r in page.body], strict=False))
    for r in see(owner(region), UnitCost, View(MARCH, ("H01",))).iter_rows(named=True):
        assert Decimal(repr(page.row(words[r["item"]])[f"{CLINICAL[r['dept']]}/金额"])) == r["unit_cost"]
