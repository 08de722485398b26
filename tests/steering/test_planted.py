"""示范区域的预警 · On the pretended region every alert that its books deserve is raised, with its cause, and next to no other."""

from collections import Counter
from decimal import Decimal

import polars as pl
import pytest

from heng.app.trial import Trial
from heng.demo.departments import departments
from heng.demo.hospitals import hospitals
from heng.demo.plants import alerts
from heng.rooms.steering.evidence import EFFECTS
from heng.tables.steering import AlertPrecision, Signal

DUE = {(a["watch"], a["org"], a["dept"], a["month"]): a["cause"] for a in alerts()}


@pytest.fixture(scope="module")
def signals(region: Trial) -> pl.DataFrame:
    return region.compute(Signal)


def raised(signals: pl.DataFrame) -> dict[tuple[str, str, str, str], dict[str, object]]:
    """The first month of every episode, by watch, hospital, name of the department, month."""
    names = {(h.code, d.code): d.name for h in hospitals() for d in departments(h)}
    first = signals.filter(pl.col("month") == pl.col("since"))
    return {(r["watch"], r["org"], names.get((r["org"], r["dept"]), ""), r["month"]): r for r in first.iter_rows(named=True)}


def test_every_alert_that_is_due_is_raised_with_its_cause(signals: pl.DataFrame) -> None:
    found = raised(signals)
    assert sorted(DUE.keys() - found.keys()) == []
    for key, cause in DUE.items():
        row = found[key]
        effects = {name: row[name] for name in EFFECTS if row[name] is not None}
        assert max(effects, key=lambda n: abs(Decimal(str(effects[n])))) == cause, key


def test_at_most_one_false_alert_in_a_hospital_and_year(signals: pl.DataFrame) -> None:
    false = Counter(org for watch, org, *_ in raised(signals).keys() - DUE.keys())
    assert max(false.values(), default=0) <= 1, false


def test_the_cause_of_every_signal_adds_up_to_the_fen(signals: pl.DataFrame) -> None:
    assert signals.height
    for row in signals.iter_rows(named=True):
        assert row["before"] + sum(row[e] for e in EFFECTS if row[e] is not None) == row["amount"]


def test_nothing_is_judged_real_before_people_have_judged(region: Trial) -> None:
    precision = region.compute(AlertPrecision)
    assert set(precision["confirmed"]) == set(precision["dismissed"]) == {Decimal("0.0000")}
    assert precision["precision"].null_count() == precision.height
