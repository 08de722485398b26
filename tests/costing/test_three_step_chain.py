"""CN-1 走完全部能力 · The printed case through every capability, from booked lines to unit cost, funds and scopes apart."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.tables.costing import Allocation, CostLine, DeptCost, DirectCost, MethodCost, Readiness, ScopeCost, TieOut, UnitCost
from tests.costing.three_step_case import CASE, ITEMS, PRINTED, source_rows

BUCKETS = ("dir", "dir_man", "indir_ass_man", "indir_med_man", "indir_ass_med_man", "dir_ass", "indir_med_ass", "dir_med")
CLINICAL = ("C1", "C2", "C3")


@pytest.fixture(scope="module")
def own() -> Trial:
    """CN-1 as printed."""
    return Trial(source_rows())


@pytest.fixture(scope="module")
def funded() -> Trial:
    """CN-1 with a fiscal and a research project."""
    return Trial(source_rows(funds=True))


def total(rows: pl.DataFrame, *by: str, column: str = "amount") -> dict[Any, Decimal]:
    """Sums of a money column by one or several columns."""
    summed = rows.group_by(by).agg(pl.col(column).sum())
    return {(k[0] if len(by) == 1 else tuple(k)): v for *k, v in summed.iter_rows()}


def test_items_of_the_booked_lines(own: Trial) -> None:
    found = total(own.compute(CostLine), "item")
    assert found == {ITEMS[name]: Decimal(amount) for name, amount in PRINTED["total"].items()}


@pytest.mark.parametrize(("step", "name"), [(1, "man"), (2, "ass"), (3, "med")])
def test_balances_after_each_step(own: Trial, step: int, name: str) -> None:
    balance = total(own.compute(DirectCost), "dept")
    legs = own.compute(Allocation).filter(pl.col("stage") <= step)
    for side, sign in (("receiver", 1), ("giver", -1)):
        for dept, amount in total(legs, side).items():
            balance[dept] += sign * amount
    assert {d: balance[d] for d in PRINTED["after"][name]} == {d: Decimal(n) for d, n in PRINTED["after"][name].items()}


def test_eight_buckets_of_origin(own: Trial) -> None:
    found = total(own.compute(DeptCost), "dept", "bucket")
    assert found == {(d, b): Decimal(n) for d in CLINICAL for b, n in zip(BUCKETS, PRINTED["bucket"][d], strict=True)}


def test_form_03_direct_indirect_full(own: Trial) -> None:
    rows = own.compute(ScopeCost).filter(pl.col("scope") == "medical")
    found = {(r["item"], r["dept"]): (r["direct"], r["indirect"], r["amount"]) for r in rows.to_dicts()}
    assert found == {
        (ITEMS[name], d): tuple(Decimal(n) for n in numbers) for name, row in PRINTED["form03"].items() for d, numbers in row.items()
    }


def test_unit_costs_as_printed(own: Trial) -> None:
    rows = own.compute(UnitCost).filter(pl.col("scope") == "medical")
    cost, volume = total(rows, "dept"), total(rows.filter(pl.col("item") == "staff"), "dept", column="volume")
    for case in PRINTED["unit_cost"]:
        exact = sum(cost[d] for d in case["of"]) / sum(volume[d] for d in case["of"])
        assert round(exact, 2) == Decimal(case["cost"])
    assert rows.filter(pl.col("dept") == "C1")["unit_cost"].sum() == Decimal("126.04")


def test_each_fund_is_allocated_apart(own: Trial, funded: Trial) -> None:
    rows = funded.compute(DeptCost)
    assert rows.filter(pl.col("fund") == "own").equals(own.compute(DeptCost))
    found = total(rows.filter(pl.col("fund") != "own"), "dept", "fund")
    # A1 12,000 by staff: S1 600, S2 1,000, T1 1,400, T2 1,000, C1 2,000, C2 3,000, C3 3,000. S1 10,200 by packs: T1 1,020, T2 510,
    # C1 1,530, C2 3,060, C3 4,080. S2 1,000: C1 900, C2 50, C3 50. T1 62,420 and T2 141,510 by ordered income.
    by_hand = {
        "C1": 5000 + 2000 + 1530 + 900 + 18726 + 28302,
        "C2": 3000 + 3060 + 50 + 24968 + 42453,
        "C3": 25000 + 3000 + 4080 + 50 + 18726 + 70755,
    }
    assert {d: found[d, "fiscal"] for d in CLINICAL} == by_hand
    assert {d: found[d, "research"] * 2 for d in CLINICAL} == by_hand
    assert sum(by_hand.values()) == sum(CASE["project"].values())


def test_the_four_scopes_add_up_from_the_funds(funded: Trial) -> None:
    scopes = total(funded.compute(ScopeCost), "dept", "scope")
    costs = funded.compute(DeptCost)
    funds, managed = total(costs, "dept", "fund"), total(costs.filter(pl.col("bucket").str.contains("man")), "dept", "fund")
    for d in CLINICAL:
        assert scopes[d, "operating"] == funds[d, "own"] - managed[d, "own"]
        assert scopes[d, "medical"] == funds[d, "own"]
        assert scopes[d, "medical_full"] == funds[d, "own"] + funds[d, "fiscal"]
        assert scopes[d, "hospital_full"] == funds[d, "own"] + funds[d, "fiscal"] + funds[d, "research"]


def test_other_methods_move_cost_between_departments_and_lose_none(own: Trial) -> None:
    rows = own.compute(MethodCost)
    assert set(total(rows, "method").values()) == {Decimal(17138000)}
    reversed_order = rows.filter(pl.col("method") == "step_reversed")
    assert reversed_order["moved"].sum() == 0
    assert set(reversed_order["moved"]) != {Decimal(0)}


def test_every_arrow_closes_and_a_missing_ledger_is_not_zero(funded: Trial) -> None:
    assert funded.compute(TieOut)["difference"].to_list() == [None, 0, 0, 0]
    assert "ledger_missing" in funded.compute(Readiness)["check"].to_list()
