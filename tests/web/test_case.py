"""事项页 · A case on its page: what happened, who answers, and from alert over plan to closing, with two people logged in."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from fastapi.testclient import TestClient

from heng.app.desk import Desk
from heng.app.keeping import back_up
from heng.app.region import Region
from heng.desk.cases import history
from heng.desk.escalation import escalate
from heng.desk.people import NewDeputy, stand_in
from heng.store.backup import restore_backup
from tests.web.alerted import CASE, SIGNAL, Hands, book, clock, desk, in_alert, look, served
from tests.web.conftest import Enter

__all__ = ["clock", "desk", "in_alert", "look", "served"]  # fixtures of this page
PLAN = {"cause": "新开展介入手术", "plan": "谈判降价", "owner": "张主任", "deadline": "2026-03-31"}


def form(browser: TestClient, outcome: str, **said: str) -> dict[str, str]:
    """What the form of an outcome sends, as it stands on the page."""
    page = browser.get(CASE).text
    names = ("key", "step")
    hidden = {n: re.findall(rf'name="{n}" value="([^"]+)"', page)[0] for n in names}
    return hidden | {"outcome": outcome} | {f"say.{n}": v for n, v in said.items()}


def answer(browser: TestClient, outcome: str, **said: str) -> str:
    """Answer the present step; gives the page that follows."""
    done = browser.post(f"{CASE}/answer", data=form(browser, outcome, **said))
    assert done.status_code == 200, re.sub(r"<[^>]+>|\s+", " ", done.text)
    return done.text


def steps(desk: Desk) -> list[tuple[str, str | None]]:
    return [(s.name, s.outcome) for s in history(desk.db, 1)]


def test_from_alert_over_plan_to_closing_with_two_logins(enter: Enter, served: Path, desk: Desk, clock: Hands) -> None:
    head, commission = enter("neike"), enter("weijian")
    assert CASE in head.get("/work").text
    assert "已记下：已说明原因和整改计划" in answer(head, "explained", **PLAN)
    assert CASE not in head.get("/work").text
    answer(commission, "accepted")
    answer(commission, "published", notice="材料用量 +80 元，四月降价")
    assert "2026-04 的数值由系统从账上取" in commission.get(CASE).text
    clock.pass_by(days=64)  # 5 May: April is over
    book(served, "2026-04", "20.1")
    commission = enter("weijian")
    page = answer(commission, "effective")
    assert "已结束" in page
    assert "20.100000" in page
    assert steps(desk) == [("self_check", "explained"), ("review", "accepted"), ("regional_notice", "published"), ("effect", "effective")]


def test_nothing_closes_on_a_figure_beyond_its_line(enter: Enter, served: Path, desk: Desk, clock: Hands) -> None:
    answer(enter("neike"), "explained", **PLAN)
    commission = enter("weijian")
    answer(commission, "accepted")
    answer(commission, "published", notice="通报")
    clock.pass_by(days=64)
    book(served, "2026-04", "20.9")
    commission = enter("weijian")
    refused = commission.post(f"{CASE}/answer", data=form(commission, "effective"))
    assert refused.status_code == 400
    assert "没有效果：20.900000，应为 20.8 以内" in refused.text.replace("20.800000", "20.8")
    assert steps(desk)[-1] == ("effect", None)


def test_what_was_typed_stays_when_something_is_missing(enter: Enter, desk: Desk) -> None:
    head = enter("neike")
    page = head.post(f"{CASE}/answer", data=form(head, "explained", cause="新开展“介入”手术", plan="谈判", owner="", deadline="2026-02-01"))
    assert page.status_code == 400
    assert "还要写明：责任人（owner）" in page.text
    assert re.search(r"<textarea[^>]*say.cause[^>]*>新开展“介入”手术</textarea>", page.text)
    assert re.search(r'type="date"[^>]*value="2026-02-01"', page.text)
    assert re.search(r"<details[^>]* open>", page.text)
    assert steps(desk) == [("self_check", None)]
    past = head.post(f"{CASE}/answer", data=form(head, "explained", **PLAN | {"deadline": "2026-02-01"}))
    assert "完成期限不能是 2026-02-01" in past.text


def test_a_form_sent_twice_answers_once(enter: Enter, desk: Desk) -> None:
    head = enter("neike")
    sent = form(head, "explained", **PLAN)
    for _ in range(3):
        assert head.post(f"{CASE}/answer", data=sent).status_code == 200
    assert steps(desk) == [("self_check", "explained"), ("review", None)]
    other = head.post(f"{CASE}/answer", data=sent | {"key": "another"})
    assert other.status_code in (400, 403)
    assert len(steps(desk)) == 2


def test_who_may_not_answer_sees_no_form_and_is_refused(enter: Enter, desk: Desk) -> None:
    finance = enter("caiwu")
    page = finance.get(CASE)
    assert page.status_code == 200
    assert "这一步不归您答复" in page.text
    assert "say.cause" not in page.text
    sent = {"key": "k", "step": "1", "outcome": "not_real", "say.cause": "误报"}
    assert finance.post(f"{CASE}/answer", data=sent).status_code == 403
    assert steps(desk) == [("self_check", None)]


@pytest.mark.parametrize("login", ["jiandu", "xitong", "shenji", "anquan"])
def test_who_does_not_see_the_place_sees_no_case(look: Enter, login: str) -> None:
    browser = look(login)
    for path in (CASE, f"{CASE}.json"):
        page = browser.get(path)
        assert page.status_code == 403, login
        assert "材料用量" not in page.text
    assert "每百元" not in browser.get("/cases").text
    assert browser.get("/cases.json").json() == {"cases": []}


def test_a_deputy_answers_as_whom_she_stands_in_for(enter: Enter, desk: Desk) -> None:
    stand_in(desk.db, "neike", NewDeputy("yiwu", date(2026, 3, 1), date(2026, 4, 1), "出差"), "anquan")
    deputy = enter("yiwu")
    assert "请您以科主任的身份答复" in deputy.get(CASE).text
    answer(deputy, "not_real", cause="误记")
    assert steps(desk)[0] == ("self_check", "not_real")


def test_what_is_overdue_is_red_and_passed_up_and_both_may_answer(enter: Enter, desk: Desk, clock: Hands) -> None:
    clock.pass_by(days=7)  # due on Thursday 5 March; Monday the 9th is two working days late
    assert "逾期 2 个工作日" in enter("neike").get("/work").text
    escalate(desk.db, desk.workdays)
    president = enter("yuanzhang")
    assert "已上报" in president.get("/work").text
    page = president.get(CASE).text
    assert "逾期上报院长：两级都可答复" in page
    answer(president, "not_real", cause="误记")
    assert "逾期答复" in president.get(CASE).text


def test_a_closed_case_is_opened_again_with_a_reason(enter: Enter, desk: Desk) -> None:
    answer(enter("neike"), "not_real", cause="误记")
    commission = enter("weijian")
    answer(commission, "dismissed", reason="记账错误", evidence="更正凭证 12 号")
    page = commission.get(CASE).text
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    assert commission.post(f"{CASE}/reopen", data={"key": key, "reason": " "}).status_code == 400
    for _ in range(2):
        assert "已重开" in commission.post(f"{CASE}/reopen", data={"key": key, "reason": "三月又升高"}).text
    assert [s for s, _ in steps(desk)] == ["self_check", "review", "self_check"]
    assert "三月又升高" in commission.get(CASE).text


def test_the_cause_adds_up_and_is_there_as_a_table(look: Enter) -> None:
    page = look("neike").get(CASE).text
    told = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="heng-number">([^<]+) 元</td>', page))
    yuan = {name: Decimal(text.replace(",", "")) for name, text in told.items()}
    assert yuan["对照月平均"] + yuan["业务量"] + yuan["材料用量"] + yuan["材料价格"] == yuan["本月"] == SIGNAL["amount"]
    assert "本月成本 1,100.00 元：材料用量 +80.00" in page
    assert f"/indicator/material_per_hundred?org=H01&amp;period=2026-02&amp;dept={SIGNAL['dept']}" in page


def test_evidence_is_a_file_that_goes_with_the_case_and_its_backup(enter: Enter, served: Path, tmp_path: Path) -> None:
    head, content = enter("neike"), b"%PDF-1.7 contract"
    sent = form(head, "explained", **PLAN, evidence="见合同")
    page = head.post(f"{CASE}/answer", data=sent, files={"say.evidence": ("合同 3 号.pdf", content)}).text
    (link,) = re.findall(r'href="(/case/1/evidence/[^"]+)"', page)
    taken = enter("weijian").get(link)
    assert (taken.content, unquote(taken.headers["content-disposition"])) == (content, "attachment; filename*=UTF-8''合同 3 号.pdf")
    assert taken.headers["content-type"] == "application/octet-stream"
    assert enter("xitong").get(link).status_code == 403
    back_up(Region(served), tmp_path / "kept.zip")
    restore_backup(tmp_path / "kept.zip", tmp_path / "again")
    assert content in {p.read_bytes() for p in (tmp_path / "again/files/evidence").iterdir()}


def test_only_files_of_the_case_are_given_and_only_some_are_taken(enter: Enter, served: Path) -> None:
    head = enter("neike")
    loaded = next(p.name for p in (served / "files").iterdir() if p.is_file())
    for name, content in (("a.exe", b"x"), ("a.pdf", b"x" * (10 * 2**20 + 1))):
        refused = head.post(f"{CASE}/answer", data=form(head, "explained", **PLAN), files={"say.evidence": (name, content)})
        assert refused.status_code == 400
        assert "不能附" in refused.text
    assert not (served / "files/evidence").exists()
    answer(head, "explained", **PLAN, evidence=f"原始文件 [{loaded}]")  # a line as of a file, typed by hand
    assert head.get(f"{CASE}/evidence/{loaded}").status_code == 400
    assert head.get(f"{CASE}/evidence/..%2F{loaded}").status_code in (400, 404)
    sent = {"key": "k", "step": "2", "outcome": "accepted"}
    assert head.post(f"{CASE}/answer", data=sent, files={"say.evidence": ("a.pdf", b"x")}).status_code == 403
    assert not (served / "files/evidence").exists()


def test_the_list_its_filters_and_its_files_say_the_same(look: Enter) -> None:
    browser = look("weijian")
    (row,) = browser.get("/cases.json").json()["cases"]
    assert (row["org"], row["type"], row["state"], row["due"]) == ("H01", "alert", "open", "2026-03-05")
    for query, there in (
        ("state=open", True),
        ("state=closed", False),
        ("kind=project", False),
        ("org=H01&dept=0402", True),
        ("overdue=1", False),
    ):
        assert ((CASE + '"') in browser.get(f"/cases?{query}").text) is there, query
        lines = list(csv.reader(io.StringIO(browser.get(f"/cases.csv?{query}").content.decode("utf-8-sig"))))
        assert len(lines) == 1 + there
    book_ = openpyxl.load_workbook(io.BytesIO(browser.get("/cases.xlsx").content)).active
    assert book_ is not None
    values = list(book_.iter_rows(values_only=True))
    assert values[0][:4] == ("号码", "类别", "事项", "医院")
    assert values[1][3:6] == ("试验医院", "内科住院", "2026-02")
    assert browser.get("/cases?state=shut").status_code == 400


@pytest.mark.parametrize("path", ["/case/x", "/case/999", "/case/99999999999999999999", "/case/1.xlsx/answer"])
def test_a_case_that_is_not_there_is_said(look: Enter, path: str) -> None:
    page = look("weijian").get(path)
    assert page.status_code in (400, 403, 404, 405)


def test_the_page_speaks_english(enter: Enter) -> None:
    head = enter("neike")
    head.cookies.set("heng_lang", "en")
    page = head.get(CASE).text
    assert "cause and plan given" in page
    assert "use of consumables" in page
