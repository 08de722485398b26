"""法定成本报表 · The statutory tables: CN-1 in them, totals that add up, what is unknown, and the same bytes every time."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from heng.app.period import View, see
from heng.app.region import Region
from heng.core.period import period
from heng.serve.excel.statutory import write_tables
from heng.tables.codes import ITEM
from heng.tables.costing import DeptResult, DirectCost, ScopeCost
from tests.reading import owner
from tests.serve.excel import hospital
from tests.serve.excel.reading import Page, fen

MARCH = period("2026-03")
LEGACY = dict(zip(ITEM, ("人员经费", "卫生材料费", "药品费", "固定资产折旧", "无形资产摊销", "提取医疗风险基金", "其他费用"), strict=True))
SHORT = dict(zip(("人员", "卫材", "药品", "折旧", "摊销", "风险", "其他"), LEGACY.values(), strict=True))
CLINICAL = {d: hospital.NAMES[d] for d in hospital.SETTING}
THREE = ("直接成本", "间接成本", "全成本")


def changed(path: Path, change: Mapping[str, Any], table: type = DeptResult) -> tuple[Path, Path]:
    """The workbooks of a hospital whose C1 row of a table says something else."""
    rows = hospital.rows()
    rows[table] = [{**r, **change} if r["dept"] == "C1" else r for r in rows[table]]
    tables, receipts = write_tables(owner(hospital.region(path / "region", {"2026-03": rows})), "H01", MARCH, path / "out")
    return tables, receipts


def test_the_workbook_holds_every_table_in_order(written: tuple[Path, Path]) -> None:
    assert [p.name for p in written] == ["H01_2026-03_成本报表.xlsx", "H01_2026-03_分摊收据.xlsx"]
    names = CalamineWorkbook.from_path(written[0]).sheet_names
    assert names == ["成本医01", "成本医01-1", "成本医02", "成本医02-1", "成本医03", "科室医疗成本分摊表", "医疗成本分类分摊表", "勾稽核对"]
    assert CalamineWorkbook.from_path(written[1]).sheet_names == ["目录", "C1 内科门诊", "C2 内科住院", "C3 外科住院"]


def test_a_table_says_who_when_in_what_and_in_which_scope(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "成本医01")
    assert page.titles == [
        "医院各科室直接成本表",
        "口径：医疗成本（含行政后勤管理费用；资金来源：自有资金）",
        "成本医01表",
        "编制单位：示范市第一医院",
        "2026年3月",
        "单位：元",
    ]
    assert page.cells[-1][0].split() == ["单位负责人：", "总会计师：", "财务负责人：", "制表人：", "制表日期："]
    assert "自有资金、财政项目拨款、科教项目、其他资金" in Page(written[0], "成本医02-1").text


def test_direct_cost_is_laid_out_by_class_with_subtotals(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "成本医01")
    assert page.headings == ["科室名称", *LEGACY.values(), "合计"]
    names = [r[0] for r in page.body if r[0]][:15]
    assert names == [
        "临床服务类科室", "内科门诊", "内科住院", "外科住院", "小计",
        "医疗技术类科室", "检验科", "放射科", "小计",
        "医疗辅助类科室", "供应室", "挂号收费处", "小计",
        "医疗业务成本合计", "管理费用",
    ]  # fmt: skip
    for name, row in zip(("医疗业务成本合计", "管理费用", "本月总计"), (16298000, 840000, 17138000), strict=True):
        assert page.amount(name, "合计") == row
    assert {i: page.amount("本月总计", n) for i, n in SHORT.items()} == hospital.CN1["printed"]["total"]


def test_full_cost_shows_the_published_direct_indirect_and_full(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "成本医02", deep=2)
    assert page.headings == ["科室名称", *(f"{i}/{v}" for i in (*LEGACY.values(), "合计") for v in THREE)]
    for item, by_dept in hospital.CN1["printed"]["form03"].items():
        for dept, said in by_dept.items():
            assert [page.amount(CLINICAL[dept], f"{SHORT[item]}/{v}") for v in THREE] == [Decimal(str(v)) for v in said]
    after = hospital.CN1["printed"]["after"]["med"]
    assert {d: page.amount(n, "合计/全成本") for d, n in CLINICAL.items()} == {d: after[d] for d in CLINICAL}


def test_project_funds_stand_in_their_own_columns(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "成本医01-1", deep=2)
    fiscal, research = "财政项目补助支出形成的成本", "科教项目支出及其他资金形成的成本"
    assert page.amount("检验科", f"{fiscal}/固定资产折旧") == 60000
    assert page.amount("外科住院", f"{fiscal}/其他") == 1000
    assert page.amount("检验科", f"{research}/无形资产摊销") == 6000
    assert [page.amount("本月总计", h) for h in ("医疗成本/小计", "医疗全成本合计", "医院全成本合计")] == [17138000, 17390600, 17396600]
    wide = Page(written[0], "成本医02-1", deep=3)
    for total in ("医疗成本/小计", "医疗全成本合计", "医院全成本合计"):
        assert wide.amount("科室全成本合计", f"{total}/全成本") == page.amount("本月总计", total)
    assert wide.amount("内科门诊", f"{research}/无形资产摊销/间接成本") == 1800


def test_what_a_visit_and_a_bed_day_cost(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "成本医03", deep=2)
    together = "各临床服务类科室合计/金额"
    assert [page.amount("床日成本", f"{CLINICAL[d]}/金额") for d in ("C2", "C3")] == [Decimal("471.01"), Decimal("644.43")]
    assert page.amount("诊次成本", "内科门诊/金额") == Decimal("126.04")
    assert page.amount("床日成本", together) == Decimal("549.84")
    assert page.row("床日成本")["内科门诊/金额"] == "", "a clinic has no bed-days: blank, neither zero nor unknown"
    assert page.amount("收入－成本", "内科住院/金额") == -52100
    assert page.amount("收入－成本", together) == sum(hospital.INCOME.values()) - 17138000


def test_shares_add_up_to_one_hundred_percent(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "成本医03", deep=2)
    for heading in (h for h in page.headings if h.endswith("%")):
        assert sum(page.row(n)[heading] for n in LEGACY.values()) == pytest.approx(1, abs=1e-12)
        assert page.row("科室全成本合计")[heading] == 1
    assert page.row("人员经费")["内科门诊/%"] == pytest.approx(2007300 / 5041600, abs=1e-15)


def test_the_eight_origins_stand_under_the_step_they_came_by(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "科室医疗成本分摊表", deep=2)
    for dept, said in hospital.CN1["printed"]["bucket"].items():
        if dept == "order":
            continue
        direct, man, ass_man, med_man, ass_med_man, ass, med_ass, med = said
        medtech = [med, med_ass, med_man, ass_med_man]
        want = [direct, man, ass, ass_man, ass + ass_man, *medtech, sum(medtech), sum(said)]
        assert [fen(v) for v in list(page.row(CLINICAL[dept]).values())[1:]] == want
    items = Page(written[0], "医疗成本分类分摊表", deep=2)
    assert items.amount("合计", "医疗成本合计") == page.amount("合计", "医疗成本合计") == 17138000
    assert {i: items.amount(n, "医疗成本合计") for i, n in SHORT.items()} == hospital.CN1["printed"]["total"]


def test_every_total_is_the_sum_of_its_rows(written: tuple[Path, Path]) -> None:
    for name, deep in {"成本医01": 1, "成本医01-1": 2}.items():
        page = Page(written[0], name, deep)
        blocks = [page.block(a, b) for a, b in pairwise(["临床服务类科室", "医疗技术类科室", "医疗辅助类科室", "医疗业务成本合计"])]
        for column in range(1, len(page.headings)):
            subtotals = [fen(b[-1][column]) for b in blocks]
            assert subtotals == [sum(fen(r[column]) for r in b[:-1]) for b in blocks]
            heading = page.headings[column]
            assert page.amount("医疗业务成本合计", heading) == sum(subtotals)
            assert page.amount("本月总计", heading) == sum(subtotals) + page.amount("管理费用", heading)
    for name, deep in {"成本医02": 2, "成本医02-1": 3}.items():
        page = Page(written[0], name, deep)
        for heading in page.headings[1:]:
            assert page.amount("科室全成本合计", heading) == sum(page.amount(n, heading) for n in CLINICAL.values())
        for row in (page.row(n) for n in CLINICAL.values()):
            for h in (h.removesuffix("/全成本") for h in page.headings if h.endswith("/全成本")):
                assert fen(row[f"{h}/直接成本"]) + fen(row[f"{h}/间接成本"]) == fen(row[f"{h}/全成本"])


def test_the_sheets_say_what_the_tables_say(region: Region, written: tuple[Path, Path]) -> None:
    view = View(MARCH, ("H01",))
    full = Page(written[0], "成本医02", deep=2)
    scoped = see(owner(region), ScopeCost, view).filter(scope="medical")
    for r in scoped.iter_rows(named=True):
        said = [full.amount(CLINICAL[r["dept"]], f"{LEGACY[r['item']]}/{v}") for v in THREE]
        assert said == [r["direct"], r["indirect"], r["amount"]]
    direct = Page(written[0], "成本医01")
    for r in see(owner(region), DirectCost, view).filter(fund="own").filter(category="medtech").iter_rows(named=True):
        assert direct.amount(hospital.NAMES[r["dept"]], LEGACY[r["item"]]) == r["amount"]
    composed = Page(written[0], "成本医03", deep=2)
    for r in see(owner(region), DeptResult, view).iter_rows(named=True):
        row = "诊次成本" if r["measure"] == "visit" else "床日成本"
        assert Decimal(repr(composed.row(row)[f"{CLINICAL[r['dept']]}/金额"])) == r["unit_cost"].normalize()
        assert composed.amount("科室收入", f"{CLINICAL[r['dept']]}/金额") == r["income"]


def test_a_receipt_names_giver_driver_base_and_share_and_ties_to_full_cost(written: tuple[Path, Path]) -> None:
    full, wide = Page(written[0], "成本医02", deep=2), Page(written[0], "成本医02-1", deep=3)
    for dept, name in CLINICAL.items():
        page = Page(written[1], f"{dept} {name}")
        assert page.amount("科室全成本", "医疗成本") == full.amount(name, "合计/全成本")
        assert page.amount("科室全成本", "医院全成本") == wide.amount(name, "医院全成本合计/全成本")
        legs = [dict(zip(page.headings, r, strict=True)) for r in page.body if r[1]]
        assert sum(fen(r["医院全成本"]) for r in legs) == page.amount("科室全成本", "医院全成本")
    page = Page(written[1], "C1 内科门诊")
    received = page.block("三、第二步：分摊医疗辅助类科室成本", "四、第三步：分摊医疗技术类科室成本")
    said = next(r for r in received if r[:2] == ["挂号收费处", "人员经费"])
    assert said[2:7] == ["门急诊人次", 9000, 10000, 0.9, 315000]
    assert [fen(r[6]) for r in page.body if r[0] == "小计"] == [140000, 459000, 842600]


def test_the_list_of_receipts_leads_to_them_and_adds_up(written: tuple[Path, Path]) -> None:
    page = Page(written[1], "目录")
    assert page.amount("合计", "医院全成本") == sum(page.amount(n, "医院全成本") for n in CLINICAL.values()) == Decimal(17396600)


def test_the_ties_between_the_tables_hold(written: tuple[Path, Path]) -> None:
    page = Page(written[0], "勾稽核对")
    verdicts = [r[4] for r in page.body if r[1] != ""]
    assert verdicts == ["相符"] * 6


def test_a_broken_tie_is_said_aloud(tmp_path: Path) -> None:
    page = Page(changed(tmp_path, {"cost": "5041600.01"})[0], "勾稽核对")
    row = page.row("全成本表与科室收支：医疗成本")
    assert (fen(row["差额"]), row["结论"]) == (Decimal("-0.01"), "不符")


def test_an_unknown_unit_cost_is_a_dash_with_its_reason(tmp_path: Path) -> None:
    page = Page(changed(tmp_path, {"volume": None, "income": None})[0], "成本医03", deep=2)
    assert [page.row(n)["内科门诊/金额"] for n in ("科室收入", "收入－成本", "诊次成本")] == ["—"] * 3
    assert page.row("诊次成本")["各临床服务类科室合计/金额"] == "—"
    assert page.amount("床日成本", "各临床服务类科室合计/金额") == Decimal("549.84")
    assert "「—」内科门诊：本期没有门急诊人次数据，诊次成本未知，全院平均也未知。" in page.text
    assert "「—」内科门诊：本期没有收入数据，科室收入、收入－成本及其合计未知。" in page.text


def test_no_visits_is_not_an_endless_cost_per_visit(tmp_path: Path) -> None:
    page = Page(changed(tmp_path, {"volume": 0})[0], "成本医03", deep=2)
    assert page.row("诊次成本")["内科门诊/金额"] == "—"
    assert "本期门急诊人次为 0" in page.text


def test_a_class_without_departments_has_no_subtotal(tmp_path: Path) -> None:
    rows = hospital.rows()
    rows[DirectCost] = [r for r in rows[DirectCost] if r["category"] != "support"]
    tables, _ = write_tables(owner(hospital.region(tmp_path / "region", {"2026-03": rows})), "H01", MARCH, tmp_path)
    page = Page(tables, "成本医01")
    assert page.block("医疗辅助类科室", "医疗业务成本合计") == [["（无）", *["—"] * 8], ["小计", *["—"] * 8]]
    assert page.amount("医疗业务成本合计", "合计") == 16298000 - 798000
