"""撤回装错的文件 · Taking out what should not have been loaded."""

from pathlib import Path

import pytest

from heng.app.closing import close
from heng.app.compute import run
from heng.app.region import Region
from heng.app.withdraw import withdraw
from heng.core.errors import FileError, HengError
from tests.store.tiny import booked, contents, heng, loaded


def test_a_wrong_year_can_be_taken_out_and_leaves_nothing(region: Region, tmp_path: Path) -> None:
    before, cells = contents(region), region.cells()
    wrong = tmp_path / "成本归集2099-12.csv"
    wrong.write_text(booked("2099-12", {"0401": "1.00"}), "utf8")
    loaded(region, [wrong])
    run(region, region.cells())
    assert withdraw(region, "H01", ["成本归集2099-12"]) == {"CostBooking": 1}
    assert region.cells() == cells
    assert [c for c in contents(region) if c[2] == "2099-12"] == []
    run(region, region.cells())
    assert contents(region) == before
    assert loaded(region, [wrong]).loaded == [wrong.name], "it may be loaded again"


def test_one_month_of_a_file_of_several_months(region: Region, tmp_path: Path) -> None:
    both = tmp_path / "成本归集补充.csv"
    both.write_text(booked("2026-01", {"0401": "1.00"}) + booked("2026-02", {"0401": "2.00"}).split("\n", 1)[1], "utf8")
    loaded(region, [both], "add")
    withdraw(region, "H01", ["成本归集补充"], "2026-02")
    assert [p.month for p in region.manifest.of("CostBooking") if p.part == "成本归集补充"] == ["2026-01"]


def test_what_is_not_held_is_told_with_the_nearest_name(region: Region) -> None:
    with pytest.raises(FileError, match="成本归集2026-01"):
        withdraw(region, "H01", ["成本归集2026-11"])


def test_a_closed_month_keeps_its_files(region: Region) -> None:
    close(region, "H01", "2026-01", "张三")
    with pytest.raises(HengError, match="张三"):
        withdraw(region, "H01", ["成本归集2026-01"])


def test_on_the_command_line(region: Region) -> None:
    done = heng("--region", region.path, "load", "收入明细2026-01.csv", "--org", "H01", "--withdraw")
    assert (done.returncode, "收入明细" in done.stdout) == (0, True)
    assert heng("--region", region.path, "load", "没有这个.csv", "--org", "H01", "--withdraw").returncode == 2
