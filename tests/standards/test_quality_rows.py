"""质量检查各有一对算例 · Every declared check has rows that fail it and rows that nearly do, in the accountant's own terms."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.period import span
from heng.core.table import table
from heng.store.policy_files import read_policy
from heng.tables.codes import FAMILY
from heng.tables.quality import CheckFailure, CheckResult

POLICY = read_policy()
PACK = {c["id"]: c for c in POLICY.values["standards.check_quality.checks"][0].value}
PAIRS = {
    check: (path.stem, pair)
    for path in sorted((Path(__file__).parents[2] / "golden/standards/quality_rows").glob("*.yaml"))
    for check, pair in yaml.safe_load(path.read_text("utf8")).items()
}
MONTH = "2026-03"
Tried = dict[tuple[str, str], tuple[dict[str, Any], list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def tried() -> Tried:
    """Result and failing rows of March by (check, side): every pair is the data of two hospitals of its own, all in one run."""
    orgs = [(check, side) for check in PAIRS for side in ("fails", "passes")]
    given: dict[str, list[dict[str, Any]]] = {}
    for check, side in orgs:
        for name, rows in PAIRS[check][1][side].items():
            given.setdefault(name, []).extend({"month": MONTH, "row": n, **r, "org": f"{check}/{side}"} for n, r in enumerate(rows, 1))
    # Months in a table whose rows carry none of their own are left out by its columns.
    rows_of = {table(n): [{k: v for k, v in r.items() if k in table(n).columns} for r in rows] for n, rows in given.items()}
    trial = Trial(rows_of, POLICY, [(f"{check}/{side}", m) for check, side in orgs for m in span("2025-03", MONTH)])
    results, failures = (trial.compute(t).filter(pl.col("month") == MONTH).to_dicts() for t in (CheckResult, CheckFailure))
    told = {(r["org"], r["check"]): r for r in results}
    return {
        (check, side): (told[org, check], [f for f in failures if (f["org"], f["check"]) == (org, check)])
        for check, side in orgs
        for org in [f"{check}/{side}"]
    }


def test_the_pack_has_at_least_forty_five_checks_over_all_families() -> None:
    assert len(PACK) >= 45
    assert {c["family"] for c in PACK.values()} == set(FAMILY)


def test_no_check_lacks_its_pair_and_no_pair_its_check() -> None:
    assert set(PAIRS) == set(PACK)
    assert {check: family for check, (family, _) in PAIRS.items()} == {c["id"]: c["family"] for c in PACK.values()}
    assert [check for check, (_, pair) in PAIRS.items() if set(pair) != {"fails", "passes"}] == []


@pytest.mark.parametrize("check", PACK)
def test_a_check_says_whose_rows_by_when_and_how_to_mend(check: str) -> None:
    said = PACK[check]
    assert said["zh"]
    assert said["en"]
    assert all(said["mend"])
    assert len(said["mend"]) == 2
    assert 0 <= Decimal(said.get("threshold", "0")) <= 1


@pytest.mark.parametrize("check", PAIRS)
def test_its_rows_fail_the_check(tried: Tried, check: str) -> None:
    result, failures = tried[check, "fails"]
    assert result["outcome"] in ("fail", "pass_with_failures")
    assert result["failed"] == len(failures) > 0
    assert result["checked"] >= result["failed"]
    assert result["due"] is not None
    assert result["owner"]


@pytest.mark.parametrize("check", PAIRS)
def test_rows_that_nearly_fail_pass(tried: Tried, check: str) -> None:
    result, failures = tried[check, "passes"]
    assert (result["outcome"], result["failed"], failures) == ("pass", 0, [])
    assert result["checked"] > 0
    assert result["due"] is None


def outcome(check: str, given: dict[str, Any]) -> str:
    """The outcome of one check of the pack in March, for rows that say their own month."""
    months = span("2025-03", MONTH)
    policy = POLICY.scenario({"standards.check_quality.checks": [PACK[check]]})
    found = Trial({table(n): rows for n, rows in given.items()}, policy, [("H01", m) for m in months]).compute(CheckResult)
    return str(found.filter(pl.col("month") == MONTH)["outcome"][0])


def test_five_months_before_are_too_few_to_call_a_sixth_unusual() -> None:
    rows = [{"month": m, "dept": "101", "visits": v} for m, v in zip(span("2025-10", MONTH), [9, 9, 9, 9, 9, 900], strict=True)]
    assert outcome("visits_unusual", {"OutpatientWork": rows}) == "not_applicable"


def test_without_a_dictionary_no_code_is_called_unknown() -> None:
    assert outcome("staff_department", {"StaffCount": [{"month": MONTH, "dept": "101", "total": 3}]}) == "not_applicable"


def test_what_was_never_delivered_is_not_late() -> None:
    assert outcome("drug_arrived", {"StaffCount": [{"month": MONTH, "dept": "101", "total": 3}]}) == "not_applicable"
    assert outcome("ledger_arrived", {"StaffCount": [{"month": MONTH, "dept": "101", "total": 3}]}) == "fail"


@pytest.mark.parametrize(("allowed", "found"), [("", "fail"), ("1", "pass"), ("0.99", "fail")])
def test_a_hospital_sets_how_far_the_fee_items_may_be_off(allowed: str, found: str) -> None:
    own = [{"id": "discharge_fees_add_up", "tolerance": allowed}] if allowed else []
    stay = {"month": MONTH, "visit": "Z1", "discharged": "2026-03-05", "dept": "102", "total": 101, "western_drug": 60, "surgical": 40}
    changes: dict[str, object] = {"standards.check_quality.checks": [PACK["discharge_fees_add_up"]], "standards.check_quality.own": own}
    result = Trial({table("Discharge"): [stay]}, POLICY.scenario(changes), [("H01", MONTH)]).compute(CheckResult)
    assert result["outcome"].to_list() == [found]
