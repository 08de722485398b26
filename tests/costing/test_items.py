"""项目成本的定律 · Whatever the costs, services and methods: pools are used up to the fen, and every tie-out closes at 0.00."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.errors import HengError
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.codes import ITEM, ITEM_METHOD
from heng.tables.costing import ScopeCost
from heng.tables.effort import ActivityUse, Capacity, ResourceUse, TermCount, TimeTerm
from heng.tables.fees import FeeLine, ServiceItem
from heng.tables.patients import PatientTieOut, Service, UnmatchedCost
from heng.tables.services import (
    CapacityCost,
    ItemMethodChoice,
    ItemMethodCost,
    ItemTieOut,
    MatchedCost,
    ServiceCost,
    ServicePool,
    StageTwoCost,
)
from tests.costing.three_step_case import source_rows

POLICY = read_policy()
CELLS = [("H01", "2026-03"), ("H01", "2026-04"), ("H02", "2026-03")]
DEPTS = ("C1", "T1", "T2")
laws = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Given = dict[type[Table], list[dict[str, Any]]]

fen = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100)
some = st.integers(0, 5000)
method = st.sampled_from(list(ITEM_METHOD))


@st.composite
def months(draw: st.DrawFn) -> Given:
    """A month of three departments: costs and quantities of any sign, refunds to nobody and to patients, every effort or none."""
    costs = {
        (dept, item, fund, behaviour): draw(fen)
        for dept in DEPTS
        for item in draw(st.lists(st.sampled_from(list(ITEM)), unique=True))
        for fund in draw(st.lists(st.sampled_from(("own", "fiscal")), unique=True))
        for behaviour in ("fixed", "variable")
    }
    stage = [
        {"dept": d, "category": "medtech", "item": i, "fund": f, "behaviour": b, "amount": a} for (d, i, f, b), a in costs.items() if a
    ]
    services = [draw(service(n)) for n in range(1, draw(st.integers(1, 9)))]
    known = [d for d in DEPTS if draw(st.booleans())]
    use = [(s["dept"], s["item"]) for s in services if s["dept"] in known]
    return {
        StageTwoCost: stage,
        ScopeCost: [
            {"dept": "C1", "setting": "none", "scope": "hospital_full", "item": r["item"], "direct": r["amount"], "indirect": 0}
            for r in [{"item": i, "amount": sum(a for (_, j, _, _), a in costs.items() if j == i)} for i in ITEM]
        ],
        Service: services,
        FeeLine: [
            {"item": s["item"], "fee_class": s["fee_class"], "quantity": s["quantity"], "amount": s["income"], "performing": s["dept"]}
            for s in services
        ],
        ResourceUse: [{"dept": d, "activity": a, "quantity": draw(some)} for d in known for a in ("甲", "乙")],
        ActivityUse: [{"dept": d, "activity": a, "item": i, "quantity": draw(some)} for d, i in use for a in ("甲", "乙")],
        Capacity: [{"dept": d, "minutes": draw(st.integers(0, 10**5))} for d in known],
        TimeTerm: [{"dept": d, "item": i, "term": "加时", "minutes": 3} for d, i in sorted(set(use))],
        TermCount: [{"dept": d, "item": i, "term": "加时", "quantity": draw(some)} for d, i in use],
    }


@st.composite
def service(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(("service", "service", "drug", "material")))
    dept, quantity = draw(st.sampled_from(DEPTS)), draw(st.integers(-50, 300))
    return {
        "service": number,
        "dept": dept,
        "performing": dept,
        "kind": kind,
        "item": draw(st.sampled_from(("A", "B"))) if kind == "service" else f"{kind}{number}",
        "fee_class": {"service": "04", "drug": "09", "material": "08"}[kind],
        "step": "other",
        "minutes": draw(st.none() | st.integers(1, 60)),
        "equivalence": draw(st.none() | st.integers(1, 9)),
        "quantity": quantity,
        "patient_quantity": draw(st.integers(-50, 400)),
        "income": draw(fen),
        "patient_income": 0,
    }


def trial(rows: Given, **by_department: str) -> Trial:
    policy = {"costing.item_method_choice.by_department": by_department, "costing.item_method_choice.coverage": "0.3"}
    return Trial(rows, POLICY.scenario(policy))


def long(rows: pl.DataFrame) -> pl.DataFrame:
    """Money by department and cost item out of a table with a column for each item."""
    return rows.select("dept", *ITEM).unpivot(list(ITEM), index=["dept"], variable_name="item", value_name="amount")


def by(rows: pl.DataFrame, *columns: str, sign: int = 1) -> dict[tuple[Any, ...], Decimal]:
    return {tuple(k): sign * v for *k, v in rows.group_by(columns).agg(pl.col("amount").sum()).iter_rows() if v}


def added(*sides: Mapping[tuple[Any, ...], Decimal]) -> dict[tuple[Any, ...], Decimal]:
    keys = {k for s in sides for k in s}
    return {k: v for k in keys if (v := sum((s.get(k, Decimal(0)) for s in sides), Decimal(0)))}


@laws
@given(months(), method, method)
def test_every_pool_is_used_up_and_every_tie_out_closes(rows: Given, first: str, second: str) -> None:
    run = trial(rows, T1=first, T2=second)
    pools, costs, matched, left = (run.compute(t) for t in (ServicePool, ServiceCost, MatchedCost, UnmatchedCost))
    key = ("dept", "item")
    assert by(pools, *key) == by(run.compute(StageTwoCost).filter(pl.col("fund") == "own"), *key)
    kept = left.filter(pl.col("reason") != "no_patient")
    assert added(by(long(costs), *key), by(kept, *key)) == by(pools, *key)
    assert added(by(long(matched), *key), by(left.filter(pl.col("reason") == "no_patient"), *key)) == by(long(costs), *key)
    assert set(run.compute(PatientTieOut)["difference"]) <= {Decimal(0)}
    assert run.compute(ItemTieOut).filter(pl.col("step") == 9)["amount"].to_list() == [Decimal(0)]


@laws
@given(months(), method)
def test_patients_never_bear_more_than_a_service_costs_nor_a_pool_below_zero(rows: Given, wanted: str) -> None:
    run = trial(rows, T1=wanted)
    costs, matched = run.compute(ServiceCost), run.compute(MatchedCost)
    whole = dict(costs.select("service", pl.struct(list(ITEM))).iter_rows())
    for service_, part in matched.select("service", pl.struct(list(ITEM))).iter_rows():
        assert all(0 <= p * (1 if c >= 0 else -1) <= abs(c) for p, c in zip(part.values(), whole[service_].values(), strict=True))
    pools, left = run.compute(ServicePool), run.compute(UnmatchedCost)
    red = pools.filter((pl.col("kind") != "service") & (pl.col("amount") <= 0)).select("dept", "kind", "item", "amount")
    assert costs.join(red, on=["dept", "kind"], how="semi").is_empty()
    drug = red.filter(pl.col("kind") == "drug")
    said = left.filter((pl.col("reason") == "issued_not_billed") & (pl.col("item") == "drug"))
    assert by(said.join(drug, on="dept", how="semi"), "dept") == by(drug, "dept")
    billed = rows[Service]
    for row in left.filter(pl.col("reason") == "billed_not_issued").to_dicts():
        own = (
            s["income"] for s in billed if (s["dept"], s["kind"]) == (row["dept"], row["item"]) and s["quantity"] > 0 and s["income"] > 0
        )
        assert 0 < row["billed"] <= sum(own)


@laws
@given(months(), method, method)
def test_unused_capacity_is_what_capacity_cost_says(rows: Given, first: str, second: str) -> None:
    run = trial(rows, C1="tdabc", T1=first, T2=second)
    timed = run.compute(ItemMethodChoice).filter(pl.col("method") == "tdabc").select("dept")
    unused = run.compute(CapacityCost).join(timed, on="dept").select("dept", amount="unused")
    assert by(run.compute(UnmatchedCost).filter(pl.col("reason") == "unused_capacity"), "dept") == by(unused, "dept")


@laws
@given(months(), st.integers(2, 50))
def test_scaling_a_base_changes_nothing(rows: Given, times: int) -> None:
    scaled = rows | {
        Service: [s | {n: s[n] and s[n] * times for n in ("minutes", "equivalence")} for s in rows[Service]],
        Capacity: [c | {"minutes": c["minutes"] * times} for c in rows[Capacity]],
        TimeTerm: [t | {"minutes": t["minutes"] * times} for t in rows[TimeTerm]],
        ResourceUse: [r | {"quantity": r["quantity"] * times} for r in rows[ResourceUse]],
        ActivityUse: [u | {"weight": times} for u in rows[ActivityUse]],
    }
    money = ("method", "service", "amount")
    assert trial(scaled).compute(ItemMethodCost).select(money).equals(trial(rows).compute(ItemMethodCost).select(money))


@laws
@given(months(), method, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(rows: Given, wanted: str, chance: Any) -> None:
    shuffled = {t: chance.sample(r, len(r)) for t, r in rows.items()}
    one, other = trial(rows, T1=wanted), trial(shuffled, T1=wanted)
    for table in (ServiceCost, UnmatchedCost):
        assert other.compute(table).equals(one.compute(table)), table.__name__


@laws
@given(months(), method)
def test_the_method_chosen_costs_what_the_comparison_says(rows: Given, wanted: str) -> None:
    run = trial(rows, C1=wanted, T1=wanted, T2=wanted)
    chosen = run.compute(ServiceCost).filter(pl.col("kind") == "service").select("service", "method", "amount")
    compared = run.compute(ItemMethodCost).select("service", "method", "amount")
    assert chosen.join(compared, on=["service", "method", "amount"], how="anti").is_empty()
    usable = set(compared.join(chosen, on=["service"], how="semi")["method"])
    assert set(chosen["method"]) <= usable


@settings(laws, max_examples=2)
@given(st.tuples(months(), months(), months()), method)
def test_hospitals_and_months_of_a_batch_are_each_as_alone(parts: tuple[Given, ...], wanted: str) -> None:
    def at(rows: Given, cell: tuple[str, str]) -> Given:
        # Time equations hold for a hospital, over all its months: here each hospital has those of its first month only.
        placed = {t: [{"org": cell[0], "month": cell[1]} | r for r in several] for t, several in rows.items() if t is not TimeTerm}
        return placed | {TimeTerm: []}

    whole = {t: [r for cell, p in zip(CELLS, parts, strict=True) for r in at(p, cell)[t]] for t in parts[0]}
    policy = POLICY.scenario({"costing.item_method_choice.method": wanted})
    together = Trial(whole, policy, CELLS)
    alone = [Trial(at(p, cell), policy, [cell]) for cell, p in zip(CELLS, parts, strict=True)]
    for table in (ServicePool, ServiceCost, UnmatchedCost, ItemTieOut):
        rows = pl.concat([t.compute(table) for t in alone]).sort(table.full_key())
        assert together.compute(table).sort(table.full_key()).equals(rows), table.__name__


def test_variable_cost_never_exceeds_the_cost_it_is_part_of() -> None:
    run = Trial(
        {
            ServicePool: [{"dept": "T1", "kind": "service", "item": "other", "variable": "9.98", "amount": "10.00"}],
            Service: [
                {"service": n, "dept": "T1", "performing": "T1", "kind": "service", "item": str(n), "fee_class": "04", "step": "lab"}
                | {"quantity": 1, "patient_quantity": 1, "income": 1, "patient_income": 1}
                for n in range(1, 8)
            ],
        }
    )
    rows = run.compute(ServiceCost)
    assert (rows["variable"] <= rows["amount"]).all()
    assert rows["variable"].sum() == Decimal("9.98")


def test_an_unknown_method_is_told_with_the_ones_there_are() -> None:
    rows: Given = {ServicePool: [{"dept": "T1", "kind": "service", "item": "other", "variable": 0, "amount": 1}]}
    with pytest.raises(HengError, match="by_department T1 cannot be '收入法'") as told:
        trial(rows, T1="收入法").compute(ItemMethodChoice)
    assert "tdabc" in told.value.mend[1]


def test_a_base_beyond_whole_numbers_is_an_error_that_says_what_to_check() -> None:
    rows: Given = {
        ServicePool: [{"dept": "T1", "kind": "service", "item": "other", "variable": 0, "amount": 1}],
        Service: [
            {"service": 1, "dept": "T1", "performing": "T1", "kind": "service", "item": "A", "fee_class": "04", "step": "lab"}
            | {"minutes": 10**12, "quantity": 10**12, "patient_quantity": 1, "income": 1, "patient_income": 1}
        ],
    }
    with pytest.raises(HengError, match="quantities, times and equivalences"):
        trial(rows).compute(ServiceCost)


UNITS = {
    "income": ("22.5146", "90.0583", "75.0485"),
    "time": ("27.3628", "82.0885", "68.4071"),
    "workload": ("46.8485", "46.8485", "46.8485"),
    "equivalence": ("26.6552", "93.2931", "53.3103"),
    "tdabc": ("21.8903", "65.6708", "54.7257"),
}


def test_the_laboratory_of_the_three_step_case_through_every_capability() -> None:
    """CN-1 to CN-2: 1,746,000 after step 2, 200,000 of charged consumables, 1,546,000 for three tests."""
    tests = [("血常规", 20000, 15, 4, "1"), ("生化全套", 8000, 60, 12, "3.5"), ("凝血四项", 5000, 50, 10, "2")]
    line = {"visit": "V1", "care": "outpatient", "ordering": "C1", "performing": "T1"}
    rows = source_rows(funds=True) | {
        ServiceItem: [{"item": n, "name": n, "minutes": m, "equivalence": e} for n, _, _, m, e in tests],
        FeeLine: [line | {"item": n, "fee_class": "04", "quantity": q, "amount": q * p} for n, q, p, _, _ in tests]
        + [line | {"item": "采血针", "fee_class": "08", "quantity": 1000, "amount": 200000}],
        Capacity: [{"dept": "T1", "minutes": 353125}],
    }
    run = trial(rows, T1="tdabc")
    compared = run.compute(ItemMethodCost).rows_by_key(["method", "item"], named=True, unique=True)
    for method, units in UNITS.items():
        assert [round(compared[method, n]["unit_cost"], 4) for n, *_ in tests] == [Decimal(u) for u in units]
    laboratory = pl.col("dept") == "T1"
    assert run.compute(ServicePool).filter(laboratory & (pl.col("kind") == "service"))["amount"].sum() == 1_546_000
    assert run.compute(ServiceCost).filter(laboratory & (pl.col("method") == "tdabc"))["amount"].sum() == 1_236_800
    assert run.compute(UnmatchedCost).filter(laboratory & (pl.col("reason") == "unused_capacity"))["amount"].sum() == 309_200
    steps, widest = run.compute(ItemTieOut)["amount"].to_list(), run.compute(ScopeCost).filter(pl.col("scope") == "hospital_full")
    assert (steps[0], steps[-1]) == (widest["amount"].sum(), 0)
    assert set(run.compute(PatientTieOut)["difference"]) == {Decimal(0)}
