"""网页上的权限 · Rights through the web: random desks, random questions, asked of the page, the interface, the file and the totals.

Every additive cell of row n holds 2ⁿ, so any sum that is shown tells which rows are in it; the oracle of the desk says which may be.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from heng.app.desk import Desk
from heng.app.region import Hospital, new_region
from heng.core.table import Column, Table
from heng.desk.migration import upgrade
from heng.desk.schema import Person
from heng.desk.schema import Session as SignedIn
from heng.serve.api.answers import AT
from heng.serve.web.application import application
from heng.serve.web.visit import ROLE, TOKEN
from heng.store.parts import write_part
from tests.desk.rights_oracle import Question, TableSpec, World
from tests.desk.rights_world import DEPTS, NOW, ORGS, SUBJECTS, TABLES, a_question, a_world, clear, write

MONTH, EACH = "2026-02", 6
APART = ("scheme", "item")
"""这些列的编码各行不同 · Coded columns in which rows differ; in the others they are alike, so that totals mean something."""
Row = dict[str, Any]


def rows(table: type[Table], spec: TableSpec) -> dict[int, Row]:
    """Up to six rows of every hospital, of departments and patients at random, by number; each key once."""
    chance, found = random.Random(table.__name__), dict[tuple[Any, ...], int]()  # noqa: S311 - a seed, no secret
    made = [{n: value(chance, spec, n, c, i) for n, c in table.columns.items()} for i in range(EACH * len(ORGS))]
    for i, row in enumerate(made):
        found.setdefault(tuple(row.get(n) for n in (*table.full_key(), "org")), i)
    return {i: made[i] for i in found.values()}


def value(chance: random.Random, spec: TableSpec, name: str, column: Column, i: int) -> Any:
    org = ORGS[i % len(ORGS)]
    if name in ("org", "month", "hospital"):
        return {"org": org, "month": MONTH, "hospital": org}[name]
    if name in spec.depts or name in spec.private:
        return chance.choice(DEPTS if name in spec.depts else SUBJECTS)
    if column.additive:
        return Decimal(2**i) if column.type.startswith("decimal") else 2**i
    if column.type == "varchar":
        codes = list(column.codes) or [token(i)]
        return codes[i // len(ORGS) % len(codes) if name in APART else 0]
    return {"integer": i, "date": date(2026, 2, 1), "decimal(18,6)": Decimal(1), "decimal(18,2)": Decimal(1)}[column.type]


def token(i: int) -> str:
    """What a text cell of row n says."""
    return f"行{i:03}号"


ROWS = {table: rows(table, spec) for table, spec in TABLES.items()}


@dataclass
class Count:
    asked: int = 0
    answered: int = 0
    seen: int = 0
    leaked: list[object] = field(default_factory=list)
    withheld: list[object] = field(default_factory=list)


@dataclass(frozen=True)
class Ask:
    """A question, about a table of some hospitals."""

    question: Question
    table: type[Table]
    orgs: tuple[str, ...]

    @property
    def words(self) -> list[tuple[str, str]]:
        return [("period", MONTH), *(("org", o) for o in self.orgs)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[TestClient, Desk]]:
    region = new_region(tmp_path / "region", "试验区域", [Hospital(org, f"{org} 医院") for org in ORGS])
    with region.writing("试验"):
        region.publish("试验", [part for table in TABLES for part in parts(region.path, table)])
    made = Desk(region, new=True)
    upgrade(made.db)
    a_new_world(made, random.Random(0))  # noqa: S311 - a seed, no secret
    made.db.close()
    app = application(region.path)
    desk = app.state.house.desk()
    desk.db.clock = lambda: NOW
    with TestClient(app, follow_redirects=False) as client:
        yield client, desk


def parts(path: Path, table: type[Table]) -> Iterator[Any]:
    cells = [("", MONTH)] if table.grain == "region_month" else [(org, MONTH) for org in ORGS]
    for org, month in cells:
        own = [r for r in ROWS[table].values() if not org or r["org"] == org]
        yield write_part(path, table, pl.DataFrame(own, schema=table.schema()).sort(table.full_key(), nulls_last=True), (org, month, ""))


def enter(desk: Desk, client: TestClient, q: Question) -> None:
    """Let the person in for her purpose, without a password; she acts in the role of the question."""
    told = f"{q.login}/{q.purpose}"
    with desk.db.writing() as session:
        person = session.query(Person).filter_by(login=q.login).one()
        hashed = sha256(told.encode()).hexdigest()
        if not session.query(SignedIn).filter_by(token=hashed).count():
            session.add(SignedIn(token=hashed, person=person.id, purpose=q.purpose, began=NOW, seen=NOW, ended=None))
    client.cookies.set(TOKEN, told)
    client.cookies.set(ROLE, q.role)


def a_new_world(desk: Desk, chance: random.Random) -> World:
    world = a_world(chance)
    with desk.db.writing() as session:
        session.query(SignedIn).delete()
    clear(desk.db)
    write(desk.db, world)
    with desk.db.writing() as session:
        session.query(Person).update({"password": "set"})
    return world


def an_ask(chance: random.Random, world: World) -> Ask:
    """A question in a role that is held that day; a person turned away asks, too."""
    while True:
        q = a_question(chance, world)._replace(action="see")
        if q.login in world.people and q.role != "public" and (world.welcome(q) or q.login in world.ended):
            break
    orgs = () if chance.random() < 0.4 else tuple(chance.sample(ORGS, chance.choice((1, 1, 2))))
    return Ask(q, chance.choice(list(TABLES)), orgs)


def open_rows(world: World, ask: Ask, action: str) -> dict[int, set[str]]:
    """What the oracle opens: rows by number, each with the columns that may be seen of it."""
    q, spec = ask.question._replace(action=action), TABLES[ask.table]
    near = [(i, r) for i, r in ROWS[ask.table].items() if not ask.orgs or r.get("org") in (None, *ask.orgs)]
    told = ((i, world.seen(q, spec, {n: r.get(n) for n in ("org", *spec.private, *spec.depts)})) for i, r in near)
    return {i: columns for i, columns in told if columns}


def numbers(table: type[Table], shown: list[dict[str, Any]]) -> set[int]:
    """The numbers of the rows that stand in what is shown: by their sums, else by their texts, else by what they are numbered with."""
    added = next((n for n, c in table.columns.items() if c.additive and shown and n in shown[0]), "")
    if added:
        return {i for row in shown if row[added] is not None for i in bits(row[added])}
    said = {int(str(v)[1:4]) for row in shown for v in row.values() if isinstance(v, str) and v[:1] == "行" and v[-1:] == "号"}
    own = next((n for n, c in table.columns.items() if c.type == "integer" and shown and n in shown[0]), "")
    return said or {int(str(row[own]).replace(",", "")) for row in shown if own and row[own] not in (None, "", "—")}


def bits(told: object) -> set[int]:
    whole = int(Decimal(str(told).replace(",", "")))
    return {i for i in range(whole.bit_length()) if whole >> i & 1}


def judged(count: Count, world: World, ask: Ask, action: str, shown: "tuple[set[int], set[str]] | None") -> None:
    """Hold what was shown (which rows, of which columns) against the oracle; None where it was refused."""
    right = open_rows(world, ask, action)
    count.asked += 1
    if shown is None:
        q = ask.question._replace(action=action)
        # Refused as a whole: a hospital asked for is closed, or grants of some columns have none in common.
        narrow = any(g.columns != "*" and (g.role, g.action) == (q.role, action) for g in world.grants)
        far = any(not any(ROWS[ask.table][i].get("org") in (None, o) for i in right) for o in ask.orgs)
        if right and not narrow and not far:
            count.withheld.append((action, ask, sorted(right)))
        return
    found, columns = shown
    own = {n for n in columns if n in ask.table.columns}
    count.answered, count.seen = count.answered + 1, count.seen + len(found)
    count.leaked += [(action, ask, i, own - right.get(i, set())) for i in found if not own <= right.get(i, set())]
    count.withheld += [(action, ask, i) for i in right.keys() - found]


def told(answer: Response) -> bool:
    """Whether a question was answered; every refusal is one of these."""
    assert answer.status_code in (200, 303, 400, 401, 403, 422), answer.text
    return answer.status_code == 200


def asked_of_the_interface(client: TestClient, ask: Ask) -> "tuple[list[dict[str, Any]], dict[str, Any]] | None":
    answer = client.get(f"{AT}/tables/{ask.table.__name__}/rows", params=[*ask.words, ("size", "1000")])
    return (answer.json()["rows"], answer.json()["total"]) if told(answer) else None


def asked_of_the_file(client: TestClient, ask: Ask) -> "tuple[list[dict[str, Any]], dict[str, Any]] | None":
    answer = client.get(f"/table/{ask.table.__name__}.csv", params=ask.words)
    if not told(answer):
        return None
    heads, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    names = {c.zh: n for n, c in ask.table.columns.items()}
    own = [names.get(h.partition("\n")[0].partition("（")[0].partition("(")[0].strip(), h) for h in heads]
    found = [dict(zip(own, line, strict=True)) for line in lines]
    total = found.pop() if found and "合计" in found[-1].values() else {}
    return found, {n: v for n, v in total.items() if v and v != "合计"}


def asked_of_the_page(client: TestClient, ask: Ask) -> str | None:
    answer = client.get(f"/table/{ask.table.__name__}", params=[*ask.words, ("size", "1000")])
    return answer.text if told(answer) else None


def one_question(client: TestClient, count: Count, world: World, ask: Ask) -> None:
    """One question, of the page, the interface, the file; and the totals of the last two."""
    table = ask.table
    for action, found in (("see", asked_of_the_interface(client, ask)), ("export", asked_of_the_file(client, ask))):
        shown = None if found is None else (numbers(table, found[0]), set(found[0][0]) if found[0] else set())
        judged(count, world, ask, action, shown)
        if found and found[1]:
            name, total = next((n, v) for n, v in found[1].items() if n in table.columns)
            judged(count, world, ask, action, (bits(total), {name}))
    page = asked_of_the_page(client, ask)
    right = open_rows(world, ask, "see")
    tokens = {i for i in ROWS[table] if page and token(i) in page}
    texts = {n for n, c in table.columns.items() if c.type == "varchar" and not c.codes and token(0) in str(ROWS[table][0][n])}
    count.asked, count.answered = count.asked + 1, count.answered + (page is not None)
    count.leaked += [("page", ask, i) for i in tokens if not texts & right.get(i, set())]
    if page and tokens:
        count.withheld += [("page", ask, i) for i in right.keys() - tokens]


def trial(site: tuple[TestClient, Desk], many: int) -> Count:
    client, desk = site
    chance, count = random.Random(20261122), Count()  # noqa: S311 - a seed, no secret
    for _ in range(many // 25):
        world = a_new_world(desk, chance)
        for _ in range(25):
            ask = an_ask(chance, world)
            enter(desk, client, ask.question)
            one_question(client, count, world, ask)
    assert count.seen > 3 * many, "most questions are answered with nothing: the test is asleep"
    assert (count.leaked[:3], count.withheld[:3]) == ([], [])
    return count


def test_fifty_questions_leak_no_row_and_withhold_none(site: tuple[TestClient, Desk]) -> None:
    trial(site, 50)


@pytest.mark.nightly
def test_five_hundred_questions_leak_no_row_and_withhold_none(
    site: tuple[TestClient, Desk], record_property: Callable[[str, object], None]
) -> None:
    count = trial(site, 500)
    record_property("web_rights_answers", count.answered)
    record_property("web_rights_rows_seen", count.seen)
