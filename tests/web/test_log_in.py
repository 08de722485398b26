"""登录与门禁 · Log-in and the door: who is let in, and what every answer tells the browser."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heng.serve.demo_desk import PASSWORD
from heng.serve.web.application import application
from heng.serve.web.pages.log_in import inside
from tests.web.conftest import Enter


def test_who_has_not_logged_in_is_shown_the_way_in_and_then_goes_where_she_wanted(served: Path) -> None:
    browser = TestClient(application(served))
    asked = browser.get("/?period=2026-03", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?to=%2F%3Fperiod%3D2026-03")
    done = browser.post("/login", data={"login": "kuaiji", "password": PASSWORD, "to": "/?period=2026-03"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/?period=2026-03")
    assert re.search(r"heng_session=\S+; HttpOnly; Path=/; SameSite=lax", done.headers["set-cookie"])


def test_a_wrong_password_is_told_in_the_language_of_the_page_and_the_login_stays(served: Path) -> None:
    browser = TestClient(application(served), headers={"Accept-Language": "en"})
    page = browser.post("/login", data={"login": "kuaiji", "password": "no"})
    assert page.status_code == 403
    assert "login, password or one-time code is wrong" in page.text
    assert 'value="kuaiji"' in page.text
    assert "no" not in re.findall(r'type="password"[^>]*value="([^"]*)"', page.text)


def test_logging_out_ends_the_session(enter: Enter) -> None:
    browser = enter("kuaiji")
    assert browser.post("/logout").url.path == "/login"
    assert browser.get("/").url.path == "/login"


@pytest.mark.parametrize("proof", ["", "0" * 64])
def test_a_form_that_was_not_opened_in_the_session_changes_nothing(enter: Enter, proof: str) -> None:
    browser = enter("kuaiji")
    del browser.headers["X-CSRF"]
    assert browser.post("/logout", data={"csrf": proof}).status_code == 403
    assert browser.get("/").url.path == "/"


def test_a_form_of_another_site_logs_nobody_in(served: Path) -> None:
    browser = TestClient(application(served), headers={"Sec-Fetch-Site": "cross-site"})
    assert browser.post("/login", data={"login": "kuaiji", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    "to", ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)", "//[", "http://[", ""]
)
def test_log_in_leads_nowhere_else(to: str) -> None:
    assert inside(to) == "/"


@pytest.mark.parametrize("path", ["/", "/login", "/nowhere", "/static/heng.css", "/static/nowhere"])
def test_every_answer_lets_the_browser_run_our_own_files_only(enter: Enter, path: str) -> None:
    headers = enter("kuaiji").get(path).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
