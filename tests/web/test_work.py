"""我的工作 · What waits for me: mine and nobody else's, the overdue first, with what would be here when there is nothing."""

from datetime import date

import pytest

from heng.app.desk import Desk
from heng.desk.cases import About, open_case
from heng.desk.people import NewDeputy, stand_in
from heng.rooms.steering.project_case import PROJECT
from tests.web.alerted import CASE, Hands, clock, desk, in_alert, look, served
from tests.web.conftest import Enter

__all__ = ["clock", "desk", "in_alert", "look", "served"]  # fixtures of this page


def test_what_is_mine_is_there_with_its_deadline_in_working_days(look: Enter) -> None:
    page = look("neike").get("/work").text
    assert CASE in page
    assert "还有 3 个工作日" in page
    assert "医院自查（科主任）" in page
    (row,) = look("neike").get("/work.json").json()["work"]
    assert (row["step"], row["role"], row["due"]) == ("self_check", "head", "2026-03-05")


@pytest.mark.parametrize(("days", "said"), [(2, "还有 1 个工作日"), (3, "今天到期"), (4, "逾期 1 个工作日"), (5, "逾期 1 个工作日")])
def test_working_days_are_counted_to_the_day_it_is_due(enter: Enter, clock: Hands, days: int, said: str) -> None:
    clock.pass_by(days=days)  # from Monday 2 March; due on Thursday the 5th, and Saturday is no working day
    assert said in enter("neike").get("/work").text


def test_the_overdue_stand_first(enter: Enter, desk: Desk, clock: Hands) -> None:
    clock.pass_by(days=7)
    open_case(desk.db, PROJECT, About("project/1", "H01", "0402", "2026-03", ("降耗", "use less")), desk.workdays)
    page = enter("neike").get("/work").text
    assert page.index(f'href="{CASE}"') < page.index('href="/case/2"')
    assert "逾期 1 件" in page


@pytest.mark.parametrize("login", ["yiwu", "yuanzhang", "xitong"])
def test_who_has_nothing_to_do_is_told_what_would_be_here(look: Enter, login: str) -> None:
    page = look(login).get("/work").text
    assert "没有等您答复的事项" in page
    assert CASE not in page


def test_a_deputy_sees_what_she_stands_in_for(enter: Enter, desk: Desk) -> None:
    stand_in(desk.db, "neike", NewDeputy("yiwu", date(2026, 3, 1), date(2026, 4, 1), "出差"), "anquan")
    assert CASE in enter("yiwu").get("/work").text


def test_surveys_not_yet_replied_to_wait_here(enter: Enter) -> None:
    head = enter("neike")
    assert "/survey/collaboration?org=H01" in head.get("/work").text
    head.post("/survey/collaboration", data={"org": "H01", "key": "k", "say.sharing": "4"})
    assert "/survey/collaboration" not in head.get("/work").text
    assert "/survey/" not in enter("weijian").get("/work").text
