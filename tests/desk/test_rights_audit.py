"""不准的、看过的都留痕 · What is refused and what is looked at leaves a row of audit, whatever is undone."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select

from heng.core.errors import AccessError
from heng.core.scope import OWNER
from heng.desk import account, grants, people
from heng.desk.audit import Deed, acting
from heng.desk.cases import About, open_case, work_of
from heng.desk.database import Database
from heng.desk.people import NewPost
from heng.desk.register import Eyes, case_of, cases
from heng.desk.schema import Audit, Person
from heng.methods.workdays import Workdays
from heng.rooms.steering.project_case import PROJECT
from tests.desk.conftest import someone
from tests.desk.rights_world import rights


@pytest.fixture
def office(database: Database) -> Database:
    """Li who guards, Wang who keeps people, Qian an accountant."""
    for login, role in (("li", "security_admin"), ("wang", "system_admin")):
        someone(database, login, role, "")
    someone(database, "qian", "accountant")
    return database


def last(db: Database) -> Audit:
    with db.reading() as session:
        return session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).one()


def own_post(db: Database) -> None:
    people.give(db, people.find(db, "li"), NewPost("accountant", "H01", None, db.today), "li")


HERSELF: dict[str, tuple[str, Callable[[Database], object]]] = {
    "people.give": ("li", own_post),
    "people.end": ("wang", lambda db: people.end(db, "wang", "wang")),
    "account.reset": ("li", lambda db: account.reset(db, "li", "li")),
    "grants.withdraw": ("qian", lambda db: grants.withdraw(db, "qian", 1, "试")),
}


@pytest.mark.parametrize("action", HERSELF)
def test_what_nobody_may_do_for_herself_is_kept_as_refused(office: Database, action: str) -> None:
    login, deed = HERSELF[action]
    with pytest.raises(AccessError):
        deed(office)
    row = last(office)
    assert (row.login, row.action, row.allowed) == (login, action, False)


def test_what_was_begun_is_undone_and_its_refusal_stays(office: Database) -> None:
    with suppress(AccessError), acting(office, "wang", ("system_admin",), Deed("people.end", "qian")) as session:
        session.scalars(select(Person).where(Person.login == "qian")).one().name = "改了"
        raise AccessError("不行", "no")
    row = last(office)
    assert (row.login, row.action, row.object, row.allowed) == ("wang", "people.end", "qian", False)
    assert people.find(office, "qian").name == "qian"


def test_every_look_at_cases_is_kept_and_every_one_in_vain(office: Database) -> None:
    for login, role, dept in (("zhang", "head", "0402"), ("yuan", "president", None)):
        someone(office, login, role, "H01", dept)
    someone(office, "sun", "head", "H02", "0402")
    about = About("project/1", "H01", "0402", "2026-03", ("项目", "project"))
    case = open_case(office, PROJECT, about, Workdays(frozenset(), frozenset())).id
    mine, theirs = (Eyes(office, rights(office.today), login, ("head",)) for login in ("zhang", "sun"))
    looks = [
        (lambda: cases(office, mine), ("zhang", "cases.list", "", 1, True)),
        (lambda: case_of(office, mine, case), ("zhang", "cases.show", f"case/{case}", 1, True)),
        (lambda: case_of(office, theirs, case), ("sun", "cases.show", f"case/{case}", 0, False)),
        (lambda: work_of(office, people.find(office, "zhang").id), ("zhang", "cases.work", "", 1, True)),
    ]
    for look, kept in looks:
        with suppress(AccessError):
            look()
        row = last(office)
        assert (row.login, row.action, row.object, row.rows, row.allowed) == kept
        assert row.role == "head" or row.login == "sun"
    before = last(office).id
    assert cases(office, Eyes(office, rights(office.today), OWNER.login, ()))
    assert last(office).id == before  # the owner's own looks are hers
