"""示范区域的盈亏与线索 · On the pretended region the margins tie from cases to groups and departments, and what was planted is found."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from heng.app.period import View, see
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.period import period
from heng.core.scope import OWNER
from heng.core.table import Table
from heng.demo.catalogue import catalogue
from heng.tables.grouping import Grouping
from heng.tables.margin import BreakEvenStay, CaseMargin, GroupIndex, MarginBoard, MarginBridge, TargetStep
from heng.tables.payment import PayCase
from heng.tables.signs import GamingSign

if TYPE_CHECKING:
    from tests.conftest import Demo

MONTH = "2026-09"


@pytest.fixture(scope="module")
def region(demo: "Demo") -> Region:
    return Region(Path(demo.folder) / "demo/region")


def read(region: Region, table: type[Table], month: str = MONTH) -> pl.DataFrame:
    parts = [p for p in region.manifest.of(table.__name__) if p.month == month]
    return pl.concat([pl.read_parquet(region.path / p.file) for p in parts])


def test_payment_of_groups_of_departments_and_of_cases_is_the_same(region: Region) -> None:
    cases, board = read(region, CaseMargin), read(region, MarginBoard)
    assert cases.height == read(region, PayCase).height == read(region, Grouping).filter("pays").height > 0
    for org, own in cases.group_by("org"):
        for by in ("hospital", "mdc", "group", "dept", "dept_group", "doctor"):
            part = board.filter((pl.col("org") == org[0]) & (pl.col("by") == by))
            for column in ("payment", "profit_official", "margin"):
                assert part[column].sum() == own[column].sum(), (org, by, column)


def test_two_months_together_are_their_sums_and_stand_in_one_quadrant(region: Region) -> None:
    view = View(period("2026-08..2026-09"), ("H02",), compare=("mom",), where=(("by", "group"),))
    rows, single = see(Reader(region, OWNER), MarginBoard, view), [read(region, MarginBoard, m) for m in ("2026-08", MONTH)]
    parts = pl.concat(single).filter((pl.col("org") == "H02") & (pl.col("by") == "group"))
    assert rows.height == parts["item"].n_unique()
    assert rows["payment"].sum() == parts["payment"].sum()
    for row in rows.drop_nulls("quadrant").iter_rows(named=True):
        heavy, surplus = row["cmi"] >= 1, row["mean_margin"] >= 0
        assert row["quadrant"] == ("strong" if surplus else "costly") if heavy else ("potential" if surplus else "weak")


def test_bridges_leave_nothing_and_plans_save_what_is_too_much(region: Region) -> None:
    bridge, plan = read(region, MarginBridge), read(region, TargetStep)
    assert bridge.height
    assert set(bridge["residual"]) == {0}
    for _, steps in plan.group_by("org", "group"):
        assert steps["cut"].sum() == steps["gap"][0] > 0


def test_stays_break_even_and_indices_stand_around_the_region(region: Region) -> None:
    stays = read(region, BreakEvenStay).filter(pl.col("by") == "group")
    assert stays["break_even"].drop_nulls().len()
    index = read(region, GroupIndex).filter(pl.col("by") == "hospital")
    assert index.height
    for name in ("fee_index", "time_index", "cmi"):
        assert index[name].is_between(pl.lit("0.3").cast(pl.Decimal(18, 6)), pl.lit("3").cast(pl.Decimal(18, 6))).all(), name
    assert index["grouped_rate"].min() > 0


def test_every_sign_that_was_planted_is_found(region: Region) -> None:
    signs, told = read(region, GamingSign), read(region, Grouping).filter("pays")
    mixes = {(org, group) for org, group in signs.filter(pl.col("sign") == "severity_mix").select("org", "group").iter_rows()}
    assert len(catalogue("planted")["upcoded"]) == len(mixes)
    assert {org for org, _ in mixes} == {p["org"] for p in catalogue("planted")["upcoded"]}
    assert mixes <= set(told.select("org", "adrg").iter_rows())
    for chain in catalogue("planted")["chains"]:
        again = signs.filter((pl.col("org") == chain["org"]) & pl.col("sign").is_in(["split_stay", "readmission"]))
        assert again.height >= chain["stays"] - 1
