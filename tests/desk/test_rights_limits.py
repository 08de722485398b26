"""权限的边界 · Where rights end: no way round by deputies, by a grant of some tables, or by pairing two hospitals twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.desk import emergency, grants, partners, people
from heng.desk.answering import must_answer
from heng.desk.audit import Deed, refusal_noted
from heng.desk.database import Database
from heng.desk.emergency import Glass
from heng.desk.grants import Given, must
from heng.desk.partners import NewPartner
from heng.desk.people import NewDeputy
from heng.desk.rights import Asking
from heng.desk.schema import Audit, Partner
from tests.desk.conftest import Hands, someone
from tests.desk.rights_world import rights

OURS = frozenset({"H01"})


def test_nobody_grants_to_himself_by_way_of_another_deputy(database: Database) -> None:
    for login, role, org in (("qian", "finance", "H01"), ("wang", "president", "H01"), ("li", "security_admin", "")):
        someone(database, login, role, org)
    until = database.today + timedelta(days=2)
    for away, deputy in (("qian", "wang"), ("wang", "li")):
        people.stand_in(database, away, NewDeputy(deputy, database.today, until), OWNER.login)
    with pytest.raises(AccessError, match="cannot grant to themselves"):
        grants.grant(database, rights(database.today), "li", Given("finance", "see", "own", Level.CASE, "试"))


@pytest.mark.parametrize(
    "part", [Reach(Level.NAMED, OURS, tables=frozenset({"DeptCost"})), Reach(Level.NAMED, OURS, subject="P1"), Reach(Level.REGION, OURS)]
)
def test_what_opens_a_part_opens_no_place(part: Reach) -> None:
    with pytest.raises(AccessError):
        must(Scope("qian", "finance", "", (part,)), "H01")
    must(Scope("qian", "finance", "", (part, Reach(Level.HOSPITAL, OURS))), "H01")


def test_the_same_pair_is_there_once_whoever_is_named_first(database: Database) -> None:
    first = partners.pair(database, NewPartner("H01", "H02", database.today), OWNER.login)
    assert partners.pair(database, NewPartner("H02", "H01", database.today), OWNER.login).id == first.id
    partners.part(database, first.id, database.today, OWNER.login)
    again = partners.pair(database, NewPartner("H01", "H02", database.today), OWNER.login)
    assert partners.pair(database, NewPartner("H01", "H02", database.today), OWNER.login).id == again.id
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Partner)) == 2


def test_a_refusal_is_a_row_of_audit_and_goes_on(database: Database) -> None:
    with pytest.raises(AccessError), refusal_noted(database, "qian", Deed("see", "DeptCost")):
        raise AccessError("不在范围内", "out of scope")
    with database.reading() as session:
        row = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert row is not None
    assert (row.login, row.action, row.object, row.allowed) == ("qian", "see", "DeptCost", False)


@pytest.fixture
def guarded(database: Database) -> Database:
    """Li, who grants; Qian of finance; H01 works with H02."""
    someone(database, "li", "security_admin", "")
    someone(database, "qian", "finance")
    partners.pair(database, NewPartner("H01", "H02", database.today), OWNER.login)
    return database


def test_a_grant_that_ends_before_it_begins_to_hold_is_refused(guarded: Database) -> None:
    today = guarded.today
    spans = [
        (None, today),
        (None, today - timedelta(days=1)),
        (today - timedelta(days=9), today),
        (today + timedelta(days=2), today + timedelta(days=2)),
    ]
    for since, until in spans:
        given = Given("finance", "see", "partner", Level.CASE, "核对", purpose="核对", since=since, until=until)
        with pytest.raises(DeskError, match="is past, or not after the beginning"):
            grants.grant(guarded, rights(today), "li", given)
    assert grants.grants(guarded, today) == []


def test_a_grant_ends_by_itself_and_what_has_ended_stays_ended(guarded: Database, hands: Hands) -> None:
    def seen() -> bool:
        scope = grants.scope_of(guarded, rights(guarded.today), Asking("qian", "finance", "核对"), guarded.today)
        return Reach(Level.CASE, frozenset({"H02"})) in scope.reaches

    until = guarded.today + timedelta(days=2)
    row = grants.grant(
        guarded, rights(guarded.today), "li", Given("finance", "see", "partner", Level.CASE, "核对", purpose="核对", until=until)
    )
    assert seen()
    hands.pass_by(days=2)
    assert not seen()
    assert grants.withdraw(guarded, "li", row.id, "已结束").until == until  # withdrawn late: it ended when it ended
    hands.pass_by(days=9)
    assert not seen()


@pytest.mark.parametrize(("tables", "columns"), [((), ("amont",)), (("DeptCost",), ("patient",))])
def test_a_grant_of_columns_that_are_nowhere_is_refused(guarded: Database, tables: tuple[str, ...], columns: tuple[str, ...]) -> None:
    given = Given("finance", "see", "own", Level.CASE, "核对", tables=tables, columns=columns)
    with pytest.raises(DeskError, match=columns[0]):
        grants.grant(guarded, rights(guarded.today), "li", given)


def test_a_refusal_names_the_right_that_is_missing_whose_it_is_and_who_gives_it(guarded: Database) -> None:
    with pytest.raises(AccessError) as refused:
        emergency.begin(guarded, rights(guarded.today), Asking("qian", "finance"), Glass("H01", "P1", "抢救"))
    zh, en = refused.value.told("zh"), refused.value.told("en")
    assert "qian 以财务科的身份没有在 H01 紧急查看的权限（emergency）" in zh[0]
    assert "qian, as finance department, has no right to break the glass at H01 (emergency)" in en[0]
    assert "医务科、卫健委" in zh[1]
    assert "heng desk posts give" in en[1]


def test_who_answers_needs_the_right_to_answer_there_and_a_refusal_is_kept(guarded: Database) -> None:
    someone(guarded, "sun", "supervisor", "")
    policy = rights(guarded.today)
    must_answer(guarded, policy, ("qian", ["finance"]), ("H01", "D1"))
    must_answer(guarded, policy, (OWNER.login, []), ("H01", None))
    for login, role, org in (("qian", "finance", "H02"), ("sun", "supervisor", "H01")):
        with pytest.raises(AccessError, match=r"no right to answer at .* \(answer\)"):
            must_answer(guarded, policy, (login, [role]), (org, None))
    with guarded.reading() as session:
        kept = session.scalars(select(Audit).where(Audit.action == "answer").order_by(Audit.id)).all()
    assert [(r.login, r.object, r.allowed) for r in kept] == [("qian", "H02", False), ("sun", "H01", False)]
