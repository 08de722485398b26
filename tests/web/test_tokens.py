"""令牌的页面 · Tokens on their page: shown once, kept as a hash, taken back at once."""

import re
from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.serve.api.answers import AT
from tests.web.conftest import Enter


def account(served: Path) -> str:
    """The account of a machine; the first day on which its token is to hold no longer."""
    desk = Desk(Region(served))
    add(desk.db, NewPerson("jizhang", "记账系统", "H01"), OWNER.login)
    give(desk.db, find(desk.db, "jizhang"), NewPost("accountant", "H01", None, desk.db.today, None, "接口"), OWNER.login)
    until = desk.db.today + timedelta(days=30)
    desk.db.close()
    return until.isoformat()


def form(until: str) -> dict[str, str]:
    return {"login": "jizhang", "name": "记账系统", "role": "accountant", "org": "H01", "until": until, "action.see": "1"}


def shown(text: str) -> list[str]:
    return re.findall(r"heng_[\w-]{43}", text)


def test_a_token_is_shown_once_works_and_is_taken_back(served: Path, enter: Enter) -> None:
    until = account(served)
    browser = enter("anquan")
    page = browser.post("/tokens", data=form(until))
    (told,) = shown(page.text)
    assert shown(browser.get("/tokens").text) == []
    assert told.encode() not in (served / "desk.db").read_bytes()
    machine = TestClient(browser.app, headers={"Authorization": f"Bearer {told}"})
    assert machine.get(f"{AT}/indicators").status_code == 200
    assert "记账系统" in browser.get("/tokens.json").text
    assert browser.post("/tokens/withdraw", data={"number": "1"}).status_code == 200
    assert machine.get(f"{AT}/indicators").status_code == 401
    assert "记账系统" not in browser.get("/tokens.json").text
    assert "记账系统" in browser.get("/tokens.json?all=1").text


def test_what_was_typed_stays_where_it_is_refused_and_only_security_comes_here(served: Path, enter: Enter) -> None:
    until = account(served)
    refused = enter("anquan").post("/tokens", data=form(until) | {"role": "president", "purpose": "对账用"})
    assert refused.status_code == 400
    assert "对账用" in refused.text
    assert "不担任 president" in refused.text
    for login in ("xitong", "shenji", "yuanzhang"):
        assert enter(login).post("/tokens", data=form(until)).status_code == 403
