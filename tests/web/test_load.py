"""装入：从交文件到改好再交 · Loading through the pages: hand in, read what is wrong, mend what came back, run; and what is refused."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from heng.app.load import load
from heng.app.region import Region
from heng.intake.delivery import Place
from heng.intake.vocabulary import templates
from heng.serve.excel.template import headings, write_template
from heng.serve.voice import Voice
from heng.serve.web import uploads
from heng.serve.web.house import House
from heng.serve.web.worker import Worker
from tests.web.conftest import Enter

BAD = "统计年月,开单科室编码,执行科室编码,收费类别,金额\n2026-03,0401,0301,检验费,100.00\n2026-03,0402,0301,检验费,见附件\n"
MENDED = BAD.replace("见附件", "250.50")


def handed_in(browser: TestClient, files: dict[str, bytes], **form: str) -> Response:
    """Hand files in; the page one lands on."""
    parts = [("files", (name, content)) for name, content in files.items()]
    return browser.post("/load", data={"org": "H01", **form}, files=parts)


def worked(served: Path) -> None:
    """Do every job there is."""
    house = House(served)
    while Worker(house).once():
        pass
    house.close()


def job_of(page: Response) -> str:
    """The number of the job whose page this is."""
    return page.url.path.rpartition("/")[2]


def income(served: Path, month: str = "2026-03") -> list[str]:
    """The amounts of income of a month, as stored."""
    region = Region(served)
    found = [pl.read_parquet(served / p.file)["amount"].to_list() for p in region.manifest.of("Income") if p.month == month]
    return sorted(str(v) for some in found for v in some)


def test_a_bad_file_comes_back_is_mended_and_worked_out(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    page = handed_in(browser, {"收入三月.csv": BAD.encode("gb18030")})
    assert "马上开始" in page.text
    assert 'hx-trigger="every 1s"' in page.text
    assert '<meta http-equiv="refresh"' in page.text  # without JavaScript
    worked(served)
    told = browser.get(page.url).text
    assert "收入三月.csv" in told
    assert "不是数字" in told
    assert "见附件" in told
    assert income(served) == ["100.00"]
    back = browser.get("/load/returned/H01/收入三月-退回.csv").content.decode("gb18030")
    assert "问题说明" in back
    assert "0402" in back
    mended = back.replace("见附件", "250.50").encode("gb18030")
    again = handed_in(browser, {"收入三月-退回.csv": mended}, overlap="add")
    worked(served)
    assert "没有发现问题" in browser.get(again.url).text
    assert income(served) == ["100.00", "250.50"]
    run = browser.post("/run", data={"cell": "H01 2026-03"})
    worked(served)
    assert "算完了" in browser.get(run.url).text or "停下了" in browser.get(run.url).text


def test_sent_twice_is_loaded_once(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    first = handed_in(browser, {"收入.csv": MENDED.encode()}, once="form-1")
    second = handed_in(browser, {"收入.csv": MENDED.encode()}, once="form-1")
    assert first.url == second.url
    assert len(list((served / "uploads").iterdir())) == 1
    worked(served)
    assert income(served) == ["100.00", "250.50"]
    assert list((served / "uploads").iterdir()) == []  # what was taken as a whole is not kept twice
    third = handed_in(browser, {"收入.csv": MENDED.encode()})
    worked(served)
    assert "没有变化，不重复装入：收入.csv" in browser.get(third.url).text


def test_another_file_in_the_form_one_went_back_to_is_not_lost(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    first = handed_in(browser, {"收入.csv": BAD.encode()}, once="form-1")
    second = handed_in(browser, {"收入.csv": MENDED.encode()}, once="form-1")
    assert first.url != second.url
    assert len(list((served / "uploads").iterdir())) == 2
    worked(served)
    assert browser.get(first.url.path, params={"page": "9" * 20}).status_code == 200


def test_another_file_of_the_same_month_is_asked_about_and_needs_no_second_upload(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    handed_in(browser, {"收入.csv": MENDED.encode()})
    other = handed_in(browser, {"别的.csv": MENDED.replace("250.50", "9.00").encode()})
    worked(served)
    told = browser.get(other.url).text
    assert "已由文件「收入」装入" in told
    assert "取代已装入的" in told
    browser.post("/load/again", data={"job": job_of(other), "overlap": "replace"})
    worked(served)
    assert income(served) == ["100.00", "9.00"]


def test_own_headers_are_taught_once(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    own = MENDED.replace("金额", "钱").encode()
    refused = handed_in(browser, {"收入.csv": own})
    worked(served)
    told = browser.get(refused.url).text
    assert "「本院的表头」" in told
    assert "--map" not in told
    page = handed_in(browser, {"收入.csv": own}, table="Income", headers="钱=数额")
    assert page.status_code == 400
    assert "表里没有列 数额" in page.text
    assert "钱=数额" in page.text  # what was typed stays
    handed_in(browser, {"收入.csv": own}, table="Income", headers="钱=金额")
    worked(served)
    assert income(served) == ["100.00", "250.50"]


def test_withdrawn_is_gone(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    handed_in(browser, {"收入.csv": MENDED.encode()})
    worked(served)
    assert '<th scope="row">收入</th>' in browser.get("/load?org=H01").text
    page = browser.post("/load/withdraw", data={"org": "H01", "file": "收入"})
    worked(served)
    assert "已撤回" in browser.get(page.url).text
    assert income(served) == []


@pytest.mark.parametrize(
    ("files", "form", "said"),
    [
        ({}, {}, "没有选文件"),
        ({"收入.csv": b"x"}, {"month": "2026-13"}, "2026-13"),
        ({"收入.csv": b"x"}, {"org": "H99"}, "没有医院 H99"),
        ({".csv": b"x"}, {}, "文件名不能用"),
        ({"收入.csv": b"x"}, {"table": "Incom"}, "Income"),
    ],
)
def test_what_cannot_be_taken_is_said_in_place(enter: Enter, files: dict[str, bytes], form: dict[str, str], said: str) -> None:
    page = handed_in(enter("kuaiji"), files, **form)
    assert page.status_code == 400
    assert said in page.text


def test_too_much_is_refused_while_it_arrives(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = enter("kuaiji")
    monkeypatch.setattr(uploads, "MOST", 1000)
    page = handed_in(browser, {"收入.csv": b"x" * 2000})
    assert page.status_code == 400
    assert "一次至多" in page.text
    body = (b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n', b"x" * 2000, b"\r\n--b--\r\n")
    unsized = browser.post("/load", content=iter(body), headers={"content-type": "multipart/form-data; boundary=b"})
    assert "一次至多" in unsized.text  # whatever it says of its size


def test_nothing_is_taken_in_from_a_stranger(enter: Enter) -> None:
    browser = enter("kuaiji")
    browser.cookies.clear()

    def body() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    page = browser.post("/load", content=body(), headers={"content-type": "multipart/form-data; boundary=b"}, follow_redirects=False)
    assert page.headers["location"].startswith("/login")


@pytest.mark.parametrize("login", ["yuanzhang", "caiwu", "weijian", "xitong"])
def test_who_may_not_load_there_leaves_nothing_behind(enter: Enter, served: Path, login: str) -> None:
    page = handed_in(enter(login), {"收入.csv": MENDED.encode()})
    assert page.status_code == 403
    assert not (served / "uploads").exists()


def test_what_came_back_is_for_who_loads_there_and_names_no_other_path(enter: Enter, served: Path) -> None:
    (served / "returned" / "H01").mkdir(parents=True)
    (served / "returned" / "H01" / "甲-退回.csv").write_text("x", "utf8")
    assert enter("kuaiji").get("/load/returned/H01/甲-退回.csv").status_code == 200
    assert enter("kuaiji").get("/load/returned/H01/..%2F..%2Fheng.yaml").status_code in (400, 404)
    assert enter("yuanzhang").get("/load/returned/H01/甲-退回.csv").status_code == 403


def test_names_are_kept_without_their_folders() -> None:
    assert uploads.named("C:\\导出\\收入(1).xlsx") == "收入(1).xlsx"
    assert uploads.named("../../收入.csv") == "收入.csv"


def test_the_months_of_a_hospital_are_loaded_or_missing(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    handed_in(browser, {"收入三月.csv": BAD.encode()})
    worked(served)
    page = browser.get("/load").text
    assert "收入明细" in page or "收入" in page
    assert re.search(r'heng-square-findings">.*?<small>−1</small>', page, re.DOTALL)
    assert "heng-square-missing" in page  # everything else of March


def test_english_is_english(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    browser.get("/language/en")
    page = handed_in(browser, {"收入三月.csv": BAD.encode()})
    worked(served)
    told = browser.get(page.url).text
    assert "not a number" in told
    assert "没有" not in re.sub(r"<option.*?</option>", "", told)


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_template_is_recognised_when_it_is_filled_in(name: str, tmp_path: Path) -> None:
    of = templates()[name]
    told = [n for _, n in headings(of)]
    assert set(of.needed) <= set(told)
    path = write_template(of.table, tmp_path / "模板.xlsx", Voice())
    book = openpyxl.load_workbook(path)
    first = [c.value for c in book.worksheets[0][1]]
    assert len(first) == len(set(first)), first
    assert io.BytesIO(path.read_bytes()).getbuffer().nbytes > 1000
    assert len(list(book.worksheets[1].iter_rows())) == len(first) + 1


def test_a_filled_template_loads(served: Path, tmp_path: Path) -> None:
    path = write_template(templates()["Income"].table, tmp_path / "收入模板.xlsx", Voice())
    book = openpyxl.load_workbook(path)
    said = {"month": "2026-03", "ordering": "0401", "performing": "0301", "fee_class": "检验费", "amount": 12.5}
    book.worksheets[0].append([said.get(n) for _, n in headings(templates()["Income"])])
    book.save(path)
    done = load(Region(served), [("H01", path)], Place("H01", "", {}, ""))
    assert not done.refused
    assert income(served) == ["12.50"]
