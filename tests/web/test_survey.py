"""调查页 · Surveys: replied to by the people of a hospital, corrected within the month, told without names when it is over."""

import re

import pytest

from heng.app.desk import Desk
from heng.desk.forms import Forms, Reply, fill
from tests.web.alerted import Hands, clock, desk, in_alert, look, served
from tests.web.conftest import Enter

__all__ = ["clock", "desk", "in_alert", "look", "served"]  # fixtures of this page
SURVEY = "/survey/collaboration"
RESULTS = f"{SURVEY}/results"
PEOPLE = ("neike", "yiwu", "caiwu", "kuaiji", "xinxi")


def test_a_reply_stands_there_to_be_corrected(enter: Enter) -> None:
    head = enter("neike")
    page = head.post(SURVEY, data={"org": "H01", "key": "a", "say.sharing": "4"}).text
    assert "已记下" in page
    assert re.search(r'name="say.sharing" value="4" checked', page)
    head.post(SURVEY, data={"org": "H01", "key": "b", "say.sharing": "2", "say.stability": "5"})
    page = head.get(f"{SURVEY}?org=H01").text
    assert "本月已填过" in page
    assert re.search(r'name="say.sharing" value="2" checked', page)
    assert "已填，本月内可改" in head.get("/surveys").text


def test_what_is_wrong_is_told_and_what_was_chosen_stays(enter: Enter) -> None:
    head = enter("neike")
    page = head.post(SURVEY, data={"org": "H01", "key": "a", "say.sharing": "4", "say.stability": "9"})
    assert page.status_code == 400
    assert "stability 不能答 9" in page.text
    assert re.search(r'name="say.sharing" value="4" checked', page.text)
    assert "一个问题也没有答" in head.post(SURVEY, data={"org": "H01", "key": "a", "say.sharing": ""}).text


def test_who_holds_no_post_in_the_hospital_may_not_reply(look: Enter) -> None:
    assert look("weijian").post(SURVEY, data={"org": "H01", "key": "a", "say.sharing": "4"}).status_code == 403


def test_results_are_told_when_the_month_is_over_and_enough_people_replied(enter: Enter, desk: Desk, clock: Hands) -> None:
    forms = Forms(desk.region.policy, desk.db.today, "H01")
    for n, login in enumerate(PEOPLE):
        fill(desk.db, forms, Reply(login, "collaboration", "H01", {"sharing": str(n + 1)} | ({"stability": "5"} if n else {}), login))
    president = enter("yuanzhang")
    running = president.get(f"{RESULTS}?org=H01&period=2026-03")
    assert "共 5 份答复" in running.text
    assert "这个月还没有结束" in running.text
    clock.pass_by(days=31)
    president = enter("yuanzhang")
    told = {q["question"][:7]: q for q in president.get(f"{RESULTS}.json?org=H01&period=2026-03").json()["questions"]}
    assert told["数据共享满意度"]["mean"] == "3.00"  # 1 + 2 + 3 + 4 + 5 over five
    assert told["协同机制运行稳"]["n"] is None  # four replies are too few
    page = president.get(f"{RESULTS}?org=H01").text
    assert "1×1  2×1  3×1  4×1  5×1" in page
    assert "不足 5 份的问题不显示" in page
    for login in PEOPLE:
        assert login not in page
    assert "3.00" in president.get(f"{RESULTS}.csv?org=H01&period=2026-03").content.decode("utf-8-sig")


@pytest.mark.parametrize("login", ["kuaiji", "yiwu", "xitong", "yibao"])
def test_results_are_for_those_who_lead(look: Enter, login: str) -> None:
    assert look(login).get(f"{RESULTS}?org=H01&period=2026-02").status_code == 403


@pytest.mark.parametrize("path", ["/survey/nothing", "/survey/nothing/results?org=H01", f"{RESULTS}?period=x"])
def test_what_is_not_there_is_said_with_the_next_step(look: Enter, path: str) -> None:
    page = look("weijian").get(path)
    assert page.status_code == 400
    assert "→" in page.text
