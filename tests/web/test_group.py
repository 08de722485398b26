"""病例分组的页面与接口 · Grouping on the pages and the interface: cases typed or opened, schemes looked through, reasons told."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heng.app.compute import run
from heng.app.desk import Desk
from heng.app.load_pack import load_pack
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.tokens import NewToken, make
from heng.serve.api.answers import AT
from heng.serve.web.application import application
from heng.tables.grouping import Grouping
from heng.tables.payment import PayCase
from tests.store.tiny import loaded, rows, written
from tests.web.conftest import PASSWORD, Enter, visited
from tests.web.test_load import worked
from tests.web.test_load_scheme import PACKS, plain

MONTH = "2026-01"
POLICY = "{}:\n  values:\n    2026-01-01: {{value: {}, source: 试验}}\n"
STROKE = {"dx": "I63.900 J96.000", "sex": "1", "age": "70"}
"""脑梗死，伴呼吸衰竭 · A stroke with respiratory failure, which is MCC: BR21."""


@pytest.fixture(scope="module")
def hospital(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hospital with three stays, two editions of the teaching scheme, the first in force, and everybody grouped."""
    folder = tmp_path_factory.mktemp("grouped")
    shutil.copytree(peopled, folder / "region")
    region = Region(folder / "region")
    header = "病案号,性别,年龄,入院时间,出院时间,出院科别,主要诊断编码,其他诊断编码1,住院总费用"
    stays = (("I63.900", "J96.000"), ("J18.900", "J96.000"), ("X99.999", ""))
    lines = (f"Z{n},男,7{n},{MONTH}-01 09:00:00,{MONTH}-05 10:00:00,0402,{dx},{other},9000.00" for n, (dx, other) in enumerate(stays))
    assert not loaded(region, written(folder / "files", {"病案首页": rows(header, lines)})).refused
    for name in ("teach-1", "teach-2"):
        load_pack(region, PACKS / name)
    (region.path / "policy/payment").mkdir(parents=True)
    text = POLICY.format("pack", "teach-1") + POLICY.format("beside", "[teach-2]")
    (region.path / "policy/payment/grouping.yaml").write_text(text, "utf8")
    rate = POLICY.format("rates", "[{rate: 12900}]")
    (region.path / "policy/payment/pay_cases.yaml").write_text(rate, "utf8")
    region = Region(folder / "region")
    assert not run(region, region.cells(), [Grouping, PayCase]).blocked
    return folder / "region"


@pytest.fixture(scope="module")
def entered(hospital: Path) -> Iterator[Enter]:
    """Log somebody in at the hospital."""
    with visited(hospital) as let_in:
        yield let_in


def test_a_typed_case_is_told_under_every_scheme_with_its_way(entered: Enter) -> None:
    page = entered("kuaiji").get("/group", params=STROKE)
    text = plain(page.text)
    assert page.status_code == 200
    assert text.index("teach-1 用于付费") < text.index("teach-2 并列比较")
    assert "BR21 脑梗死，伴严重合并症" in text
    assert "进入 BR2 脑缺血性疾病：主要诊断 I63.900 在 DX_BR2 中" in text
    assert "其他诊断 J96.000 在 严重合并症并发症（MCC） 中" in text
    assert "set%3DDX_STROKE" in page.text  # the list in the condition leads to its codes
    assert "1.5694" in text
    assert "不建议改变编码" in text


def test_what_the_principal_diagnosis_excludes_is_said(entered: Enter) -> None:
    text = plain(entered("kuaiji").get("/group", params={"dx": "J18.900，J96.000", "age": "70"}).text)
    assert "因主要诊断被排除：J96.000" in text
    assert "不计严重程度" in text


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"dx": "I63.900", "age": "七十"}, "年龄读不懂"),
        ({"dx": "I63.900", "weight": "9999999"}, "体重读不懂"),
        ({"dx": " ".join(["I63.900"] * 101)}, "编码太多"),
    ],
)
def test_what_cannot_be_read_is_said_in_place_and_stays_typed(entered: Enter, case: dict[str, str], said: str) -> None:
    page = entered("kuaiji").get("/group", params=case)
    assert page.status_code == 400
    assert said in page.text
    assert "I63.900" in page.text


@pytest.mark.parametrize("dx", ["<script>", "'; drop", "I63.900&x=1", "\x00"])
def test_nothing_that_is_typed_breaks_the_page(entered: Enter, dx: str) -> None:
    page = entered("kuaiji").get("/group", params={"dx": dx})
    assert page.status_code == 200
    assert "<script>'" not in page.text
    assert "病例有误" in page.text


def test_a_row_of_grouping_leads_to_its_reasons_and_its_case(entered: Enter) -> None:
    table = entered("kuaiji").get("/payment/group_cases", params={"org": "H01", "period": MONTH}).text
    ways = re.findall(r'href="(/group\?[^"]+)"', table)
    assert len(ways) == 6  # three stays under two schemes
    page = entered("kuaiji").get(ways[0].replace("&amp;", "&"))
    text = plain(page.text)
    assert "试验医院 2026-01 第 1 例" in text
    assert "BR21 脑梗死，伴严重合并症" in text
    assert 'value="I63.900 J96.000"' in page.text
    assert 'name="age" value="70"' in page.text


def test_who_may_not_see_names_sees_the_reasons_and_not_the_codes(entered: Enter) -> None:
    page = entered("yuanzhang").get("/group", params={"org": "H01", "month": MONTH, "encounter": "1"})
    assert "BR21" in page.text
    assert "看不到这个病例的全部编码" in page.text
    assert 'id="dx" name="dx" value=""' in page.text


@pytest.mark.parametrize("login", ["jiandu", "xitong"])
def test_cases_are_for_who_may_see_cases(entered: Enter, login: str) -> None:
    assert entered(login).get("/group", params={"org": "H01", "month": MONTH, "encounter": "1"}).status_code == 403


def test_an_administrator_sees_no_scheme(entered: Enter) -> None:
    assert entered("xitong").get("/group").status_code == 403
    assert entered("xitong").get("/group/teach-1").status_code == 403


def test_a_stay_that_is_not_there_is_said(entered: Enter) -> None:
    page = entered("kuaiji").get("/group", params={"org": "H01", "month": MONTH, "encounter": "99"})
    assert page.status_code == 400
    assert "没有序号为 99 的入组病例" in page.text


def test_a_scheme_is_looked_through_level_by_level(entered: Enter) -> None:
    browser = entered("kuaiji")
    top = browser.get("/group/teach-1").text
    assert "教学分组方案" in top
    assert top.index("MDCA") < top.index("MDCB")
    category = browser.get("/group/teach-1/MDCB").text
    assert "脑缺血性疾病" in category
    assert "歧义组" in category
    group = plain(browser.get("/group/teach-1/BR2").text)
    assert "ZYZD in DX_STROKE and QTZD in MCC" in group
    assert "1.5694 各险种，2026-01-01 起" in group
    wrong = browser.get("/group/teach-1/BR9")
    assert wrong.status_code == 400
    assert "是否想写" in wrong.text
    assert "没有装入分组方案「teach-7」" in browser.get("/group/teach-7").text


def test_every_rule_leads_to_lists_that_are_there(entered: Enter) -> None:
    browser = entered("kuaiji")
    for href in sorted(set(re.findall(r'href="(/table/PackMember[^"]+)"', browser.get("/group/teach-1/BR2").text))):
        assert "没有数据" not in browser.get(href.replace("&amp;", "&")).text


def test_the_room_says_first_which_schemes_there_are(entered: Enter) -> None:
    text = plain(entered("kuaiji").get("/payment").text)
    assert "teach-1 用于付费 2026-01-01 2026-12-31" in text
    assert "teach-2 并列比较" in text


def test_an_empty_room_says_what_to_load(kuaiji: TestClient) -> None:
    for path in ("/payment", "/group"):
        assert "还没有装入分组方案" in kuaiji.get(path).text


def test_english_is_english(hospital: Path) -> None:
    app = application(hospital)
    with TestClient(app) as browser:
        browser.post("/login", data={"login": "kuaiji", "password": PASSWORD})
        browser.get("/language/en")
        main = browser.get("/group", params=STROKE).text.partition("<main")[2]
    assert "enters BR2" in main
    assert "compared beside it" in main
    app.state.house.close()


def test_a_trial_of_the_rate_shows_payment_before_and_after(hospital: Path, tmp_path: Path) -> None:
    """RW 1.5694 × 12,900 = 20,245.26; ten percent more = 22,269.79."""
    folder = Path(shutil.copytree(hospital, tmp_path / "region"))
    app = application(folder)
    with TestClient(app) as browser:
        browser.post("/login", data={"login": "kuaiji", "password": PASSWORD})
        form = browser.get("/scenario", params={"key": "payment.pay_cases.rate_factor"}).text
        assert "费率调整系数" in form
        proof = re.findall(r'"X-CSRF": "(\w+)"', form)[0]
        asked = {"key": "payment.pay_cases.rate_factor", "value": "1.1", "show": "payment.pay_cases", "first": MONTH, "csrf": proof}
        page = browser.post("/scenario", data=asked)
        assert page.status_code == 200, page.text
        worked(folder)
        result = browser.get(f"{page.url.path}.json").json()["result"]
        moved = [dict(zip(result["columns"], row, strict=True)) for row in result["rows"]]
        stroke = next(r for r in moved if r.get("encounter") in (1, "1"))
        assert (stroke["standard"], stroke["standard_after"]) == ("20245.26", "22269.79")
        assert "前后对比" in browser.get(page.url.path).text
    app.state.house.close()


def test_a_program_asks_for_the_group_of_a_case(hospital: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(hospital, tmp_path / "region"))
    desk = Desk(Region(folder))
    add(desk.db, NewPerson("jiekou", "接口", "H01"), OWNER.login)
    give(desk.db, find(desk.db, "jiekou"), NewPost("accountant", "H01", None, desk.db.today, None, "接口"), OWNER.login)
    _, token = make(desk.db, "anquan", NewToken("jiekou", "接口", "accountant", ("see",), desk.db.today + timedelta(days=2)))
    desk.db.close()
    app = application(folder)
    with TestClient(app) as program:
        told = {"Authorization": f"Bearer {token}"}
        case = {"dx": ["I63.900", "J96.000"], "sex": "1", "age": 70}
        found = program.post(f"{AT}/grouping", json=case, headers=told).json()["results"]
        assert [(r["pack"], r["use"], r["drg"], r["severity"]) for r in found] == [
            ("teach-1", "pays", "BR21", "mcc"),
            ("teach-2", "beside", found[1]["drg"], "mcc"),
        ]
        assert found[0]["trace"][-1]["en"].startswith("enters BR21")
        assert program.post(f"{AT}/grouping", json=case | {"pack": "teach-9"}, headers=told).status_code == 404
        assert program.post(f"{AT}/grouping", json={"dx": []}, headers=told).status_code == 400
        assert program.post(f"{AT}/grouping", json=case).status_code == 401
    app.state.house.close()


def test_a_scheme_that_pays_outside_its_own_dates_is_told_on_every_page(hospital: Path, entered: Enter, tmp_path: Path) -> None:
    said = "不在启用期内：算出的是试算"
    assert said not in entered("kuaiji").get("/group").text
    early = Path(shutil.copytree(hospital, tmp_path / "region"))
    (early / "policy/payment/grouping.yaml").write_text(POLICY.format("pack", "teach-2"), "utf8")  # of 2027
    region = Region(early)
    assert not run(region, region.cells(), [Grouping, PayCase]).blocked
    with visited(early) as let_in:
        browser = let_in("kuaiji")
        for page in ("/group", "/payment"):
            assert said in browser.get(page).text
        shown = f"H01 {MONTH} 用于付费的分组方案 teach-2 不在它的启用期（2027-01-01…）内"
        assert shown in plain(browser.get("/payment/pay_cases", params={"period": MONTH}).text)
        assert shown not in plain(browser.get("/table/Encounter", params={"period": MONTH}).text)
