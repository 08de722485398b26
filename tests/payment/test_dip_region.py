"""DIP 全链 · Laws of the capabilities of DIP on made-up hospitals, and 13,637 real discharges grouped by the threshold of 15."""

import csv
import gzip
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.errors import PolicyError
from heng.core.table import Table
from heng.store.policy_files import read_policy
from heng.tables.dip import (
    DipCase,
    DipCatalogue,
    DipClearing,
    DipCoefficient,
    DipMatch,
    DipPayment,
    DipReference,
    DipScore,
    DipSeverity,
    DipStay,
    DipValue,
)

Row = dict[str, Any]


def stay(month: str, n: int, told: tuple[str, str, int], **more: object) -> Row:
    """A stay of one hospital: diagnosis, procedures, fee."""
    diagnosis, procedures, fee = told
    kind = "surgery" if procedures else "conservative"
    row = {"month": month, "encounter": n, "insurance": "employee", "hospital_class": "", "diagnosis": diagnosis, "procedures": procedures}
    return row | {"treatment": kind, "fee": fee, "drug": fee // 2, "reason": ""} | more


def region(rows: list[Row], policy: dict[str, object] | None = None) -> Trial:
    """A region with these stays, none of whose patients is worse than another."""
    cells = sorted({(r.get("org", "H01"), r["month"]) for r in rows})
    well = [
        {"org": r.get("org", "H01"), "month": r["month"], "encounter": r["encounter"], "died": False, "comorbidity": 0}
        | {"organ": "", "tumour": False, "spread": False}
        for r in rows
    ]
    return Trial({DipStay: rows, DipMatch: [], DipSeverity: well}, read_policy().scenario(policy or {}), cells)


STAY = st.tuples(st.sampled_from(["K80.1", "K80.2", "J18.9"]), st.sampled_from(["", "51.2300", "51.2300+54.5100"]), st.integers(1, 99_999))
STAYS = st.lists(STAY, min_size=1, max_size=12)
COVERED = {"payment.dip_catalogue.core_by": "coverage", "payment.dip_catalogue.low": 1}


def at(table: pl.DataFrame, month: str) -> list[Row]:
    """The rows of a month without what tells how much history there was."""
    return table.filter(pl.col("month") == month).drop("cases", "variation", "stable").to_dicts()


@settings(max_examples=6, deadline=None)
@given(STAYS)
def test_a_year_of_history_like_the_others_changes_no_score(told: list[tuple[str, str, int]]) -> None:
    now = stay("2026-03", 1, told[0])
    histories = [
        [stay(f"{y}-05", n, s) for y in years for n, s in enumerate(told, 1)] for years in ((2025,), (2024, 2025), (2023, 2024, 2025))
    ]
    found = [at(region([*h, now], COVERED).compute(DipScore), "2026-03") for h in histories]
    assert found[0] == found[1] == found[2] != []


@settings(max_examples=6, deadline=None)
@given(STAYS, STAYS)
def test_every_stay_comes_out_once_and_says_why_it_has_no_points(
    before: list[tuple[str, str, int]], now: list[tuple[str, str, int]]
) -> None:
    history = [stay("2025-05", n, s) for n, s in enumerate(before, 1)]
    cases = [stay("2026-03", n, s) for n, s in enumerate(now, 1)] + [stay("2026-03", 99, now[0], fee=None, reason="no_fee")]
    trial = region([*history, *cases], {"payment.dip_catalogue.least": 3})
    found = trial.compute(DipCase).filter(pl.col("month") == "2026-03")
    assert found["encounter"].to_list() == [c["encounter"] for c in cases]
    for r in found.to_dicts():
        assert (r["points"] is None) == (r["group"] is None) == (r["reason"] != "")
    paid = trial.compute(DipPayment).filter(pl.col("month") == "2026-03")
    assert paid["encounter"].to_list() == found["encounter"].to_list()
    assert paid["payment"].null_count() == found["points"].null_count()


def test_the_order_of_the_stays_changes_nothing() -> None:
    told = [("K80.1", "51.2300", 500), ("K80.1", "51.2300", 300), ("K80.1", "54.5100", 400), ("K80.1", "54.5100", 200), ("J18.9", "", 90)]
    both = ("K80.1", "51.2300+54.5100", 310)  # of two core diseases with a procedure each the nearer mean wins: 300, not 400
    policy: dict[str, object] = {"payment.dip_catalogue.least": 2}
    found = []
    for ordered in (told, told[::-1]):
        rows = [stay("2025-05", n, s) for n, s in enumerate(ordered, 1)] + [stay("2026-03", 1, both)]
        trial = region(rows, policy)
        last = pl.col("month") == "2026-03"
        found.append([trial.compute(t).filter(last).to_dicts() for t in (DipCatalogue, DipScore, DipReference, DipCoefficient, DipCase)])
    assert found[0] == found[1]
    assert found[0][-1][0]["group"] == "K80.1-54.5100"


def test_the_cases_of_a_month_make_nothing_of_their_own_catalogue() -> None:
    history, policy = [stay("2025-05", n, ("J18.9", "", 100)) for n in (1, 2)], {"payment.dip_catalogue.least": 2}
    cheap, dear = (region([*history, stay("2026-03", 1, ("J18.9", "", fee))], policy) for fee in (100, 99_999))
    for table in (DipCatalogue, DipScore, DipReference):
        assert at(cheap.compute(table).with_columns(variation=0, stable=0), "2026-03") == at(
            dear.compute(table).with_columns(variation=0, stable=0), "2026-03"
        )


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=6), st.integers(1, 10**9))
def test_what_the_hospitals_get_adds_up_to_the_pool_to_the_fen(points: list[int], fen: int) -> None:
    pool = Decimal(fen).scaleb(-2)
    cases: dict[type[Table], list[Row]] = {
        DipCase: [
            {"org": f"H{n:02}", "month": "2026-12", "encounter": 1, "insurance": "employee", "fee": 1, "points": Decimal(p).scaleb(-4)}
            for n, p in enumerate(points)
        ],
        DipValue: [{"month": "2026-12", "insurance": "employee", "cases": 1, "pool": pool}],
    }
    found = Trial(cases, None, [(f"H{n:02}", "2026-12") for n in range(len(points))]).compute(DipClearing)
    assert found["amount"].sum() == pool
    assert found["org"].len() == len(points)


def test_the_points_of_a_year_times_the_settlement_value_are_the_pool() -> None:
    rows = [stay("2025-05", n, ("J18.9", "", 100)) for n in (1, 2)] + [stay("2026-12", n, ("J18.9", "", 100)) for n in (1, 2, 3)]
    funds = [{"insurance": "employee", "fund": "700", "share": "0.7"}]
    policy: dict[str, object] = {"payment.dip_value.funds": funds, "payment.dip_payment.by": "settlement", "payment.dip_catalogue.least": 2}
    trial = region(rows, policy)
    value = trial.compute(DipValue).filter(pl.col("month") == "2026-12").row(0, named=True)
    assert (value["points"], value["pool"], value["budget"]) == (3000, 1000, Decimal("0.1"))
    paid = trial.compute(DipPayment).filter(pl.col("month") == "2026-12")
    assert paid["payment"].to_list() == [Decimal("333.33")] * 3
    assert trial.compute(DipClearing).filter(pl.col("month") == "2026-12")["amount"].sum() == 1000


def test_a_reference_disease_that_is_in_no_catalogue_is_told() -> None:
    policy: dict[str, object] = {"payment.dip_score.reference": "disease", "payment.dip_score.reference_disease": "K35.8-47.0901"}
    with pytest.raises(PolicyError, match=r"基准病种 K35.8-47.0901 不在目录中[\s\S]*is not in the catalogue"):
        region([stay("2026-03", 1, ("J18.9", "", 100))], policy).compute(DipScore)


# ---------------------------------------------------------------- real discharges

MONTH = "2020-12"


@pytest.fixture(scope="module")
def discharges(shared: Path) -> list[dict[str, str]]:
    with gzip.open(shared / "sparcs2020/sparcs2020_msk_A.csv.gz", "rt", encoding="utf8") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "sparcs2020/expected.json").read_text("utf8"))
    return found


def scored(rows: list[dict[str, str]], diagnosis: str, procedure: str | None, least: int) -> pl.DataFrame:
    """Scores of the discharges of one year by diagnosis and procedure, as one hospital's."""
    stays = pl.DataFrame(
        {
            "org": ["H01"] * len(rows),
            "month": [MONTH] * len(rows),
            "encounter": range(1, len(rows) + 1),
            "insurance": ["other"] * len(rows),
            "hospital_class": [""] * len(rows),
            "diagnosis": [r[diagnosis] for r in rows],
            "procedures": [r[procedure] if procedure else "" for r in rows],
            "treatment": ["therapeutic" if procedure and r[procedure] else "conservative" for r in rows],
            "days": [int(r["los"]) for r in rows],
            "fee": [Decimal(r["Total.Costs"]).quantize(Decimal("0.01")) for r in rows],
            "reason": [""] * len(rows),
        },
        schema_overrides={"fee": pl.Decimal(18, 2)},
    )
    whole = pl.concat([pl.DataFrame(schema=DipStay.schema()), stays], how="diagonal_relaxed").cast(dict(DipStay.schema()))
    return Trial({DipStay: whole, DipMatch: []}, read_policy().scenario({"payment.dip_catalogue.least": least}), [("H01", MONTH)]).compute(
        DipScore
    )


@pytest.mark.shared
def test_weights_stays_and_variation_of_real_groups_are_those_of_the_source(
    discharges: list[dict[str, str]], expected: dict[str, Any]
) -> None:
    found = scored(discharges, "APR.DRG.Code", None, 1)
    assert (found.height, found["cases"].sum()) == (expected["drgs"], expected["rows"])
    weight = sum(n * s for n, s in zip(found["cases"], found["score"], strict=True)) / 1000
    assert abs(weight - expected["rows"]) < Decimal("0.01")  # Σ RW = n, but for scores rounded to four decimals
    assert abs(found["reference"][0] - Decimal(str(expected["mean_cost"]))) < Decimal("0.0001")
    rows = {r["group"].removesuffix("-保守治疗"): r for r in found.to_dicts()}
    for group, want in expected["drg_top"].items():
        got = rows[group]
        assert got["cases"] == want["n"]
        for name, key in (("mean", "mean_cost"), ("variation", "cv"), ("mean_days", "alos")):
            assert abs(got[name] - Decimal(str(want[key]))) <= Decimal("0.000001")


@pytest.mark.shared
def test_the_threshold_of_15_covers_what_a_plain_count_says(discharges: list[dict[str, str]], expected: dict[str, Any]) -> None:
    counted = Counter((r["CCSR.Diagnosis.Code"], r["CCSR.Procedure.Code"]) for r in discharges)
    core = {pair: n for pair, n in counted.items() if n >= 15}
    found = scored(discharges, "CCSR.Diagnosis.Code", "CCSR.Procedure.Code", 15)
    assert {r["group"]: r["cases"] for r in found.filter(pl.col("level") == "core").to_dicts()} == {
        f"{d}-{p or '保守治疗'}": n for (d, p), n in core.items()
    }
    assert found["cases"].sum() == expected["rows"]
    assert (len(counted), len(core), sum(core.values())) == COVERED_BY_15
    fees = sum(n * m for n, m in zip(found["cases"], found["mean"], strict=True))
    assert abs(fees - Decimal(str(expected["total_costs"]))) < 1


COVERED_BY_15 = (1_398, 128, 10_318)
"""组合数、核心病种数、其病例数 · Combinations, core diseases among them, and their cases."""
