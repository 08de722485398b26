"""我的账号 · One's own account: the password, the phone, sessions elsewhere, a deputy; and the role that is chosen."""

import re
from datetime import timedelta
from pathlib import Path

import pyotp
from fastapi.testclient import TestClient

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.desk.account import IDLE, reset
from heng.desk.people import NewPost, find, give
from heng.serve.demo_desk import PASSWORD
from tests.web.conftest import Enter

NEW = "another long password"


def test_a_new_password_keeps_this_session_and_ends_every_other(enter: Enter) -> None:
    here, there = enter("kuaiji"), enter("kuaiji")
    said = here.post("/account/password", data={"proof": PASSWORD, "new": NEW, "again": NEW})
    assert "口令已设好" in said.text
    assert there.get("/account").url.path == "/login"
    assert here.get("/account").url.path == "/account"


def test_a_wrong_or_a_mistyped_password_changes_nothing(enter: Enter) -> None:
    browser = enter("kuaiji")
    for form, said in (
        ({"proof": "no", "new": NEW, "again": NEW}, "不对"),
        ({"proof": PASSWORD, "new": NEW, "again": "x"}, "两次输入的口令不同"),
    ):
        page = browser.post("/account/password", data=form)
        assert page.status_code == 400
        assert said in page.text
        assert NEW not in page.text
    assert enter("kuaiji")


def test_the_phone_is_shown_its_secret_once_and_then_asked_for_at_log_in(enter: Enter) -> None:
    browser = enter("kuaiji")
    page = browser.post("/account/totp")
    secret = re.findall(r'name="secret" value="(\w+)"', page.text)[0]
    assert " ".join(re.findall("....", secret)) in page.text
    assert f"otpauth://totp/Heng:kuaiji?secret={secret}" in page.text
    assert browser.post("/account/totp", data={"secret": secret, "code": "000000"}).status_code == 400
    assert "登录要动态码" in browser.post("/account/totp", data={"secret": secret, "code": pyotp.TOTP(secret).now()}).text
    assert secret not in browser.get("/account").text
    assert browser.post("/login", data={"login": "kuaiji", "password": PASSWORD}).status_code == 403


def test_a_session_elsewhere_is_seen_and_ended_here(enter: Enter) -> None:
    here, there = enter("kuaiji"), enter("kuaiji")
    numbers = re.findall(r'name="number" value="(\d+)"', here.get("/account").text)
    assert len(numbers) == 1
    here.post("/account/session", data={"number": numbers[0]})
    assert there.get("/account").url.path == "/login"
    other = enter("yuanzhang").post("/account/session", data={"number": numbers[0]})
    assert other.status_code == 400  # nobody ends a session of somebody else


def test_who_is_away_names_who_stands_in(enter: Enter, served: Path) -> None:
    browser, desk = enter("guke"), Desk(Region(served))
    day = (desk.db.today + timedelta(days=7)).isoformat()
    page = browser.post("/account/deputy", data={"deputy": "nobody", "until": day, "reason": "进修"})
    assert page.status_code == 400
    assert 'value="nobody"' in page.text
    browser.post("/account/deputy", data={"deputy": "kuaiji", "until": day, "reason": "进修"})
    assert "科主任" in enter("kuaiji").get("/account").text
    desk.db.close()


def test_a_role_is_chosen_among_those_held_and_no_other(enter: Enter, served: Path) -> None:
    desk = Desk(Region(served))
    give(desk.db, find(desk.db, "kuaiji"), NewPost("finance", "H01", None, desk.db.today), OWNER.login)
    desk.db.close()
    browser = enter("kuaiji")
    for role, shown in (("finance", "财务科"), ("president", "财务科"), ("accountant", "成本会计")):
        browser.post("/role", data={"role": role})
        page = browser.get("/account").text
        assert re.findall(r"selected>(.*?)</option>", page)[0] == shown


def test_a_purpose_that_is_said_is_shown_on_every_page_until_it_is_taken_back(enter: Enter) -> None:
    browser = enter("kuaiji")
    browser.post("/account/purpose", data={"purpose": "结算核对"})
    assert "看数的目的：<strong>结算核对</strong>" in browser.get("/more").text
    browser.post("/account/purpose", data={"purpose": ""})
    assert "heng-purpose" not in browser.get("/more").text


def test_the_page_knows_when_the_session_will_end_and_a_sign_of_life_is_taken(enter: Enter) -> None:
    browser = enter("kuaiji")
    told = int(re.findall(r'data-idle="(\d+)"', browser.get("/account").text)[0])
    assert 0 < told < IDLE.total_seconds()  # never later than the server
    assert browser.get("/account/alive").status_code == 204
    browser.post("/logout")
    assert browser.get("/account/alive", follow_redirects=False).status_code == 303


def test_who_was_handed_a_code_sets_a_password_with_it_before_she_logs_in(enter: Enter, served: Path) -> None:
    desk = Desk(Region(served))
    code = reset(desk.db, "kuaiji", OWNER.login)
    desk.db.close()
    browser: TestClient = enter("yuanzhang")
    browser.post("/logout")
    form = {"login": "kuaiji", "proof": code.lower().replace("-", " "), "new": "short", "again": "short"}
    page = browser.post("/password", data=form)
    assert page.status_code == 400
    assert "至少 10 个字符" in page.text
    assert browser.post("/password", data=form | {"new": NEW, "again": NEW}).url.path == "/login"
    assert browser.post("/login", data={"login": "kuaiji", "password": NEW}).url.path == "/"
    assert browser.post("/password", data=form | {"new": NEW, "again": NEW}).status_code == 400  # good once
