"""真实的住院 · Stays of a real hospital (MIMIC-IV demo): its ward hours, stays and groups, and cost kept at every step.

The files are loaded as they stand. They have no prices: a ward bills one fen a second, and costs twice that.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from heng.app.trial import Trial
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost, GroupCost, GroupStep, TopDownCost
from heng.tables.costing import Allocation, DeptCost, Volume
from heng.tables.fees import FeeLine
from heng.tables.organisation import Department
from heng.tables.patients import CareHour, Encounter, EncounterCost, EncounterStep, WorkInProgress
from heng.tables.services import ServicePool, StageTwoCost
from heng.tables.visits import Discharge, Visit, WardStay
from tests.costing.file_rows import CELL, after_the_end, loaded, month_of, total

pytestmark = pytest.mark.shared


class Stays(NamedTuple):
    """The ward stays as the file has them, what the tables hold after costing, and what the source expects."""

    wards: pl.DataFrame
    discharges: pl.DataFrame
    charged: Decimal
    trial: Trial
    expected: dict[str, Any]


def of_month(wards: pl.DataFrame) -> pl.DataFrame:
    """Every ward stay cut at the ends of months, a fen charged for every second: how a ward bills by the day."""
    months = pl.date_ranges(pl.col("began").dt.truncate("1mo").dt.date(), pl.col("ended").dt.date(), "1mo")
    cut = wards.with_columns(opens=months).explode("opens").with_columns(closes=pl.col("opens").dt.offset_by("1mo").cast(pl.Datetime("us")))
    cut = cut.with_columns(
        charged=pl.max_horizontal("began", pl.col("opens").cast(pl.Datetime("us"))), until=pl.min_horizontal("ended", "closes")
    )
    cut = cut.with_columns(seconds=(pl.col("until") - pl.col("charged")).dt.total_seconds()).filter(pl.col("seconds") > 0)
    return cut.with_columns(month=month_of("charged"), amount=pl.col("seconds").cast(pl.Decimal(18, 2)) / 100, quantity="seconds")


def files_of_month(wards: pl.DataFrame) -> pl.DataFrame:
    """What the hospital would send: a ward stay in the month it ends, and before that, still open, in the month it began."""
    closed = wards.with_columns(month=month_of("ended"))
    before = wards.filter(month_of("began") != month_of("ended"))
    return pl.concat([closed, before.with_columns(month=month_of("began"), ended=pl.lit(None, pl.Datetime("us")))])


@pytest.fixture(scope="module")
def stays(shared: Path) -> Stays:
    folder = shared / "mimic-iv-demo"
    read = {
        n: pl.read_csv(folder / f"hosp/{n}.csv.gz", infer_schema=False) for n in ("admissions", "transfers", "diagnoses_icd", "drgcodes")
    }
    moments = {
        "admittime": "admitted",
        "dischtime": "discharged",
        "intime": "began",
        "outtime": "ended",
        "edregtime": "ed",
        "edouttime": "ed_end",
    }
    seen = [pl.col(n).str.to_datetime().alias(z) for n, z in moments.items()]
    admissions = read["admissions"].with_columns(seen[0], seen[1], seen[4], seen[5], visit="hadm_id")
    transfers = read["transfers"].with_columns(seen[2], seen[3], visit=pl.coalesce("hadm_id", "transfer_id"), dept="careunit")
    wards = transfers.filter(pl.col("ended").is_not_null()).with_columns(org=pl.lit("BIDMC"))
    emergency = admissions.filter(pl.col("ed").is_not_null()).select(
        "visit", org=pl.lit("ED"), dept=pl.lit("Emergency Department"), began="ed", ended="ed_end"
    )
    every = pl.concat([wards.select("org", "visit", "dept", "began", "ended"), emergency.select("org", "visit", "dept", "began", "ended")])
    billed = of_month(every)
    last = wards.sort("ended").group_by("visit", maintain_order=True).agg(pl.col("dept").last())
    groups = {k[0]: g.select(visit="hadm_id", code="drg_code") for k, g in read["drgcodes"].partition_by("drg_type", as_dict=True).items()}
    principal = read["diagnoses_icd"].filter(pl.col("seq_num") == "1").select(visit="hadm_id", diagnosis="icd_code")
    records = admissions.join(last, on="visit").join(principal, on="visit", how="left")
    records = records.join(groups["HCFA"].rename({"code": "drg"}), on="visit", how="left")
    records = records.join(groups["APR"].rename({"code": "dip"}), on="visit", how="left")
    records = records.with_columns(month=month_of("discharged"), patient="subject_id", way_out="hospital_expire_flag", total=pl.lit(0))
    discharges = pl.concat([records.with_columns(org=pl.lit(org)) for org in ("BIDMC", "ED")])
    visits = wards.filter(pl.col("hadm_id").is_null()).with_columns(seen="began", left="ended", month=month_of("began"))
    units = every.select("org", "dept").unique().sort("org", "dept")
    pool = billed.group_by("org", "month", "dept").agg(amount=2 * pl.col("amount").sum()).sort("org", "month", "dept")
    admitted = pl.col("visit").is_in(admissions["visit"].to_list())
    lines = billed.with_columns(
        pl.when(admitted).then(pl.lit("inpatient")).otherwise(pl.lit("outpatient")).alias("care"),
        ordering="dept", performing="dept", item=pl.lit("BED"), fee_class=pl.lit("01"),
    )  # fmt: skip
    given = {
        Discharge: discharges,
        Visit: visits,
        WardStay: files_of_month(every),
        FeeLine: lines,
        Department: units.with_columns(name="dept", category=pl.lit("clinical"), setting=pl.lit("inpatient"), disabled=pl.lit(value=False)),
        ServicePool: pool.with_columns(kind=pl.lit("service"), item=pl.lit("staff"), variable=pl.lit(0)),
        StageTwoCost: pool.clear(),
        Allocation: pool.clear(),
        DeptCost: pool.with_columns(
            setting=pl.lit("inpatient"), item=pl.lit("staff"), fund=pl.lit("own"), behaviour=pl.lit("fixed"), bucket=pl.lit("dir")
        ),
        Volume: pool.select("org", "month", "dept", measure=pl.lit("bed_day")),
    }
    cells = sorted({(o, m) for o, m in pl.concat([f.select(CELL) for f in (discharges, visits, billed)]).iter_rows()})
    policy = read_policy().scenario({"costing.top_down.by": "hours", "costing.top_down.volume": "encounters"})
    trial = Trial({t: loaded(t, f) for t, f in given.items()}, policy, cells)
    return Stays(
        wards, loaded(Discharge, discharges), total(billed, "amount"), trial, json.loads((folder / "expected.json").read_text("utf8"))
    )


def at(rows: pl.DataFrame, org: str) -> pl.DataFrame:
    return rows.filter(pl.col("org") == org)


def test_the_admissions_of_the_file_are_all_there_and_as_long_as_it_says(stays: Stays) -> None:
    found = at(stays.trial.compute(Encounter), "BIDMC")
    finished = found.filter((pl.col("status") == "finished") & (pl.col("care") != "outpatient"))
    records = at(stays.discharges, "BIDMC")
    assert finished.height == finished["visit"].n_unique() == stays.expected["admissions"]
    assert finished["patient"].n_unique() == stays.expected["patients"]
    lasted = (records["discharged"] - records["admitted"]).dt.total_seconds() / 86400
    assert lasted.mean() == pytest.approx(stays.expected["los_days_mean"], abs=1e-12)
    assert lasted.median() == pytest.approx(stays.expected["los_days_median"], abs=1e-12)
    nights = (records["discharged"].dt.date() - records["admitted"].dt.date()).dt.total_days()
    assert total(finished, "days") == sum(max(n, 1) for n in nights)
    assert records.filter(pl.col("way_out") == "1").height == stays.expected["in_hospital_deaths"]
    assert found.filter(pl.col("care") == "outpatient")["visit"].n_unique() == stays.wards.filter(pl.col("hadm_id").is_null()).height


def test_hours_by_ward_cut_at_the_ends_of_months_add_up_to_what_the_file_says(stays: Stays) -> None:
    hours = at(stays.trial.compute(CareHour), "BIDMC")
    by_ward = dict(hours.group_by("dept").agg(pl.col("seconds").sum()).iter_rows())
    for ward, expected in stays.expected["unit_hours_top"].items():
        assert round(by_ward[ward] / 3600, 4) == expected, ward
    assert round(sum(by_ward.values()) / 3600, 4) == stays.expected["unit_hours_total"]
    named = hours.join(at(stays.trial.compute(Encounter), "BIDMC"), on=[*CELL, "encounter"])
    by_stay = named.group_by("visit").agg(pl.col("seconds").sum()).sort("visit")
    in_file = stays.wards.group_by("visit").agg(seconds=(pl.col("ended") - pl.col("began")).dt.total_seconds().sum()).sort("visit")
    assert by_stay.equals(in_file)
    assert hours.filter(pl.col("seconds") > 31 * 86400).is_empty()


def test_time_in_the_emergency_department_is_what_the_source_expects(stays: Stays) -> None:
    named = at(stays.trial.compute(CareHour), "ED").join(at(stays.trial.compute(Encounter), "ED"), on=[*CELL, "encounter"])
    hours = named.group_by("visit").agg(pl.col("seconds").sum())["seconds"] / 3600
    assert len(hours) == stays.expected["ed_stay_h_n"]
    assert hours.mean() == pytest.approx(stays.expected["ed_stay_h_mean"], abs=1e-9)
    assert hours.median() == pytest.approx(stays.expected["ed_stay_h_median"], abs=1e-9)
    assert (hours > 4).sum() == stays.expected["ed_over_4h"]


def test_two_groupings_stand_side_by_side_with_as_many_cases_as_the_file_has(stays: Stays) -> None:
    groups = at(stays.trial.compute(GroupCost), "BIDMC").filter(pl.col("care") != "outpatient")
    for scheme, rows in (("drg", "HCFA"), ("dip", "APR")):
        of_scheme = groups.filter(pl.col("scheme") == scheme)
        told = of_scheme.filter(pl.col("group") != "")
        assert total(told, "cases") + total(told, "excluded") == stays.expected["drg_rows"][rows]
    drg = groups.filter(pl.col("scheme") == "drg").with_columns(every=pl.col("cases") + pl.col("excluded"))
    assert total(drg.filter(pl.col("group") != ""), "every") == stays.expected["admissions_with_HCFA_DRG"]


def test_cost_is_kept_from_the_ward_to_the_disease_group(stays: Stays) -> None:
    compute = stays.trial.compute
    assert total(compute(EncounterCost), "amount") == 2 * stays.charged == total(compute(EncounterStep), "amount")
    assert total(compute(TopDownCost), "amount") == 2 * stays.charged
    cases = compute(CaseCost)
    assert total(cases, "bottom_up") == 2 * total(cases, "income")
    for scheme in ("diagnosis", "drg"):
        groups = compute(GroupCost).filter(pl.col("scheme") == scheme)
        used = groups.select("org", "month").unique()
        counted = cases.join(used, on=CELL, how="semi")
        assert total(groups, "amount") + total(groups, "excluded_amount") == total(counted, "amount")
        assert total(groups, "cases") + total(groups, "excluded") == counted.height
        assert total(compute(GroupStep).filter(pl.col("scheme") == scheme), "amount") == total(groups, "amount")
    finished = compute(Encounter).filter(pl.col("status") == "finished")
    assert cases.height == finished.height
    assert total(cases, "bottom_up") + total(after_the_end(stays.trial), "amount") == 2 * stays.charged
    assert total(compute(WorkInProgress), "total") > 0
    assert set(compute(GroupStep)["step"]) == {"ward", "icu"}
