"""区域文件夹由人改写，写错要说清 · People edit a region folder by hand: what they write wrong is refused, and named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from heng.app.period import View, see
from heng.app.region import Hospital, Region, new_region
from heng.core.errors import HengError
from heng.core.params import REGION, Params, Policy, Value
from heng.core.period import period
from heng.tables.activity import Area
from heng.tables.organisation import Department
from tests.reading import owner
from tests.store.tiny import worked_out


@pytest.mark.parametrize(
    "said",
    [
        "x",
        "[1, 2]",
        "hospitals: 5",
        "hospitals: [x]",
        "hospitals: [{code: H01}]",
        "hospitals: {a: b}",
        "hospitals: [{code: ../../x, name: 恶}]",
        "hospitals: [{code: H01, name: 甲}, {code: H01, name: 乙}]",
    ],
)
def test_a_region_file_that_cannot_be_understood_is_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / "heng.yaml").write_text(said, "utf8")
    with pytest.raises(HengError):
        _ = Region(tmp_path).hospitals


@pytest.mark.parametrize("code", ["../x", "H/1", "H'1", 'H"1', ".", "-x", "H 1", ""])
def test_a_code_that_cannot_name_a_folder_makes_no_region(tmp_path: Path, code: str) -> None:
    with pytest.raises(HengError, match="医院编码"):
        new_region(tmp_path / "region", "示范", [Hospital(code, "甲")])
    assert not (tmp_path / "region").exists()


@pytest.mark.parametrize("said", ["x", "5", "peer: {values: {2026-01-01 00:00:00: {value: {admin: true}, source: 某文件}}}"])
def test_policy_of_another_shape_is_refused_with_its_file(tmp_path: Path, said: str) -> None:
    region = new_region(tmp_path, "示范", [Hospital("H01", "甲")])
    (tmp_path / "policy" / "costing").mkdir()
    (tmp_path / "policy" / "costing" / "step_down.yaml").write_text(said, "utf8")
    with pytest.raises(HengError, match=r"step_down\.yaml"):
        _ = region.policy


def test_a_number_that_is_none_is_refused() -> None:
    class Limit(Params, at="trial.limit"):
        most: Decimal

    with pytest.raises(HengError, match="应为 Decimal"):
        Limit(Policy([Value("trial.limit.most", REGION, date(2026, 1, 1), "abc", "某文件")], []), date(2026, 2, 1))


def test_a_dictionary_shows_each_row_once_over_several_months(tmp_path: Path) -> None:
    region = worked_out(tmp_path / "region", tmp_path / "files")
    rows = see(owner(region), Department, View(period("2026Q1"), where=(("leaf", "true"),)))
    assert rows.columns == list(Department.columns)
    assert rows.height == 5


def test_source_rows_are_not_compared(tmp_path: Path) -> None:
    region = new_region(tmp_path / "region", "示范", [Hospital("H01", "甲")])
    with pytest.raises(HengError, match="不能比较"):
        see(owner(region), Area, View(period("2026-03"), compare=("yoy",)))
