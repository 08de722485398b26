"""门禁 · The door: cookies, forms of other sites, locked accounts, and what a start beyond this machine says."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.errors import HengError
from heng.desk.emergency import Glass, begin
from heng.desk.rights import Asking
from heng.desk.schema import Emergency
from heng.serve.cli.main import main
from heng.serve.cli.serve import ServeOptions, serve
from heng.serve.demo_desk import PASSWORD
from heng.serve.web.application import application
from tests.web.conftest import Enter

WHO = {"login": "kuaiji", "password": PASSWORD}


def test_over_tls_the_session_is_sent_over_tls_only(served: Path) -> None:
    plain, private = (TestClient(application(served), base_url=f"{s}://testserver", follow_redirects=False) for s in ("http", "https"))
    assert "Secure" not in plain.post("/login", data=WHO).headers["set-cookie"]
    told = private.post("/login", data=WHO).headers
    assert "HttpOnly" in told["set-cookie"]
    assert "Secure" in told["set-cookie"]
    assert "max-age=31536000" in private.get("/login").headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 200),
    ],
)
def test_before_there_is_a_session_forms_of_other_sites_are_refused(served: Path, headers: dict[str, str], status: int) -> None:
    """On plain HTTP to another machine a browser says where a form is from by its origin only."""
    assert TestClient(application(served), headers=headers).post("/login", data=WHO).status_code == status


@pytest.mark.parametrize("path", ["/account/password", "/people", "/people/import", "/grants", "/emergency", "/role", "/account/purpose"])
def test_no_form_works_without_the_proof_of_the_session(enter: Enter, path: str) -> None:
    browser = enter("anquan")
    del browser.headers["X-CSRF"]
    assert browser.post(path, data={"csrf": "0" * 64}, files={"file": ("a.csv", b"")} if "import" in path else None).status_code == 403


@pytest.mark.parametrize("path", ["/why/DeptCost?page=x", f"/emergency/{10**20}", "/wall?seconds=x", "/table/DeptCost?period=9999-12"])
@pytest.mark.parametrize(("lang", "said"), [("zh", "没有做成"), ("en", "Not done")])
def test_an_address_that_is_not_well_formed_is_told_in_the_language_of_the_page(enter: Enter, path: str, lang: str, said: str) -> None:
    told = enter("yuanzhang").get(path, headers={"Accept-Language": lang})
    assert (told.status_code, said in told.text) == (400, True)


@pytest.mark.parametrize(("path", "form"), [("/role", {}), ("/run/close", {"org": "H01"}), ("/notices/read", {"notice": "9" * 20})])
def test_a_form_that_lacks_something_is_told_on_a_page(enter: Enter, path: str, form: dict[str, str]) -> None:
    told = enter("kuaiji").post(path, data=form)
    assert (told.status_code, "没有填，或写得不对" in told.text) == (400, True)


def test_no_columns_chosen_are_all_columns(enter: Enter) -> None:
    browser = enter("kuaiji")
    assert browser.get("/table/DeptCost.json?size=1&columns=%E3%80%80,").json() == browser.get("/table/DeptCost.json?size=1").json()


def test_a_locked_account_is_told_so_at_the_door(served: Path) -> None:
    desk = Desk(Region(served))
    begin(desk.db, desk.rights, Asking("yiwu", "medical"), Glass("H01", "P0001", "群体事件 001 号"))
    with desk.db.writing() as session:
        glass = session.get_one(Emergency, 1)
        glass.began, glass.until = (m - timedelta(days=2) for m in (glass.began, glass.until))
    desk.db.close()
    page = TestClient(application(served)).post("/login", data=WHO | {"login": "yiwu"})
    assert page.status_code == 403
    assert "账号已锁" in page.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0.0.0.0", "10.0.0.8", "heng.example.cn"])  # noqa: S104
def test_a_start_beyond_this_machine_without_tls_is_warned_of(
    served: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr("uvicorn.run", lambda app, **_: app.state.house.close())
    assert main(["--region", str(served), "serve", "--host", host]) == 0
    told = capsys.readouterr()
    assert ("明文" in told.err) == (host not in ("127.0.0.1", "localhost", "::1"))
    assert "设置码" not in told.out


def test_only_where_nobody_can_log_in_a_start_shows_the_set_up_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    assert main(["--region", str(tmp_path), "serve"]) == 0
    assert "/setup，设置码 " in capsys.readouterr().out


@pytest.mark.parametrize("asked", [ServeOptions(certificate="nowhere.pem"), ServeOptions(key="nowhere.pem")])
def test_a_certificate_that_is_not_there_is_told_before_anything_is_served(asked: ServeOptions) -> None:
    with pytest.raises(HengError):
        serve(asked)
