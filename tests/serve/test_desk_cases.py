"""案头命令：事项与预警 · The desk on the command line: work, answers, passing up, reopening, signals, the calendar."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from heng.app.desk import Desk
from heng.app.region import Region
from heng.desk.cases import About, open_case
from heng.rooms.steering.alert_case import ALERT
from heng.store.manifest import Closing
from heng.store.parts import write_part
from heng.tables.steering import Signal
from tests.serve.desk_people import MADE, Hands, Office, hands, office, once
from tests.serve.spoken import Heng

__all__ = ["hands", "office"]  # fixtures of this page


@pytest.fixture
def ward(office: Office, region: Path) -> Office:
    """A region with people, and an alert about the ward's consumables."""

    def staffed() -> None:
        office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402", mail="zhang@example.cn")
        office.hire("he", "何主任", "head", "--org", "H01", "--dept", "0401")
        office.hire("yuan", "袁院长", "president", "--org", "H01")
        office.hire("wei", "魏处长", "commission")
        desk, title = Desk(Region(region)), ("红色预警：耗材占比 31.00", "red alert: share of consumables 31.00")
        open_case(desk.db, ALERT, About("alert/1", "H01", "0402", "2026-02", title, {"line": "28"}), desk.workdays)
        desk.db.close()

    once(region, MADE, "ward", staffed)
    return office


EXPLAINED = (
    "explained",
    "--say",
    "cause=新开展介入手术",
    "--say",
    "plan=谈判降价",
    "--say",
    "owner=张主任",
    "--say",
    "deadline=2026-03-31",
)


def test_what_is_to_do_is_answered_and_goes_on(ward: Office) -> None:
    (todo,) = ward.data("work", as_="zhang")["work"]
    assert (todo["id"], todo["step"], todo["due"], todo["late"]) == (1, "self_check", "2026-03-05", False)
    code, out, _ = ward.desk("work", as_="zhang")
    assert code == 0
    assert "医院自查" in out
    assert ward.data("work", as_="he")["work"] == []
    assert "还要写明：原因" in ward.refused("cases", "answer", 1, "explained", "--say", "plan=x", as_="zhang")
    assert "名=内容" in ward.refused("cases", "answer", 1, "explained", "--say", "cause", as_="zhang")
    assert "没有结论" in ward.refused("cases", "answer", 1, "explaned", as_="zhang")
    assert "不归您答复" in ward.refused("cases", "answer", 1, *EXPLAINED, as_="he")
    assert ward.data("cases", "answer", 1, *EXPLAINED, as_="zhang")["step"] == "review"
    assert ward.data("work", as_="zhang")["work"] == []
    assert [w["step"] for w in ward.data("work", as_="wei")["work"]] == ["review"]


def test_the_same_command_again_never_answers_the_next_step(ward: Office) -> None:
    ward.data("cases", "answer", 1, *EXPLAINED, as_="zhang")
    back = ("returned", "--say", "reason=不清楚")
    ward.data("cases", "answer", 1, "accepted", as_="wei")
    assert ward.data("cases", "answer", 1, *back, as_="wei")["step"] == "review"  # the notice goes back to the review, hers too
    told = ward.refused("cases", "answer", 1, *back, as_="wei")
    assert "第 3 步您已经答复" in told
    assert "you have answered step 3 already (returned)" in told
    assert ward.data("cases", "answer", 1, *back, "--step", 3, as_="wei")["step"] == "review"  # that one again: nothing happens
    assert "已由 魏处长 答复" in ward.refused("cases", "answer", 1, "accepted", "--step", 2, "--key", "other", as_="wei")
    assert ward.data("cases", "answer", 1, *back, "--step", 4, as_="wei")["step"] == "self_check"
    assert [s["outcome"] for s in ward.data("cases", "show", 1, as_="wei")["steps"]] == [
        "explained",
        "accepted",
        "returned",
        "returned",
        None,
    ]


def test_what_closed_a_case_is_not_said_twice(ward: Office) -> None:
    ward.data("cases", "answer", 1, *EXPLAINED, as_="zhang")
    closing = ("dismissed", "--say", "reason=误报", "--say", "evidence=复核表")
    assert ward.data("cases", "answer", 1, *closing, as_="wei")["state"] == "closed"
    assert "第 2 步您已经答复" in ward.refused("cases", "answer", 1, *closing, as_="wei")
    assert "没有这件事项" in ward.refused("cases", "answer", 9, *closing, as_="wei")


def test_a_case_tells_its_history_to_those_who_may_see_it(ward: Office) -> None:
    ward.data("cases", "answer", 1, *EXPLAINED, as_="zhang")
    told = ward.data("cases", "show", 1, as_="yuan")
    assert [(s["step"], s["by"], s["outcome"]) for s in told["steps"]] == [("self_check", "zhang", "explained"), ("review", "", None)]
    assert told["steps"][0]["said"]["cause"] == "新开展介入手术"
    assert told["outcomes"]["returned"] == ["reason"]
    code, out, _ = ward.desk("cases", "show", 1, as_="wei")
    assert code == 0
    for said in ("红色预警", "原因：新开展介入手术", "accepted（核查通过）", "zhang"):
        assert said in out
    assert "explained" in ward.desk("cases", "show", 1, "--lang", "en", as_="wei")[1].replace("cause and plan given", "explained")
    assert "没有事项 9" in ward.refused("cases", "show", 9, as_="wei")


def test_nobody_sees_cases_of_another_hospital(ward: Office, region: Path) -> None:
    text = (region / "heng.yaml").read_text("utf8").replace("hospitals:", "hospitals:\n- {code: H02, name: 二院}")
    (region / "heng.yaml").write_text(text, "utf8")
    ward.hire("stranger", "外院院长", "president", "--org", "H02")
    assert ward.data("cases", "list", as_="stranger")["cases"] == []
    assert "不在您的范围内" in ward.refused("cases", "show", 1, as_="stranger")
    assert "不在您的范围内" in ward.refused("cases", "reopen", 1, "--reason", "x", as_="stranger")
    assert [c["id"] for c in ward.data("cases", "list", as_="wei")["cases"]] == [1]
    assert [c["id"] for c in ward.data("cases", "list", "--org", "H01", "--state", "open")["cases"]] == [1]
    assert ward.data("cases", "list", "--state", "closed")["cases"] == []
    assert "open" in ward.refused("cases", "list", "--state", "done")


def test_what_is_late_is_passed_up_once(ward: Office, hands: Hands) -> None:
    assert ward.data("cases", "escalate", as_="wang")["passed"] == []
    hands.moment += timedelta(days=4)
    assert "alert/1" in ward.desk("cases", "escalate", as_="wang")[1]
    assert ward.data("cases", "escalate", as_="wang")["passed"] == []
    (todo,) = ward.data("work", as_="yuan")["work"]
    assert (todo["role"], todo["late"]) == ("president", True)


def test_a_closed_case_is_reopened_by_who_could_close_it(ward: Office) -> None:
    ward.data("cases", "answer", 1, *EXPLAINED, as_="zhang")
    ward.data("cases", "answer", 1, "dismissed", "--say", "reason=误报", "--say", "evidence=复核表", as_="wei")
    assert "只有已结束" not in ward.desk("cases", "list", as_="wei")[1]
    assert "不归您" in ward.refused("cases", "reopen", 1, "--reason", "再看", as_="zhang")
    made = ward.data("cases", "reopen", 1, "--reason", "又升高", as_="wei")
    assert (made["reopened"], made["step"]) == (1, "self_check")
    assert [w["id"] for w in ward.data("work", as_="zhang")["work"]] == [1]


def test_somebody_must_be_logged_in_to_have_work(office: Office) -> None:
    for words in (("work",), ("cases", "answer", 1, "accepted"), ("cases", "reopen", 1, "--reason", "x"), ("notices", "list")):
        assert "登录" in office.refused(*words)


def signal(region: Path, **said: object) -> None:
    """A signal of the ward in February."""
    row = dict.fromkeys(Signal.columns, None) | {"org": "H01", "month": "2026-02", "watch": "material_share", "dept": "0402"}
    row |= {"indicator": "costing.material_share", "rule": "static", "level": "red", "state": "new", "since": "2026-02"}
    row |= {"value": Decimal("0.31"), "line": Decimal("0.28"), "deviation": Decimal("0.1071"), "clears_at": Decimal("0.27")}
    row |= {"owners": "head finance", "cause_zh": "用量 +3,000.00 元", "cause_en": "use +3,000.00 yuan", **said}
    held = Region(region)
    with held.writing("test"):
        frame = pl.DataFrame([row], schema=Signal.schema()).sort(Signal.full_key())
        held.publish("test", [write_part(held.path, Signal, frame, ("H01", "2026-02", ""))])


@pytest.fixture
def signals(ward: Office, region: Path) -> Office:
    """The office, with a signal of the ward."""
    signal(region)
    return ward


def test_a_new_baseline_is_confirmed_only_where_the_program_proposes_one(signals: Office, region: Path) -> None:
    asked = ("signals", "rebaseline", "material_share", "--org", "H01", "--dept", "0402", "--reason", "新手术常态化")
    assert "没有建议新基线" in signals.refused(*asked, as_="zhang")
    signal(region, settled="2025-06")
    assert signals.data(*asked, as_="zhang")["kind"] == "baseline"


def test_signals_are_seen_by_whom_they_concern_and_decided_by_their_owners(signals: Office) -> None:
    (row,) = signals.data("signals", "list", as_="zhang")["signals"]
    assert (row["watch"], row["value"], row["standing"]) == ("material_share", "0.310000", "new")
    assert "用量 +3,000.00 元" in signals.desk("signals", "list", "--org", "H01", as_="wei")[1]
    where = ("--org", "H01", "--dept", "0402", "--reason", "开展新手术")
    for kind in ("acknowledge", "real", "not-real", "not-real", "real"):  # twice in a row is once; who thinks again decides anew
        assert signals.data("signals", kind, "material_share", *where, as_="zhang")["month"] == "2026-02"
    signals.data("signals", "mute", "material_share", *where, "--until", "2026-06-30", as_="zhang")
    assert "不担任" in signals.refused("signals", "real", "material_share", *where, as_="wei")
    assert "已经过去" in signals.refused("signals", "mute", "material_share", *where, "--until", "2026-02-28", as_="zhang")
    assert "material_share" in signals.refused("signals", "real", "material_shar", *where, as_="zhang")
    assert "没有预警" in signals.refused("signals", "real", "material_share", "--org", "H01", "--reason", "x", as_="zhang")
    desk = Desk(Region(Path.cwd()))
    from heng.desk.decisions import decisions  # noqa: PLC0415 - read what was kept

    assert [d.kind for d in decisions(desk.db)] == ["acknowledge", "real", "not_real", "real", "mute"]
    desk.db.close()


def test_a_mute_is_taken_back_with_a_reason_and_a_row_of_audit(signals: Office, region: Path) -> None:
    signal(region, watch="consumables")
    where = ("consumables", "--org", "H01", "--dept", "0402", "--reason", "新药进院")
    assert "没有静音" in signals.refused("signals", "unmute", *where, as_="zhang")
    signals.data("signals", "mute", *where, "--until", "2026-12-31", as_="zhang")
    assert "不担任" in signals.refused("signals", "unmute", *where, as_="wei")
    signal(region, watch="drug_share")  # the muted alert itself is gone from the list by now
    made = signals.data("signals", "unmute", *where, as_="zhang")
    assert (made["kind"], made["month"], made["counts_from"]) == ("unmute", "2026-02", "2026-02")
    told = signals.refused("signals", "unmute", "consumable", *where[1:], as_="zhang")
    assert "consumables" in told
    rows = signals.data("audit", "--action", "signal.decide", as_="zhao")["audit"]
    assert [r["object"].split(" · ")[-1] for r in rows if r["allowed"]] == ["unmute", "mute"]


def test_who_decides_about_a_closed_month_is_told_when_it_counts(signals: Office, region: Path) -> None:
    held = Region(region)
    with held.writing("test"):
        held.manifest = held.manifest.with_closings([Closing("H01", "2026-02", "王", "2026-03-01", 1)], ())
        held.publish("close")
    where = ("material_share", "--org", "H01", "--dept", "0402", "--reason", "核查")
    code, out, _ = signals.desk("signals", "real", *where, as_="zhang")
    assert code == 0
    assert "2026-02 已结账，不动；下一个有数据、未结账的月份起算" in out
    assert signals.data("signals", "not-real", *where, as_="zhang")["counts_from"] is None


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("2026-09-28", "--after", 3), "2026-10-08"),
        (("2026-02-13", "--after", 1), "2026-02-14"),
        (("2026-05-06", "--after", 0), "2026-05-06"),
    ],
)
def test_the_calendar_counts_working_days_over_holidays(office: Office, words: tuple[object, ...], due: str) -> None:
    assert office.data("calendar", *words)["due"] == due


def test_the_calendar_lists_days_and_says_what_is_not_published(office: Office, say: Heng) -> None:
    days = office.data("calendar", "2026-02-13", "2026-02-24")["days"]
    assert [d["day"][-2:] for d in days if d["works"]] == ["13", "14", "24"]
    code, out, err = say("desk", "calendar", "2031-05-01", "--after", "5")
    assert (code, "2031-05-08" in out) == (0, True)
    assert "2031" in err
    assert "日历到 9999-12-31 为止" in office.refused("calendar", "9999-12-30", "--after", 3)
    assert say("desk", "calendar", "9999-12-30", "9999-12-31")[0] == 0
    assert "不是日期" in office.refused("calendar", "3月2日")
    assert "一年以内" in office.refused("calendar", "2026-03-02", "2026-03-01")


def test_a_deadline_in_a_year_without_a_notice_says_so_wherever_it_is_read(ward: Office, hands: Hands) -> None:
    hands.moment = datetime(2026, 12, 30, 1)  # noqa: DTZ001 - UTC without zone, as the desk keeps it
    ward.data("cases", "answer", 1, *EXPLAINED[:-1], "deadline=2027-03-31", as_="zhang")
    (todo,) = ward.data("work", as_="wei")["work"]
    assert (todo["due"], todo["unpublished"]) == ("2027-01-04", "2027")
    for words in (("work",), ("cases", "list"), ("cases", "show", 1)):
        assert "放假安排未公布" in ward.desk(*words, as_="wei")[1].replace("\n", "").replace(" ", "")
    assert "未公布" not in ward.desk("cases", "list", "--state", "closed", as_="wei")[1]
