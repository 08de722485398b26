"""数据整改与项目登记 · Failed data checks become cases once, with owner and deadline; projects are opened by those who may."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from heng.app.corrections import open_corrections
from heng.app.desk import Desk
from heng.app.projects import NewProject, open_project
from heng.app.region import Hospital, Region, new_region
from heng.app.watched import run_watched
from heng.core.errors import AccessError, DeskError
from heng.desk.cases import Answer, answer, history
from heng.desk.migration import upgrade
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.schema import Case
from heng.store.manifest import Closing
from heng.store.parts import write_part
from heng.tables.quality import CheckResult

MONDAY = datetime(2026, 3, 2, 1)  # noqa: DTZ001 - UTC without zone, as the desk keeps it
ROW = {
    "org": "H01",
    "check": "asset_life",
    "name_zh": "资产卡片应有折旧年限",
    "name_en": "an asset card has a useful life",
    "family": "required",
    "table": "Asset",
    "severity": "error",
    "outcome": "fail",
    "checked": 200,
    "failed": 40,
    "threshold": Decimal("0.01"),
    "owner": "资产管理科",
    "due": date(2026, 3, 10),
    "note": None,
}


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return new_region(tmp_path / "region", "示范", [Hospital("H01", "示范市第一医院")])


@pytest.fixture
def desk(region: Region) -> Iterator[Desk]:
    """A desk on a Monday in March."""
    made = Desk(region, new=True)
    made.db.clock = lambda: MONDAY
    upgrade(made.db)
    posts = {"qian": "accountant", "it": "it", "cai": "finance", "wang": "head"}
    for login, role in posts.items():
        give(made.db, add(made.db, NewPerson(login, login, "H01"), ""), NewPost(role, "H01", None, date(2026, 1, 1)), "")
    yield made
    made.db.close()


def hold(region: Region, month: str, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    """Put results of checks into a month of the region; gives its place."""
    frame = pl.DataFrame([ROW | {"month": month} | r for r in rows], schema=CheckResult.schema())
    with region.writing("test"):
        region.publish("test", [write_part(region.path, CheckResult, frame, ("H01", month, ""))])
    return [("H01", month)]


def test_a_check_that_fails_is_a_case_with_owner_and_deadline(region: Region, desk: Desk) -> None:
    passed, own = {"check": "area", "outcome": "pass"}, {"check": "income", "owner": "财务科", "due": None}
    cells = hold(region, "2026-02", {}, passed, own)
    made = open_corrections(region, desk, cells).cases
    steps = {c.key: history(desk.db, c.id)[0] for c in made}
    assert {k: (s.name, s.role, s.due.isoformat()) for k, s in steps.items()} == {
        "correction/asset_life/H01/2026-02": ("correct", "accountant", "2026-03-10"),
        "correction/income/H01/2026-02": ("correct", "finance", "2026-03-09"),  # five working days where the result has no day
    }
    assert made[0].title_zh == "数据整改：资产卡片应有折旧年限（40/200 行不合格，资产管理科）"
    assert open_corrections(region, desk, cells).cases == []


def test_what_is_still_being_mended_opens_no_second_case_and_what_fails_again_later_does(region: Region, desk: Desk) -> None:
    (case,) = open_corrections(region, desk, hold(region, "2026-01", {})).cases
    assert open_corrections(region, desk, hold(region, "2026-02", {})).cases == []
    said = {"cause": "漏填", "correction": "补填", "owner": "资产岗", "figure": "0.0100"}
    for step, (login, outcome) in enumerate([("qian", "corrected"), ("it", "passed")], 1):
        answer(desk.db, case.id, Answer(find(desk.db, login).id, step, outcome, said, f"{step}"), desk.workdays)
    assert [c.month for c in open_corrections(region, desk, [("H01", "2026-02")]).cases] == ["2026-02"]


def close(desk: Desk, case: Case, *answers: tuple[str, str]) -> None:
    said = {"cause": "漏填", "correction": "补填", "owner": "资产岗", "figure": "0.0100", "reason": "口径", "evidence": "凭证"}
    for step, (login, outcome) in enumerate(answers, 1):
        answer(desk.db, case.id, Answer(find(desk.db, login).id, step, outcome, said, f"{case.id}/{step}"), desk.workdays)


MENDED = (("qian", "corrected"), ("it", "passed"))


def test_a_check_that_fails_again_in_the_same_month_is_the_next_round(region: Region, desk: Desk) -> None:
    cells = hold(region, "2026-02", {})
    for n in range(1, 4):
        (case,) = open_corrections(region, desk, cells).cases
        assert (case.key, case.state) == ("correction/asset_life/H01/2026-02" + (f"/{n}" if n > 1 else ""), "open")
        assert open_corrections(region, desk, cells).cases == []  # none twice while it is open
        close(desk, case, *MENDED)
    hold(region, "2026-02", {"outcome": "pass", "failed": 0})
    assert open_corrections(region, desk, cells).cases == []


def test_what_was_ruled_to_need_no_correction_comes_back_only_when_it_is_worse(region: Region, desk: Desk) -> None:
    cells = hold(region, "2026-02", {})
    give(desk.db, add(desk.db, NewPerson("sun", "sun", ""), ""), NewPost("commission", "", None, date(2026, 1, 1)), "")
    close(desk, open_corrections(region, desk, cells).cases[0], ("qian", "disputed"), ("sun", "withdrawn"))
    assert open_corrections(region, desk, cells).cases == []
    hold(region, "2026-02", {"failed": 41})
    assert [c.key for c in open_corrections(region, desk, cells).cases] == ["correction/asset_life/H01/2026-02/2"]


def test_nothing_is_to_be_corrected_in_a_closed_month(region: Region, desk: Desk) -> None:
    cells = hold(region, "2026-02", {})
    with region.writing("test"):
        region.manifest = region.manifest.with_closings([Closing("H01", "2026-02", "王", "2026-03-01", 1)], ())
        region.publish("test")
    assert open_corrections(region, desk, cells).cases == []


@pytest.mark.usefixtures("desk")
def test_a_run_opens_them_too(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heng.app.compute.order", lambda _: [])
    cells = hold(region, "2026-02", {})
    found = run_watched(region, cells, lambda *_: None, "duckdb")
    assert [c.key for c in found.corrections.cases] == ["correction/asset_life/H01/2026-02"]


def test_a_failing_check_that_nobody_could_mend_is_named(tmp_path: Path) -> None:
    empty = new_region(tmp_path / "empty", "示范", [Hospital("H01", "示范市第一医院")])
    desk = Desk(empty, new=True)
    upgrade(desk.db)
    report = open_corrections(empty, desk, hold(empty, "2026-02", {}))
    desk.db.close()
    assert report.cases == []
    assert "没有责任人" in report.without_owner["correction/asset_life/H01/2026-02"][0]


def test_a_project_is_opened_once_by_who_may_and_has_its_roles(desk: Desk) -> None:
    new = NewProject("缩短平均住院日", "H01", None, "2026-03", responsible="head", accountable="finance")
    case = open_project(desk, new, "wang")
    assert open_project(desk, new, "wang").id == case.id
    said = {"goal": "减少 0.5 天", "measure": "平均住院日", "owner": "护士长", "deadline": "2026-06-30", "result": "减少 0.6 天"}
    for step, outcome in enumerate(["chartered", "done"], 1):
        answer(desk.db, case.id, Answer(find(desk.db, "wang").id, step, outcome, said, f"{step}"), desk.workdays)
    assert [(s.name, s.role) for s in history(desk.db, case.id)] == [("charter", "head"), ("week", "head"), ("acceptance", "finance")]
    with pytest.raises(AccessError, match="不能在 H01 立项"):
        open_project(desk, NewProject("乙", "H01", None, "2026-03"), "qian")
    with pytest.raises(AccessError, match="不能在 H02 立项"):
        open_project(desk, NewProject("乙", "H02", None, "2026-03"), "wang")
    with pytest.raises(DeskError, match="没有角色 presidant"):
        open_project(desk, NewProject("乙", "H01", None, "2026-03", accountable="presidant"), "wang")
