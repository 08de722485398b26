"""预警页 · Signals by place, and what their owners decide on the page: once, with a reason, only where it is theirs."""

import re
from pathlib import Path

import pytest

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.indicator import INDICATORS
from heng.desk.decisions import decisions
from tests.web.alerted import clock, desk, hold, in_alert, look, served
from tests.web.conftest import Enter

__all__ = ["clock", "desk", "in_alert", "look", "served"]  # fixtures of this page
SIGNAL = "/signal/consumables?org=H01&period=2026-02&dept=0402"


def made(desk: Desk) -> list[tuple[str, str, str | None, str]]:
    return [(d.kind, d.org, d.dept, d.reason) for d in decisions(desk.db)]


def test_signals_stand_by_place_with_their_case_and_how_far_they_can_be_relied_on(look: Enter) -> None:
    page = look("neike").get("/signals").text
    assert f">内科住院 · {INDICATORS['material_per_hundred'].zh}</a>" in page
    assert 'href="/case/1"' in page
    assert "高 20.5%" in page
    assert "66.7%" in page
    assert look("neike").get("/signals.json").json()["signals"][0]["value"] == "24.100000"


@pytest.mark.parametrize(("query", "there"), [("level=red", True), ("level=yellow", False), ("state=muted", False), ("dept=0401", False)])
def test_filters_stand_in_the_address(look: Enter, query: str, there: bool) -> None:  # noqa: FBT001 - what is expected
    assert ("/signal/consumables" in look("weijian").get(f"/signals?{query}").text) is there


def test_an_unknown_level_is_said(look: Enter) -> None:
    page = look("weijian").get("/signals?level=rad")
    assert page.status_code == 400
    assert "red" in page.text


@pytest.mark.parametrize("login", ["xitong", "shenji"])
def test_who_sees_no_figures_sees_no_signals(look: Enter, login: str) -> None:
    for path in ("/signals", "/signals.json", SIGNAL):
        page = look(login).get(path)
        assert page.status_code == 403, path
        assert "材料用量" not in page.text


@pytest.mark.parametrize("kind", ["acknowledge", "real", "not_real"])
def test_an_owner_decides_once_with_a_reason(enter: Enter, desk: Desk, kind: str) -> None:
    head = enter("neike")
    assert head.post(SIGNAL, data={"kind": kind, "reason": "  "}).status_code == 400
    for _ in range(2):
        page = head.post(SIGNAL, data={"kind": kind, "reason": "已与供应商谈"})
        assert page.status_code == 200
        assert "已记下" in page.text
    assert made(desk) == [(kind, "H01", "0402", "已与供应商谈")]
    assert "已与供应商谈" in head.get(SIGNAL).text


def test_a_mute_has_its_last_day_and_can_be_taken_back(enter: Enter, desk: Desk) -> None:
    finance = enter("caiwu")
    for until in ("", "2026-02-01", "明天"):
        page = finance.post(SIGNAL, data={"kind": "mute", "reason": "搬迁中", "until": until})
        assert page.status_code == 400, until
        assert re.search(r"<textarea[^>]*>搬迁中</textarea>", page.text)
    assert "静音至 2026-03-31" in finance.post(SIGNAL, data={"kind": "mute", "reason": "搬迁中", "until": "2026-03-31"}).text
    assert "静音至 2026-03-31" in finance.get("/signals").text
    assert "静音至" not in finance.post(SIGNAL, data={"kind": "unmute", "reason": "搬完了"}).text.partition("作过的决定")[0]
    assert [k for k, *_ in made(desk)] == ["mute", "unmute"]


def test_a_new_baseline_is_confirmed_only_where_the_program_proposes_one(enter: Enter, served: Path, desk: Desk) -> None:
    head = enter("neike")
    assert "确认新基线" not in head.get(SIGNAL).text
    refused = head.post(SIGNAL, data={"kind": "baseline", "reason": "新院区"})
    assert refused.status_code == 400
    assert "新水平还没有站稳" in refused.text
    hold(Region(served), {"settled": "2026-01"})
    assert "自 2026-01 起已稳定在新水平" in head.get(SIGNAL).text
    assert head.post(SIGNAL, data={"kind": "baseline", "reason": "新院区"}).status_code == 200
    assert made(desk) == [("baseline", "H01", "0402", "新院区")]


@pytest.mark.parametrize("login", ["yuanzhang", "weijian", "kuaiji"])
def test_who_does_not_own_the_watch_is_offered_nothing_and_refused(enter: Enter, desk: Desk, login: str) -> None:
    browser = enter(login)
    assert 'name="kind"' not in browser.get(SIGNAL).text
    assert browser.post(SIGNAL, data={"kind": "not_real", "reason": "误报"}).status_code == 403
    assert made(desk) == []


def test_the_page_tells_the_cause_and_where_nothing_stands(look: Enter) -> None:
    head = look("neike")
    assert "逐项相加分毫不差" in head.get(SIGNAL).text
    assert head.get("/signal/consumables?org=H01&period=2026-01&dept=0402").status_code == 400
    assert "还没有判断" in head.get("/signals?period=2025-01").text
