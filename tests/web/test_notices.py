"""通知页 · Notices: what was sent to me and to nobody else, marked as read by me."""

import re

import pytest

from heng.app.desk import Desk
from heng.desk.notices import notices_of
from heng.desk.people import find
from heng.serve.voice import Voice
from heng.serve.web.casework import one_language
from tests.web.alerted import clock, desk, in_alert, served
from tests.web.conftest import Enter

__all__ = ["clock", "desk", "in_alert", "served"]  # fixtures of this page


def unread(desk: Desk, login: str) -> list[int]:
    return [n.id for n in notices_of(desk.db, find(desk.db, login).id, unread=True)]


def test_the_head_is_told_of_her_step_and_reads_it(enter: Enter, desk: Desk) -> None:
    head = enter("neike")
    page = head.get("/notices").text
    assert "请答复 · 医院自查" in page
    assert 'href="/case/1"' in page
    first, *rest = unread(desk, "neike")
    assert head.post("/notices/read", data={"notice": [first]}).status_code == 200
    assert unread(desk, "neike") == rest
    assert "请答复 · 医院自查" in head.get("/notices").text
    assert f'id="notice-{first}"' not in head.get("/notices?unread=1").text


def test_all_are_marked_at_once(enter: Enter, desk: Desk) -> None:
    head = enter("neike")
    everything = re.findall(r'name="notice" value="(\d+)"', head.get("/notices").text)
    head.post("/notices/read", data={"notice": everything})
    assert unread(desk, "neike") == []
    assert "没有未读的通知" in head.get("/work").text


def test_notices_of_others_are_neither_shown_nor_marked(enter: Enter, desk: Desk) -> None:
    doctor, (first, *_) = enter("yiwu"), unread(desk, "neike")
    assert f"notice-{first}" not in doctor.get("/notices").text
    assert first not in [n["id"] for n in doctor.get("/notices.json").json()["notices"]]
    refused = doctor.post("/notices/read", data={"notice": [first]})
    assert refused.status_code == 403
    assert "不是您的" in refused.text
    assert first in unread(desk, "neike")


@pytest.mark.parametrize(
    ("lines", "zh", "en"),
    [
        (["请答复", "期限", "please answer", "due"], ["请答复", "期限"], ["please answer", "due"]),
        (["只有中文"], ["只有中文"], ["只有中文"]),
        (["中文", "English", "more"], ["中文", "English", "more"], ["中文", "English", "more"]),
        ([], [], []),
    ],
)
def test_a_notice_speaks_one_language_where_it_says_all_in_both(lines: list[str], zh: list[str], en: list[str]) -> None:
    assert one_language(lines, Voice(lang="zh")) == zh
    assert one_language(lines, Voice(lang="en")) == en
