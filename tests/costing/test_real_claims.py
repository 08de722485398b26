"""合成的账单 · Claims of a synthetic hospital (Synthea): no orphan, and every yuan of the files is kept at every step.

The hospital hands in a file for each table, which is loaded as any other; every place costs twice what it charges.
"""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from heng.app.trial import Trial
from heng.core.period import shift
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost, CaseGroup, GroupCost, GroupStep
from heng.tables.fees import FeeLine
from heng.tables.patients import Charge, Encounter, EncounterCost, EncounterStep, EncounterTotal
from heng.tables.services import ServicePool
from heng.tables.visits import Discharge, Settlement, Visit, WorkedOutCost
from tests.costing.file_rows import CELL, after_the_end, handed_in, loaded, month_of, total

pytestmark = pytest.mark.shared

FEN = pl.Decimal(18, 2)


class Claims(NamedTuple):
    """The files of claims as they stand, and what the tables hold after costing."""

    encounters: pl.DataFrame
    claims: pl.DataFrame
    charges: pl.DataFrame
    given: dict[type[Table], pl.DataFrame]
    trial: Trial


def moment(text: str) -> pl.Expr:
    return pl.col(text).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us")


@pytest.fixture(scope="module")
def claims(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Claims:
    encounters, bills, lines = (
        pl.read_csv(shared / f"synthea-27/{name}.csv", infer_schema=False) for name in ("encounters", "claims", "claims_transactions")
    )
    charges = lines.filter(pl.col("TYPE") == "CHARGE")
    told = encounters.select(
        org=pl.lit("H01"), visit="Id", patient="PATIENT", dept="ORGANIZATION", doctor="PROVIDER", diagnosis="REASONCODE",
        admitted=moment("START"), discharged=moment("STOP"), seen=moment("START"), kind="ENCOUNTERCLASS",
        amount=pl.col("TOTAL_CLAIM_COST").cast(FEN), total=pl.col("TOTAL_CLAIM_COST").cast(FEN),
    ).with_columns(month=pl.when(pl.col("kind") == "inpatient").then(month_of("discharged")).otherwise(month_of("seen")))  # fmt: skip
    place = told.select("visit", "dept", "kind")
    fees = charges.select(
        org=pl.lit("H01"), visit="APPOINTMENTID", charged=moment("FROMDATE"), item="PROCEDURECODE", name="NOTES", fee_class=pl.lit("14"),
        quantity=pl.col("UNITS").cast(pl.Decimal(18, 4)), amount=pl.col("AMOUNT").cast(FEN), doctor="PROVIDERID", settlement="CLAIMID",
    ).join(place, on="visit", how="left").with_columns(
        month=month_of("charged"), performing="dept", ordering="dept",
        care=pl.when(pl.col("kind") == "inpatient").then(pl.lit("inpatient")).otherwise(pl.lit("outpatient")),
    )  # fmt: skip
    pool = fees.group_by("org", "month", "dept").agg(amount=2 * pl.col("amount").sum()).sort("month", "dept")
    stays, visits = told.filter(pl.col("kind") == "inpatient"), told.filter(pl.col("kind") != "inpatient")
    heads = bills.select(org=pl.lit("H01"), settlement="Id", visit="APPOINTMENTID", ended=moment("SERVICEDATE")).with_columns(
        month=month_of("ended")
    )
    files: dict[type[Table], pl.DataFrame] = {
        Discharge: stays.drop("seen"),
        Visit: visits.drop("admitted", "discharged"),
        FeeLine: fees,
        Settlement: heads,
        WorkedOutCost: told.select("org", "month", "visit", "amount"),
    }
    pools = pool.with_columns(kind=pl.lit("service"), item=pl.lit("staff"), variable=pl.lit(0))
    cells = sorted({(o, m) for f in (told, fees) for o, m in f.select(CELL).iter_rows()}, reverse=True)
    frames = {**handed_in(tmp_path_factory.mktemp("files"), files), ServicePool: loaded(ServicePool, pools)}
    return Claims(encounters, bills, charges, frames, Trial(frames, read_policy(), cells))


def test_no_claim_and_no_line_is_an_orphan(claims: Claims) -> None:
    found = claims.trial.compute(Encounter)
    finished = found.filter(pl.col("status") == "finished")
    assert sorted(finished["visit"]) == sorted(claims.encounters["Id"])
    assert set(claims.charges["CLAIMID"]) <= set(claims.claims["Id"])
    assert set(claims.claims["APPOINTMENTID"]) <= set(finished["visit"])
    coded = claims.trial.compute(Charge)
    assert coded.height == claims.charges.height
    assert coded.filter(pl.col("encounter") == 0).is_empty()


def test_every_yuan_of_the_files_is_kept_at_every_step(claims: Claims) -> None:
    compute = claims.trial.compute
    charged = claims.charges["AMOUNT"].cast(FEN).sum()
    assert charged == Decimal("1092402.73")
    totals, cases, groups = compute(EncounterTotal), compute(CaseCost), compute(GroupCost)
    assert total(compute(Charge), "amount") == total(totals, "income") == total(totals, "costed_income") == charged
    assert total(compute(EncounterCost), "amount") == total(compute(EncounterStep), "amount") == 2 * charged
    late = after_the_end(claims.trial)
    assert late.height > 0
    assert total(cases, "bottom_up") + total(late, "amount") == 2 * charged
    billed = claims.encounters["TOTAL_CLAIM_COST"].cast(FEN).sum()
    assert total(cases, "given") == total(cases, "amount") == billed == Decimal("2259172.04")
    assert set(cases["method"]) == {"given"}
    diagnosed = cases.join(groups.select(CELL).unique(), on=CELL, how="semi")
    assert total(groups, "amount") + total(groups, "excluded_amount") == total(diagnosed, "amount")
    assert total(groups, "cases") + total(groups, "excluded") == diagnosed.height
    alone = compute(CaseGroup).filter(pl.col("excluded") == "ungrouped")
    assert alone.height == diagnosed.filter(pl.col("diagnosis").is_null()).height


def test_a_month_comes_out_the_same_alone_and_among_fifty_years(claims: Claims) -> None:
    assert min(claims.encounters["START"]) < "1969"
    month = max(claims.encounters["START"])[:7]
    window = [shift(month, -n) for n in range(6)]
    few = {t: f.filter(pl.col("month").is_in(window)) for t, f in claims.given.items()}
    alone = Trial(few, read_policy(), [("H01", m) for m in window])
    for table in (CaseCost, CaseGroup, GroupCost, GroupStep):
        found, among = (trial.compute(table).filter(pl.col("month") == month) for trial in (alone, claims.trial))
        assert found.equals(among), table.__name__
    assert alone.compute(CaseCost).height > 0
