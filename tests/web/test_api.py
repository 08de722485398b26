"""接口 · The interface for programs: the figures of the pages, in the scope of a token, with problems that say how to mend them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER
from heng.desk.audit import Sought, trail
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.tokens import NewToken, make, tokens, withdraw
from heng.serve.api.limits import Limits
from heng.serve.web.application import application
from tests.web.conftest import Enter

AT = "/api/v1"
Ask = Callable[..., TestClient]


@pytest.fixture
def desk(served: Path) -> Iterator[Desk]:
    """The desk of the region, with the account of a machine of H01's finance."""
    made = Desk(Region(served))
    machine_account(made)
    yield made
    made.db.close()


def machine_account(desk: Desk, login: str = "jizhang", role: str = "accountant", org: str = "H01") -> None:
    add(desk.db, NewPerson(login, "记账系统", org), OWNER.login)
    give(desk.db, find(desk.db, login), NewPost(role, org, None, desk.db.today, None, "接口"), OWNER.login)


def token(desk: Desk, *actions: str, login: str = "jizhang", role: str = "accountant", orgs: tuple[str, ...] = ()) -> str:
    until = desk.db.today + timedelta(days=30)
    return make(desk.db, "anquan", NewToken(login, "记账系统", role, actions or ("see",), until, orgs, "对账"))[1]


@pytest.fixture
def program(served: Path, desk: Desk) -> Iterator[TestClient]:
    """A program that shows a token for reading."""
    app = application(served)
    with TestClient(app, headers={"Authorization": f"Bearer {token(desk)}"}) as client:
        yield client
    app.state.house.close()


def test_rows_page_by_page_are_all_the_rows_and_the_total_is_theirs(program: TestClient) -> None:
    address, rows = f"{AT}/tables/DeptCost/rows?org=H01&size=7&sort=-amount", []
    while address:
        answer = program.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += page["rows"]
        address = page["next"]
        assert ("Link" in answer.headers) == bool(address)
    assert len(rows) == page["count"] > 7
    assert len({tuple(sorted((k, str(v)) for k, v in r.items())) for r in rows}) == len(rows)
    amounts = [Decimal(r["amount"]) for r in rows]
    assert amounts == sorted(amounts, reverse=True)
    one_scope = program.get(f"{AT}/tables/DeptCost/rows?org=H01&columns=amount").json()
    assert one_scope["total"] == page["total"] | one_scope["total"]
    assert Decimal(one_scope["total"]["amount"]) == sum(amounts)


def test_the_interface_says_what_the_page_says(program: TestClient, enter: Enter) -> None:
    browser = enter("kuaiji")
    page = browser.get("/table/DeptCost.json?org=H01&size=1000").json()
    answer = program.get(f"{AT}/tables/DeptCost/rows?org=H01").json()
    assert [answer[n] for n in ("period", "count", "rows", "total")] == [page[n] for n in ("period", "count", "rows", "total")]
    for key in [i["key"] for i in program.get(f"{AT}/indicators").json()["indicators"]][:5]:
        assert program.get(f"{AT}/indicators/{key}?org=H01").json() == browser.get(f"/indicator/{key}.json?org=H01").json()


def test_why_leads_to_rows_of_files(program: TestClient) -> None:
    row = program.get(f"{AT}/tables/DeptCost/rows?org=H01&size=1&sort=-amount").json()["rows"][0]
    found = program.get(f"{AT}/why/DeptCost", params={"org": "H01", "dept": row["dept"], "where": f"item={row['item']}"}).json()
    assert found["sources"]
    assert sum(Decimal(s["contribution"]) for s in found["sources"]) + Decimal(found["beyond"]) == Decimal(found["figure"])


def test_policy_and_signals(program: TestClient) -> None:
    every = program.get(f"{AT}/policy").json()["rules"]
    some = program.get(f"{AT}/policy/costing.step_down").json()["rules"]
    assert some
    assert [r for r in every if r["key"].startswith("costing.step_down.")] == some
    assert program.get(f"{AT}/signals?size=1").json()["count"] >= 0


def test_a_mark_of_another_question_or_of_older_data_is_refused(program: TestClient, served: Path) -> None:
    following = program.get(f"{AT}/tables/DeptCost/rows?org=H01&size=5").json()["next"]
    assert program.get(following.replace("DeptCost", "CostLine")).status_code == 422
    assert program.get(f"{AT}/tables/DeptCost/rows?org=H01&cursor=5").status_code == 422
    region = Region(served)
    held = region.manifest.generation
    (served / "heng.yaml").touch()
    assert Region(served).manifest.generation == held
    assert program.get(following).status_code == 200


PROBLEMS = [
    ("/tables/Nosuch/rows", 404, "not-found"),
    ("/tables/DeptCost/rows?org=H01&period=2026-13", 422, "cannot"),
    ("/tables/DeptCost/rows?org=H01&where=nosuch=1", 422, "cannot"),
    ("/tables/DeptCost/rows?size=0", 400, "malformed"),
    ("/tables/DeptCost/rows?pge=2", 400, "malformed"),
    ("/nosuch", 404, "not-found"),
]


@pytest.mark.parametrize(("address", "status", "kind"), PROBLEMS)
def test_what_is_wrong_is_told_in_both_languages_with_what_to_do(program: TestClient, address: str, status: int, kind: str) -> None:
    answer = program.get(AT + address, headers={"Accept-Language": "en"})
    said = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (said["status"], said["type"]) == (status, f"urn:heng:problem:{kind}")
    assert said["detail"] == said["en"] != said["zh"]
    assert said["mend_zh"] != said["mend_en"]


def test_nobody_is_told_nothing(program: TestClient) -> None:
    for told in ("", "Bearer ", "Bearer heng_wrong", "Basic abc"):
        answer = program.get(f"{AT}/tables", headers={"Authorization": told})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="heng"'), told


def test_a_session_of_the_pages_reads_and_changes_nothing(enter: Enter) -> None:
    browser = enter("kuaiji")
    assert browser.get(f"{AT}/tables").status_code == 200
    key = {"Idempotency-Key": "abcdefgh1"}
    assert browser.post(f"{AT}/cases/1/answers", json={"step": 1, "outcome": "x", "said": {}}, headers=key).status_code == 401


def test_a_token_reaches_no_further_than_its_hospitals_and_actions(served: Path, desk: Desk) -> None:
    machine_account(desk, "quyu", "commission", "")
    with TestClient(application(served)) as client:
        wide, narrow, none = (token(desk, login="quyu", role="commission", orgs=o) for o in ((), ("H01",), ("H02",)))
        see = f"{AT}/tables/DeptCost/rows"
        found = {t: client.get(see, headers={"Authorization": f"Bearer {t}"}) for t in (wide, narrow, none)}
        assert found[wide].json()["rows"] == found[narrow].json()["rows"] != []
        assert found[none].status_code in (403, 422), found[none].text
        answering = token(desk, "answer", login="quyu", role="commission")
        assert client.get(see, headers={"Authorization": f"Bearer {answering}"}).status_code == 403


def test_every_read_is_in_the_audit(program: TestClient, desk: Desk) -> None:
    count = program.get(f"{AT}/tables/DeptCost/rows?org=H01").json()["count"]
    rows = [r for r in trail(desk.db, OWNER.login, Sought(login="jizhang")) if r.object == "DeptCost"]
    assert {r.role for r in rows} == {"accountant"}
    assert {r.purpose for r in rows} == {"对账"}
    assert max(r.rows for r in rows) >= count  # the row of totals was read, too


def test_a_token_is_made_by_the_security_administrator_alone_for_a_machine(desk: Desk) -> None:
    until = desk.db.today + timedelta(days=30)
    good = NewToken("jizhang", "记账系统", "accountant", ("see",), until)
    for by in ("xitong", "shenji", "yuanzhang", "jizhang"):
        with pytest.raises(AccessError):
            make(desk.db, by, good)
    wrong = [
        NewToken("kuaiji", "人的账号", "accountant", ("see",), until),
        NewToken("jizhang", "不担任", "president", ("see",), until),
        NewToken("jizhang", "无动作", "accountant", (), until),
        NewToken("jizhang", "没有的动作", "accountant", ("emergency",), until),
        NewToken("jizhang", "太久", "accountant", ("see",), desk.db.today + timedelta(days=400)),
        NewToken("jizhang", "已过", "accountant", ("see",), desk.db.today),
        NewToken("jizhang", " ", "accountant", ("see",), until),
    ]
    for new in wrong:
        with pytest.raises(DeskError):
            make(desk.db, "anquan", new)


def test_a_token_that_was_withdrawn_is_nobodys(program: TestClient, desk: Desk) -> None:
    assert program.get(f"{AT}/indicators").status_code == 200
    (held,) = tokens(desk.db, "anquan")
    assert "token" not in held
    assert held["used"] is not None
    withdraw(desk.db, "anquan", held["id"])
    assert program.get(f"{AT}/indicators").status_code == 401
    assert tokens(desk.db, "anquan") == []


def test_who_asks_too_fast_is_told_when_to_ask_again(program: TestClient) -> None:
    moment = [0.0]
    inner = next(r.app for r in program.app.routes if getattr(r, "path", "") == AT)  # type: ignore[attr-defined]
    inner.state.limits = Limits(3, lambda: moment[0])
    answers = [program.get(f"{AT}/indicators") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
    assert answers[3].headers["Retry-After"] == "20"
    moment[0] = 20.0
    assert program.get(f"{AT}/indicators").status_code == 200
