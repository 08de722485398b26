"""一件事从头到尾 · Whole journeys by hand: from the cockpit to the row of a file, a bad file mended, an alert answered, a trial."""

import io
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Locator

from heng.desk.database import in_china, utc
from tests.browser.conftest import SIZES, Visit, Visitor
from tests.conftest import Demo

pytestmark = pytest.mark.browser
INCOME = "机构编码,年,月,开单科室,执行科室,费用类别,金额"
BAD = f"{INCOME}\nH02,2026,10,M001,M001,挂号,12358.77\nH02,2026,10,M001,M001,诊察,见附件\n"


def downloaded(seen: Visitor, link: Locator) -> tuple[str, bytes]:
    """The name and the content of the file that a link gives."""
    with seen.page.expect_download() as given:
        link.click()
    return given.value.suggested_filename, Path(given.value.path()).read_bytes()


def worked(seen: Visitor) -> str:
    """Wait until the job on the page has ended; what the page says then."""
    seen.page.wait_for_url("**/jobs/*")
    seen.page.wait_for_selector("#job:not([hx-get])", timeout=120_000)
    seen.drawn()
    return seen.page.inner_text("main")


def data(seen: Visitor, path: str) -> Any:
    """What an address gives as JSON to this visitor."""
    answer = seen.page.request.get(f"{seen.site}{path}")
    assert answer.ok, path
    return answer.json()


def sound(seen: Visitor) -> None:
    """Nothing on the page is complained of, cut off, or hard to read for anybody."""
    assert [*seen.complaints, *seen.faults(), *seen.too_wide()] == [], seen.page.url


@pytest.mark.parametrize("size", SIZES)
def test_from_the_cockpit_to_the_row_of_a_file(visit: Visit, demo: Demo, size: str) -> None:
    seen = visit("kuaiji", size)
    page = seen.open("/?period=2026-09")
    page.locator(".heng-tile h2 a", has_text="收入成本率").click()
    page.wait_for_url("**/indicator/cost_rate*")
    page.locator("[aria-labelledby=parts] tbody th a", has_text="010102").click()
    page.wait_for_url("**dept=010102*")
    page.locator(".heng-actions a", has_text="为什么").click()
    page.wait_for_url("**/why/cost_rate*")
    sound(seen)
    page.locator("[aria-label=由哪些部分构成] tbody th a", has_text="卫生材料费").click()
    page.wait_for_url("**part=material*")
    line = page.locator("[aria-label=来源文件与行] tbody tr").first
    file, number, sheet, *_, amount, _counted = line.locator("th, td").all_inner_texts()
    line.locator("a").click()
    page.wait_for_url("**/table/Material*")
    assert "共 1 行" in page.inner_text("main")
    assert amount in page.inner_text("tbody")
    sound(seen)
    (folder,) = (demo.folder / "demo" / "source").glob("H01*")
    book = openpyxl.load_workbook(folder / file, read_only=True)[sheet]
    (row,) = book.iter_rows(min_row=int(number), max_row=int(number), values_only=True)
    assert Decimal(amount.replace(",", "")) in {Decimal(str(v)) for v in row if isinstance(v, int | float)}


def test_a_table_is_taken_away_as_it_is_seen(visit: Visit) -> None:
    seen = visit("kuaiji")
    page = seen.open("/table/Material?org=H01&period=2026-09&where=dept%3D010102")
    page.locator("thead a", has_text="金额").click()
    page.wait_for_selector("th[aria-sort=descending]")
    shown = [r.locator("th, td").all_inner_texts() for r in page.locator("tbody tr").all()]
    foot = page.locator("tfoot th, tfoot td").all_inner_texts()
    name, content = downloaded(seen, page.locator(".heng-actions a", has_text="Excel"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    heads, *rows, totals = sheet.iter_rows(values_only=True)
    at = next(n for n, head in enumerate(heads) if "金额" in str(head))
    seen_at = next(n for n, head in enumerate(page.locator("thead th").all_inner_texts()) if head.startswith("金额"))
    assert [Decimal(str(r[at])) for r in rows][: len(shown)] == [Decimal(r[seen_at].replace(",", "")) for r in shown]
    assert Decimal(str(totals[at])) == Decimal(foot[seen_at].replace(",", "")) == sum(Decimal(str(r[at])) for r in rows)
    assert re.search(rf"共 {len(rows):,} 行", page.inner_text("main"))
    assert name.endswith(".xlsx")


@pytest.mark.parametrize("size", SIZES)
def test_a_bad_file_comes_back_is_mended_and_loaded(visit: Visit, tmp_path: Path, size: str) -> None:
    """October of the second hospital, which has no other data: nothing else that is shown depends on it."""
    seen, name = visit("kuaiji2", size), f"十月收入{size}"
    page = seen.open("/load")
    bad = tmp_path / f"{name}.csv"
    bad.write_text(BAD.replace("12358.77", {"desk": "12358.77", "phone": "12358.78"}[size]), "gb18030")
    page.set_input_files("#files", bad)
    page.click("summary:has-text('更多')")
    page.select_option("#overlap", "add")
    page.click("main button.btn-primary")
    told = worked(seen)
    assert "见附件" in told
    assert "不是数字" in told
    assert [c.strip() for c in page.locator("[aria-label=装入问题] td").all_inner_texts()][:3] == ["3", "金额", "见附件"]
    first = urlsplit(page.url).path
    seen.picture("findings")
    sound(seen)
    back, content = downloaded(seen, page.locator(".heng-steps a"))
    assert back == f"{name}-退回.csv"
    mended = tmp_path / back
    mended.write_text(content.decode("gb18030").replace("见附件", "68238.45"), "gb18030")
    page.set_input_files("#mended", mended)
    page.click("text=交改好的文件")
    assert "没有发现问题" in worked(seen)
    held = data(seen, "/table/Income.json?org=H02&period=2026-10")["rows"]
    assert "68238.45" in {r["amount"] for r in held}
    assert "都已由后来的文件改好" in seen.open(first).inner_text("main")


def answered(seen: Visitor, case: str, outcome: str, **said: str) -> str:
    """Answer the present step of a case by hand; what the page says then."""
    page = seen.open(case)
    form = page.locator("form", has=page.locator(f"input[name=outcome][value={outcome}], button[name=outcome][value={outcome}]"))
    if said:
        page.locator("details", has=form).locator("summary").click()
    for name, text in said.items():
        form.locator(f"[name='say.{name}']").first.fill(text)
    form.locator("button").click()
    page.wait_for_selector("[role=status]")
    return page.inner_text("main")


def first_case(seen: Visitor) -> str:
    """The case that is most urgent for this visitor, found on her page of work."""
    seen.open("/work").locator("a[href^='/case/']").first.click()
    seen.page.wait_for_url("**/case/*")
    return urlsplit(seen.page.url).path


@pytest.mark.parametrize("size", SIZES)
def test_an_alert_is_planned_for_reviewed_and_published(visit: Visit, size: str) -> None:
    """It ends where the program waits: the effect is checked on a month that is not over yet, and nobody can close it before."""
    president = visit("yuanzhang", size)
    case = first_case(president)
    president.picture("case")
    sound(president)
    deadline = f"{in_china(utc()) + timedelta(days=30):%Y-%m-%d}"
    page = answered(president, case, "explained", cause="夜班加班增加", plan="合并两组夜班", owner="护理部", deadline=deadline)
    assert "已记下：已说明原因和整改计划" in page
    assert "这一步不归您答复" in page
    commission = visit("weijian", size)
    assert "合并两组夜班" in commission.open(case).inner_text("main")
    assert "已记下：核查通过" in answered(commission, case, "accepted")
    assert "已记下：已通报" in answered(commission, case, "published", notice="夜班加班，下月核对")
    assert "效果核对" in commission.page.inner_text("main")
    sound(commission)
    state = data(commission, f"{case}.json")
    assert state["state"] == "open", state
    assert case not in president.open("/work").content()


@pytest.mark.parametrize("size", SIZES)
def test_a_false_alarm_is_closed_by_two_people(visit: Visit, size: str) -> None:
    president = visit("yuanzhang", size)
    case = first_case(president)
    answered(president, case, "not_real", cause="一次性补记上年折旧")
    commission = visit("weijian", size)
    assert case in commission.open("/work").content()
    page = answered(commission, case, "dismissed", reason="凭证已核对", evidence="记账凭证 12 号")
    assert "已结束" in page
    assert "记账凭证 12 号" in page
    commission.picture("case-closed")
    sound(commission)


@pytest.mark.parametrize("size", SIZES)
def test_a_trial_shows_before_and_after_and_changes_nothing(visit: Visit, size: str) -> None:
    seen = visit("kuaiji", size)
    view = "/table/DeptResult.json?org=H01&period=2026-03&size=1000"
    before = data(seen, view)
    page = seen.open("/scenario")
    with page.expect_navigation():
        page.select_option("#key", "costing.step_down.peer")
    present = page.input_value("#value")
    assert "medtech: false" in present
    page.fill("#value", present.replace("false", "true"))
    page.select_option("#show", "costing.result")
    page.select_option("#first", "2026-03")
    page.select_option("#last", "2026-03")
    seen.picture("scenario-form")
    sound(seen)
    page.click("main button.btn-primary")
    told = worked(seen)
    moved, among = map(int, re.findall(r"(\d+) 行有变化，共看 (\d+) 行", told.replace(",", ""))[0])
    assert 0 < moved <= among == len(before["rows"])
    seen.picture("scenario-after")
    sound(seen)
    result = data(seen, f"{urlsplit(page.url).path}.json")["result"]
    assert len(result["rows"]) == moved
    assert data(seen, view) == before
