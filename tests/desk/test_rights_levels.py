"""每张表、每个角色、每一列：透出来的有多深 · Every table, role and column: how deep is what comes through.

The levels are written down here by hand; a new table stands in no list until somebody has thought of how deep it goes.
"""

from itertools import product

import pytest

from heng.core.errors import AccessError
from heng.core.scope import OWNER, Level, Scope
from heng.core.table import TABLES, Table
from heng.desk import partners
from heng.desk.database import Database
from heng.desk.grants import scope_of
from heng.desk.partners import NewPartner
from heng.desk.rights import Asking
from heng.tables.access import allowed
from heng.tables.codes import ROLE
from tests.desk.conftest import someone
from tests.desk.rights_world import rights

PUBLIC = {"PublicCase"}
REGIONS = """
DipCatalogue DipCode DipEdition DipEntry DipReference DipScore DipValue DiseaseStandard GroupReference Pack PackConversion
PackExclusion PackGroup PackMember PackSeverity PackWeight PointValue StandardProposal StepBenchmark
"""
REGION = set(REGIONS.split())
CASES = """
AppealItem CareHour CaseBill CaseCost CaseGroup CaseMargin Charge CheckFailure CommonShare CostLine DiagnosisLine DipCase DipMatch
DipPayment DipSeverity DipStay Discharge DoctorCost DoctorOrder EditionCase Encounter EncounterCost EncounterFee EncounterStep
EncounterTotal FeeLine Finding GamingSign Grouping Orderer OutlierCap PayCase ProcedureLine RatioCost ReturnCheck ReturnMatch
ReturnTrace Settlement SettlementFee SettlementReturn SpecialReview StaffShare StayMonth TopDownCost Visit WardStay
WorkInProgress WorkedOutCost
"""
CASE = set(CASES.split())
NAMED = {"visit", "record", "patient", "mother", "settlement", "staff_no", "staff_name", "named", "related"}
VALUE = ("DipValue", "settlement")
"""结算点值，不是结算单号 · The value of a point at settlement, not the number of one."""
PERSONAL = {"Salary"}
"""一行就是一个人的事 · Tables whose rows tell of one person even without the name."""
WRITTEN = {"Finding", "CheckFailure"}
"""那里的 value 是填报的原值 · Tables whose `value` is what somebody wrote: it may be a name."""
# How deep each role looks as a rule: in its own department, its own hospital, at a partner, anywhere. Administrators: what the public sees.
EYES = {
    "accountant": (4, 4, 2, 0),
    "head": (3, 2, 0, 0),
    "president": (3, 3, 2, 0),
    "it": (4, 4, 0, 0),
    "finance": (3, 3, 2, 0),
    "medical": (3, 3, 2, 0),
    "commission": (3, 3, 3, 3),
    "insurance": (3, 3, 3, 3),
    "supervisor": (1, 1, 1, 1),
    "public": (0, 0, 0, 0),
    "system_admin": (0, 0, 0, 0),
    "security_admin": (0, 0, 0, 0),
    "audit_admin": (0, 0, 0, 0),
}
REGIONAL = ("commission", "insurance", "supervisor")
PLACES = ("H01", "H02", "H03")
"""本院、合作医院、别的医院 · The own hospital, a partner, a stranger."""
OURS = sorted((t for t in TABLES.values() if t.__module__.startswith("heng.")), key=lambda t: t.__name__)


def level(table: type[Table], column: str) -> int:
    """How deep a column goes, said by hand."""
    name = table.__name__
    if (column in NAMED and (name, column) != VALUE) or name in PERSONAL or (column == "value" and name in WRITTEN):
        return Level.NAMED
    return Level.PUBLIC if name in PUBLIC else Level.REGION if name in REGION else Level.CASE if name in CASE else Level.HOSPITAL


@pytest.fixture
def scopes(database: Database) -> dict[str, Scope]:
    """What everybody sees: one person in each role, in ward D1 of H01 or of the region; H01 works with H02."""
    partners.pair(database, NewPartner("H01", "H02", database.today), OWNER.login)
    for role in ROLE:
        someone(database, role, role, "" if role in REGIONAL else "H01", None if role in REGIONAL else "D1")
    policy, today = rights(database.today), database.today
    return {role: scope_of(database, policy, Asking(role, role), today) for role in ROLE}


def seen(scope: Scope, table: type[Table], org: str, dept: str) -> set[str]:
    """The columns that come through of rows of a department of a hospital."""
    try:
        found = allowed(scope, table, frozenset({org}))
    except AccessError:
        return set()
    row = {"org": org} | {n: dept for n, c in table.columns.items() if c.of == "dept"}
    met = [r for r in found.rows if all(any(row.get(n) in values for n in names) for names, values in r)]
    return set(found.columns) if met else set()


def test_every_table_is_in_a_level() -> None:
    assert {t.__name__ for t in OURS} >= PUBLIC | REGION | CASE
    private = {t.__name__ for t in OURS if any(level(t, n) == Level.NAMED for n in t.columns)}
    assert private <= CASE | PERSONAL
    others = [t for t in OURS if t.__name__ not in PERSONAL]
    assert {f"{t.__name__}.{n}" for t in others for n, c in t.columns.items() if c.private} == {
        f"{t.__name__}.{n}" for t in others for n in t.columns if level(t, n) == Level.NAMED
    }


def test_what_comes_through_of_every_table_is_as_deep_as_the_role_and_no_deeper(scopes: dict[str, Scope]) -> None:
    wrong = []
    for (role, scope), table, org, dept in product(scopes.items(), OURS, PLACES, ("D1", "D2")):
        ward, own, partner, elsewhere = EYES[role]
        # The head's ward begins where a row names a department; what names none is nobody's ward.
        has_dept = any(c.of == "dept" for c in table.columns.values())
        deep = {"H01": max(own, ward if dept == "D1" and has_dept else 0), "H02": partner, "H03": elsewhere}[org]
        anywhere = max(EYES[role])  # rows of the whole region are open to who sees that deep of any hospital
        regional = "org" not in table.columns
        expected = {n for n in table.columns if level(table, n) <= (anywhere if regional else deep)}
        told = seen(scope, table, org, dept)
        if told != expected:
            wrong.append((role, table.__name__, org, dept, sorted(told ^ expected)))
    assert wrong == []
