"""核对效果 · The figure of an effect comes from the region's books: nobody types it, and nothing closes on another one."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from heng.app.alerts import open_cases
from heng.app.desk import Desk
from heng.app.effects import answered, figure
from heng.app.region import Region
from heng.core.errors import AccessError, DeskError
from heng.desk.cases import Answer, history, work_of
from heng.desk.measured import asked
from heng.desk.schema import Case
from heng.rooms.steering.alert_case import EFFECT
from heng.store.parts import write_part
from heng.tables.steering import Figure
from tests.app.test_alerts import desk, hold, person, region

__all__ = ["desk", "region"]  # fixtures of this page
PLAN = {"cause": "甲", "plan": "乙", "owner": "丙", "deadline": "2026-12-31", "notice": "通报"}


@pytest.fixture
def waiting(region: Region, desk: Desk) -> int:
    """A case of 24.1 against 20.8 that waits for the figure of August, in September."""
    open_cases(region, desk, hold(region, {}))
    case = work_of(desk.db, person(desk, "wang"))[0].case.id
    for step, (who, outcome) in enumerate([("wang", "explained"), ("sun", "accepted"), ("sun", "published")], 1):
        answered(desk, case, Answer(person(desk, who), step, outcome, PLAN, f"{step}"))
    assert history(desk.db, case)[3].data["figure_month"] == "2026-08"
    desk.db.clock = lambda: datetime(2026, 9, 7, 1)  # noqa: DTZ001 - UTC without zone, as the desk keeps it
    return case


def book(region: Region, value: str | None, month: str = "2026-08", dept: str = "C1") -> None:
    """Put what a month came out as into the region, beside the hospital's own."""
    row = dict.fromkeys(Figure.columns, None) | {"org": "H01", "month": month, "indicator": "material_per_hundred"}
    rows = [row | {"dept": "", "value": Decimal(99)}, row | {"dept": dept, "value": None if value is None else Decimal(value)}]
    with region.writing("test"):
        region.publish("test", [write_part(region.path, Figure, pl.DataFrame(rows, schema=Figure.schema()), ("H01", month, ""))])


def effect(desk: Desk, case: int, outcome: str = "effective", by: str = "sun", **said: str) -> Case:
    return answered(desk, case, Answer(person(desk, by), 4, outcome, said, "effect"))


def said(desk: Desk, case: int) -> Any:
    return history(desk.db, case)[3].data["said"]


def test_the_figure_is_filled_in_and_closes_the_case(region: Region, desk: Desk, waiting: int) -> None:
    book(region, "20.79")
    assert effect(desk, waiting).state == "closed"
    assert said(desk, waiting) == {"figure_month": "2026-08", "figure": "20.790000"}


def test_a_month_that_is_not_worked_out_yet_is_told(region: Region, desk: Desk, waiting: int) -> None:
    for known in ((), ("20", "2026-07"), ("20", "2026-08", "C2"), (None,)):
        if known:
            book(region, *known)
        with pytest.raises(DeskError, match="2026-08 的 material_per_hundred 还没有算出") as e:
            effect(desk, waiting, figure="20")
        assert "is not there yet" in e.value.en
    assert history(desk.db, waiting)[3].done is None


def test_a_typed_figure_that_differs_is_refused_with_both_numbers(region: Region, desk: Desk, waiting: int) -> None:
    book(region, "21.5")
    with pytest.raises(DeskError, match=r"填写的是 20\.5，2026-08 算出的是 21\.500000") as e:
        effect(desk, waiting, figure="20.5")
    assert "20.5 was typed, but 2026-08 came out as 21.5" in e.value.en
    with pytest.raises(DeskError, match="没有效果"):
        effect(desk, waiting, figure="21.50")
    made = effect(desk, waiting, "ineffective", figure="21.5", reason="未降")
    assert (made.state, made.step, said(desk, waiting)["figure"]) == ("open", "self_check", "21.500000")


def test_another_month_is_one_from_the_case_on_that_is_over(region: Region, desk: Desk, waiting: int) -> None:
    book(region, "20", "2026-07")
    book(region, "20", "2026-09")
    for month in ("2026-07", "2026-09", "八月"):
        with pytest.raises(DeskError, match="核对的月份不能是"):
            effect(desk, waiting, figure_month=month)


def test_who_may_not_answer_is_told_no_figure(region: Region, desk: Desk, waiting: int) -> None:
    book(region, "21.5")
    with pytest.raises(AccessError) as e:
        effect(desk, waiting, by="qian", figure="1")
    assert "21.5" not in e.value.zh + e.value.en


def test_the_figure_of_the_whole_hospital_is_its_own(region: Region) -> None:
    book(region, "20")
    about = Case(org="H01", dept=None, month="2026-05", data={"indicator": "material_per_hundred"})
    assert figure(region, about, "2026-08") == Decimal(99)


def test_people_are_asked_for_what_the_books_do_not_know() -> None:
    about = Case(data={"indicator": "material_per_hundred"})
    assert asked(about, EFFECT, "ineffective") == ["reason"]
    assert asked(Case(data={"line": "28"}), EFFECT, "effective") == ["figure_month", "figure"]
