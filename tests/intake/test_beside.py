"""首页与清单附带的诊断互不冲突 · What records and settlement lists tell beside their own matter stands side by side."""

from pathlib import Path

import pytest

from heng.app.region import Region
from tests.intake.made import text
from tests.intake.test_discharge_records import record
from tests.intake.test_settlements import LIST, written
from tests.store.tiny import loaded, tiny_region

MOVES = [["住院号", "科室", "转入时间", "转出时间"], ["0012345", "ICU", "2026-02-28 12:00", "2026-03-01 08:00"]]


def feeds(region: Region, table: str) -> list[str]:
    """The files that hold March of a table."""
    return sorted(p.feed for p in region.manifest.of(table) if p.month == "2026-03")


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return tiny_region(tmp_path / "region")


@pytest.mark.parametrize("order", [("首页", "清单", "转科"), ("转科", "清单", "首页")])
def test_records_settlement_lists_and_transfers_of_a_month_load_together(region: Region, tmp_path: Path, order: tuple[str, ...]) -> None:
    text(tmp_path / "首页.csv", record("HQMS"))
    written(tmp_path / "清单.csv", LIST)
    text(tmp_path / "转科.csv", MOVES)
    for name in order:
        assert loaded(region, [tmp_path / f"{name}.csv"]).refused == []
    assert feeds(region, "DiagnosisLine") == feeds(region, "ProcedureLine") == ["清单", "首页"]
    assert feeds(region, "WardStay") == ["清单", "转科"]


def test_a_second_file_of_records_or_transfers_still_waits_for_a_person(region: Region, tmp_path: Path) -> None:
    both = [text(tmp_path / "首页一.csv", record("HQMS")), text(tmp_path / "首页二.csv", record("national"))]
    assert "病案首页 2026-03 已由文件「首页一」装入" in loaded(region, both).refused[0].zh
    diagnoses = [["病案号", "出院日期", "诊断序号", "诊断编码"], ["0012345", "2026-03-05", 1, "K80.100"]]
    assert "诊断明细 2026-03 已由文件「首页一」装入" in loaded(region, [text(tmp_path / "诊断.csv", diagnoses)]).refused[0].zh
    moves = [text(tmp_path / "转科一.csv", MOVES), text(tmp_path / "转科二.csv", MOVES)]
    assert "转科记录 2026-03 已由文件「转科一」装入" in loaded(region, moves).refused[0].zh


def test_what_takes_the_place_of_the_records_leaves_the_settlement_lists(region: Region, tmp_path: Path) -> None:
    loaded(region, [text(tmp_path / "首页.csv", record("HQMS")), written(tmp_path / "清单.json", LIST)])
    assert loaded(region, [text(tmp_path / "首页新.csv", record("national"))], "replace").refused == []
    assert (feeds(region, "Discharge"), feeds(region, "DiagnosisLine")) == (["首页新"], ["清单", "首页新"])
