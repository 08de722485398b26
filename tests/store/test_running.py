"""运行：没变的不重算，有错的月份不留旧数，情景不留痕迹 · Running: skip what has not changed, keep nothing stale, leave no trace."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest

from heng.app.compute import run, scenario
from heng.app.execute import execute
from heng.app.inputs import Inputs
from heng.app.period import View, measure, see
from heng.app.region import Region
from heng.core.capability import CAPABILITIES, Capability
from heng.core.errors import PolicyError, TableError
from heng.core.indicator import INDICATORS
from heng.core.params import Params
from heng.core.period import period
from heng.core.table import table
from heng.tables.costing import DeptCost, DeptResult, ScopeCost, UnitCost
from tests.reading import owner
from tests.store.tiny import MONTHS, PAY, contents, loaded, tiny_files, total

PEER = "costing.step_down.peer"
OVERLAY = """peer:
  values:
    2026-02-01: {value: {admin: false, support: true, medtech: false}, source: "试验医院成本核算办法 第三条"}
"""


def test_nothing_changed_is_nothing_done(region: Region) -> None:
    before = region.manifest.generation
    report = run(region, region.cells())
    assert report.written == {}
    assert report.skipped > 0
    assert region.manifest.generation == before


def test_one_corrected_month_is_the_only_one_worked_out_anew(region: Region, tmp_path: Path) -> None:
    before = set(contents(region))
    loaded(region, tiny_files(tmp_path / "again", MONTHS[1:], PAY | {"0402": "210000.06"}))
    report = run(region, region.cells())
    assert set(report.written.values()) == {1}
    changed = {place[2] for place in set(contents(region)) ^ before if place[0] == "DeptCost"}
    assert changed == {MONTHS[1]}


def test_a_hospital_s_own_value_counts_from_its_date_on(region: Region) -> None:
    path = region.path / "policy" / "H01" / "costing" / "step_down.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(OVERLAY, "utf8")
    report = run(Region(region.path), region.cells())
    assert report.written["costing.step_down"] == 1, "January keeps the value that was in force"


def test_a_month_with_an_error_keeps_no_stale_result(region: Region, tmp_path: Path) -> None:
    wrong = tmp_path / "成本归集2026-02.csv"
    wrong.write_text(_unknown_department(), "utf8")
    loaded(region, [wrong])
    report = run(region, region.cells())
    assert list(report.blocked) == [("H01", "2026-02")]
    zh, en = report.blocked["H01", "2026-02"]
    assert "不在科室字典" in zh
    assert "0999" in zh
    assert "not in the dictionary" in en
    assert [p.month for p in region.manifest.of("DeptCost")] == ["2026-01"]
    assert [p.month for p in region.manifest.of("Readiness")] == list(MONTHS)


def test_a_figure_too_large_to_work_with_stops_its_own_month_only(region: Region, tmp_path: Path) -> None:
    """金额合计超出十八位数 · Amounts that add up to more than eighteen digits."""
    loaded(region, tiny_files(tmp_path / "again", MONTHS[1:], PAY | {"0401": "9999999999999999.00"}))
    report = run(region, region.cells())
    assert list(report.blocked) == [("H01", "2026-02")]
    zh, en = report.blocked["H01", "2026-02"]
    assert "H01 2026-02" in zh
    assert "H01 2026-02" in en
    stopped = {c.writes.__name__ for c in CAPABILITIES.values() if c.zh in zh}
    assert stopped
    assert {p.month for p in region.manifest.parts if p.table in stopped | {"DeptResult"}} == {"2026-01"}


def test_the_fault_of_one_month_does_not_stop_the_others_of_its_batch(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def failing(inputs: Inputs, cap: Capability, rules: dict[str, Params]) -> pl.DataFrame:
        if cap.writes is UnitCost:
            seen.append([month for _, month in inputs.cells])
            if "2026-02" in seen[-1]:
                raise TableError("数太大", "too large", mend=("改数", "mend it"))
        return execute(inputs, cap, rules)

    with region.writing("test"):
        region.publish("test", drop=[p.place for p in region.manifest.of("UnitCost")])
    monkeypatch.setattr("heng.app.batch.execute", failing)
    report = run(region, region.cells(), [UnitCost])
    assert seen == [["2026-01", "2026-02"], ["2026-01"], ["2026-02"]]
    assert report.blocked == {("H01", "2026-02"): ("H01 2026-02 诊次床日成本：数太大 → 改数", "H01 2026-02 unit cost: too large → mend it")}
    assert [p.month for p in region.manifest.of("UnitCost")] == ["2026-01"]
    with pytest.raises(TableError, match="数太大"), scenario(region, {}, region.cells(), [UnitCost]):
        pass


def test_a_policy_that_cannot_be_read_stops_the_months_it_is_for(region: Region) -> None:
    path = region.path / "policy" / "H01" / "costing" / "step_down.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(OVERLAY.replace("{admin: false, support: true, medtech: false}", "nonsense"), "utf8")
    report = run(Region(region.path), region.cells())
    assert list(report.blocked) == [("H01", "2026-02")]
    assert "costing.step_down.peer" in report.blocked["H01", "2026-02"][0]


def test_a_scenario_shows_the_difference_and_leaves_nothing(region: Region) -> None:
    files, held = sorted(p for p in region.path.rglob("*") if p.is_file()), contents(region)
    with scenario(
        region, {"costing.scopes.scopes": [{"scope": "medical", "fund": "own", "management": False}]}, region.cells(), [ScopeCost]
    ) as twin:
        without = see(owner(twin), ScopeCost, View(period("2026-01"), where=(("scope", "medical"),)))["amount"].sum()
    with_management = see(owner(region), ScopeCost, View(period("2026-01"), where=(("scope", "medical"),)))["amount"].sum()
    assert with_management - without == Decimal(PAY["0101"])
    assert (sorted(p for p in region.path.rglob("*") if p.is_file()), contents(region)) == (files, held)


def test_a_scenario_with_the_same_values_changes_nothing(region: Region) -> None:
    same = region.policy.values[PEER][0].value
    with scenario(region, {PEER: same}, region.cells(), [DeptCost]) as twin:
        for p in region.manifest.of("DeptCost"):
            other = twin.manifest.part("DeptCost", p.org, p.month)
            assert other
            assert pl.read_parquet(region.path / other.file).equals(pl.read_parquet(region.path / p.file))


def test_a_scenario_of_an_unknown_value_names_the_nearest(region: Region) -> None:
    with pytest.raises(PolicyError, match=r"costing\.step_down\.peer"), scenario(region, {"costing.step_down.pear": 1}, [], [DeptCost]):
        pass


def test_two_months_are_added_up_and_unit_costs_worked_out_anew(region: Region) -> None:
    one, two = (
        see(owner(region), UnitCost, View(p, where=(("scope", "medical"), ("item", "staff"))))
        for p in (period("2026-01"), period("2026-01..2026-02"))
    )
    assert two["amount"].to_list() == [2 * a for a in one["amount"]]
    assert two["volume"].to_list() == [2 * v for v in one["volume"]]
    assert two["unit_cost"].to_list() == one["unit_cost"].to_list()


def test_a_level_such_as_staff_is_averaged_over_months_and_not_added_up(region: Region) -> None:
    view = View(period("2026-01..2026-02"), where=(("scope", "medical"), ("dept", "0402")))
    assert see(owner(region), DeptResult, view)["staff"].to_list() == [Decimal(20)]


def test_a_comparison_with_a_period_not_held_is_empty_and_not_zero(region: Region) -> None:
    seen = see(owner(region), ScopeCost, View(period("2026-02"), where=(("scope", "medical"), ("item", "staff")), compare=("yoy", "mom")))
    assert seen["amount_yoy"].null_count() == seen.height
    assert seen["amount_mom_change"].to_list() == [Decimal(0)] * seen.height


def test_the_group_knows_no_departments(region: Region) -> None:
    seen = see(owner(region), ScopeCost, View(period("2026-01"), where=(("scope", "hospital_full"),), group=True))
    assert "dept" not in seen.columns
    assert seen["amount"].sum() == Decimal(total(PAY))


def test_an_indicator_is_a_ratio_of_sums(region: Region) -> None:
    found = measure(owner(region), INDICATORS["bed_day_cost"], View(period("2026-01..2026-02")))
    costs = see(owner(region), ScopeCost, View(period("2026-01..2026-02"), where=(("scope", "medical"), ("dept", "0402"))))
    assert found["value"].to_list() == [(costs["amount"].sum() / 1600).quantize(Decimal("0.000001"), ROUND_HALF_UP)]


def test_tables_are_found_by_name() -> None:
    assert table("DeptCost") is DeptCost


def _unknown_department() -> str:
    lines = ["统计年月,科室编码,成本项目编码,成本项目名称,资金来源,金额"]
    amounts = PAY | {"0999": "5.00"}
    return "\n".join([*lines, *(f"2026-02,{d},500101,人员经费,自有资金,{v}" for d, v in amounts.items())]) + "\n"


def test_a_sum_over_a_month_whose_volume_is_unknown_is_unknown(region: Region) -> None:
    part = region.manifest.part("InpatientWork", "H01", "2026-02", "住院工作量2026-02")
    assert part
    with region.writing("test"):
        region.publish("test", drop=[part.place])
    run(region, region.cells())
    view = View(period("2026-01..2026-02"), where=(("scope", "medical"), ("dept", "0402"), ("item", "staff")))
    assert see(owner(region), UnitCost, view).select("volume", "unit_cost").row(0) == (None, None)


def test_an_indicator_is_compared_as_a_table_is(region: Region) -> None:
    found = measure(owner(region), INDICATORS["bed_day_cost"], View(period("2026-02"), compare=("mom", "yoy")))
    assert found.select("value_mom_change", "value_yoy", "value_yoy_change").row(0) == (Decimal(0), None, None)


def test_cost_per_employee_grows_with_the_months_of_the_period(region: Region) -> None:
    one, two = (
        measure(owner(region), INDICATORS["cost_per_staff"], View(p))["value"][0] for p in (period("2026-01"), period("2026-01..2026-02"))
    )
    assert abs(two - 2 * one) <= Decimal("0.0001")


def test_a_policy_file_that_cannot_be_understood_refuses_the_run_and_touches_nothing(region: Region) -> None:
    before = contents(region)
    wrong = region.path / "policy" / "H01" / "costing" / "break_even.yaml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("cover:\n  values:\n    2026-01-01: {value: medical, source: 某文件}\n", "utf8")
    again = Region(region.path)
    with pytest.raises(PolicyError, match="没有国家默认值"):
        run(again, again.cells())
    assert contents(Region(region.path)) == before
