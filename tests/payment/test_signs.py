"""待核查线索 · Signs for review: what was planted is found, what was not is not, and no word is a verdict."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.period import shift
from heng.rooms.payment.case_signs import repeats
from heng.rooms.payment.share_signs import transfers
from heng.rooms.payment.sign_words import EVIDENCE, INNOCENT
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost
from heng.tables.grouping import Grouping
from heng.tables.patients import Encounter
from heng.tables.payment import PayCase
from heng.tables.signs import SIGN, GamingSign
from heng.tables.visits import Discharge

MONTHS = [shift("2026-03", -n) for n in range(11, -1, -1)]
HOSPITALS = ("H01", "H02", "H03")
SIZE = 40


def cases() -> Iterator[dict[str, Any]]:
    """Three hospitals, a year, forty cases a month of BR2: one in four has complications; H02 codes three in four in the last month.

    H03 transfers half of those in ES3, which loses money, and never one of BR2.
    """
    for org in HOSPITALS:
        for month in MONTHS:
            for n in range(1, SIZE + 1):
                lossy = n > SIZE - 10
                severe = n % 4 == 0 or (org == "H02" and month == MONTHS[-1] and n % 4 != 1)
                adrg = "ES3" if lossy else "BR2"
                group, weight = (f"{adrg}1", 2) if severe else (f"{adrg}5", 1)
                yield {
                    "org": org,
                    "month": month,
                    "encounter": n,
                    "adrg": adrg,
                    "drg": group,
                    "group": group,
                    "weight": weight,
                    "severity": "mcc" if severe else "none",
                    "payment": 8000,
                    "fee": 9000 if lossy else 7000,
                    "visit": f"V{month}-{n}",
                    "patient": f"P{month}-{n}",
                    "way_out": "2" if org == "H03" and lossy and n % 2 else "1",
                }


PLAIN = {"pack": "p-1", "pays": True, "status": "grouped", "why": "", "insurance": "employee", "primary": False, "outlier": "normal"}
PLAIN |= {"over_cap": False, "care": "inpatient", "months": 1, "dept": "A", "total": 0}


@pytest.fixture(scope="module")
def signs() -> pl.DataFrame:
    """The signs of a year in three hospitals."""
    rows = [PLAIN | row for row in cases()]
    for row in rows:
        left = date.fromisoformat(f"{row['month']}-20")
        row |= {"admitted": left - timedelta(days=6), "discharged": left, "amount": row["fee"]}
    given = {}
    for table in (Grouping, PayCase, Encounter, Discharge, CaseCost):
        wanted = [n for n, c in table.columns.items() if not c.derived]
        kept = [{n: r[n] for n in wanted if n in r} for r in rows]
        given[table] = [r | ({"status": "finished"} if table is Encounter else {}) for r in kept]
    made = Trial(given, read_policy(), [(org, m) for org in HOSPITALS for m in MONTHS])
    return made.compute(GamingSign).filter(pl.col("month") == MONTHS[-1])


def test_the_hospital_that_codes_more_complications_is_found_and_no_other(signs: pl.DataFrame) -> None:
    found = signs.filter(pl.col("sign") == "severity_mix")
    assert set(found["org"]) == {"H02"}
    assert "BR2" in set(found["group"])


def test_its_weights_drift_inside_the_adrg(signs: pl.DataFrame) -> None:
    assert set(signs.filter(pl.col("sign") == "weight_drift").select("org", "dept").rows()) == {("H02", ""), ("H02", "A")}


def test_the_hospital_that_transfers_the_losing_group_is_found(signs: pl.DataFrame) -> None:
    found = signs.filter(pl.col("sign") == "transfer_out")
    assert set(found["org"]) == {"H03"}
    assert set(found.select("cases", "events").rows()) == {(120, 60)}


@pytest.mark.parametrize(("last", "stake"), [(500, 10_400), (None, None)])
def test_the_money_concerned_is_known_only_when_every_payment_is(last: int | None, stake: int | None) -> None:
    """Twenty stays of a losing group, half of them transferred; the ten of the other group stay."""
    rows = [{"adrg": "A", "group": g, "dept": "", "way_out": "1", "payment": 1100, "cost": c} for g, c in (("A1", 2000), ("A5", 900))] * 10
    out = [{"adrg": "A", "group": "A1", "dept": "", "way_out": "2", "payment": paid, "cost": 2000} for paid in [1100] * 9 + [last]]
    rule: Any = SimpleNamespace(transfer_ways=["2"], least=10, chance="0.05")
    assert [sign["stake"] for sign in transfers(pl.DataFrame(rows + out), rule)] == [stake]


def test_stays_of_different_patients_are_no_readmission(signs: pl.DataFrame) -> None:
    assert signs.filter(pl.col("sign").is_in(["split_stay", "readmission", "low_standard"])).is_empty()


def test_every_sign_has_its_words_and_none_is_a_verdict() -> None:
    assert set(EVIDENCE) == set(INNOCENT) == set(SIGN)
    said = " ".join(text for words in (EVIDENCE, INNOCENT, SIGN) for pair in words.values() for text in pair)
    assert not re.search(r"违规|违法|骗保|套取|查实|fraud|guilty|violat|illegal", said, re.IGNORECASE)


def test_the_words_name_no_visit_and_no_patient(signs: pl.DataFrame) -> None:
    assert not signs.is_empty()
    for words in ("evidence_zh", "evidence_en", "innocent_zh", "innocent_en"):
        assert not signs[words].str.contains(r"[VP]20\d\d-").any()


def test_a_stay_for_something_else_between_two_hides_no_readmission() -> None:
    rule = SimpleNamespace(planned=[], split_days=15, readmission_days=31, same_characters=5)
    whole = {"org": "H01", "month": "2026-03", "dept": "A", "patient": "P", "payment": 1}
    told = [(1, 1, 5, "GB1", "K80.1"), (2, 7, 8, "ES3", "J18.9"), (3, 10, 12, "GB1", "K80.1")]
    year = pl.DataFrame(
        [
            {**whole, "group": f"{adrg}1", "adrg": adrg, "diagnosis": dx, "encounter": n, "visit": f"V{n}"}
            | {"admitted": date(2026, 3, first), "discharged": date(2026, 3, last)}
            for n, first, last, adrg, dx in told
        ]
    )
    found = [(s["encounter"], s["sign"], s["related"]) for s in repeats(year, year, rule)]  # type: ignore[arg-type]
    assert found == [(3, "split_stay", "V1")]
