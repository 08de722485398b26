"""紧急查看 · Break-glass: one patient, a reason, an hour at most; the hospital is told, and a second person approves within a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER, Scope
from heng.desk import account, emergency, people
from heng.desk.database import Database
from heng.desk.emergency import Glass
from heng.desk.grants import scope_of
from heng.desk.people import NewPost
from heng.desk.rights import Asking
from heng.desk.schema import Audit, Emergency, Notice
from heng.tables.access import Allowed, allowed
from heng.tables.booked import Salary
from heng.tables.cases import CaseCost
from heng.tables.costing import CostLine, DeptCost
from heng.tables.patients import Encounter
from heng.tables.quality import CheckFailure, Finding
from tests.desk.conftest import Hands, someone
from tests.desk.rights_world import rights

GLASS = Glass("H01", "P0007", "抢救 2026-031：既往用药不明")
MEDICAL, PRESIDENT = Asking("li", "medical"), Asking("wang", "president")


@pytest.fixture
def ward(database: Database) -> Database:
    """Li of medical affairs and Wang the president of H01; Sun of medical affairs at H02; Zhao of the commission; a guard."""
    someone(database, "li", "medical")
    someone(database, "wang", "president")
    someone(database, "sun", "medical", "H02")
    someone(database, "zhao", "commission", "")
    someone(database, "guard", "security_admin", "")
    return database


def begin(db: Database, asking: Asking = MEDICAL, glass: Glass = GLASS) -> Emergency:
    return emergency.begin(db, rights(db.today), asking, glass)


def approve(db: Database, asking: Asking, number: int) -> Emergency:
    return emergency.approve(db, rights(db.today), asking, number)


def seen(db: Database, purpose: str, action: str = "see") -> Scope:
    return scope_of(db, rights(db.today), Asking("li", "medical", purpose, action), db.today)


def patient(db: Database) -> Allowed:
    return allowed(seen(db, "emergency"), Encounter)


def test_it_opens_one_patient_by_name_and_nothing_else(ward: Database) -> None:
    with pytest.raises(AccessError):
        patient(ward)
    begin(ward)
    found = patient(ward)
    assert found.columns == tuple(Encounter.columns)
    assert found.rows == (((("org",), frozenset({"H01"})), (("visit", "record", "patient"), frozenset({"P0007"}))),)
    for table in (DeptCost, CaseCost, Salary, CostLine, Finding, CheckFailure):  # they name no patient: not to be narrowed to one
        with pytest.raises(AccessError):
            allowed(seen(ward, "emergency"), table)
    assert "patient" not in allowed(seen(ward, ""), Encounter).columns  # in her daily work as before
    assert seen(ward, "emergency", "export").reaches == ()


def test_it_ends_after_the_minutes_asked_for(ward: Database, hands: Hands) -> None:
    begin(ward, glass=Glass("H01", "P0007", "抢救", 20))
    hands.pass_by(minutes=19, seconds=59)
    assert patient(ward)
    hands.pass_by(seconds=1)
    with pytest.raises(AccessError):
        patient(ward)


@pytest.mark.parametrize(
    "glass", [Glass("H01", "P7", "抢救", 61), Glass("H01", "P7", " "), Glass("H01", "", "抢救"), Glass("H01", "P7", "抢救", 0)]
)
def test_a_reason_a_patient_and_an_hour_at_most(ward: Database, glass: Glass) -> None:
    with pytest.raises(DeskError, match="60 minutes"):
        begin(ward, glass=glass)


def test_who_may_not_is_refused_and_written_down(ward: Database) -> None:
    refused = [
        (Asking("sun", "medical"), GLASS),
        (PRESIDENT, GLASS),
        (Asking("guard", "security_admin"), GLASS),
        (Asking("sun", "president"), GLASS),
    ]
    for asking, glass in refused:
        with pytest.raises(AccessError):
            begin(ward, asking, glass)
    with ward.reading() as session:
        rows = session.scalars(select(Audit).where(Audit.action == "emergency.begin")).all()
        assert [(r.login, r.allowed) for r in rows] == [("sun", False), ("wang", False), ("guard", False), ("sun", False)]
        assert session.scalar(select(Emergency)) is None


def test_the_hospital_is_told_at_once_without_the_patients_name(ward: Database) -> None:
    row = begin(ward, Asking("zhao", "commission"))
    with ward.reading() as session:
        notices = session.scalars(select(Notice)).all()
        audit = session.scalars(select(Audit).where(Audit.action == "emergency.begin")).one()
    assert [n.person for n in notices] == [people.find(ward, "wang").id, people.find(ward, "li").id]
    assert all(GLASS.subject not in n.subject + n.body and n.key == f"emergency/{row.id}" for n in notices)
    assert (audit.login, audit.purpose, audit.scope, audit.allowed) == ("zhao", "emergency", GLASS.subject, True)


def test_where_the_hospital_has_nobody_the_security_administrator_is_told(ward: Database) -> None:
    begin(ward, Asking("zhao", "commission"), Glass("H09", "P1", "转院抢救"))
    with ward.reading() as session:
        assert [n.person for n in session.scalars(select(Notice))] == [people.find(ward, "guard").id]


def test_a_second_person_approves_and_not_she_herself(ward: Database, hands: Hands) -> None:
    people.give(ward, people.find(ward, "li"), NewPost("president", "H01", None, ward.today), OWNER.login)
    row = begin(ward)
    with pytest.raises(AccessError, match="another person"):
        approve(ward, Asking("li", "president"), row.id)
    with pytest.raises(AccessError):
        approve(ward, Asking("sun", "medical"), row.id)
    with pytest.raises(DeskError):
        approve(ward, PRESIDENT, 99)
    with pytest.raises(DeskError, match="lasts until 10:00"):
        approve(ward, PRESIDENT, row.id)
    hands.pass_by(hours=1)
    assert approve(ward, PRESIDENT, row.id).approved_by == "wang"
    assert approve(ward, Asking("guard", "security_admin"), row.id).approved_by == "wang"  # approved of once


def test_unreviewed_for_a_day_it_locks_the_account_until_it_is_approved_of(ward: Database, hands: Hands) -> None:
    account.set_password(ward, "li", account.reset(ward, "li", OWNER.login), "a long enough password")
    row = begin(ward)
    hands.pass_by(hours=23, minutes=59)
    assert seen(ward, "").reaches
    hands.pass_by(minutes=1)
    with pytest.raises(AccessError, match="the account is locked"):
        seen(ward, "")
    token = account.log_in(ward, "li", "a long enough password")
    with pytest.raises(AccessError, match="the account is locked"):
        account.signed(ward, token)
    assert scope_of(ward, rights(ward.today), PRESIDENT, ward.today).reaches  # others work on
    approve(ward, PRESIDENT, row.id)
    assert seen(ward, "").reaches
    assert account.signed(ward, token).person.login == "li"


def test_approved_in_time_nothing_is_locked(ward: Database, hands: Hands) -> None:
    row = begin(ward)
    hands.pass_by(hours=3)
    approve(ward, PRESIDENT, row.id)
    hands.pass_by(days=3)
    assert seen(ward, "").reaches
    assert row.until - row.began == timedelta(minutes=60)


def test_the_same_again_is_the_same_glass_while_it_lasts(ward: Database, hands: Hands) -> None:
    first = begin(ward)
    assert begin(ward).id == first.id
    with ward.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 1
        assert session.scalar(select(func.count()).select_from(Audit).where(Audit.action == "emergency.begin")) == 1
    others = [begin(ward, glass=replace(GLASS, **other)) for other in ({"subject": "P8"}, {"reason": "转院"}, {"minutes": 5})]
    assert len({first.id, *(e.id for e in others)}) == 4
    hands.pass_by(hours=1)
    assert begin(ward).id not in {first.id, *(e.id for e in others)}
