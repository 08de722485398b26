"""权限的边界 · Where rights end: no way round by deputies, by a grant of some tables, or by pairing two hospitals twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from heng.core.errors import AccessError
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.desk import grants, partners, people
from heng.desk.audit import Deed
from heng.desk.database import Database
from heng.desk.grants import Given, must
from heng.desk.partners import NewPartner
from heng.desk.people import NewDeputy
from heng.desk.refusal import refusal_noted
from heng.desk.schema import Audit, Partner
from tests.desk.conftest import someone
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
