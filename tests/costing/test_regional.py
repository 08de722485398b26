"""区域标准、成本指数与差异 · Laws of the capabilities on made-up hospitals, and the published figures of 13,637 real discharges."""

import csv
import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.errors import HengError, PolicyError
from heng.core.period import span
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost, CaseGroup, CostIndex, CostVariance, DiseaseStandard, GroupCost
from heng.tables.codes import ITEM
from heng.tables.costing import DirectCost
from heng.tables.effort import StandardService
from heng.tables.services import CapacityCost, ItemMethodCost, ServiceCost, ServicePool

MONTH = "2021-03"


class Discharges(NamedTuple):
    """The file as cases of one month, what the region makes of them, and what its source expects."""

    cases: pl.DataFrame
    groups: pl.DataFrame
    index: pl.DataFrame
    standards: pl.DataFrame
    expected: dict[str, Any]


def case_rows(rows: list[dict[str, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Facility → hospital, APR DRG → DRG, total costs → cost given by the hospital, stay → days."""
    named = {"encounter": pl.Int32, "org": pl.String, "drg": pl.String, "days": pl.Int64, "income": pl.Decimal(18, 2)}
    told = [
        (n, r["Permanent.Facility.Id"], r["APR.DRG.Code"], int(r["los"]), Decimal(r["Total.Charges"]), Decimal(r["Total.Costs"]))
        for n, r in enumerate(rows, 1)
    ]
    known = pl.DataFrame(told, schema={**named, "amount": pl.Decimal(18, 2)}, orient="row").with_columns(
        month=pl.lit(MONTH), care=pl.lit("inpatient"), given=pl.col("amount"), method=pl.lit("given"), months=pl.lit(1, pl.Int64)
    )
    known = known.with_columns(surplus=pl.col("income") - pl.col("amount"), scheme=pl.lit("drg"), group=pl.col("drg"), excluded=pl.lit(""))
    empty = pl.DataFrame(schema=CaseCost.schema())
    cases = pl.concat([empty, known.select(c for c in known.columns if c in empty.columns)], how="diagonal_relaxed")
    return cases.cast(dict(CaseCost.schema())), known.select(*CaseGroup.columns)


@pytest.fixture(scope="module")
def discharges(shared: Path) -> Discharges:
    with gzip.open(shared / "sparcs2020/sparcs2020_msk_A.csv.gz", "rt", encoding="utf8") as text:
        cases, groups = case_rows(list(csv.DictReader(text)))
    cells = [(org, MONTH) for org in cases["org"].unique().sort()]
    policy = read_policy().scenario({"costing.disease_standards.share": "0", "costing.disease_standards.constant": "0"})
    trial = Trial({CaseCost: cases, CaseGroup: groups, DirectCost: []}, policy, cells)
    expected = json.loads((shared / "sparcs2020/expected.json").read_text("utf8"))
    return Discharges(cases, groups, trial.compute(CostIndex), trial.compute(DiseaseStandard), expected)


def near(value: Decimal, expected: float, places: int) -> bool:
    """Equal to the places that are printed."""
    return abs(value - Decimal(str(expected))) <= Decimal(6).scaleb(-places - 1)


@pytest.mark.shared
def test_rows_days_charges_and_costs_are_kept_at_every_roll_up(discharges: Discharges) -> None:
    cases, _, index, standards, expected = discharges
    charges, costs = Decimal(str(expected["total_charges"])), Decimal(str(expected["total_costs"]))
    assert (cases.height, cases["income"].sum(), cases["amount"].sum()) == (expected["rows"], charges, costs)
    assert (index["cases"].sum(), index["income"].sum(), index["amount"].sum()) == (expected["rows"], charges, costs)
    assert (index.height, index["days"].sum()) == (expected["facilities"], expected["days"])
    assert (standards["cases"].sum(), standards["kept"].sum(), standards.height) == (expected["rows"], expected["rows"], expected["drgs"])
    assert abs(index["expected"].sum() - costs) <= Decimal("0.38")  # 76 roundings of half a fen


@pytest.mark.shared
def test_means_variation_and_days_of_the_largest_groups(discharges: Discharges) -> None:
    found = {r["group"]: r for r in discharges.standards.to_dicts()}
    for group, want in discharges.expected["drg_top"].items():
        got = found[group]
        assert got["cases"] == want["n"]
        assert near(got["mean"], want["mean_cost"], 6)
        assert got["standard"] == got["mean"]  # no shrinkage was asked for
        assert near(got["variation"], want["cv"], 6)
        assert near(got["mean_days"], want["alos"], 6)


@pytest.mark.shared
def test_indices_of_the_largest_hospitals(discharges: Discharges) -> None:
    found = {r["org"]: r for r in discharges.index.to_dicts()}
    for org, want in discharges.expected["facility_top"].items():
        got = found[org]
        assert (got["cases"], got["days"]) == (want["n"], want["days"])
        assert (got["amount"], got["income"]) == (Decimal(str(want["cost"])), Decimal(str(want["charges"])))
        assert near(got["cmi"], want["cmi"], 6)
        assert near(got["index"], want["cei"], 6)
        assert near(got["days_index"], want["tei"], 6)
        assert got["low"] < got["index"] < got["high"]


@pytest.mark.shared
def test_the_grouping_explains_so_much_of_the_variance_and_cases_dearer_than_their_charges_are_told(discharges: Discharges) -> None:
    assert set(discharges.index["variance_explained"]) == {Decimal(str(discharges.expected["riv"]))}
    assert discharges.index["losses"].sum() == discharges.expected["cost_above_charge_rows"]


@pytest.mark.shared
def test_the_groups_of_every_hospital_add_up_to_the_region(discharges: Discharges) -> None:
    cells = [(org, MONTH) for org in discharges.cases["org"].unique().sort()]
    groups = Trial({CaseCost: discharges.cases, CaseGroup: discharges.groups}, None, cells).compute(GroupCost)
    assert (groups["cases"].sum(), groups["days"].sum()) == (discharges.expected["rows"], discharges.expected["days"])
    assert groups["amount"].sum() == Decimal(str(discharges.expected["total_costs"]))
    assert groups["income"].sum() == Decimal(str(discharges.expected["total_charges"]))


@pytest.mark.shared
def test_trimmed_and_shrunk_standards_of_a_family_add_up_to_the_cases_kept(discharges: Discharges) -> None:
    cells = [(org, MONTH) for org in discharges.cases["org"].unique().sort()]
    found = Trial({CaseCost: discharges.cases, CaseGroup: discharges.groups}, None, cells).compute(DiseaseStandard)
    assert found["kept"].sum() < found["cases"].sum()
    for _, family in found.group_by(pl.col("group").str.slice(0, 1)):
        at_standard, at_mean = (sum(k * v for k, v in zip(family["kept"], family[n], strict=True)) for n in ("standard", "mean"))
        assert abs(at_standard - at_mean) <= family["kept"].sum() * Decimal("0.000001")
    rare, common = found.sort("cases")["weight"].to_list()[:: found.height - 1]
    assert rare < Decimal("0.5") < common


# ---------------------------------------------------------------- laws


def region(costs: dict[str, dict[str, list[int]]], policy: dict[str, object] | None = None) -> Trial:
    """A region of one month in which each hospital had these cases, in yuan, by DRG."""
    told = [(org, group, cost) for org, groups in costs.items() for group, values in groups.items() for cost in values]
    rows = [
        {"org": org, "encounter": n, "drg": group, "care": "inpatient", "months": 1, "amount": c} for n, (org, group, c) in enumerate(told)
    ]
    groups = [{"org": r["org"], "encounter": r["encounter"], "scheme": "drg", "group": r["drg"], "excluded": ""} for r in rows]
    cells = [(org, "2026-03") for org in costs]
    return Trial({CaseCost: rows, CaseGroup: groups, DirectCost: []}, read_policy().scenario(policy or {}), cells)


def test_identical_hospitals_have_the_mean_for_their_standard_and_one_for_their_index() -> None:
    found = region({org: {"F11": [120, 120]} for org in ("H01", "H02", "H03")})
    assert found.compute(DiseaseStandard).select("mean", "standard", "low", "high", "best_quartile").rows() == [(Decimal(120),) * 5]
    assert set(found.compute(CostIndex).select("index", "cmi", "coefficient", "low", "high").rows()) == {(Decimal(1),) * 5}


def test_a_group_is_believed_more_the_more_cases_it_has() -> None:
    standards = [region({"H01": {"F11": [100] * n, "F12": [900] * 50}}).compute(DiseaseStandard) for n in (1, 5, 50)]
    found = [next(r for r in s.to_dicts() if r["group"] == "F11") for s in standards]
    assert [f["weight"] for f in found] == sorted({f["weight"] for f in found})
    assert found[0]["standard"] > found[1]["standard"] > found[2]["standard"] > 100  # less and less of its dear family


def test_the_order_of_the_rows_changes_nothing() -> None:
    costs = {"H01": {"F11": [1, 5, 3], "G11": [7]}, "H02": {"F11": [2, 3], "G11": [9, 4]}}
    turned = {org: {g: v[::-1] for g, v in reversed(groups.items())} for org, groups in reversed(costs.items())}
    for table in (DiseaseStandard, CostIndex):
        assert region(costs).compute(table).equals(region(turned).compute(table))


def test_what_a_quarter_calls_the_standard_before_is_what_was_set_then() -> None:
    months = span("2025-10", "2026-03")
    rows = [
        {"month": m, "encounter": n, "drg": g, "care": "inpatient", "months": 1, "amount": 100 * n + 7 * at}
        for at, m in enumerate(months)
        for n, g in enumerate(("F11", "F11", "F12", "G11"), 1)
    ]
    groups = [{"month": r["month"], "encounter": r["encounter"], "scheme": "drg", "group": r["drg"], "excluded": ""} for r in rows]
    found = Trial({CaseCost: rows, CaseGroup: groups}, None, [("H01", m) for m in months]).compute(DiseaseStandard)
    then, now = (found.filter(pl.col("month") == m) for m in ("2025-12", "2026-03"))
    assert now["previous"].to_list() == then["standard"].to_list() != now["standard"].to_list()
    assert then["previous"].null_count() == then.height


@pytest.mark.parametrize(("name", "value"), [("share", "0.5"), ("reach", -1), ("constant", -1), ("quartile", 0)])
def test_a_rule_that_cannot_be_is_refused_in_both_languages(name: str, value: object) -> None:
    with pytest.raises(PolicyError, match=rf"costing.disease_standards.{name} 不能是[\s\S]*cannot be"):
        region({"H01": {"F11": [1]}}, {f"costing.disease_standards.{name}": value}).compute(DiseaseStandard)


def measured(lines: list[tuple[int, int, int | None, int, int]], pool: int) -> dict[type[Table], list[dict[str, Any]]]:
    """A department whose items have (planned, quantity, standard minutes, actual minutes, cost), at 3 yuan a minute or unit."""
    items = [f"{n:02}" for n in range(len(lines))]
    standard = {"dept": "C1", "minute_cost": "3", "document": "院发1号", "capacity": 500}
    costs = {"dept": "C1", "kind": "service", "income": 0, "variable": 0, **dict.fromkeys(ITEM, 0)}
    return {
        StandardService: [standard | {"item": i, "quantity": x[0], "minutes": x[2]} for i, x in zip(items, lines, strict=True)],
        ServiceCost: [
            costs | {"service": n, "item": i, "quantity": x[1], "staff": x[4], "amount": x[4]}
            for n, (i, x) in enumerate(zip(items, lines, strict=True))
        ],
        ServicePool: [{"dept": "C1", "kind": "service", "item": "staff", "variable": 0, "amount": pool}],
        ItemMethodCost: [
            {"method": "tdabc", "service": n, "dept": "C1", "item": i, "base": x[3], "quantity": x[1], "amount": x[4]}
            for n, (i, x) in enumerate(zip(items, lines, strict=True))
        ],
        CapacityCost: [{"dept": "C1", "minutes": 900, "practical": 800, "used": 700, "supplied": pool, "assigned": 0}],
        GroupCost: [],
    }


SIZE = st.integers(0, 300)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(SIZE, SIZE, st.none() | SIZE, SIZE, st.integers(-500, 5000)), min_size=1, max_size=4), st.integers(0, 9999))
def test_the_effects_add_up_to_what_the_department_cost_less_its_standard(lines: list[Any], pool: int) -> None:
    found = Trial(measured(lines, pool)).compute(CostVariance)
    timed = sum(p * m for p, _, m, _, _ in lines if m is not None)
    standard = 3 * sum(p * (1 if m is None else m) for p, _, m, _, _ in lines) + (3 * (500 - timed) if timed else 0)
    assert found["amount"].sum() == pool - standard


def test_a_negative_plan_is_told_with_its_department() -> None:
    with pytest.raises(HengError, match="H01 2026-03 service C1: 标准的数量或耗时为负"):
        Trial(measured([(-1, 1, 10, 10, 30)], 30)).compute(CostVariance)


def test_a_department_that_was_not_costed_has_no_variance_and_one_that_charged_nothing_is_all_capacity() -> None:
    known = measured([(10, 0, 10, 0, 0)], 999)
    absent = known | {t: [] for t in (ServiceCost, ServicePool, ItemMethodCost, CapacityCost)}
    assert Trial(absent).compute(CostVariance).height == 0
    found = Trial(known | {t: [] for t in (ServiceCost, ItemMethodCost, CapacityCost)}).compute(CostVariance)
    effects = {(r["item"], r["effect"]): r["amount"] for r in found.to_dicts() if r["amount"]}
    assert effects == {("00", "volume"): -300, ("", "capacity"): 999 - 3 * 400}
