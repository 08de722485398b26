"""结账：锁住的月份不动，重述的与报出的并存 · A closed month is left alone; restated figures stand beside those reported."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from heng.app.closing import close, reopen
from heng.app.compute import run
from heng.app.difference import difference
from heng.app.region import Region
from heng.core.errors import HengError
from heng.store.manifest import generations
from heng.store.sweep import KEEP
from heng.tables.costing import DeptCost, TieOut
from tests.reading import owner
from tests.store.tiny import DEPARTMENTS, PAY, booked, contents, loaded, sound

JANUARY = ("H01", "2026-01")


def correct(region: Region, tmp_path: Path, pay: str) -> None:
    """A corrected file of January, with its ledger."""
    (tmp_path / "成本归集2026-01.csv").write_text(booked("2026-01", PAY | {"0402": pay}), "utf8")
    assert not loaded(region, [tmp_path / "成本归集2026-01.csv"]).refused


def test_a_run_leaves_a_closed_month_alone(region: Region, tmp_path: Path) -> None:
    close(region, *JANUARY, "张三")
    (tmp_path / "科室字典.csv").write_text(DEPARTMENTS.replace("院办公室", "党政办公室"), "utf8")
    assert not loaded(region, [tmp_path / "科室字典.csv"]).refused
    before = [c for c in contents(region) if c[2] == "2026-01"]
    report = run(region, region.cells(), [TieOut])
    assert report.closed == [JANUARY]
    assert [c for c in contents(region) if c[2] == "2026-01"] == before


def test_a_month_that_changed_since_it_was_worked_out_cannot_be_closed(region: Region, tmp_path: Path) -> None:
    correct(region, tmp_path, "310000.05")
    with pytest.raises(HengError, match="结果已过时"):
        close(region, *JANUARY, "张三", "赶时间")
    run(region, [JANUARY])
    close(region, *JANUARY, "张三", "总账未更正")


def test_only_another_person_with_a_reason_reopens(region: Region) -> None:
    with pytest.raises(HengError, match="没有结账"):
        reopen(region, *JANUARY, "李四", "补录")
    close(region, *JANUARY, "张三")
    for by, reason, said in (("张三", "补录", "另一人"), ("", "补录", "另一人"), ("李四", " ", "写明原因")):
        with pytest.raises(HengError, match=said):
            reopen(region, *JANUARY, by, reason)
    with pytest.raises(HengError, match="已经结账"):
        close(region, *JANUARY, "张三")
    reopen(region, *JANUARY, "李四", "补录")
    assert not Region(region.path).manifest.is_closed(*JANUARY)
    assert [(c.by, c.reason) for c in Region(region.path).manifest.reopened] == [("李四", "补录")]


def test_a_month_that_was_not_worked_out_is_not_closed(region: Region) -> None:
    with pytest.raises(HengError, match="还没有算完"):
        close(region, "H01", "2026-03", "张三")


def test_a_month_that_does_not_tie_needs_a_reason(region: Region, tmp_path: Path) -> None:
    correct(region, tmp_path, "210000.06")
    run(region, [JANUARY])
    with pytest.raises(HengError, match=r"勾稽有差额：总账.* -?0\.01"):
        close(region, *JANUARY, "张三")
    assert close(region, *JANUARY, "张三", "总账下月更正").reason == "总账下月更正"


def test_the_restated_month_is_compared_with_the_closed_one(region: Region, tmp_path: Path) -> None:
    closed = close(region, *JANUARY, "张三")
    reopen(region, *JANUARY, "李四", "补发绩效")
    correct(region, tmp_path, "211000.05")
    run(region, region.cells(), [DeptCost])
    rows = difference(owner(Region(region.path, closed.generation)), owner(Region(region.path)), DeptCost, region.cells())
    moved = (rows["amount_after"].fill_null(Decimal(0)) - rows["amount_before"].fill_null(Decimal(0))).sum()
    assert moved == Decimal("1000.00")
    assert set(rows["month"]) == {"2026-01"}
    assert difference(owner(Region(region.path)), owner(Region(region.path)), DeptCost, region.cells()).height == 0


def test_the_sweep_keeps_what_was_closed_and_forgets_the_rest(region: Region, tmp_path: Path) -> None:
    closed = close(region, *JANUARY, "张三")
    as_closed = contents(Region(region.path, closed.generation))
    reopen(region, *JANUARY, "李四", "补发绩效")
    for n in range(KEEP + 2):
        correct(region, tmp_path, f"21000{n % 10}.{n:02}")
    kept = generations(region.path)
    assert closed.generation in kept
    assert kept[-KEEP:] == list(range(region.manifest.generation - KEEP + 1, region.manifest.generation + 1))
    assert len(kept) <= KEEP + 2
    assert contents(Region(region.path, closed.generation)) == as_closed
    for generation in kept:
        sound(Region(region.path, generation))
    named = {p.file for g in kept for p in Region(region.path, g).manifest.parts}
    there = {p.relative_to(region.path).as_posix() for p in (region.path / "data").rglob("*.parquet")}
    assert there == named


def test_orphans_go_and_whole_files_stay(region: Region, tmp_path: Path) -> None:
    orphan = region.path / "data/DeptCost/H01/2026-01/0000.parquet"
    half = region.path / "data/DeptCost/H01/2026-01/.half.parquet.1.part"
    pl.DataFrame({"a": [1]}).write_parquet(orphan)
    half.write_bytes(b"PAR1")
    correct(region, tmp_path, "210000.07")
    assert not orphan.exists()
    assert not half.exists()
    sound(region)
