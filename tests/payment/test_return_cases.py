"""返回差异立案 · A return that differs becomes one case with five working days; one that agrees becomes none."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from heng.app.desk import Desk
from heng.app.region import Hospital, Region, new_region
from heng.app.return_cases import open_returns
from heng.desk.cases import history
from heng.desk.migration import upgrade
from heng.desk.people import NewPerson, NewPost, add, give
from heng.store.parts import write_part
from heng.tables.returns import BackTest, ReturnCheck


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return new_region(tmp_path / "region", "示范", [Hospital("H01", "示范市第一医院")])


@pytest.fixture
def desk(region: Region) -> Iterator[Desk]:
    """A desk on a Monday in April, with somebody in the finance department."""
    made = Desk(region, new=True)
    made.db.clock = lambda: datetime(2026, 4, 13, 1)  # noqa: DTZ001 - UTC without zone, as the desk keeps it
    upgrade(made.db)
    give(made.db, add(made.db, NewPerson("cai", "cai", "H01"), ""), NewPost("finance", "H01", None, date(2026, 1, 1)), "")
    yield made
    made.db.close()


def hold(region: Region, month: str, *differences: tuple[str, str | None]) -> list[tuple[str, str]]:
    """Put the check of a return into the region; gives its place."""
    rows = [
        {"org": "H01", "month": month, "visit": f"V{n}", "difference": kind, "shortfall": None if less is None else Decimal(less)}
        for n, (kind, less) in enumerate(differences)
    ]
    with region.writing("test"):
        region.publish("test", [write_part(region.path, ReturnCheck, pl.DataFrame(rows, schema=ReturnCheck.schema()), ("H01", month, ""))])
    return [("H01", month)]


def test_a_return_that_differs_is_one_case_of_five_working_days(region: Region, desk: Desk) -> None:
    cells = hold(region, "2026-03", ("equal", "0.00"), ("group", "1000.00"), ("amount", "-0.50"), ("missing_in_return", None))
    (case,) = open_returns(region, desk, cells).cases
    step = history(desk.db, case.id)[0]
    assert (case.key, step.name, step.role, step.due.isoformat()) == ("return/H01/2026-03", "trace", "finance", "2026-04-20")
    assert case.title_zh == "医保返回核对：2026-03 有 3 例差异，少付 999.50 元"
    assert open_returns(region, desk, cells).cases == []


def test_a_return_that_agrees_is_none(region: Region, desk: Desk) -> None:
    assert open_returns(region, desk, hold(region, "2026-03", ("equal", "0.01"), ("unknown", None))).cases == []


def test_a_fall_of_the_agreement_that_raises_the_alarm_is_told_in_the_case(region: Region, desk: Desk) -> None:
    tested = {"org": "H01", "month": "2026-03", "by": "hospital", "group": "", "cases": 1000, "adrg_equal": 990, "drg_equal": 912}
    shares = {"adrg_share": Decimal("0.99"), "drg_share": Decimal("0.912"), "before": Decimal("0.991"), "alarm": True}
    below = tested | shares | {"by": "mdc", "group": "E", "drg_share": Decimal("0.1")}
    rows = pl.DataFrame([below, tested | shares], schema=BackTest.schema())
    with region.writing("test"):
        region.publish("test", [write_part(region.path, BackTest, rows, ("H01", "2026-03", ""))])
    (case,) = open_returns(region, desk, hold(region, "2026-03", ("group", "1000.00"))).cases
    assert case.title_zh == "医保返回核对：2026-03 有 1 例差异，少付 1000.00 元；分组一致率骤降：99.1% → 91.2%"
    assert case.title_en.endswith("; agreement of groups fell from 99.1% to 91.2%")
