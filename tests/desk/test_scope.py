"""一张表看得到什么 · What a scope sees of a table, however many hospitals and reaches it has."""

import pytest

from heng.core.errors import AccessError
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.core.table import TABLES as DECLARED
from heng.tables.access import allowed, depth
from heng.tables.cases import CaseCost, CostIndex, DiseaseStandard
from heng.tables.costing import DeptCost
from heng.tables.patients import DoctorCost, Encounter, Service


def test_the_owner_of_the_folder_sees_everything() -> None:
    for table in DECLARED.values():
        assert allowed(OWNER, table).rows == ((),)
        assert allowed(OWNER, table).columns == tuple(table.columns)


def test_of_several_hospitals_only_what_is_seen_of_each_is_given() -> None:
    mine = Scope("a", "accountant", "", (Reach(Level.NAMED, frozenset({"H01"})), Reach(Level.CASE, frozenset({"H02"}))))
    assert "patient" in allowed(mine, Encounter, frozenset({"H01"})).columns
    assert "patient" not in allowed(mine, Encounter, frozenset({"H02"})).columns
    assert "patient" not in allowed(mine, Encounter).columns


def test_no_reach_is_lost_to_another_that_is_wider_and_less_deep() -> None:
    ward = Reach(Level.CASE, frozenset({"H01"}), frozenset({"D1"}))
    mine = Scope("h", "head", "", (Reach(Level.HOSPITAL, frozenset({"H01"})), ward))
    assert allowed(mine, DeptCost).rows == (((("org",), frozenset({"H01"})),),)
    assert allowed(mine, CaseCost).rows == (((("org",), frozenset({"H01"})), (("dept",), frozenset({"D1"}))),)


def test_an_empty_scope_opens_nothing() -> None:
    nothing = [Reach(Level.NAMED, frozenset()), Reach(Level.NAMED, tables=frozenset()), Reach(Level.NAMED, columns=frozenset())]
    for table in DECLARED.values():
        with pytest.raises(AccessError):
            allowed(Scope("x", "it", "", ()), table)
        if depth(table) > Level.REGION:
            with pytest.raises(AccessError):
                allowed(Scope("x", "it", "", tuple(nothing)), table)


def test_rows_of_single_cases_and_people_are_case_level() -> None:
    single = {"encounter", "visit", "patient", "staff_no", "doctor", "orderer", "settlement"}
    ours = [t for t in DECLARED.values() if t.__module__.startswith("heng.")]
    assert [t.__name__ for t in ours if single & set(t.key) and depth(t) < Level.CASE] == []
    assert [t.__name__ for t in ours if any(c.private for c in t.columns.values()) and depth(t) < Level.CASE] == []
    assert depth(Service) == Level.HOSPITAL  # numbered within a month, but a kind of service, no case
    assert depth(DoctorCost) == Level.CASE
    assert (depth(DiseaseStandard), depth(CostIndex)) == (Level.REGION, Level.HOSPITAL)  # a row of the index names its hospital
