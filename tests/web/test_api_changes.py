"""接口的更改 · Changes through the interface: done once under a key, answered the same again, refused for another request."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.case import CASE_TYPES
from heng.core.scope import OWNER
from heng.desk.cases import About, open_case
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.schema import Job
from heng.desk.tokens import NewToken, make
from heng.serve.api.answers import AT
from heng.serve.web.application import application
from heng.serve.web.house import House
from heng.serve.web.worker import Worker

FILES = {"files": ("新.csv", "月份,科室\n2026-03,骨科\n".encode(), "text/csv")}


@pytest.fixture
def desk(served: Path) -> Iterator[Desk]:
    made = Desk(Region(served))
    yield made
    made.db.close()


def machine(desk: Desk, role: str, *actions: str, orgs: tuple[str, ...] = ()) -> dict[str, str]:
    """The header of a machine of H01 that acts in a role."""
    login = f"m-{role}"
    add(desk.db, NewPerson(login, "机器", "H01"), OWNER.login)
    give(desk.db, find(desk.db, login), NewPost(role, "H01", None, desk.db.today, None, "接口"), OWNER.login)
    new = NewToken(login, "机器", role, ("see", *actions), desk.db.today + timedelta(days=9), orgs)
    return {"Authorization": f"Bearer {make(desk.db, 'anquan', new)[1]}"}


@pytest.fixture
def client(served: Path) -> Iterator[TestClient]:
    app = application(served)
    with TestClient(app) as made:
        yield made
    app.state.house.close()


def counted(desk: Desk, kind: type[Job]) -> int:
    with desk.db.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_file_is_loaded_once_however_often_it_is_sent(client: TestClient, desk: Desk, served: Path) -> None:
    told = machine(desk, "accountant", "load")
    key = told | {"Idempotency-Key": "load-2026-03"}
    first, again = (client.post(f"{AT}/loads", data={"org": "H01"}, files=FILES, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (202, first.json())
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert first.headers["Location"] == again.headers["Location"] == f"{AT}/jobs/{first.json()['id']}"
    assert counted(desk, Job) == 1
    assert len(list((served / "uploads").iterdir())) == 1
    other = client.post(f"{AT}/loads", data={"org": "H01", "month": "2026-03"}, files=FILES, headers=key)
    assert (other.status_code, other.json()["type"]) == (409, "urn:heng:problem:key-reused")
    house = House(served)
    Worker(house).once()
    done = client.get(first.headers["Location"], headers=told).json()
    assert done["state"] in ("done", "failed"), done
    assert client.get(f"{AT}/jobs", headers=told).json()["jobs"][0] | {"result": done["result"]} == done
    house.close()


def test_what_is_refused_leaves_the_key_to_the_same_request(client: TestClient, desk: Desk) -> None:
    key = machine(desk, "accountant", "load") | {"Idempotency-Key": "load-2026-04"}
    wrong = client.post(f"{AT}/loads", data={"org": "H99"}, files=FILES, headers=key)
    assert wrong.status_code == 422, wrong.text
    assert client.post(f"{AT}/loads", data={"org": "H99"}, files=FILES, headers=key).json() == wrong.json()
    assert client.post(f"{AT}/loads", data={"org": "H01"}, files=FILES, headers=key).status_code == 409


def test_a_change_needs_its_action_and_its_key(client: TestClient, desk: Desk) -> None:
    reading = machine(desk, "accountant")
    send = {"data": {"org": "H01"}, "files": FILES}
    assert client.post(f"{AT}/loads", headers=reading | {"Idempotency-Key": "abcdefgh"}, **send).status_code == 403  # type: ignore[arg-type]
    assert client.post(f"{AT}/loads", headers=reading, **send).status_code == 400  # type: ignore[arg-type]
    assert counted(desk, Job) == 0


def test_a_step_is_answered_once_by_the_machine_whose_it_is(client: TestClient, desk: Desk) -> None:
    told = machine(desk, "accountant", "answer")
    about = About("试验/1", "H01", None, "2026-03", ("数据不平", "data that do not tie"), {"line": "1"})
    case = open_case(desk.db, CASE_TYPES["correction"], about, desk.workdays)
    answers = f"{AT}/cases/{case.id}/answers"
    seen = client.get(f"{AT}/cases/{case.id}", headers=told).json()
    assert (seen["step"], seen["outcomes"]["corrected"]) == ("correct", ["cause", "correction", "owner"])
    body = {"step": 1, "outcome": "corrected", "said": {"cause": "漏记", "correction": "补录", "owner": "记账系统"}}
    lacking = client.post(answers, json=body | {"said": {}}, headers=told | {"Idempotency-Key": "answer-0"})
    assert lacking.status_code == 422
    given = [client.post(answers, json=body, headers=told | {"Idempotency-Key": "answer-1"}) for _ in range(2)]
    assert [a.status_code for a in given] == [200, 200], given[0].text
    assert given[0].json() == given[1].json() | {"step": "retest"}
    after = client.get(f"{AT}/cases/{case.id}", headers=told).json()
    assert [(s["name"], s["outcome"], s["by"]) for s in after["steps"]] == [("correct", "corrected", "m-accountant"), ("retest", None, "")]
    late = client.post(answers, json=body, headers=told | {"Idempotency-Key": "answer-2"})
    assert late.status_code == 422
    others = machine(desk, "medical", "answer") | {"Idempotency-Key": "answer-3"}
    assert client.post(answers, json=body | {"step": 2}, headers=others).status_code == 403
    assert client.get(f"{AT}/cases?state=open", headers=told).json()["cases"][0]["id"] == case.id


def test_another_value_is_tried_once_and_changes_nothing(client: TestClient, desk: Desk, served: Path) -> None:
    told = machine(desk, "accountant", "run")
    month = max(m for _, m in desk.region.cells())
    body = {"key": "costing.step_down.peer", "value": "{admin: true, support: false, medtech: false}", "show": "costing.step_down"}
    body |= {"orgs": ["H01"], "first": month}
    given = [client.post(f"{AT}/scenarios", json=body, headers=told | {"Idempotency-Key": "trial-001"}) for _ in range(2)]
    assert [a.status_code for a in given] == [202, 202], given[0].text
    assert counted(desk, Job) == 1
    house = House(served)
    Worker(house).once()
    done = client.get(given[0].headers["Location"], headers=told).json()
    assert done["state"] == "done", done
    assert done["result"]["generation"] == desk.region.manifest.generation == Region(served).manifest.generation
    house.close()
