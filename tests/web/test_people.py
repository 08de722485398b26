"""人员、任职、合作、授权 · People, posts, partners and grants: each administrator does hers and sees no other's page."""

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.desk.audit import Sought, trail
from heng.desk.people import find, posts
from heng.serve.demo_desk import PASSWORD
from tests.web.conftest import Enter

PAGES = {
    "xitong": ("/people", "/posts"),
    "anquan": ("/people", "/posts", "/deputies", "/partners", "/grants", "/emergency"),
    "shenji": ("/audit",),
    "kuaiji": (),
}
ALL = ("/people", "/people/kuaiji", "/posts", "/deputies", "/partners", "/grants", "/emergency", "/audit", "/audit.csv", "/people.xlsx")


@pytest.mark.parametrize("login", PAGES)
def test_each_administrator_sees_her_own_pages_and_a_refusal_is_kept(enter: Enter, served: Path, login: str) -> None:
    browser = enter(login)
    for path in ALL:
        mine = re.split(r"[./]", path[1:])[0]
        allowed = f"/{mine}" in PAGES[login]
        assert browser.get(path).status_code == (200 if allowed else 403), path
    desk = Desk(Region(served))
    refused = {a.action for a in trail(desk.db, OWNER.login, Sought(login=login, allowed=False))}
    assert refused == {
        f"page{p}" for p in ("/people", "/posts", "/deputies", "/partners", "/grants", "/emergency", "/audit") if p not in PAGES[login]
    }
    desk.db.close()


def test_a_person_is_added_appointed_and_let_in_by_those_whose_business_it_is(enter: Enter, served: Path) -> None:
    system, security = enter("xitong"), enter("anquan")
    form = {"login": "sun", "name": "孙护士长", "org": "H01", "mail": "sun@example.cn"}
    assert "已办好" in system.post("/people", data=form).text
    assert system.post("/people/sun/code").status_code == 400  # not hers to give
    security.post("/people/sun/posts", data={"role": "medical", "org": "H01", "reason": "任命"})
    code = re.findall(r"<code>(.*?)</code>", security.post("/people/sun/code").text)[0]
    browser = enter("kuaiji")
    browser.post("/logout")
    browser.post("/password", data={"login": "sun", "proof": code, "new": PASSWORD, "again": PASSWORD})
    assert "医务科" in enter("sun").get("/account").text
    assert "孙护士长" in system.get("/people?q=孙").text
    system.post("/people/sun/end")
    desk = Desk(Region(served))
    assert find(desk.db, "sun").ended
    assert posts(desk.db, "sun", desk.db.today) == []
    desk.db.close()


def test_what_cannot_be_is_told_in_place_and_what_was_typed_stays(enter: Enter) -> None:
    system, security = enter("xitong"), enter("anquan")
    page = system.post("/people", data={"login": "kuaiji", "name": "钱会计", "org": "H01", "dept": ""})
    assert (page.status_code, "已有人用" in page.text) == (400, True)
    assert 'value="钱会计"' in page.text
    page = security.post("/people/shenji/posts", data={"role": "system_admin"})
    assert "三员分立" in page.text
    page = security.post("/people/anquan/posts", data={"role": "president", "org": "H01"})
    assert "不能给自己办" in page.text
    assert security.post("/people/kuaiji/posts", data={"role": "head", "org": "H01", "since": "yesterday"}).status_code == 400
    assert system.get("/people/nobody").status_code == 400


def test_a_staff_file_adds_and_moves_people_and_tells_what_it_found(enter: Enter) -> None:
    system = enter("xitong")
    file = {"file": ("人员.csv", "工号,姓名\n001,张主任\n002,钱会计\n".encode("gb18030"))}
    page = system.post("/people/import", data={"org": "H01"}, files=file)
    assert "新增 2 人" in page.text
    again = system.post("/people/import", data={"org": "H01"}, files={"file": ("人员.csv", "工号,姓名\n001,张院长\n".encode())})
    assert "改动 1 人" in again.text
    assert "001 张主任 → 001 张院长" in again.text
    assert "002 钱会计" in again.text  # not in the file, and still there
    wrong = system.post("/people/import", data={"org": "H01"}, files={"file": ("人员.csv", b"a,b\n1,2\n")})
    assert "表头要有工号、姓名" in wrong.text


def test_a_post_is_taken_away_and_partners_come_and_go(enter: Enter) -> None:
    security = enter("anquan")
    page = security.get("/people/yiwu").text
    number = re.findall(r'name="number" value="(\d+)"', page)[0]
    assert "已办好" in security.post("/people/yiwu/posts/end", data={"number": number}).text
    assert "没有任职" in security.get("/people/yiwu").text
    assert security.post("/partners", data={"one": "H01", "other": "H01"}).status_code == 400


def test_a_grant_needs_what_the_rule_needs_and_can_be_withdrawn(enter: Enter) -> None:
    security = enter("anquan")
    day = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011 - a month off, in whatever zone
    form = {"role": "finance", "action": "see", "relation": "own", "level": "4", "reason": "专项核对", "until": day}
    page = security.post("/grants", data=form)
    assert (page.status_code, "目的与截止日" in page.text) == (400, True)
    assert 'value="专项核对"' in page.text
    assert "已办好" in security.post("/grants", data=form | {"purpose": "核对"}).text
    assert "专项核对" in security.get("/grants").text
    assert "不能给自己授权" in security.post("/grants", data=form | {"role": "security_admin", "action": "approve"}).text
    number = re.findall(r'name="number" value="(\d+)"', security.get("/grants").text)[0]
    security.post("/grants/withdraw", data={"number": number, "reason": "核对完"})
    assert "没有授权" in security.get("/grants").text


def test_a_register_is_carried_away_with_the_rows_of_the_page(enter: Enter) -> None:
    system = enter("xitong")
    rows = list(csv.reader(io.StringIO(system.get("/people.csv?org=H01").text.lstrip("\ufeff"))))
    assert rows[0][:3] == ["账号", "姓名", "机构"]
    assert {r[0] for r in rows[1:] if r[0]} >= {"kuaiji", "yuanzhang", "guke"}
    assert {r["login"] for r in system.get("/people.json?q=kuai").json()} == {"kuaiji"}
    assert system.get("/people.xlsx").content[:2] == b"PK"


def test_a_broken_glass_opens_one_patient_tells_and_is_looked_at_by_another(enter: Enter) -> None:
    medical, president = enter("yiwu"), enter("yuanzhang")
    form = {"org": "H01", "subject": "P0001", "reason": "群体事件 001 号", "minutes": "61"}
    assert "至多 60 分钟" in medical.post("/emergency", data=form).text
    page = medical.post("/emergency", data=form | {"minutes": "5"})
    assert "看数的目的：<strong>紧急查看</strong>" in page.text
    assert president.get("/emergency/1").status_code == 200
    assert medical.get("/emergency/1").status_code == 403  # not her own
    said = president.post("/emergency/1/approve")
    assert (said.status_code, "才结束" in said.text) == (400, True)
    assert "P0001" not in enter("anquan").get("/emergency").text
