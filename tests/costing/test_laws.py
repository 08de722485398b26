"""定律 · What must hold for every hospital, however its costs and drivers look: nothing lost, nothing made, order irrelevant."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.activity import Income, ServiceUse, StaffCount
from heng.tables.booked import CostBooking
from heng.tables.costing import Allocation, DeptCost, DirectCost, MethodCost, Readiness, ScopeCost
from heng.tables.organisation import Department
from tests.costing.three_step_case import source_rows

POLICY = read_policy()
LAYER = ["item", "fund", "behaviour"]
SUBJECTS = ("人员经费", "卫生材料费", "固定资产折旧费", "水费")
CELLS = [("H01", "2026-03"), ("H01", "2026-04"), ("H02", "2026-03"), ("H02", "2026-04")]
laws = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Given = dict[type[Table], list[dict[str, Any]]]

quantity = st.integers(1, 10**6)
fen = st.integers(-(10**8), 10**10)
cost = st.integers(0, 10**10)


@st.composite
def hospitals(draw: st.DrawFn, amounts: st.SearchStrategy[int] = fen) -> Given:
    """A hospital of 1–3 departments a class, every giver served by somebody still open, with amounts to the fen."""
    units = [
        {"dept": f"{kind}{n}", "name": f"{category}{n}", "category": category, "setting": setting, "driver": driver}
        for kind, category, setting, driver in (
            ("A", "admin", None, "01"),
            ("S", "support", None, "05"),
            ("T", "medtech", None, "06"),
            ("C", "clinical", "inpatient", None),
        )
        for n in range(draw(st.integers(1 if category == "clinical" else 0, 3)))
    ]
    names = [u["dept"] for u in units]
    clinical = [d for d in names if d[0] == "C"]
    pairs = [(g, r) for g in names for r in names if (g[0], r[0]) in {("S", "T"), ("S", "S"), ("S", "C")} and g != r]
    return {
        Department: units,
        CostBooking: [
            {
                "dept": d,
                "subject": draw(st.sampled_from(SUBJECTS)),
                "fund": draw(st.sampled_from(("own", "fiscal"))),
                "amount": Decimal(draw(amounts)) / 100,
            }
            for d in names
            for _ in range(draw(st.integers(0, 3)))
        ],
        StaffCount: [{"dept": d, "total": draw(quantity)} for d in names],
        ServiceUse: [{"giver": g, "receiver": r, "service": "消毒", "quantity": draw(quantity)} for g, r in pairs],
        Income: [
            {"ordering": c, "performing": t, "fee_class": "化验", "amount": draw(quantity)} for t in names if t[0] == "T" for c in clinical
        ],
    }


def by(rows: pl.DataFrame, *columns: str) -> dict[tuple[Any, ...], Decimal]:
    """Sums that are not zero."""
    summed = rows.group_by(columns).agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    return {tuple(k): v for *k, v in summed.iter_rows()}


def trial(given_rows: Mapping[type[Table], Any], **policy: Any) -> Trial:
    return Trial(given_rows, POLICY.scenario({f"costing.{k.replace('__', '.')}": v for k, v in policy.items()}))


@laws
@given(hospitals(), st.booleans())
def test_nothing_is_lost_in_any_item_fund_and_behaviour(given_rows: Given, peer: bool) -> None:  # noqa: FBT001 - drawn
    run = trial(given_rows, step_down__peer={"admin": peer, "support": peer, "medtech": peer})
    direct, legs, full = run.compute(DirectCost), run.compute(Allocation), run.compute(DeptCost)
    assert by(direct, *LAYER) == by(full, *LAYER)
    balance = by(direct, "dept", *LAYER)
    for side, sign in (("receiver", 1), ("giver", -1)):
        for key, amount in by(legs, side, *LAYER).items():
            balance[key] = balance.get(key, Decimal(0)) + sign * amount
    assert {k: v for k, v in balance.items() if v} == by(full, "dept", *LAYER)
    assert {k[0][0] for k, v in balance.items() if v} <= {"C"}


@laws
@given(hospitals())
def test_each_pool_is_handed_on_whole_and_every_base_is_shown(given_rows: Given) -> None:
    legs = trial(given_rows).compute(Allocation)
    shown = (
        legs.unique(["stage", "giver", "receiver", "driver"]).group_by("stage", "giver", "driver", "base_total").agg(pl.col("base").sum())
    )
    assert (shown["base"] <= shown["base_total"]).all()
    assert set(legs.filter(pl.col("bucket") == "dir")["peer"]) <= {True}


@laws
@given(hospitals(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(given_rows: Given, chance: Any) -> None:
    shuffled = {t: chance.sample(rows, len(rows)) for t, rows in given_rows.items()}
    assert trial(shuffled).compute(DeptCost).equals(trial(given_rows).compute(DeptCost))


@laws
@given(hospitals(cost))
def test_scopes_are_nested_when_no_cost_is_negative(given_rows: Given) -> None:
    rows = trial(given_rows).compute(ScopeCost)
    wide = rows.pivot("scope", index=["dept", "item"], values="amount")
    scopes = [c for c in ("operating", "medical", "medical_full", "hospital_full") if c in wide.columns]
    for narrow, wider in pairwise(scopes):
        assert (wide[narrow] <= wide[wider]).all()


@laws
@given(hospitals())
def test_no_method_loses_a_fen(given_rows: Given) -> None:
    run = trial(given_rows)
    total = run.compute(DeptCost)["amount"].sum()
    for (_method,), rows in run.compute(MethodCost).group_by("method"):
        assert rows["amount"].null_count() or rows["amount"].sum() == total


def test_a_scenario_with_equal_values_changes_nothing() -> None:
    same = {key: values[-1].value for key, values in POLICY.values.items() if key.startswith("costing.")}
    assert Trial(source_rows(), POLICY.scenario(same)).compute(DeptCost).equals(Trial(source_rows(), POLICY).compute(DeptCost))


def test_several_hospitals_and_months_in_one_batch_are_each_as_alone() -> None:
    def rows_of(org: str, month: str, factor: int) -> Given:
        place = {"org": org, "month": month}
        return {
            t: [
                ({"org": org} if t is Department else place)
                | r
                | ({"amount": Decimal(r["amount"]) * factor + Decimal("0.01")} if t is CostBooking else {})
                for r in rows
            ]
            for t, rows in source_rows(funds=True).items()
        }

    parts = {cell: rows_of(*cell, n + 1) for n, cell in enumerate(CELLS)}
    whole = {t: [r for p in parts.values() for r in p[t]] for t in parts[CELLS[0]]}
    whole[Department] = [r for cell, p in parts.items() if cell[1] == "2026-03" for r in p[Department]]
    together, alone = Trial(whole, POLICY, CELLS), [Trial(p, POLICY, [cell]) for cell, p in parts.items()]
    for table in (Allocation, DeptCost, ScopeCost, MethodCost):
        assert together.compute(table).equals(pl.concat([t.compute(table) for t in alone])), table.__name__


@pytest.mark.parametrize("amount", ["12.34", "-12.34"])
def test_a_hospital_of_one_department_keeps_its_cost(amount: str) -> None:
    run = Trial(
        {
            Department: [{"dept": "C1", "name": "全科门诊", "category": "clinical", "setting": "outpatient"}],
            CostBooking: [{"dept": "C1", "subject": "办公费", "fund": "own", "amount": amount}],
        },
        POLICY,
    )
    assert run.compute(DeptCost)["amount"].to_list() == [Decimal(amount)]
    assert run.compute(Allocation).is_empty()
    assert run.compute(Readiness).filter(pl.col("severity") == "error").is_empty()


def test_the_cost_of_nobody_is_nobodys_cost() -> None:
    run = Trial({Department: [{"dept": "C1", "name": "全科门诊", "category": "clinical", "setting": "outpatient"}]}, POLICY)
    assert run.compute(DeptCost).is_empty()
    assert run.compute(Readiness)["check"].to_list() == ["cost_missing", "ledger_missing"]
