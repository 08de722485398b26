"""装入：同一文件两次不变，更正的只替换它覆盖的 · Loading twice changes nothing; a correction replaces exactly what it covers."""

from pathlib import Path

import polars as pl
import pytest

from heng.app.closing import close
from heng.app.region import Region
from tests.store.tiny import PAY, booked, contents, loaded, sound, tiny_files, tiny_region, worked_out


def test_the_same_files_twice_change_nothing(region: Region, pattern: Path) -> None:
    before, generation = contents(region), region.manifest.generation
    report = loaded(region, sorted((pattern / "files").iterdir()))
    assert (report.loaded, report.rows, report.refused) == ([], {}, [])
    assert len(report.unchanged) == len(list((pattern / "files").iterdir()))
    assert Region(region.path).manifest.generation == generation
    assert contents(Region(region.path)) == before


@pytest.mark.parametrize("name", ["成本归集2026-01.csv", "成本归集2026-01(1).csv", "成本归集2026-01_更正.csv", "成本归集2026-01 v2.csv"])
def test_a_corrected_file_replaces_exactly_what_it_covers(region: Region, tmp_path: Path, name: str) -> None:
    before = {place[:4]: place[4] for place in contents(region)}
    (tmp_path / name).write_text(booked("2026-01", PAY | {"0401": "98000.00"}), "utf8")
    report = loaded(region, [tmp_path / name])
    assert not report.refused
    after = {place[:4]: place[4] for place in contents(region)}
    changed = {place for place in after if before.get(place) != after[place]}
    assert {place[:3] for place in changed if place[0] != "SourceFile"} <= {("CostBooking", "H01", "2026-01"), ("Finding", "H01", "")}
    assert ("CostBooking", "H01", "2026-01", "成本归集2026-01") in changed
    assert set(before) <= set(after)


def test_a_file_corrected_since_does_not_come_back_with_its_folder(region: Region, tmp_path: Path, pattern: Path) -> None:
    (tmp_path / "成本归集2026-01.csv").write_text(booked("2026-01", PAY | {"0401": "98000.00"}), "utf8")
    loaded(region, [tmp_path / "成本归集2026-01.csv"])
    corrected = contents(region)
    loaded(region, sorted((pattern / "files").iterdir()))
    assert contents(region) == corrected


def test_another_file_for_a_month_that_is_held_waits_for_a_person(region: Region, tmp_path: Path) -> None:
    other = tmp_path / "成本归集补录.csv"
    other.write_text(booked("2026-01", {"0401": "10.00"}), "utf8")
    before = contents(region)
    refused = loaded(region, [other]).refused
    assert "已由文件「成本归集2026-01」装入" in str(refused[0])
    assert "--add" in refused[0].mend[1]
    assert contents(region) == before
    assert not loaded(region, [other], "add").refused
    assert amounts(region, "2026-01") == sorted([*PAY.values(), "10.00"])
    assert not loaded(region, [other], "replace").refused
    assert amounts(region, "2026-01") == ["10.00"]
    assert amounts(region, "2026-02") == sorted(PAY.values())


def test_two_files_of_one_load_for_the_same_month_are_not_counted_twice(tmp_path: Path) -> None:
    region = tiny_region(tmp_path / "region")
    first, other = tmp_path / "成本归集一.csv", tmp_path / "成本归集二.csv"
    first.write_text(booked("2026-01", {"0401": "10.00"}), "utf8")
    other.write_text(booked("2026-01", {"0402": "20.00"}), "utf8")
    refused = loaded(region, [first, other]).refused
    assert "已由文件「成本归集一」装入" in str(refused[0])
    assert amounts(region, "2026-01") == ["10.00"]
    assert not loaded(region, [other], "add").refused
    assert amounts(region, "2026-01") == ["10.00", "20.00"]
    assert not loaded(region, [first, other], "replace").refused
    assert amounts(region, "2026-01") == ["10.00", "20.00"]


def test_two_files_of_one_name_in_one_load_do_not_replace_each_other_unseen(tmp_path: Path) -> None:
    region = tiny_region(tmp_path / "region")
    paths = [tmp_path / ward / "成本归集.csv" for ward in ("门诊", "住院")]
    for path, dept in zip(paths, ("0401", "0402"), strict=True):
        path.parent.mkdir()
        path.write_text(booked("2026-01", {dept: "10.00"}), "utf8")
    report = loaded(region, paths)
    assert "两个都算作「成本归集」的文件" in str(report.refused[0])
    assert report.loaded == ["成本归集.csv"]
    assert amounts(region, "2026-01") == ["10.00"]


def test_a_closed_month_takes_no_file(region: Region, tmp_path: Path) -> None:
    close(region, "H01", "2026-01", "张三")
    (tmp_path / "成本归集2026-01.csv").write_text(booked("2026-01", {"0401": "1.00"}), "utf8")
    before = contents(region)
    refused = loaded(region, [tmp_path / "成本归集2026-01.csv"]).refused
    assert "已由 张三 结账" in str(refused[0])
    assert contents(region) == before
    assert not loaded(region, tiny_files(tmp_path / "march", ["2026-03"])[1:]).refused


def test_two_regions_from_the_same_files_have_the_same_data_files(tmp_path: Path, pattern: Path) -> None:
    twin = worked_out(tmp_path / "twin", tmp_path / "copied")
    assert contents(twin) == contents(Region(pattern / "region"))
    sound(twin)


def test_the_order_of_loading_does_not_matter(tmp_path: Path, pattern: Path) -> None:
    twin = tiny_region(tmp_path / "twin")
    for path in sorted((pattern / "files").iterdir(), reverse=True):
        assert not loaded(twin, [path]).refused
    own = [c for c in contents(Region(pattern / "region")) if c[0] in {p[0] for p in contents(twin)}]
    assert contents(twin) == own


def amounts(region: Region, month: str) -> list[str]:
    """The booked amounts of a month."""
    files = [region.path / p.file for p in region.manifest.of("CostBooking") if p.month == month]
    return sorted(str(v) for f in files for v in pl.read_parquet(f)["amount"])
