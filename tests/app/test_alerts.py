"""预警与案头 · Signals become cases, one an episode; what people decide comes back as a table, once."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from heng.app.alerts import open_cases
from heng.app.decided import publish_decisions
from heng.app.desk import Desk
from heng.app.opening import CaseReport
from heng.app.region import Hospital, Region, new_region
from heng.app.watched import run_watched
from heng.core.errors import AccessError, DeskError
from heng.desk.cases import Answer, answer, history, work_of
from heng.desk.decisions import NewDecision, decide, decisions
from heng.desk.migration import upgrade
from heng.desk.notices import notices_of
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.schema import Post
from heng.store.parts import write_part
from heng.tables.steering import Signal, SignalDecision

MONDAY = datetime(2026, 7, 6, 1)  # noqa: DTZ001 - UTC without zone, as the desk keeps it
ROW = {
    "org": "H01",
    "month": "2026-05",
    "watch": "consumables",
    "dept": "C1",
    "indicator": "material_per_hundred",
    "rule": "static",
    "level": "red",
    "state": "new",
    "value": Decimal("24.1"),
    "line": Decimal(20),
    "deviation": Decimal("0.205"),
    "clears_at": Decimal("20.8"),
    "since": "2026-05",
    "owners": "head finance",
    "cause_zh": "材料用量 +40.00",
    "cause_en": "use of consumables +40.00",
}


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return new_region(tmp_path / "region", "示范", [Hospital("H01", "示范市第一医院")])


@pytest.fixture
def desk(region: Region) -> Iterator[Desk]:
    """A desk of a head, an accountant of finance and the commission; a Monday in July."""
    made = Desk(region, new=True)
    made.db.clock = lambda: MONDAY
    upgrade(made.db)
    for login, role, org, dept in (("wang", "head", "H01", "C1"), ("qian", "finance", "H01", None), ("sun", "commission", "", None)):
        person = add(made.db, NewPerson(login, login, org, dept), "")
        give(made.db, person, NewPost(role, org, dept, date(2026, 1, 1), None, "任命"), "")
    yield made
    made.db.close()


def hold(region: Region, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    """Put signals into the region; gives their places."""
    frame = pl.DataFrame([ROW | r for r in rows], schema=Signal.schema())
    with region.writing("test"):
        parts = frame.partition_by("month", as_dict=True)
        region.publish("test", [write_part(region.path, Signal, found, ("H01", str(m), "")) for (m,), found in parts.items()])
    return [("H01", str(m)) for (m,) in parts]


def keys(report: CaseReport) -> list[str]:
    return [c.key for c in report.cases]


def person(desk: Desk, login: str) -> int:
    return find(desk.db, login).id


def test_an_episode_is_one_case_however_long_it_stands_and_however_often_it_is_run(region: Region, desk: Desk) -> None:
    cells = hold(region, {}, {"month": "2026-06", "state": "lasting"}, {"month": "2026-07", "state": "lasting", "since": "2026-06"})
    first = open_cases(region, desk, cells)
    assert keys(first) == ["alert/consumables/H01/C1/2026-05"]
    assert keys(open_cases(region, desk, cells)) == keys(first)
    (work,) = work_of(desk.db, person(desk, "wang"))
    assert (work.case.month, work.step.name, work.step.due) == ("2026-05", "self_check", date(2026, 7, 9))
    assert work.case.title_zh == "红色预警：百元医疗收入（不含药品收入）消耗卫生材料 24.10，比 20.00 高 20.5%"
    assert (work.case.data["line"], work.case.data["better"]) == ("20.800000", "lower")


def test_a_share_is_told_in_percent(region: Region, desk: Desk) -> None:
    share = {"watch": "drugs", "indicator": "drug_share", "value": Decimal("0.184"), "line": Decimal("0.17"), "deviation": Decimal("0.082")}
    open_cases(region, desk, hold(region, share))
    (work,) = work_of(desk.db, person(desk, "wang"))
    assert (work.case.title_zh, work.case.title_en) == (
        "红色预警：药占比 18.4%，比 17.0% 高 8.2%",
        "red alert: drug share of income 18.4%, 8.2% above 17.0%",
    )


def test_after_it_ended_the_same_watch_is_a_new_case(region: Region, desk: Desk) -> None:
    cells = hold(region, {}, {"month": "2026-08", "since": "2026-08"})
    assert keys(open_cases(region, desk, cells)) == ["alert/consumables/H01/C1/2026-05", "alert/consumables/H01/C1/2026-08"]


def test_the_head_answers_and_finance_is_told_once(region: Region, desk: Desk) -> None:
    cells = hold(region, {})
    for _ in range(2):
        open_cases(region, desk, cells)
    assert work_of(desk.db, person(desk, "qian")) == []
    assert [n.subject for n in notices_of(desk.db, person(desk, "qian"))] == [work_of(desk.db, person(desk, "wang"))[0].case.title_zh]


def test_a_muted_alert_and_months_that_were_not_run_open_nothing(region: Region, desk: Desk) -> None:
    cells = hold(region, {"state": "muted"}, {"month": "2026-06", "dept": "C2", "since": "2026-06"})
    assert open_cases(region, desk, cells[:1]).cases == []


def test_an_alert_that_nobody_could_answer_is_told_and_stops_no_other(region: Region, desk: Desk) -> None:
    with desk.db.writing() as session:
        for post in session.query(Post):
            post.until = date(2026, 7, 1)
    report = open_cases(region, desk, hold(region, {}))
    assert report.cases == []
    assert "没有责任人" in report.without_owner["alert/consumables/H01/C1/2026-05"][0]


def test_a_fault_of_the_database_is_no_missing_owner(region: Region, desk: Desk) -> None:
    cells = hold(region, {})
    with desk.db.migrating() as connection:
        connection.exec_driver_sql("alter table post rename to lost")
    with pytest.raises(DeskError, match="案头"):
        open_cases(region, desk, cells)


def test_what_owners_decide_is_published_once_and_others_may_not(region: Region, desk: Desk) -> None:
    hold(region, {})
    mute = NewDecision("k1", "consumables", "H01", "C1", "2026-05", "mute", "集采切换", date(2026, 8, 31))
    made = decide(desk.db, "wang", ("head", "finance"), mute)
    assert decide(desk.db, "wang", ("head", "finance"), mute).id == made.id
    with pytest.raises(AccessError):
        decide(desk.db, "qian", ("head",), NewDecision("k2", "consumables", "H01", "C1", "2026-05", "real", "属实"))
    with pytest.raises(DeskError, match="静音须写明到哪一天"):
        decide(desk.db, "wang", ("head",), NewDecision("k3", "consumables", "H01", "C1", "2026-05", "mute", "无期"))
    assert publish_decisions(region, desk) == 1
    assert publish_decisions(region, desk) == 0
    (part,) = region.manifest.of(SignalDecision.__name__)
    rows = pl.read_parquet(region.path / part.file)
    assert rows.select("org", "month", "watch", "dept", "kind", "until").rows() == [
        ("H01", "2026-05", "consumables", "C1", "mute", date(2026, 8, 31))
    ]


def test_what_the_review_of_a_case_finds_counts_as_real_or_not(region: Region, desk: Desk) -> None:
    open_cases(region, desk, hold(region, {}))
    (work,) = work_of(desk.db, person(desk, "wang"))
    wang, sun = person(desk, "wang"), person(desk, "sun")
    answer(desk.db, work.case.id, Answer(wang, 1, "not_real", {"cause": "重复入账"}, "a"), desk.workdays)
    said = {"reason": "重复入账已更正", "evidence": "凭证 12 号"}
    answer(desk.db, work.case.id, Answer(sun, 2, "dismissed", said, "b"), desk.workdays)
    assert [s.name for s in history(desk.db, work.case.id)] == ["self_check", "review"]
    (found,) = decisions(desk.db)
    assert (found.watch, found.dept, found.month, found.kind, found.reason) == (
        "consumables",
        "C1",
        "2026-05",
        "not_real",
        "重复入账已更正",
    )


def test_a_region_without_a_desk_just_runs(region: Region) -> None:
    _, *opened = run_watched(region, [], lambda *_: None, "duckdb")
    assert opened == [CaseReport()] * 3
