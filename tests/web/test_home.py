"""首页 · The cockpit of each role: what is told is what the books say, what is out of scope is not told, and every look is kept."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from heng.app.desk import Desk
from heng.app.period import View, measure
from heng.app.reader import Reader
from heng.app.region import Hospital, Region, new_region
from heng.core.indicator import INDICATORS
from heng.core.period import period
from heng.core.scope import OWNER
from heng.core.table import rate
from heng.desk.schema import Audit
from heng.serve.demo_desk import PASSWORD, PEOPLE, demo_desk
from heng.serve.voice import Voice
from heng.serve.web import cockpit
from heng.serve.web.application import application
from heng.serve.web.measured import Part
from heng.serve.web.tiles import change
from heng.tables.steering import Signal
from tests.web.conftest import Enter

HERE = [p.login for p in PEOPLE if p.org in ("", "H01")]


def words(page: str) -> str:
    """What a person reads of a page."""
    text = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", page)
    return re.sub(r"\s+", " ", text)


def tiles(page: str) -> dict[str, str]:
    """The tiles by their names, as a person reads them, in order."""
    found = re.findall(r"(?s)<article class=\"heng-tile.*?</article>", page)
    return {re.findall(r"(?s)<h2>(.*?)</h2>", t)[0].split(">")[1].split("<")[0]: words(t) for t in found}


def test_every_role_has_a_first_page_with_at_most_six_decisions(enter: Enter) -> None:
    found = {login: len(tiles(enter(login).get("/").text)) for login in HERE}
    assert {login: n for login, n in found.items() if not 1 <= n <= 6} == {}


def test_a_figure_of_the_cockpit_is_the_figure_of_the_books(enter: Enter, served: Path) -> None:
    found = measure(Reader(Region(served), OWNER), INDICATORS["surplus_rate"], View(period("2026-02"), ("H01",)))
    shown = tiles(enter("yuanzhang").get("/").text)["收入结余率"]
    assert found["value"][0] == Decimal("0.091489")  # (470000.00 − 427000.15) ÷ 470000.00
    assert " 9.1% " in shown
    assert "环比持平" in shown


def test_the_ranking_puts_first_who_needs_someone(enter: Enter) -> None:
    page = enter("yuanzhang").get("/").text
    names = re.findall(r'<th scope="row"><a href="/\?[^"]*dept=(\w+)', page)
    assert names == ["0401", "0402"]  # at a loss, then not
    assert "2 个科室中 1 个为负" in words(page)


def test_another_month_is_chosen_in_the_address_and_nonsense_is_told(enter: Enter) -> None:
    browser = enter("yuanzhang")
    assert re.search(r"<option selected>2026-01", browser.get("/?period=2026-01").text)
    assert "period=2026-01" in browser.get("/?period=2026-02").text  # the month before is one click away
    refused = browser.get("/?period=soon")
    assert (refused.status_code, "读不懂期间" in refused.text) == (400, True)


def test_where_a_month_has_no_figure_the_tile_says_why(enter: Enter) -> None:
    shown = tiles(enter("yibao").get("/").text)
    assert "—" in shown["亏损病例占比"]
    assert "2026-02 的病例成本里没有可算的行" in shown["亏损病例占比"]


def test_a_supervisor_sees_no_hospital_and_an_administrator_no_figure(enter: Enter) -> None:
    assert list(tiles(enter("jiandu").get("/").text)) == ["等我办的", "办理中的事项", "算到"]
    assert "收入结余率" not in enter("jiandu").get("/?org=H01").text
    assert list(tiles(enter("xitong").get("/").text)) == ["等我办的"]


def test_a_hospital_out_of_scope_is_refused_and_the_refusal_kept(enter: Enter, served: Path) -> None:
    answer = enter("yuanzhang").get("/?org=H02")
    assert answer.status_code in (400, 403)
    assert "收入结余率" not in answer.text
    kept = [a for a in audit(served, "yuanzhang") if not a.allowed]
    assert [a.object for a in kept] == (["hospital H02"] if answer.status_code == 403 else [])


def test_every_look_is_kept_also_where_the_answer_was_known_already(enter: Enter, served: Path) -> None:
    browser = enter("yuanzhang")
    before = len(list(looks(served, "yuanzhang", "DeptResult")))
    browser.get("/")
    browser.get("/")
    kept = list(looks(served, "yuanzhang", "DeptResult"))
    assert len(kept) == before + 2  # once a page, however many tiles it fed
    assert kept[-1] == kept[-2] > 0


def test_a_head_whose_department_is_unknown_sees_her_hospital_and_is_told(enter: Enter) -> None:
    page = enter("guke").get("/").text
    assert "科室字典里没有您任职的科室 骨科" in words(page)
    assert "收入成本率" in tiles(page)


def test_a_department_has_the_course_of_its_months(enter: Enter) -> None:
    page = enter("yuanzhang").get("/?dept=0401").text
    assert "门诊" in words(page) or "0401" in page
    assert '"type": "line"' in page
    assert "科室排名" not in page


def test_an_alert_is_loud_says_whose_it_is_and_leads_on(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cockpit, "signals_of", lambda *_: signals())
    page = enter("yuanzhang").get("/").text
    shown = tiles(page)
    assert list(shown)[:2] == ["预警", "药占比"]  # what needs someone comes first
    assert "红色 1" in shown["预警"]
    assert "1 处红色预警" in shown["药占比"]
    assert "高于线 20.0% 25.0%" in shown["药占比"]
    assert "科主任、医务科" in shown["药占比"]
    assert "/indicator/drug_share?org=H01&amp;period=2026-02&amp;dept=0401" in page  # no case is open: see why


def test_an_alert_that_is_being_dealt_with_leads_to_its_case(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"id": 7, "key": "alert/drugs/H01/0401/2026-02", "org": "H01", "dept": "0401", "due": date(2026, 3, 4)}
    monkeypatch.setattr(cockpit, "signals_of", lambda *_: signals())
    monkeypatch.setattr(cockpit, "cases", lambda *_: [case | {"title_zh": "药占比偏高", "title_en": "drug share"}])
    page = enter("yuanzhang").get("/").text
    assert "去办，03-04 到期" in tiles(page)["药占比"]
    assert page.count('href="/case/7"') == 2  # from the tile, and from the list
    assert "逾期 2026-03-04" in words(page)


def test_a_muted_alert_is_not_told_on_the_first_page(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cockpit, "signals_of", lambda *_: signals(state="muted"))
    assert "没有预警" in tiles(enter("yuanzhang").get("/").text)["预警"]


@pytest.mark.parametrize(
    ("key", "value", "yoy", "mom", "said", "icon"),
    [
        ("drug_share", "0.30", "-0.02", "0.01", "同比 -2.0 个百分点，变好", "arrow-down"),
        ("surplus_rate", "0.30", None, "-0.05", "环比 -5.0 个百分点，变差", "arrow-down"),
        ("medical_cost", "110", "10", None, "同比 +10.0%", "arrow-up"),
        ("medical_cost", "110", None, None, "没有上年同期、上期的数可比", ""),
        ("drug_share", "0.30", "-0.0004", None, "同比持平", "minus"),
        ("medical_cost", "50", "50", None, "同比 +50.00 元", "arrow-up"),  # from nothing: no share of it
    ],
)
def test_a_change_is_told_in_points_or_per_cent_and_judged(  # noqa: PLR0913, PLR0917
    key: str, value: str, yoy: str | None, mom: str | None, said: str, icon: str
) -> None:
    indicator = INDICATORS[key]
    part = Part("", Decimal(value), yoy and Decimal(yoy), mom and Decimal(mom))
    column = rate(indicator.zh, indicator.en, indicator.unit)
    assert change(part, indicator, column, Voice(lang="zh")) == (said, icon)


def signals(state: str = "new") -> pl.DataFrame:
    """One red alert of a department."""
    row: dict[str, Any] = dict.fromkeys(Signal.columns) | {
        "org": "H01",
        "month": "2026-02",
        "dept": "0401",
        "watch": "drugs",
        "indicator": "drug_share",
        "level": "red",
        "state": state,
        "owners": "head medical",
        "since": "2026-02",
    }
    row |= {"value": Decimal("0.25"), "line": Decimal("0.20"), "deviation": Decimal("0.25"), "clears_at": Decimal("0.20")}
    return pl.DataFrame([row], schema_overrides=Signal.schema()).select(list(Signal.columns))


def audit(served: Path, login: str) -> list[Audit]:
    """What the audit keeps of a person."""
    desk = Desk(Region(served))
    try:
        with desk.db.reading() as session:
            return list(session.scalars(select(Audit).where(Audit.login == login).order_by(Audit.id)))
    finally:
        desk.db.close()


def looks(served: Path, login: str, table: str) -> Iterator[int]:
    """The rows of each look at a table."""
    return (a.rows for a in audit(served, login) if a.object == table)


def test_where_nothing_waits_that_is_said(enter: Enter) -> None:
    assert "都办完了" in tiles(enter("yuanzhang").get("/").text)["等我办的"]


def test_a_region_without_data_says_what_to_do_first(tmp_path: Path) -> None:
    region = new_region(tmp_path / "empty", "新区", [Hospital("H01", "一院")])
    demo_desk(region, [p for p in PEOPLE if p.login in ("weijian", "kuaiji")]).db.close()
    app = application(tmp_path / "empty")
    for login in ("weijian", "kuaiji"):
        browser = TestClient(app)
        shown = tiles(browser.post("/login", data={"login": login, "password": PASSWORD}).text)
        assert "还没有算出的月份" in shown["算到"]
        assert "先装入文件，再计算" in shown["全院平均实际占用床日成本"]
        assert ("去装入" in shown["算到"]) == (login == "kuaiji")
    app.state.house.close()
