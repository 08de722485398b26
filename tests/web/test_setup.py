"""初次使用 · The first run: only the code of the console opens the wizard; it ends with people who log in."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from heng.app.region import Region
from heng.core.errors import HengError
from heng.serve.demo_desk import PASSWORD
from heng.serve.web.application import application

PEOPLE = {"login": ["wang", "li", "zhao", "xin", ""], "name": ["王系统", "李安全", "赵审计", "信息科小陈", ""]}
REGION = {"name": "示范医联体", "hospitals": "H01\t示范市第一医院\t三级\nH02，示范市第二医院，二级\n"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    """The site of an empty folder."""
    made = application(tmp_path)
    yield made
    made.state.house.close()


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    """A browser in which the wizard has been opened."""
    opened = TestClient(app)
    opened.post("/setup", data={"code": app.state.house.code.lower()})
    return opened


def slips(page: str) -> dict[str, str]:
    """The codes handed over, by login."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return {re.sub(r"<.*?>", "", re.findall(r"<td.*?</td>", r)[1]): re.findall(r"<code>(.*?)</code>", r)[0] for r in rows if "<code>" in r}


def begun(browser: TestClient) -> dict[str, str]:
    """The region and its people; their codes."""
    assert "管理员" in browser.post("/setup/region", data=REGION).text
    return slips(browser.post("/setup/people", data=PEOPLE).text)


@pytest.mark.parametrize("path", ["/", "/login", "/people", "/table/DeptCost", "/account"])
def test_before_anybody_can_log_in_every_page_leads_to_the_wizard(app: FastAPI, path: str) -> None:
    assert TestClient(app).get(path).url.path == "/setup"


@pytest.mark.parametrize(("path", "form"), [("/setup/region", REGION), ("/setup/people", PEOPLE)])
def test_without_the_code_of_the_console_nothing_is_set_up(app: FastAPI, tmp_path: Path, path: str, form: dict[str, str]) -> None:
    browser = TestClient(app)
    assert browser.post("/setup", data={"code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 403
    assert browser.post(path, data=form).status_code == 403
    assert not list(tmp_path.iterdir())


def test_from_an_empty_folder_to_four_people_who_log_in(app: FastAPI, browser: TestClient, tmp_path: Path) -> None:
    codes = begun(browser)
    assert {c: (h.name, h.level) for c, h in Region(tmp_path).hospitals.items()} == {
        "H01": ("示范市第一医院", "三级"),
        "H02": ("示范市第二医院", "二级"),
    }
    assert list(codes) == ["wang", "li", "zhao", "xin"]
    for login, code in codes.items():
        done = browser.post("/password", data={"login": login, "proof": code, "new": PASSWORD, "again": PASSWORD})
        assert "口令已设好" in done.text
    page = browser.post("/login", data={"login": "xin", "password": PASSWORD})
    assert page.url.path == "/"
    assert "示范市第一医院" in page.text
    assert TestClient(app).get("/setup").url.path == "/login"  # it is shut for good


def test_what_cannot_be_is_told_in_place_and_what_was_typed_stays(browser: TestClient, tmp_path: Path) -> None:
    page = browser.post("/setup/region", data={"name": "示范", "hospitals": "H01 示范市第一医院\nH02"})
    assert page.status_code == 400
    assert "第 2 行" in page.text
    assert "H01 示范市第一医院\nH02</textarea>" in page.text
    assert not (tmp_path / "heng.yaml").exists()
    browser.post("/setup/region", data=REGION)
    page = browser.post("/setup/people", data={**PEOPLE, "login": ["wang", "WANG", "zhao", "", ""], "name": ["王", "李", "赵", "", ""]})
    assert page.status_code == 400
    assert "账号 wang 写了两次" in page.text
    assert 'value="WANG"' in page.text
    assert not (tmp_path / "desk.db").exists()


def test_codes_that_were_lost_are_made_again_until_somebody_has_a_password(browser: TestClient) -> None:
    first = begun(browser)
    page = browser.get("/setup")
    assert 'value="zhao"' in page.text
    again = slips(browser.post("/setup/people", data=PEOPLE).text)
    assert not set(first.values()) & set(again.values())
    for codes, status in ((first, 400), (again, 200)):
        assert (
            browser.post("/password", data={"login": "li", "proof": codes["li"], "new": PASSWORD, "again": PASSWORD}).status_code == status
        )
    assert browser.post("/setup/people", data=PEOPLE).status_code == 403


def test_a_region_without_a_desk_begins_with_its_administrators(pattern: Path, tmp_path: Path) -> None:
    shutil.copytree(pattern / "region", tmp_path / "region")
    app = application(tmp_path / "region")
    browser = TestClient(app)
    page = browser.post("/setup", data={"code": app.state.house.code})
    assert "系统管理员" in page.text
    assert not (tmp_path / "region" / "desk.db").exists()
    app.state.house.close()


def test_a_folder_that_holds_other_things_is_not_taken_for_a_new_region(tmp_path: Path) -> None:
    (tmp_path / "论文.docx").touch()
    with pytest.raises(HengError, match="不是区域文件夹"):
        application(tmp_path)
