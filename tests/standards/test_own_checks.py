"""本院自定检查 · A hospital's own checks: they add and overlay, may only read, and a faulty one harms no other."""

from typing import Any

import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.rooms.standards.declared_check import examined
from heng.store.policy_files import read_policy
from heng.tables.activity import StaffCount
from heng.tables.quality import CheckFailure, CheckResult

POLICY = read_policy()
STAFF = {StaffCount: [{"dept": "101", "total": 5}, {"dept": "102", "total": 0}]}
SOUND = {"id": "national", "family": "domain", "kind": "range", "table": "StaffCount", "column": "total", "min": "1", "max": "9"}
WORDS = {"zh": "检查", "en": "check", "mend": ["改", "mend"]}


def graded(*own: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Results by check and all failing rows, with one sound national check beside the hospital's own."""
    policy = POLICY.scenario({"standards.check_quality.checks": [SOUND | WORDS], "standards.check_quality.own": list(own)})
    trial = Trial(STAFF, policy)
    return {r["check"]: r for r in trial.compute(CheckResult).to_dicts()}, trial.compute(CheckFailure).to_dicts()


def own_sql(query: str) -> dict[str, Any]:
    """An own check of a whole SELECT."""
    return {"id": "own", "family": "logic", "kind": "sql", "table": "StaffCount", "sql": query, **WORDS}


@pytest.mark.parametrize(
    "query",
    [
        "select org, month, dept as value, true as ok from StaffCount; drop view StaffCount",
        "select org, month, content as value, true as ok from read_text('heng.yaml')",
        "select 'H01' as org, '2026-03' as month, content as value, true as ok from read_blob ('x')",
        "select 'H01' as org, '2026-03' as month, true as ok from 'data/Salary/H02/2026-03/x.parquet'",
        "select 'H01' as org, '2026-03' as month, true as ok from StaffCount, 'data/x.parquet'",
        "delete from StaffCount",
        "select org, month, no_such_column as value, true as ok from StaffCount",
        "select org, month, dept as value from StaffCount",
        "select 'H01' as org, '2026-03' as month, true as ok from query('select 1')",
        "this is not SQL",
        "select 1) union all (select 2",
        "",
    ],
)
def test_a_faulty_or_prying_check_is_an_error_for_itself_alone(query: str) -> None:
    results, failures = graded(own_sql(query))
    assert results["own"]["outcome"] == "error"
    assert results["own"]["note"]
    assert (results["national"]["outcome"], results["national"]["checked"], results["national"]["failed"]) == ("fail", 2, 1)
    assert [f["check"] for f in failures] == ["national"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"kind": "range", "table": "StaffCount"},
        {"kind": "pattern", "table": "StaffCount", "column": "dept"},
        {"kind": "domain", "table": "StaffCount", "column": "dept", "allowed": 5},
        {"kind": "reconciliation", "table": "StaffCount", "left": "total", "right": "total"},
        {**SOUND, "threshold": "a half"},
        {**SOUND, "days": -1},
    ],
)
def test_a_declaration_that_lacks_a_field_is_an_error_for_itself_alone(broken: dict[str, Any]) -> None:
    results, _ = graded({**broken, "id": "own", "family": "no such family"})
    assert (results["own"]["outcome"], results["own"]["family"]) == ("error", "logic")
    assert results["national"]["checked"] == 2


@pytest.mark.parametrize(
    "part", [{"predicate": "total > 0; select 1"}, {"predicate": "total > 0", "where": "dept in (select content from read_text('x'))"}]
)
def test_predicates_are_held_to_the_same_rule(part: dict[str, Any]) -> None:
    results, _ = graded({"id": "own", "family": "logic", "kind": "logic", "table": "StaffCount", "column": "total", **part, **WORDS})
    assert results["own"]["outcome"] == "error"


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("select * from StaffCount; select 1", True),
        ("select * from 'data/Salary/H02/2026-03/x.parquet'", True),
        ('select * from "data/Salary/H02/x.PARQUET"', True),
        ("select * from (select 1) t, 'x*.csv'", True),
        ("select * from rows.json", True),
        ("select * from READ_TEXT ('heng.yaml')", True),
        ("select * from parquet_scan('x')", True),
        ("attach 'x' as y", True),
        ("select * from StaffCount where dept in ('101', '102')", False),
        ("select set_name, offset_days, t.total from StaffCount t where dept_name like '%.%'", False),
    ],
)
def test_own_sql_is_refused_before_it_runs_when_it_could_do_more_than_read_the_tables(query: str, refused: bool) -> None:  # noqa: FBT001
    assert ("error(" in examined(own_sql(query))) is refused


def test_a_select_lists_the_rows_that_are_not_ok_and_may_leave_file_and_row_out() -> None:
    results, failures = graded(own_sql("select org, month, dept as value, total > 0 as ok from StaffCount"))
    assert (results["own"]["outcome"], results["own"]["checked"], results["own"]["failed"]) == ("fail", 2, 1)
    assert [(f["value"], f["file"], f["row"]) for f in failures if f["check"] == "own"] == [("102", "", 0)]


def test_the_same_id_overlays_the_national_check_field_by_field() -> None:
    results, failures = graded({"id": "national", "min": "0", "severity": "warning"})
    assert (results["national"]["outcome"], results["national"]["severity"], failures) == ("pass", "warning", [])


def test_a_check_switched_off_says_why() -> None:
    results, failures = graded({"id": "national", "disabled": "本院由集团统一核对"})
    assert results["national"]["outcome"] == "not_applicable"
    assert "本院由集团统一核对" in results["national"]["note"]
    assert failures == []


def test_an_entry_that_is_no_declaration_is_an_error_for_itself_alone() -> None:
    results, _ = graded("total > 0")  # type: ignore[arg-type]  # what a hurried person may write
    assert sorted((r["outcome"], r["checked"]) for r in results.values()) == [("error", 0), ("fail", 2)]
