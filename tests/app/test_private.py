"""职工与患者的编号不出本院 · Private columns never leave their hospital: a law over every table that has one."""

import json
from pathlib import Path

import polars as pl
import pytest

from heng.app.difference import difference
from heng.app.period import View, measure, see
from heng.app.region import Hospital, Region, new_region
from heng.app.why import Asked
from heng.core.errors import TableError
from heng.core.indicator import INDICATORS, Indicator
from heng.core.period import period
from heng.core.table import Table, table
from heng.serve.cli.main import main
from heng.store.parts import write_part
from tests.app.two_hospitals import CELLS, HIDDEN, MONTHS, ORGS, PRIVATE, ROWS, hidden, rows, two_hospitals
from tests.reading import owner

MONTH, BOTH = period(MONTHS[0]), period(f"{MONTHS[0]}..{MONTHS[1]}")
TOGETHER = [View(MONTH), View(BOTH), View(BOTH, ORGS), View(BOTH, group=True), View(MONTH, ("H01",), group=True)]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return two_hospitals(tmp_path_factory.mktemp("private"), PRIVATE)


def private(of: type[Table]) -> set[str]:
    return {n for n, c in of.columns.items() if c.private}


def told(seen: pl.DataFrame) -> str:
    return str(seen.to_dicts())


def test_the_numbers_of_patients_and_staff_are_private() -> None:
    named = {"visit", "patient", "mother", "settlement", "staff_no", "staff_name"}
    assert {"Encounter", "FeeLine", "Discharge", "Salary", "CostLine"} <= {t.__name__ for t in PRIVATE}
    assert [f"{t.__name__}.{n}" for t in PRIVATE for n, c in t.columns.items() if n in named and not c.private] == []


@pytest.mark.parametrize("of", PRIVATE, ids=lambda t: t.__name__)
@pytest.mark.parametrize("view", TOGETHER, ids=["all", "period", "named", "group", "group of one"])
def test_several_hospitals_together_show_nothing_private(region: Region, of: type[Table], view: View) -> None:
    seen = see(owner(region), of, view)
    assert seen.height
    assert private(of).isdisjoint(seen.columns)
    assert HIDDEN not in told(seen)


@pytest.mark.parametrize("of", PRIVATE, ids=lambda t: t.__name__)
def test_one_hospital_sees_its_own_and_no_other_s(region: Region, of: type[Table]) -> None:
    seen = see(owner(region), of, View(BOTH, ("H01",)))
    assert private(of) <= set(seen.columns)
    assert hidden("H01") in told(seen)
    assert hidden("H02") not in told(seen)
    own = Asked(owner(region), "H01", MONTHS[0]).rows(of, {})
    months = len(MONTHS) if of.grain == "org" else 1
    assert (own.height, hidden("H02") in told(own)) == (ROWS * months, False)


@pytest.mark.parametrize("of", PRIVATE, ids=lambda t: t.__name__)
def test_what_is_private_is_no_condition_over_several_hospitals(region: Region, of: type[Table]) -> None:
    for name in private(of):
        where = ((name, f"{hidden('H01')}-{MONTHS[0]}-1"),)
        with pytest.raises(TableError, match="不出本院") as refused:
            see(owner(region), of, View(MONTH, where=where))
        assert "never leaves its hospital" in refused.value.en
        assert see(owner(region), of, View(MONTH, ("H01",), where=where)).height == 1


@pytest.mark.parametrize("of", PRIVATE, ids=lambda t: t.__name__)
def test_a_difference_over_several_hospitals_shows_nothing_private(region: Region, tmp_path: Path, of: type[Table]) -> None:
    empty = new_region(tmp_path, "试验区域", [Hospital("H01", "甲"), Hospital("H02", "乙")])
    shown = difference(owner(empty), owner(region), of, CELLS)
    assert shown.height == ROWS * len(CELLS)
    assert HIDDEN not in told(shown)
    assert not [n for n in shown.columns if n.removesuffix("_before").removesuffix("_after") in private(of)]
    assert hidden("H01") in told(difference(owner(empty), owner(region), of, [("H01", MONTHS[0])]))


def test_rows_that_differ_only_in_what_is_private_are_still_found(region: Region, tmp_path: Path) -> None:
    of = table("Encounter")
    other = two_hospitals(tmp_path, [])
    renamed = {cell: rows(of, *cell).with_columns(visit=pl.lit("别的号")) for cell in CELLS}
    with other.writing("试验"):
        other.publish("试验", [write_part(tmp_path, of, renamed[cell], (*cell, "")) for cell in CELLS])
    assert difference(owner(region), owner(other), of, CELLS)["change"].unique().to_list() == ["changed"]


def test_a_region_of_one_hospital_needs_no_name(tmp_path: Path) -> None:
    region = new_region(tmp_path, "试验区域", [Hospital("H01", "甲")])
    assert private(table("Visit")) <= set(see(owner(region), table("Visit"), View(MONTH)).columns)


def test_an_indicator_over_several_hospitals_takes_no_private_condition(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heng.core.indicator.INDICATORS", dict(INDICATORS))
    found = Indicator(
        key="trial", zh="试", en="trial", unit="元", better="neither", of=table("FeeLine"), value="sum(amount)", formula=("和", "sum")
    )
    with pytest.raises(TableError, match="不出本院"):
        measure(owner(region), found, View(MONTH, where=(("visit", "1"),)))
    with pytest.raises(TableError, match="不出本院"):
        measure(owner(region), found, View(MONTH, group=True), ("visit",))
    assert measure(owner(region), found, View(MONTH, group=True))["value"].to_list() == [2 * sum(range(1, ROWS + 1))]


@pytest.mark.parametrize("name", ["Encounter", "FeeLine", "CommonShare"])
def test_screen_json_and_files_say_nothing_private(region: Region, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "表.csv"
    ask = ["show", name, "--month", MONTHS[0], "--region", str(region.path)]
    for more in (["--group"], ["--group", "--json"], ["--json"], ["--org", "H01", "--org", "H02"], ["--csv", str(path)]):
        assert main([*ask, *more]) == 0
    said = capsys.readouterr().out + path.read_text("utf-8-sig")
    assert HIDDEN not in said
    assert main([*ask, "--org", "H01", "--json"]) == 0
    assert hidden("H01") in str(json.loads(capsys.readouterr().out)["rows"])


def test_failing_rows_in_a_file_say_nothing_private_of_several_hospitals(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = table("CheckFailure")
    monkeypatch.setattr("heng.app.compute.run", lambda *_: None)
    with region.writing("试验"):
        region.publish("试验", [write_part(region.path, failing, rows(failing, *cell), (*cell, "")) for cell in CELLS])
    ask = ["check", "--month", MONTHS[0], "--region", str(region.path), "--failures"]
    main([*ask, str(tmp_path / "全部.csv")])
    main([*ask, str(tmp_path / "本院.csv"), "--org", "H01"])
    assert HIDDEN not in (tmp_path / "全部.csv").read_text("utf-8-sig")
    assert hidden("H01") in (tmp_path / "本院.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("asked", ["visit,patient", "就诊号", "dept,mother"])
def test_asking_for_a_private_column_is_refused_in_both_languages(region: Region, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["show", "Encounter", "--month", MONTHS[0], "--columns", asked, "--region", str(region.path)]
    for more in (["--group"], [], ["--json"]):
        assert main([*ask, *more]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "不出本院" in err
        assert "--org" in err
        assert "never leaves its hospital" in err
    assert main([*ask, "--org", "H01"]) == 0
