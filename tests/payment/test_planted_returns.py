"""演示的结算返回 · Every difference planted in the insurer's returns is found, and no other; the rest agrees to the fen."""

from collections import Counter
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import Table
from heng.demo.catalogue import catalogue
from heng.demo.hospitals import hospitals
from heng.demo.patient_files import write_patients
from heng.demo.payment import packs, payment_policy
from heng.demo.region import MONTHS
from heng.intake.delivery import Place, read_delivery
from heng.intake.packs.reading import read_pack
from heng.rooms.payment.packs import rows
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost
from heng.tables.payment import SpecialReview
from heng.tables.returns import AppealItem, BackTest, ReturnCheck, ReturnMatch, ReturnTrace
from heng.tables.visits import Settlement, SettlementFee, Visit, WardStay

HOSPITAL = next(h for h in hospitals() if h.code == "H02")
PLANTED = [s for s in catalogue("planted")["returns"] if s["org"] == HOSPITAL.code]
ONE = {"to": "group", "weight": "weight", "cut": "amount", "missing": "missing_in_return"}
"""Which class of difference a planted sign of one case is found as."""


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """The hospital's records and returns of three months, from the files it delivers, under the region's rules."""
    folder = tmp_path_factory.mktemp("planted")
    for name, text in payment_policy(HOSPITAL).items():
        (folder / "policy" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "policy" / name).write_text(text, "utf8")
    found: dict[type[Table], list[pl.DataFrame]] = {}
    paths = [written.path for written in write_patients(folder, HOSPITAL, MONTHS, 2026)]
    for path in [p for p in paths if "病案首页" in p.name or "结算返回" in p.name]:
        for table, frame in read_delivery(path, Place(HOSPITAL.code)).tables.items():
            found.setdefault(table, []).append(frame)
    given: dict[type[Table], Any] = {table: pl.concat(frames) for table, frames in found.items()}
    given |= {t: [] for t in (CaseCost, Settlement, SettlementFee, SpecialReview, Visit, WardStay)}
    given |= {table: frame for table, frame in rows(read_pack(packs()[0])).items() if frame.height}
    policy = read_policy(folder, (HOSPITAL.code,)).scenario({"payment.grouping.beside": []})
    return Trial(given, policy, [(HOSPITAL.code, m) for m in MONTHS if m >= "2026-07"])


@pytest.fixture(scope="module")
def checks(months: Trial) -> pl.DataFrame:
    return months.compute(ReturnCheck)


def hit(checks: pl.DataFrame, sign: dict[str, Any]) -> list[str]:
    """The visits that a sign is planted in: those that the hospital groups so, by their number."""
    own = checks.filter((pl.col("case_month") == sign["month"]) & (pl.col("group") == sign["group"])).sort("visit")["visit"].to_list()
    return [own[sign["nth"]]] if "nth" in sign else own


def test_every_planted_difference_is_found_and_no_other(checks: pl.DataFrame) -> None:
    wanted = {v: "group" for s in PLANTED for v in hit(checks, s) if "nth" not in s}
    wanted |= {hit(checks, s)[0]: kind for s in PLANTED if "nth" in s for sign, kind in ONE.items() if sign in s}
    upcoded = checks.filter((pl.col("month") == "2026-09") & (pl.col("group") == "GU13"))["visit"]
    differ = checks.filter(pl.col("difference") != "equal")
    assert dict(differ.select("visit", "difference").iter_rows()) == wanted | dict.fromkeys(upcoded, "group")
    assert len(wanted) > 60
    assert len(upcoded) > 20
    assert Counter(differ["month"]) == {"2026-08": 3, "2026-09": len(wanted) - 3 + len(upcoded)}
    assert set(checks.filter(pl.col("difference") == "equal")["shortfall"]) == {Decimal(0)}


def test_a_line_that_is_repeated_counts_once_and_is_told(months: Trial, checks: pl.DataFrame) -> None:
    (sign,) = [s for s in PLANTED if "repeated" in s]
    told = months.compute(ReturnMatch).filter(pl.col("repeated") > 0)
    assert told.select("month", "named", "lines", "repeated").rows() == [(sign["month"], hit(checks, sign)[0], 2, 1)]


def test_what_the_insurer_cut_is_the_gap_on_the_tracing_sheet(months: Trial, checks: pl.DataFrame) -> None:
    (sign,) = [s for s in PLANTED if "cut" in s]
    gaps = months.compute(ReturnTrace).filter((pl.col("visit") == hit(checks, sign)[0]) & pl.col("gap").is_not_null())
    assert {what: gap for what, gap in gaps.select("what", "gap").iter_rows() if gap} == {"fee": sign["cut"], "fund_pay": sign["cut"]}


def test_appeals_are_the_planted_cases_that_were_paid_less(months: Trial, checks: pl.DataFrame) -> None:
    appeals = months.compute(AppealItem).filter(pl.col("kind") == "appeal")
    less = checks.filter((pl.col("difference") != "equal") & (pl.coalesce("shortfall", "fund_pay") > 0))
    assert set(appeals.select("month", "visit").iter_rows()) == set(less.select("month", "visit").iter_rows())
    assert {"missing_in_return", "group"} == set(appeals.filter(pl.col("month") == "2026-09")["cause"])
    assert set(appeals.filter(pl.col("month") == "2026-08")["cause"]) == {"group", "weight", "amount"}


def test_the_back_test_raises_its_alarm_in_september_where_groups_were_changed(months: Trial) -> None:
    tested = months.compute(BackTest)
    whole = tested.filter(pl.col("by") == "hospital").sort("month")
    assert (whole["cases"] - whole["drg_equal"]).to_list() == [0, 1, 102]
    assert set(tested.filter("alarm").select("month", "by", "group").iter_rows()) == {
        ("2026-09", "hospital", ""),
        *(("2026-09", by, group) for by, group in (("mdc", "I"), ("adrg", "IU2"), ("mdc", "G"), ("adrg", "GU1"))),
    }
