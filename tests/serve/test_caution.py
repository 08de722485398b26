"""当心：过时的数、缺的月份 · Cautions: figures that are older than their data, months that a period lacks."""

import json
from pathlib import Path

import pytest

from heng.app.region import Region
from heng.serve.months import spans
from tests.serve.spoken import Heng, data
from tests.store.tiny import PAY, booked

OLD = "H01 2026-01 算完以后又有改动，数还是旧的 → 请重新计算（网页「计算」，或 heng run）\n"


@pytest.fixture
def corrected(say: Heng, tmp_path: Path) -> None:
    """January's booked cost was loaded anew after the run."""
    path = tmp_path / "成本归集2026-01.csv"
    path.write_text(booked("2026-01", PAY | {"0402": "210001.05"}), "utf8")
    assert say("load", path, "--org", "H01")[0] == 0


@pytest.mark.usefixtures("corrected")
@pytest.mark.parametrize("name", ["DeptCost", "costing.step_down", "staff_share", "DirectCost"])
def test_figures_older_than_their_data_are_told_to_be_old(say: Heng, name: str) -> None:
    code, out, err = say("show", name, "--month", "2026-01")
    assert (code, err) == (0, OLD)
    assert "heng run" not in out
    shown = json.loads(say("show", name, "--month", "2026-01", "--json")[1])
    assert shown["stale"] == [{"org": "H01", "month": "2026-01"}]
    assert "the figures are old" in say("show", name, "--month", "2026-01", "--lang", "en")[2]
    assert data(say("show", name, "--month", "2026-02", "--json"))["stale"] == []
    assert say("show", name, "--month", "2026-02", "--compare", "mom")[2] == OLD, "a comparison shows the month before, too"


@pytest.mark.usefixtures("corrected")
def test_a_question_and_a_scenario_about_old_figures_say_so(say: Heng) -> None:
    about = ("--org", "H01", "--month", "2026-01")
    assert say("why", "DeptCost", *about)[2] == OLD
    assert json.loads(say("why", "DeptCost", *about, "--json")[1])["stale"] == [{"org": "H01", "month": "2026-01"}]
    assert say("whatif", "costing.step_down.peer={admin: false, support: false, medtech: false}", "--show", "DeptCost", *about)[2] == OLD


@pytest.mark.usefixtures("corrected")
def test_an_export_of_old_figures_is_written_and_tells_the_shell(say: Heng, tmp_path: Path) -> None:
    code, out, err = say("export", "2026-01", "--org", "H01", "--to", tmp_path / "out")
    assert (code, err) == (1, OLD)
    assert "共 2 个文件" in out
    assert say("export", "2026-02", "--org", "H01", "--to", tmp_path / "out")[::2] == (0, "")


@pytest.mark.usefixtures("corrected")
def test_source_rows_are_never_old_and_a_run_makes_figures_new(say: Heng) -> None:
    assert say("show", "CostBooking", "--month", "2026-01")[2] == ""
    say("run", "2026-01")
    assert say("show", "DeptCost", "--month", "2026-01")[2] == ""


def test_a_changed_parameter_makes_figures_old_but_not_those_of_a_closed_month(say: Heng, region: Path) -> None:
    assert say("close", "2026-01", "--org", "H01", "--by", "张三")[0] == 0
    (region / "policy/costing").mkdir(parents=True)
    changed = "{2026-01-01: {value: {admin: true, support: true, medtech: true}, source: 试验}}"
    (region / "policy/costing/step_down.yaml").write_text(f"peer: {{values: {changed}}}\n", "utf8")
    assert data_of(say, "DeptCost", "2026-01..2026-02")["stale"] == [{"org": "H01", "month": "2026-02"}]


def test_only_what_depends_on_a_changed_parameter_is_old(say: Heng, region: Path) -> None:
    (region / "policy/costing").mkdir(parents=True)
    changed = "{2026-01-01: {value: hospital_full, source: 试验}}"
    (region / "policy/costing/break_even.yaml").write_text(f"covered: {{values: {changed}}}\n", "utf8")
    assert len(cells := data_of(say, "BreakEven", "2026-01..2026-02")["stale"]) == 2, cells
    assert data_of(say, "DeptCost", "2026-01..2026-02")["stale"] == []


def test_a_period_of_which_months_are_not_held_names_them(say: Heng, tmp_path: Path) -> None:
    found = data_of(say, "ScopeCost", "2026Q1")
    assert found["missing"] == [{"org": "H01", "month": "2026-03"}]
    assert "H01 缺 2026-03，" in say("show", "ScopeCost", "--period", "2026Q1")[2]
    assert "H01 has nothing for 2026-03..2026-12," in say("show", "staff_share", "--period", "2026", "--lang", "en")[2]
    code, _, err = say("export", "2026Q1", "--org", "H01", "--to", tmp_path / "out")
    assert (code, "H01 缺 2026-03" in err) == (0, True)


def test_a_month_that_is_loaded_but_not_worked_out_is_missing_from_results_only(say: Heng, tmp_path: Path) -> None:
    path = tmp_path / "成本归集2026-03.csv"
    path.write_text(booked("2026-03", PAY), "utf8")
    assert say("load", path, "--org", "H01")[0] == 0
    assert data_of(say, "DeptCost", "2026Q1")["missing"] == [{"org": "H01", "month": "2026-03"}]
    assert data_of(say, "CostBooking", "2026Q1")["missing"] == []


def test_of_periods_compared_with_only_the_partly_held_are_incomplete(say: Heng) -> None:
    assert data_of(say, "DeptCost", "2026-02", "--compare", "yoy,mom")["missing"] == []
    before = data_of(say, "DeptCost", "2026-02..2026-03", "--compare", "mom")["missing"]
    assert before == [{"org": "H01", "month": m} for m in ("2025-12", "2026-03")]


def test_hospitals_that_lack_the_same_months_share_a_line(say: Heng, region: Path) -> None:
    text = (region / "heng.yaml").read_text("utf8")
    (region / "heng.yaml").write_text(text + "- {code: H02, name: 乙}\n- {code: H03, name: 丙}\n", "utf8")
    assert list(Region(region).hospitals) == ["H01", "H02", "H03"]
    err = say("show", "DeptCost", "--period", "2026-01..2026-02", "--group")[2]
    assert err.startswith("H02、H03 缺 2026-01..2026-02，")
    assert say("show", "DeptCost", "--period", "2026-01..2026-02", "--org", "H01")[2] == ""
    assert say("show", "CostBooking", "--month", "2026-01")[2] == "", "a table that a hospital does not keep lacks nothing"


def test_dictionaries_have_no_months_to_lack(say: Heng) -> None:
    assert say("show", "Department", "--period", "2026")[2] == ""


def test_runs_of_months_are_written_short() -> None:
    assert spans([]) == ""
    assert spans(["2026-03"]) == "2026-03"
    assert spans(["2026-02", "2025-12", "2026-01", "2026-04", "2026-02"]) == "2025-12..2026-02、2026-04"


def data_of(say: Heng, name: str, period: str, *more: str) -> dict[str, list[object]]:
    """What `show --json` prints, whatever stands on stderr."""
    found: dict[str, list[object]] = json.loads(say("show", name, "--period", period, *more, "--json")[1])
    return found
