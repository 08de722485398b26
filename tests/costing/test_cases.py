"""病例的定律 · What must hold of cases, groups and the methods beside each other, however stays and costs look."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.capability import order
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost, CaseGroup, ChargeRatio, GroupCost, GroupStep, RatioCost, StayMonth, TopDownCost
from heng.tables.costing import DeptCost, Volume
from heng.tables.patients import CareHour, Charge, Encounter, EncounterCost, EncounterTotal, Service, WorkInProgress
from heng.tables.services import FeedProfile, ServiceCost
from tests.costing.three_step_case import source_rows

POLICY = read_policy()
MONTHS = [f"2026-{n:02}" for n in range(1, 7)]
OURS = [CareHour, StayMonth, TopDownCost, ChargeRatio, RatioCost, CaseCost, WorkInProgress, CaseGroup, GroupCost, GroupStep]
ZERO = {"material": 0, "drug": 0, "depreciation": 0, "amortisation": 0, "risk": 0, "other": 0}
laws = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
fen = st.integers(0, 10**8)
Given = Mapping[type[Table], list[dict[str, Any]]]


def yuan(amount: int) -> Decimal:
    return Decimal(amount) / 100


@st.composite
def hospitals(draw: st.DrawFn) -> Given:
    """Stays over six months, each finished or open at the end, some newborns, charged and costed (or not) every month."""
    parts: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 6))):
        first, last = sorted((draw(st.integers(0, 5)), draw(st.integers(0, 5))))
        finished = last < 5 or draw(st.booleans())
        visit = f"Z{draw(st.integers(0, 9))}{n}"
        about = {"care": "inpatient", "mother": parts[0]["visit"] if parts and draw(st.booleans()) else None}
        end = {
            "diagnosis": draw(st.sampled_from(("I21.9", "I21.000", "J06", None))),
            "drg": draw(st.sampled_from(("FR11", "0000", "AQY", None))),
            "days": draw(st.integers(1, 100)),
        }
        for m in range(first, last + 1):
            done = finished and m == last
            parts.append(about | {"visit": visit, "month": MONTHS[m], "status": "finished" if done else "open"} | (end if done else {}))
    parts.sort(key=lambda p: (p["month"], p["visit"]))
    places = [sum(q["month"] == p["month"] for q in parts[:i]) + 1 for i, p in enumerate(parts)]
    numbered = [{"encounter": n} | p for n, p in zip(places, parts, strict=True)]
    key = [{k: p[k] for k in ("month", "encounter")} for p in numbered]
    costs = [k | ZERO | {"staff": yuan(draw(fen))} for k in key if draw(st.integers(0, 9))]
    totals = [k | {"lines": 1, "income": yuan(draw(fen)), "variable": 0, "fixed": 0} for k in key]
    return {
        Encounter: numbered,
        EncounterCost: [c | {"amount": c["staff"]} for c in costs],
        EncounterTotal: [t | {"costed_income": t["income"]} for t in totals],
    }


def trial(rows: Given, policy: Mapping[str, Any] | None = None, months: list[str] | None = None) -> Trial:
    """Cases on their own: what comes before them is given, or empty."""
    before = {c.writes: c.writes.schema().to_frame() for c in order(OURS) if c.writes not in {*OURS, *rows}}
    return Trial(before | dict(rows), POLICY.scenario(dict(policy or {})), [("H01", m) for m in months or MONTHS])


def total(rows: pl.DataFrame, column: str = "amount") -> Decimal:
    return Decimal(rows[column].sum())


@laws
@given(hospital=hospitals(), newborn=st.sampled_from(("with_mother", "apart")))
def test_every_fen_of_a_patient_is_in_one_case_or_in_progress_and_every_case_in_one_group(hospital: Given, newborn: str) -> None:
    found = trial(hospital, {"costing.stay_months.newborn": newborn})
    cases, progress = found.compute(CaseCost), found.compute(WorkInProgress).filter(pl.col("month") == MONTHS[-1])
    assert total(cases, "bottom_up") + total(progress, "total") == sum((c["amount"] for c in hospital[EncounterCost]), Decimal(0))
    finished = [e for e in hospital[Encounter] if e["status"] == "finished"]
    left = {(e["visit"], e["month"]) for e in finished}
    inside = [e for e in finished if newborn == "with_mother" and (e["mother"], e["month"]) in left]
    assert cases.height == len(finished) - len(inside)
    for (month, _), rows in found.compute(GroupCost).group_by("month", "scheme"):
        of_month = cases.filter(pl.col("month") == month)
        assert total(rows) + total(rows, "excluded_amount") == total(of_month)
        assert total(rows, "cases") + total(rows, "excluded") == of_month.height


@laws
@given(hospital=hospitals())
def test_a_month_does_not_depend_on_the_months_worked_out_beside_it(hospital: Given) -> None:
    whole, month = trial(hospital), MONTHS[3]
    before = {t: [r for r in rows if r["month"] <= month] for t, rows in hospital.items()}
    alone = trial(before, months=MONTHS[:4])
    for table in (StayMonth, CaseCost, WorkInProgress, CaseGroup):
        among = whole.compute(table).filter(pl.col("month") == month)
        assert alone.compute(table).filter(pl.col("month") == month).equals(among), table.__name__


@laws
@given(
    rest=st.lists(st.integers(-(10**9), 10**10), min_size=1, max_size=4),
    days=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 400)), min_size=1, max_size=12),
)
def test_top_down_shares_out_what_the_wards_with_patients_cost(rest: list[int], days: list[tuple[int, int]]) -> None:
    wards = [f"C{n}" for n in range(len(rest))]
    kind = {"setting": "inpatient", "item": "staff", "fund": "own", "behaviour": "fixed", "bucket": "dir"}
    stays = [{"encounter": n, "visit": f"Z{n}", "dept": f"C{d}", "month_days": v} for n, (d, v) in enumerate(days, 1) if d < len(rest)]
    rows = {
        DeptCost: [kind | {"dept": d, "amount": yuan(r)} for d, r in zip(wards, rest, strict=True)],
        Volume: [{"dept": d, "measure": "bed_day", "volume": 1} for d in wards],
        Encounter: [s | {"care": "inpatient", "status": "finished"} for s in stays],
        Charge: [{"encounter": 0, "service": 1, "orderer": 1, "quantity": 1, "amount": 1}],
    }
    found = trial(rows, {"costing.top_down.volume": "encounters"}, ["2026-03"]).compute(TopDownCost)
    assert total(found) == sum((yuan(r) for d, r in zip(wards, rest, strict=True) if d in {s["dept"] for s in stays}), Decimal(0))


@laws
@given(lines=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 10**7)), min_size=1, max_size=20), cost=fen)
def test_by_ratios_the_patients_bear_exactly_what_the_units_cost(lines: list[tuple[int, int, int]], cost: int) -> None:
    income = {s: sum(a for _, t, a in lines if t == s) for s in range(1, 4)}
    cost = min(cost, 100 * min(i for i in income.values() if i))  # beyond a ratio of 100 it is unknown
    unit = {"dept": "C3", "kind": "service", "quantity": 1}
    steps = {1: "ward", 2: "surgery", 3: "surgery"}
    charged = {"performing": "C3", "fee_class": "01", "patient_quantity": 1}
    rows: Given = {
        Service: [
            unit | charged | {"service": s, "item": f"I{s}", "step": steps[s], "income": yuan(i), "patient_income": yuan(i)}
            for s, i in income.items()
        ],
        ServiceCost: [
            unit | ZERO | {"service": s, "item": f"I{s}", "income": yuan(i), "staff": yuan(cost), "variable": 0, "amount": yuan(cost)}
            for s, i in income.items()
            if i
        ],
        Charge: [{"encounter": e, "service": s, "orderer": 1, "quantity": 1, "amount": yuan(a)} for e, s, a in lines],
    }
    found = trial(rows, months=["2026-03"])
    assert total(found.compute(RatioCost)) == total(found.compute(ChargeRatio))


def test_a_hospital_with_department_data_only_runs_to_the_end_and_sees_what_is_missing() -> None:
    found = Trial(source_rows())
    for table in OURS:
        assert found.compute(table).is_empty(), table.__name__
    levels = found.compute(FeedProfile).sort("rank")
    reached = levels.filter(pl.col("missing_zh") == "")["feature"].to_list()
    assert reached == ["department", "unit"]
    assert levels.filter(pl.col("feature") == "group")["missing_en"].item() == "DRG or DIP groups on discharge records"
