"""成本追溯 · Tracing a figure back to booked lines: the lines listed add up to it, and every line is used up, to the fen."""

from collections import defaultdict
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.app.trial import Trial
from heng.methods.spread import spread
from heng.rooms.costing.trace import Layer, Node, Trace, build_trace, to_fen
from heng.tables.activity import Area, StaffShare
from heng.tables.booked import Salary
from heng.tables.costing import Allocation, CommonShare, CostLine, DeptCost, DirectCost
from heng.tables.organisation import Department
from tests.costing.test_laws import Given, hospitals, laws, trial
from tests.costing.three_step_case import UNITS, source_rows


def traced(run: Trial) -> tuple[pl.DataFrame, Trace]:
    """The booked lines of a case and their index."""
    lines = run.compute(CostLine)
    return lines, build_trace(lines, run.compute(CommonShare), run.compute(Allocation))


def node(row: dict[str, str]) -> Node:
    return Node(row["dept"], Layer(row["item"], row["fund"], row["behaviour"]), row["bucket"])


@laws
@given(hospitals(), st.booleans())
def test_the_lines_behind_a_figure_add_up_to_it(given_rows: Given, peer: bool) -> None:  # noqa: FBT001 - drawn
    run = trial(given_rows, step_down__peer={"admin": peer, "support": peer, "medtech": peer})
    lines, trace = traced(run)
    used = defaultdict[int, int](int)
    for row in run.compute(DeptCost).iter_rows(named=True):
        found = trace.rows([(node(row), to_fen(row["amount"]))])
        assert sum(found.values()) == to_fen(row["amount"])
        for line, part in found.items():
            used[line] += part
    assert sum(used.values()) == sum(to_fen(a) for a in lines["amount"])


@pytest.mark.parametrize(("dept", "whole"), [("C1", "254380.00"), ("C2", "288610.00"), ("C3", "297010.00")])
def test_what_administration_cost_each_department_is_found_again(dept: str, whole: str) -> None:
    run = Trial(source_rows())
    lines, trace = traced(run)
    rows = run.compute(DeptCost).filter(pl.col("dept") == dept)
    found = trace.rows((node(r), to_fen(r["amount"])) for r in rows.iter_rows(named=True))
    assert sum(part for line, part in found.items() if lines["dept"][line] == "A1") == to_fen(Decimal(whole))


def test_a_pool_and_a_shared_person_lead_back_to_their_own_lines() -> None:
    pool = {"dept": "P1", "name": "水电", "category": "common", "driver": "02"}
    given_rows = source_rows() | {
        Department: [*UNITS, pool],
        Area: [{"dept": u["dept"], "area": 10} for u in UNITS],
        Salary: [{"dept": d, "staff_no": n, "amount": "100.01", "fund": "own"} for d, n in (("C1", "E1"), ("P1", "E2"))],
        StaffShare: [{"staff_no": "E1", "dept": d, "share": n} for d, n in (("C1", 1), ("C2", 2), ("P1", 1))],
    }
    run = Trial(given_rows)
    lines, trace = traced(run)
    pay = run.compute(DirectCost).filter((pl.col("item") == "staff") & (pl.col("dept") == "C2"))
    found = trace.rows([(Node("C2", Layer("staff", "own", "fixed"), "dir", opening=True), to_fen(pay["amount"][0]))])
    people = {lines["staff_no"][line]: part for line, part in found.items() if lines["feed"][line] == "Salary"}
    assert sum(found.values()) == to_fen(pay["amount"][0])
    assert people["E1"] > 5000, "half of the person's time, and a part of the pool's quarter"
    assert people["E2"] > 0, "the pool's own person reaches every department"


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=30), st.integers(-(10**12), 10**12))
def test_spreading_keeps_the_sum_and_stays_within_one_unit(weight: list[int], total: int) -> None:
    if sum(weight) == 0:
        return
    parts = spread(total, weight)
    assert sum(parts) == total
    assert all(abs(p * sum(weight) - total * w) < abs(sum(weight)) for p, w in zip(parts, weight, strict=True))
