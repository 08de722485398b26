"""任一张表 · Any table: the page, the file and the command line say the same rows, in the same order, with the same total."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from heng.app.period import Page, View, see
from heng.app.region import Region
from heng.core.period import period
from heng.core.table import table
from heng.desk.database import Database
from heng.desk.schema import Audit
from heng.serve.web import files
from heng.serve.web.query import SIZE
from tests.reading import owner
from tests.web.conftest import Enter

RESULT, LEGS = "/costing/result", "/costing/step_down"


def data(browser: TestClient, address: str) -> dict[str, Any]:
    """What an address gives as JSON."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def cells(page: str) -> list[list[str]]:
    """The rows of the body of the table on a page, as text."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert body
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def totals_of(page: str) -> list[str]:
    """The totals row of a page."""
    foot = re.search(r"<tfoot>(.*?)</tfoot>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", foot[1], re.DOTALL)] if foot else []


def test_pages_together_are_the_whole_view_in_its_order(kuaiji: TestClient, looked: Path) -> None:
    every = see(owner(Region(looked)), table("ScopeCost"), View(period("2026-02"), ("H01",)))
    rows: list[Any] = []
    for n in range(1, -(-every.height // 7) + 1):
        rows += data(kuaiji, f"/table/ScopeCost.json?org=H01&period=2026-02&size=7&page={n}")["rows"]
    assert [r["amount"] for r in rows] == [format(a, "f") for a in every["amount"]]
    assert [r["item"] for r in rows] == every["item"].to_list()
    assert data(kuaiji, "/table/ScopeCost.json?page=999999")["rows"] == []


def test_a_page_shows_its_rows_and_leads_to_the_next(kuaiji: TestClient) -> None:
    first = kuaiji.get(f"{LEGS}?size=5").text
    second = kuaiji.get(f"{LEGS}?size=5&page=2").text
    assert len(cells(first)) == len(cells(second)) == 5
    assert not {repr(r) for r in cells(first)} & {repr(r) for r in cells(second)}
    assert 'rel="next" href="/costing/step_down?size=5&amp;page=2"' in first
    assert 'rel="prev" href="/costing/step_down?size=5&amp;page=1"' in second
    assert len(cells(kuaiji.get("/table/CheckResult").text)) <= SIZE


@pytest.mark.parametrize("sort", ["-amount", "amount", "-金额", "item,-amount"])
def test_the_whole_view_is_sorted_and_not_the_page(kuaiji: TestClient, sort: str) -> None:
    every = data(kuaiji, f"{LEGS}.json?size=1000")["rows"]
    shown = data(kuaiji, f"{LEGS}.json?size=20&sort={sort}")["rows"]
    amounts = [Decimal(r["amount"]) for r in shown]
    if sort.startswith("item"):
        assert [r["item"] for r in shown] == sorted(r["item"] for r in every)[:20]
        return
    wanted = sorted((Decimal(r["amount"]) for r in every), reverse=sort.startswith("-"))
    assert amounts == wanted[:20]


def test_rows_whose_value_is_not_known_come_last_however_it_is_sorted(kuaiji: TestClient) -> None:
    for sort in ("income", "-income"):
        found = [r["income"] for r in data(kuaiji, f"{RESULT}.json?size=1000&sort={sort}")["rows"]]
        assert found == [v for v in found if v is not None] + [v for v in found if v is None]


def test_ranges_and_parts_of_words_are_met_by_what_is_shown(kuaiji: TestClient) -> None:
    every = data(kuaiji, f"{LEGS}.json?size=1000&period=2026-01..2026-02")["rows"]
    limit = "where=amount>=1000&where=金额<=20,000"
    found = data(kuaiji, f"{LEGS}.json?size=1000&period=2026-01..2026-02&{limit}")["rows"]
    assert 0 < len(found) < len(every)
    assert found == [r for r in every if 1000 <= Decimal(r["amount"]) <= 20000]
    part = data(kuaiji, "/table/Department.json?size=1000&where=name~内科")["rows"]
    assert part
    assert all("内科" in r["name"] for r in part)


def test_a_form_is_sent_on_to_an_address_that_can_be_sent_to_somebody(kuaiji: TestClient) -> None:
    form = "is.item=staff&is.fund=&from.amount=100&to.amount=&has.driver=&columns=receiver&columns=amount&period="
    sent = kuaiji.get(f"{LEGS}?{form}", follow_redirects=False)
    assert sent.status_code == 303
    assert sent.headers["location"] == f"{LEGS}?where=item%3Dstaff&where=amount%3E%3D100&columns=receiver%2Camount"
    page = kuaiji.get(sent.headers["location"])
    assert page.url.params.get_list("where") == ["item=staff", "amount>=100"]
    assert 'name="from.amount" value="100"' in page.text
    assert '<option value="staff" selected>' in page.text


@pytest.mark.parametrize(
    "asked", ["", "where=item=staff", "where=scope=medical&sort=-amount", "where=direct>=1000&where=scope=hospital_full", "group=1"]
)
def test_the_totals_are_those_of_all_rows_and_of_the_files(kuaiji: TestClient, asked: str) -> None:
    address = f"/table/ScopeCost{{}}?period=2026-01..2026-02&{asked}"
    said = data(kuaiji, address.format(".json") + "&size=1000")
    text = kuaiji.get(address.format(".csv")).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    head = lines[0]
    closing = lines[-1] if "合计" in lines[-1] else []
    sheet = fastexcel.read_excel(kuaiji.get(address.format(".xlsx")).content).load_sheet(0).to_polars()
    rows = said["rows"]
    assert said["count"] == len(rows) == len(lines) - 1 - bool(closing)
    assert sheet.height == len(lines) - 1
    if "direct" not in said["total"]:
        assert len({r["scope"] for r in rows}) > 1
        assert not closing
        return
    total = Decimal(said["total"]["direct"])
    assert total == sum(Decimal(r["direct"]) for r in rows)
    assert Decimal(closing[head.index("直接成本（元）")]) == total
    assert Decimal(str(sheet["直接成本（元）"][-1])) == total
    assert f"{total:,}" in totals_of(kuaiji.get(address.format("")).text)


def test_a_column_left_out_does_not_make_a_total_that_counts_money_twice(kuaiji: TestClient) -> None:
    address = "/table/ScopeCost{}?period=2026-02&columns=item,direct"
    assert data(kuaiji, address.format(".json"))["total"] == {}
    assert "合计" not in kuaiji.get(address.format(".csv")).content.decode("utf-8-sig")
    assert totals_of(kuaiji.get(address.format("")).text) == []


def test_only_the_columns_chosen_are_shown_and_taken_away(kuaiji: TestClient) -> None:
    asked = "columns=科室,cost&where=scope=medical&compare=mom"
    rows = data(kuaiji, f"{RESULT}.json?{asked}")["rows"]
    assert set(rows[0]) == {"dept", "cost", "cost_mom", "cost_mom_change"}
    head = kuaiji.get(f"{RESULT}.csv?{asked}").content.decode("utf-8-sig").splitlines()[0]
    assert head.split(",")[:2] == ["科室", "全成本（元）"]
    assert len(head.split(",")) == 4


def test_a_comparison_can_be_sorted_and_limited(kuaiji: TestClient) -> None:
    asked = "period=2026-02&compare=mom&where=scope=medical"
    rows = data(kuaiji, f"{RESULT}.json?size=1000&{asked}&sort=-cost_mom_change")["rows"]
    changes = [Decimal(r["cost_mom_change"]) for r in rows if r["cost_mom_change"] is not None]
    assert changes == sorted(changes, reverse=True)
    assert all(Decimal(r["cost"]) - Decimal(r["cost_mom"]) == Decimal(r["cost_mom_change"]) for r in rows if r["cost_mom"])
    kept = data(kuaiji, f"{RESULT}.json?size=1000&{asked}&where=cost_mom_change<=0")["rows"]
    assert len(kept) == sum(c <= 0 for c in changes)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"{RESULT}?where=nothing=1", "表里没有列 nothing"),
        (f"{RESULT}?where=cost>=abc", "没有「abc」这样的值"),
        (f"{RESULT}?period=2026-13", "2026-13"),
        (f"{RESULT}?columns=x", "没有列 x"),
        (f"{RESULT}?sort=-x", "没有列 x"),
        (f"{RESULT}?page=0", "page 应为 1 到"),
        (f"{RESULT}?page=-1", "page 应为 1 到"),
        (f"{RESULT}?size=100000", "size 应为 1 到 1000"),
        (f"{RESULT}?compare=daily", "不会比较 daily"),
        ("/table/Income?compare=yoy", "是来源表，不能比较"),
        ("/costing/resul", "是否想写 costing.result"),
        ("/table/Incom", "是否想写 Income"),
    ],
)
def test_what_is_not_understood_is_told_as_on_the_command_line(kuaiji: TestClient, address: str, told: str) -> None:
    for ending in ("", ".json"):
        path, mark, query = address.partition("?")
        answer = kuaiji.get(path + ending + mark + query)
        assert answer.status_code == 400
        assert told in answer.text


def test_what_is_out_of_scope_is_no_row_no_total_and_no_file(inside: Enter, looked: Path) -> None:
    admin = inside("xitong")
    for address in (RESULT, f"{RESULT}.json", f"{RESULT}.csv", f"{RESULT}.xlsx", "/table/Income?page=2"):
        assert admin.get(address).status_code == 403, address
    trail = [r for r in _audit(looked) if r[1] == "DeptResult" and r[0] == "xitong"]
    assert trail
    assert not any(allowed for *_, allowed in trail)


def test_what_is_remembered_is_noted_each_time(kuaiji: TestClient, looked: Path) -> None:
    kuaiji.get("/table/Volume")
    first = [r for r in _audit(looked) if r[:2] == ("kuaiji", "Volume")]
    kuaiji.get("/table/Volume")
    again = [r for r in _audit(looked) if r[:2] == ("kuaiji", "Volume")]
    assert len(first) == 1, "one page, one row of audit a table"
    assert again == first * 2


def _audit(folder: Path) -> list[tuple[str, str, bool]]:
    desk = Database(folder / "desk.db")
    try:
        with desk.reading() as session:
            return [(a.login, a.object, a.allowed) for a in session.scalars(select(Audit).order_by(Audit.id))]
    finally:
        desk.close()


def test_the_first_page_of_an_empty_period_says_what_to_do(kuaiji: TestClient) -> None:
    assert 'href="/run"' in kuaiji.get(f"{RESULT}?period=2027-01").text
    assert 'href="/load"' in kuaiji.get("/table/Income?period=2027-01").text


def test_a_workbook_of_too_many_rows_is_refused_before_it_is_written(kuaiji: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files.MOST, ".xlsx", 10)
    answer = kuaiji.get(f"{LEGS}.xlsx")
    assert answer.status_code == 400
    assert "请先筛选，或改取 .csv" in answer.text


def test_english_pages_have_english_heads(kuaiji: TestClient) -> None:
    page = kuaiji.get(RESULT, headers={"Accept-Language": "en"}).text
    assert "income" in page
    assert "合计" not in page


def test_a_page_and_see_are_one(looked: Path) -> None:
    reader = owner(Region(looked))
    view = View(period("2026-01..2026-02"), compare=("mom",))
    every = see(reader, table("DeptResult"), view)
    part = see(reader, table("DeptResult"), view, Page(3, 5))
    assert part.equals(every.slice(3, 5))
