"""谁能看什么：角色 × 级别 × 关系 × 动作 · Who may see what: every role, level of data, relation and action, as a person would write it."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.core.table import Table
from heng.desk import grants, partners, people
from heng.desk.database import Database
from heng.desk.grants import Given, must, scope_of
from heng.desk.partners import NewPartner
from heng.desk.people import NewDeputy, NewPost
from heng.desk.rights import Asking
from heng.desk.schema import Audit, Grant
from heng.tables.access import allowed
from heng.tables.cases import CaseCost, DiseaseStandard
from heng.tables.codes import ROLE
from heng.tables.costing import DeptCost
from heng.tables.patients import Encounter
from heng.tables.public import PublicCase
from tests.desk.conftest import Hands, someone
from tests.desk.rights_world import ACTIONS, rights

REGIONAL = ("commission", "insurance", "supervisor")
# How deep as a rule, and by a grant with purpose and end: in the department, the hospital, at partners, at a hospital named, in the region.
# `-`: not at all. One line a role and action; what has no line is not done in that role.
MATRIX = """
accountant see        - 44 23 -3 -
accountant export     - 34 23 -3 -
accountant answer     - 33 - - -
accountant load       - 44 - - -
accountant run        - 44 - - -
accountant close      - 44 - - -
head see              34 23 - - -
head export           23 - - - -
head answer           33 - - - -
president see         - 34 23 -3 -
president export      - 23 22 - -
president answer      - 33 - - -
president approve     - 44 - - -
it see                - 44 - - -
it answer             - 33 - - -
it load               - 44 - - -
it run                - 44 - - -
finance see           - 34 23 -3 -
finance export        - 34 23 - -
finance answer        - 33 - - -
finance close         - 44 - - -
medical see           - 34 23 -3 -
medical export        - 34 - - -
medical answer        - 33 - - -
medical emergency     - 44 - - -
commission see        - - - -4 33
commission export     - - - - 23
commission answer     - - - - 33
commission run        - - - - 33
commission emergency  - - - - 44
insurance see         - - - -4 33
insurance export      - - - - 23
insurance answer      - - - - 33
insurance load        - - - - 11
supervisor see        - - - - 11
supervisor export     - - - - 11
public see            - - - - 00
public export         - - - - 00
system_admin migrate  - - - - 44
security_admin approve - 44 - - 44
"""
RELATIONS = ("dept", "own", "partner", "named", "region")
RULES = {tuple(line.split()[:2]): dict(zip(RELATIONS, line.split()[2:], strict=True)) for line in MATRIX.strip().splitlines()}
PLACES = {"ward": ("H01", "D1"), "hospital": ("H01", "D2"), "partner": ("H02", "D1"), "stranger": ("H03", "D1")}
DEEP: dict[Level, tuple[type[Table], str]] = {
    Level.PUBLIC: (PublicCase, "cases"),
    Level.REGION: (DiseaseStandard, "standard"),
    Level.HOSPITAL: (DeptCost, "amount"),
    Level.CASE: (CaseCost, "amount"),
    Level.NAMED: (Encounter, "patient"),
}


def rule(role: str, action: str, relation: str, which: int) -> int:
    """How deep: as a rule (0) or at most (1); -1 for not at all."""
    said = RULES.get((role, action), {}).get(relation, "-")
    return -1 if said == "-" or said[which] == "-" else int(said[which])


def expected(role: str, action: str, place: str, level: Level) -> bool:
    """What the matrix says of a place."""
    if level == Level.PUBLIC and action in ("see", "export"):
        return True  # everybody sees what the public sees
    near = {"ward": ("dept", "own"), "hospital": ("own",), "partner": ("partner",), "stranger": ()}[place]
    relations = (*near, "region") if level > Level.REGION else RELATIONS
    return any(rule(role, action, r, 0) >= level for r in relations if (r == "region") == (role in REGIONAL))


def sees(scope: Scope, place: str, level: Level) -> bool:
    """Whether a row of that level at a place is seen, its column of that level too."""
    table, column = DEEP[level]
    org, dept = PLACES[place]
    try:
        found = allowed(scope, table, frozenset({org}))
    except AccessError:
        return False
    row = {"org": org, "dept": dept}
    return column in found.columns and any(all(any(row[n] in v for n in names) for names, v in rows) for rows in found.rows)


@pytest.fixture
def house(database: Database) -> Database:
    """One person in every role: in ward D1 of H01, or of the region; H01 works with H02."""
    for role in ROLE:
        region = role in REGIONAL
        someone(database, role, role, "" if region else "H01", None if region else "D1")
    someone(database, "granter", "security_admin", "")
    partners.pair(database, NewPartner("H01", "H02", database.today), OWNER.login)
    return database


def scope(db: Database, role: str, action: str = "see", purpose: str = "", login: str = "") -> Scope:
    return scope_of(db, rights(db.today), Asking(login or role, role, purpose, action), db.today)


def test_every_role_sees_at_every_place_to_the_level_of_the_matrix(house: Database) -> None:
    wrong = [
        (role, action, place, level)
        for role, action in product(ROLE, ACTIONS)
        for got in [scope(house, role, action)]
        for place, level in product(PLACES, DEEP)
        if sees(got, place, level) != expected(role, action, place, level)
    ]
    assert wrong == []


def test_every_grant_is_given_as_the_matrix_allows(house: Database) -> None:
    policy, end, wrong = rights(house.today), house.today + timedelta(days=30), []
    for role, action, relation, level, purposeful in product(ROLE, ACTIONS, RELATIONS, range(5), (False, True)):
        if rule(role, action, relation, 1) < 0 and not (level == 0 and purposeful):
            continue  # what is not given at its mildest is not given at all
        org = "H02" if relation == "named" else None
        more = {"purpose": "study", "until": end} if purposeful else {}
        given = Given(role, action, relation, Level(level), "试", org=org, **more)
        usual = level <= rule(role, action, relation, 0) and not (level >= 3 and relation in ("partner", "named"))
        right = role != "security_admin" and level <= rule(role, action, relation, 1) and (usual or purposeful)
        if granted(house, policy, given) != right:
            wrong.append(given)
    assert wrong == []


def granted(db: Database, policy: grants.Rights, given: Given) -> bool:
    try:
        row = grants.grant(db, policy, "granter", given)
    except (AccessError, DeskError):
        return False
    grants.withdraw(db, "granter", row.id, "试毕")
    return True


def test_a_grant_opens_cases_of_a_partner_for_its_purpose_until_its_end(house: Database, hands: Hands) -> None:
    given = Given("accountant", "see", "partner", Level.CASE, "联合课题", purpose="study", until=house.today + timedelta(days=2))
    rows = [grants.grant(house, rights(house.today), "granter", given) for _ in range(2)]
    assert rows[0].id == rows[1].id  # sent twice, there once
    assert sees(scope(house, "accountant", purpose="study"), "partner", Level.CASE)
    assert not sees(scope(house, "accountant", purpose="study"), "partner", Level.NAMED)
    assert not sees(scope(house, "accountant", purpose="study"), "stranger", Level.CASE)
    assert not sees(scope(house, "accountant"), "partner", Level.CASE)
    for role, action in (("president", "see"), ("accountant", "export")):
        assert not sees(scope(house, role, action, "study"), "partner", Level.CASE)
    hands.pass_by(days=2)
    assert not sees(scope(house, "accountant", purpose="study"), "partner", Level.CASE)


def test_a_grant_withdrawn_is_gone_at_once(house: Database) -> None:
    given = Given("commission", "see", "named", Level.NAMED, "执法检查", org="H03", purpose="检查", until=date(2026, 12, 31))
    row = grants.grant(house, rights(house.today), "granter", given)
    assert sees(scope(house, "commission", purpose="检查"), "stranger", Level.NAMED)
    assert [g.id for g in grants.grants(house, house.today)] == [row.id]
    grants.withdraw(house, "granter", row.id, "检查结束")
    assert not sees(scope(house, "commission", purpose="检查"), "stranger", Level.NAMED)
    assert not grants.grants(house, house.today)


def test_a_hospital_named_is_open_only_while_the_two_work_together(house: Database) -> None:
    given = Given("accountant", "see", "named", Level.CASE, "课题", org="H02", purpose="study", until=date(2026, 12, 31))
    grants.grant(house, rights(house.today), "granter", given)
    assert sees(scope(house, "accountant", purpose="study"), "partner", Level.CASE)
    partners.part(house, 1, house.today, OWNER.login)
    assert not sees(scope(house, "accountant", purpose="study"), "partner", Level.HOSPITAL)


def test_a_grant_held_by_one_hospital_serves_no_other(house: Database) -> None:
    someone(house, "elsewhere", "accountant", "H02")
    given = Given("accountant", "see", "partner", Level.CASE, "课题", holder="H01", purpose="study", until=date(2026, 12, 31))
    grants.grant(house, rights(house.today), "granter", given)
    reach = Reach(Level.CASE, frozenset({"H02"})), Reach(Level.CASE, frozenset({"H01"}))
    assert reach[0] in scope(house, "accountant", purpose="study").reaches
    assert reach[1] not in scope(house, "accountant", purpose="study", login="elsewhere").reaches


def test_only_tables_and_columns_granted_are_seen(house: Database) -> None:
    more = {"purpose": "study", "until": date(2026, 12, 31), "tables": ("CaseCost",), "columns": ("org", "month", "amount")}
    grants.grant(house, rights(house.today), "granter", Given("accountant", "see", "partner", Level.CASE, "课题", **more))
    mine = scope(house, "accountant", purpose="study")
    assert allowed(mine, CaseCost, frozenset({"H02"})).columns == ("org", "month", "amount")
    assert allowed(mine, CaseCost).columns == ("org", "month", "amount")  # of both hospitals together
    assert set(allowed(mine, CaseCost, frozenset({"H01"})).columns) == set(CaseCost.columns)
    with pytest.raises(AccessError):
        allowed(mine, Encounter, frozenset({"H02"}))


def test_nobody_grants_but_a_security_administrator_and_he_not_to_himself(house: Database) -> None:
    policy, given = rights(house.today), Given("accountant", "see", "own", Level.NAMED, "试")
    for login in ("system_admin", "audit_admin", "president", "nobody"):
        with pytest.raises(AccessError):
            grants.grant(house, policy, login, given)
        with pytest.raises(AccessError):
            grants.withdraw(house, login, 1, "试")
    people.give(house, people.find(house, "granter"), NewPost("accountant", "H01", None, house.today + timedelta(days=9)), OWNER.login)
    with pytest.raises(AccessError, match="cannot grant to themselves"):
        grants.grant(house, policy, "granter", given)
    people.stand_in(house, "finance", NewDeputy("granter", house.today, house.today + timedelta(days=2)), OWNER.login)
    with pytest.raises(AccessError, match="cannot grant to themselves"):
        grants.grant(house, policy, "granter", Given("finance", "see", "own", Level.NAMED, "试", purpose="x", until=date(2027, 1, 1)))
    with house.reading() as session:
        refused = select(func.count()).select_from(Audit).where(Audit.action.startswith("grants."), Audit.allowed.is_(False))
        assert session.scalar(refused) == 10
        assert session.scalar(select(func.count()).select_from(Grant)) == 0


def test_a_deputy_sees_what_the_absent_head_sees_while_she_is_away(house: Database, hands: Hands) -> None:
    someone(house, "sister", org="H01", dept="D1")
    with pytest.raises(AccessError):
        scope(house, "head", login="sister")
    people.stand_in(house, "head", NewDeputy("sister", house.today, house.today + timedelta(days=7)), OWNER.login)
    assert scope(house, "head", login="sister").reaches == scope(house, "head").reaches
    hands.pass_by(days=7)
    with pytest.raises(AccessError):
        scope(house, "head", login="sister")


def test_who_does_not_hold_the_role_or_has_left_sees_nothing(house: Database) -> None:
    people.end(house, "finance", OWNER.login)
    for login, role in (("accountant", "president"), ("finance", "finance"), ("nobody", "accountant"), ("", "accountant"), ("", "owner")):
        with pytest.raises(AccessError):
            scope_of(house, rights(house.today), Asking(login, role), house.today)


def test_an_action_reaches_where_the_role_does(house: Database) -> None:
    must(scope(house, "accountant", "load"), "H01")
    must(scope(house, "head", "answer"), "H01", "D1")
    must(scope(house, "commission", "answer"), "H03")
    for role, action, org, dept in [
        ("accountant", "load", "H02", None),
        ("head", "answer", "H01", "D2"),
        ("supervisor", "export", "H01", None),
    ]:
        with pytest.raises(AccessError):
            must(scope(house, role, action), org, dept)
