"""患者成本的定律 · What must hold for every hospital's charge lines: none lost, every side the same total, order irrelevant."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import heng.app.region
import heng.store.engine
from heng.app.trial import Rows, Trial
from heng.core.table import Table
from heng.store.engine import DuckDB
from heng.store.parts import write_part
from heng.store.policy_files import read_policy
from heng.tables.codes import ITEM
from heng.tables.fees import FeeLine
from heng.tables.organisation import Department
from heng.tables.patients import (
    Charge,
    DoctorCost,
    Encounter,
    EncounterCost,
    EncounterFee,
    EncounterStep,
    EncounterTotal,
    OrderingCost,
    Service,
    StepCost,
)
from heng.tables.services import MatchedCost, ServicePool
from heng.tables.visits import Discharge, Visit, WardStay

POLICY = read_policy()
ITEMS = tuple(ITEM)
SIDES = (EncounterCost, EncounterTotal, EncounterStep, EncounterFee, StepCost, OrderingCost, DoctorCost)
CELLS = [("H01", "2026-03"), ("H01", "2026-04"), ("H02", "2026-03")]
EMPTY: dict[type[Table], Rows] = {Discharge: [], Visit: [], WardStay: []}
laws = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])

line = st.fixed_dictionaries(
    {
        "visit": st.sampled_from(["A", "B", "C", "", None]),
        "care": st.sampled_from(["outpatient", "inpatient", None]),
        "item": st.sampled_from(["X1", "X2"]),
        "fee_class": st.sampled_from(["01", "06", "08", "09"]),
        "quantity": st.decimals(Decimal("0.0001"), 1000, places=4),
        "amount": st.decimals(-100, 10_000, places=2),
        "ordering": st.sampled_from(["W1", "W2", None]),
        "doctor": st.sampled_from(["张", None]),
        "performing": st.sampled_from(["W1", "PH"]),
    }
)
stock = st.sets(st.tuples(st.sampled_from(["W1", "W2", "PH"]), st.sampled_from(["drug", "material"])))


def hospital(lines: list[dict[str, Any]], stocked: set[tuple[str, str]]) -> dict[type[Table], Rows]:
    """Charge lines, and the departments whose drugs or consumables were booked."""
    pools = [{"dept": d, "kind": k, "item": k, "variable": 1, "amount": 1} for d, k in sorted(stocked)]
    wards = [{"dept": "W1", "name": "内科病房", "category": "clinical", "setting": "inpatient"}]
    numbered = [{"file": "given", "row": n, **row} for n, row in enumerate(lines, 1)]
    return {**EMPTY, FeeLine: numbered, ServicePool: pools, Department: wards}


def costed(source: Mapping[type[Table], Rows], fen: int) -> Trial:
    """The hospital with a cost for every service that patients got: odd amounts of fen, so that something is left to carry."""
    services = Trial(source, POLICY).compute(Service).filter(pl.col("patient_quantity") > 0)
    rows = [
        {"service": s, "dept": d, "patient_quantity": q, "variable": f"0.0{n % 10}", **costs, "amount": sum(costs.values())}
        for n, (s, d, q) in enumerate(services.select("service", "dept", "patient_quantity").iter_rows())
        for costs in [{item: Decimal(fen * (n + 3) % (10**7 + i)) / 100 for i, item in enumerate(ITEMS)}]
    ]
    return Trial({**source, MatchedCost: rows}, POLICY)


@laws
@given(lines=st.lists(line, min_size=1, max_size=25), stocked=stock, fen=st.integers(1, 10**6))
def test_every_line_is_coded_once_and_every_side_adds_up_to_the_cost_matched(
    lines: list[dict[str, Any]], stocked: set[tuple[str, str]], fen: int
) -> None:
    trial = costed(hospital(lines, stocked), fen)
    charges, matched, encounters = trial.compute(Charge), trial.compute(MatchedCost), trial.compute(Encounter)
    assert sorted(charges["row"]) == list(range(1, len(lines) + 1))
    assert charges["amount"].sum() == sum(row["amount"] for row in lines) == trial.compute(Service)["income"].sum()
    code = dict(encounters.select("visit", "encounter").iter_rows())
    assert [*charges.sort("row")["encounter"]] == [code.get(row["visit"] or "nobody", 0) for row in lines]

    assert {i: trial.compute(EncounterCost)[i].sum() for i in ITEMS} == {i: matched[i].sum() for i in ITEMS}
    assert {t.__name__: trial.compute(t)["amount"].sum() for t in SIDES} == {t.__name__: matched["amount"].sum() for t in SIDES}
    billed = sum(row["amount"] for row in lines if row["visit"])
    with_income = [t for t in SIDES if "income" in t.columns]
    assert {t.__name__: trial.compute(t)["income"].sum() for t in with_income} == {t.__name__: billed for t in with_income}


@laws
@given(lines=st.lists(line, min_size=1, max_size=15), stocked=stock)
def test_the_order_of_lines_means_nothing(lines: list[dict[str, Any]], stocked: set[tuple[str, str]]) -> None:
    one = hospital(lines, stocked)
    forwards, backwards = costed(one, 7), costed({**one, FeeLine: [*reversed(list(one[FeeLine]))]}, 7)
    for table in (Service, Encounter, Charge, EncounterCost):
        assert forwards.compute(table).equals(backwards.compute(table))


@given(a=st.decimals(-(10**9), 10**9, places=2), b=st.decimals(-(10**9), 10**9, places=4))
def test_the_cost_of_one_unit_is_exact_to_twelve_places(a: Decimal, b: Decimal) -> None:
    assume(abs(a) < abs(b) * 10**8)
    got = ENGINE.rows("select fine($a::decimal(18,2), $b::decimal(18,4)) as x", {"a": a, "b": b})["x"][0]
    exact = abs(Fraction(a) / Fraction(b)) * 10**12
    assert abs(got) == Decimal(int(exact + Fraction(1, 2))).scaleb(-12)
    assert (got < 0) == (got != 0 and (a < 0) != (b < 0))


ENGINE = DuckDB()


def test_hospitals_and_months_worked_out_together_are_as_worked_out_alone() -> None:
    charges, matched = year(3_000, CELLS)
    together = Trial({Charge: charges, MatchedCost: matched}, POLICY, CELLS)
    for table in (EncounterCost, EncounterTotal):
        alone = [Trial({Charge: of(charges, cell), MatchedCost: of(matched, cell)}, POLICY, [cell]).compute(table) for cell in CELLS]
        assert together.compute(table).equals(pl.concat(alone))


@pytest.mark.parametrize("table", [EncounterCost, EncounterTotal])
def test_the_same_bytes_come_out_whatever_the_number_of_threads(
    table: type[Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    charges, matched = year(260_000, CELLS[:1])  # more rows than one thread takes at a time
    files = set()
    for threads in (1, 2, 4, 2, 1):
        monkeypatch.setattr(heng.store.engine, "THREADS", threads)
        trial = Trial({Charge: charges, MatchedCost: matched}, POLICY, CELLS[:1])
        files.add(write_part(tmp_path, table, trial.compute(table), (*CELLS[0], "")).file)
    assert len(files) == 1


def year(lines: int, cells: list[tuple[str, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Coded lines of some hospitals' months, and what their services cost."""
    chance = np.random.default_rng(2026)
    charges, matched = list[pl.DataFrame](), list[pl.DataFrame]()
    for org, month in cells:
        place = {"org": pl.lit(org), "month": pl.lit(month)}
        columns = {"encounter": chance.integers(0, lines // 20, lines), "service": chance.integers(1, 301, lines), "orderer": 1}
        columns |= {"quantity": chance.integers(1, 9, lines), "amount": 1, "file": "given", "row": np.arange(lines)}
        charges.append(pl.DataFrame(columns).with_columns(**place).select(pl.col(n).cast(t) for n, t in Charge.schema().items()))
        costs = {item: chance.integers(0, 10**6, 300) for item in (*ITEMS, "variable", "amount")}
        rows = pl.DataFrame({"service": np.arange(1, 301), "dept": "D", "patient_quantity": chance.integers(1, 5000, 300), **costs})
        matched.append(rows.with_columns(**place).select(pl.col(n).cast(t) for n, t in MatchedCost.schema().items()))
    return pl.concat(charges), pl.concat(matched)


def of(rows: pl.DataFrame, cell: tuple[str, str]) -> pl.DataFrame:
    """The rows of one hospital's month."""
    return rows.filter(org=cell[0], month=cell[1])
