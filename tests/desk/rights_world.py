"""一个随机的案头 · A desk at random, in the oracle's words and as rows of the database."""

import random
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from heng.core.scope import Level
from heng.core.table import Table
from heng.desk.database import Database
from heng.desk.rights import Rights
from heng.desk.schema import Deputy, Emergency, Grant, Partner, Person, Post
from heng.store.policy_files import read_policy
from heng.tables.activity import Income
from heng.tables.booked import Salary
from heng.tables.cases import CaseCost, CostIndex, DiseaseStandard
from heng.tables.codes import ROLE
from heng.tables.costing import DeptCost
from heng.tables.patients import Charge, DoctorCost, Encounter
from heng.tables.public import PublicCase
from heng.tables.services import ServiceCost
from tests.desk.rights_oracle import Break, GrantRow, Pair, PostRow, Question, TableSpec, World

POLICY = Path(__file__).resolve().parents[2] / "heng/policy/desk/rights.yaml"
TEMPLATES = next(iter(yaml.safe_load(POLICY.read_text("utf8"))["templates"]["values"].values()))["value"]
ROLES = tuple(ROLE)
ACTIONS = ["see", "export", "answer", "load", "run", "close", "migrate", "emergency", "approve"]
ORGS, DEPTS, SUBJECTS = ("H01", "H02", "H03", "H04"), ("D1", "D2", None), ("P1", "P2", None)
NOW = datetime(2026, 3, 2, 1)  # noqa: DTZ001 - UTC without zone


def spec(table: type[Table], level: Level, private: str = "", depts: str = "") -> TableSpec:
    return TableSpec(table.__name__, int(level), tuple(table.columns), tuple(private.split()), tuple(depts.split()))


# How deep each goes, and which columns name a person or a department, as a person would say: not read off the declarations.
TABLES: dict[type[Table], TableSpec] = {
    PublicCase: spec(PublicCase, Level.PUBLIC),
    DiseaseStandard: spec(DiseaseStandard, Level.REGION),
    CostIndex: spec(CostIndex, Level.HOSPITAL),
    DeptCost: spec(DeptCost, Level.HOSPITAL, depts="dept"),
    Income: spec(Income, Level.HOSPITAL, depts="ordering performing"),
    ServiceCost: spec(ServiceCost, Level.HOSPITAL, depts="dept"),
    DoctorCost: spec(DoctorCost, Level.CASE, depts="ordering"),
    CaseCost: spec(CaseCost, Level.CASE, depts="dept"),
    Charge: spec(Charge, Level.CASE),
    Encounter: spec(Encounter, Level.CASE, "visit record patient mother", "dept"),
    Salary: spec(Salary, Level.NAMED, "staff_no staff_name", "dept"),
}


@cache
def rights(day: date) -> Rights:
    return Rights(read_policy(), day)


def a_world(chance: random.Random) -> World:
    """People with posts, deputies, partners, grants and broken glasses; many begin or end about today."""
    world = World(TEMPLATES, people=[f"p{n}" for n in range(8)])
    world.ended = {p for p in world.people if chance.random() < 0.1}
    for person in world.people:
        for _ in range(chance.choice((1, 1, 2, 3))):
            role = chance.choice([r for r in ROLES if r != "public"])
            regional = role in ("commission", "insurance", "supervisor") or chance.random() < 0.1
            org = "" if regional else chance.choice(ORGS)
            world.posts.append(PostRow(person, role, org, chance.choice(DEPTS) if org else None, *a_span(chance)))
    for _ in range(4):
        away, deputy = chance.sample(world.people, 2)
        since, until = a_span(chance)
        world.deputies.append(Pair(away, deputy, since, until or since + timedelta(days=30)))
    world.partners = [Pair(*chance.sample(ORGS, 2), *a_span(chance)) for _ in range(3)]
    world.grants = [a_grant(chance, world) for _ in range(12)]
    world.breaks = [a_break(chance, world) for _ in range(4)]
    return world


def a_span(chance: random.Random) -> tuple[date, date | None]:
    since = date(2026, 3, 2) + timedelta(days=chance.choice((-400, -30, -1, 0, 1)))
    return since, chance.choice((None, None, since + timedelta(days=chance.choice((1, 2, 30, 500)))))


def a_grant(chance: random.Random, world: World) -> GrantRow:
    relation = chance.choice(("own", "dept", "partner", "named", "named", "region"))
    names = ["*"] if chance.random() < 0.5 else [t.__name__ for t in chance.sample(list(TABLES), 2)]
    columns = "*" if chance.random() < 0.5 else "org month dept amount patient encounter"
    post = chance.choice(world.posts)
    return GrantRow(
        post.role,
        chance.choice(("see", "see", "see", "export", "answer")),
        relation,
        chance.choice(ORGS) if relation == "named" else None,
        chance.choice((None, post.org, chance.choice(ORGS))),
        chance.choice(("", "", "study")),
        " ".join(names),
        columns,
        chance.choice((0, 1, 2, 3, 3, 4)),
        *a_span(chance),
    )


def a_break(chance: random.Random, world: World) -> Break:
    began = NOW - timedelta(minutes=chance.choice((-5, 0, 30, 59, 60, 61, 23 * 60, 24 * 60, 25 * 60)))
    return Break(
        chance.choice(world.people),
        chance.choice(ORGS),
        chance.choice(("P1", "P2")),
        began,
        began + timedelta(minutes=60),
        chance.random() < 0.6,
    )


def a_question(chance: random.Random, world: World) -> Question:
    """Most ask for what they may; some are nobody, act in another's role, or in no role of theirs."""
    post = chance.choice(world.posts)
    login, role = post.person, post.role
    stand_in = [d.other for d in world.deputies if d.one == post.person]
    if stand_in and chance.random() < 0.5:
        login = chance.choice(stand_in)
    if chance.random() < 0.1:
        login = chance.choice((*world.people, "nobody"))
    if chance.random() < 0.1:
        role = chance.choice(ROLES)
    broke = any(b.person == login for b in world.breaks) and chance.random() < 0.3
    purpose = "emergency" if broke else chance.choice(("", "study", "study"))
    return Question(login, role, purpose, chance.choice(("see", "see", "see", "see", "export", chance.choice(ACTIONS))), NOW)


def a_row(chance: random.Random, table: TableSpec) -> dict[str, str | None]:
    names = {n: chance.choice(SUBJECTS) for n in table.private} | {n: chance.choice(DEPTS) for n in table.depts}
    return names | ({"org": chance.choice(ORGS)} if "org" in table.columns else {})


def write(db: Database, world: World) -> None:
    """The same world as rows of the desk."""
    early, by = NOW - timedelta(days=900), {"by": "setup", "reason": "随机"}
    with db.writing() as session:
        people = {p: Person(login=p, name=p, org="H01", made=early, ended=early if p in world.ended else None) for p in world.people}
        session.add_all(people.values())
        session.flush()
        for p in world.posts:
            session.add(Post(person=people[p.person].id, role=p.role, org=p.org, dept=p.dept, since=p.since, until=p.until, **by))
        for d in world.deputies:
            session.add(Deputy(person=people[d.one].id, deputy=people[d.other].id, since=d.since, until=d.until, **by))
        session.add_all(Partner(org=p.one, partner=p.other, since=p.since, until=p.until, **by) for p in world.partners)
        session.add_all(Grant(**g._asdict(), **by) for g in world.grants)
        for b in world.breaks:
            done = {"approved_by": "p0", "approved_at": b.began} if b.approved else {}
            row = Emergency(person=people[b.person].id, org=b.org, subject=b.subject, reason="急", began=b.began, until=b.until, **done)
            session.add(row)


def clear(db: Database) -> None:
    """An empty desk again."""
    with db.writing() as session:
        for kind in (Emergency, Grant, Partner, Deputy, Post, Person):
            session.query(kind).delete()
