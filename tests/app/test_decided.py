"""结账以后的决定 · What is decided about a closed month leaves it as it is, to the byte, and counts in the months after it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from heng.app.decided import counts_from, publish_decisions
from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.region import Region
from heng.app.watched import run_watched
from heng.core.capability import CAPABILITIES
from heng.core.errors import DeskError
from heng.core.table import Table
from heng.desk.decisions import NewDecision, decide, decisions
from heng.store.manifest import Closing, Part
from heng.store.parts import write_part
from heng.tables.steering import AlertPrecision, Breach, CostElement, Signal, SignalDecision
from tests.app.test_alerts import ROW, desk, hold, keys, region

__all__ = ["desk", "region"]  # fixtures of this page
MAY, JUNE, JULY = "2026-05", "2026-06", "2026-07"


@pytest.fixture(autouse=True)
def only_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run works out the signals and their precision; what lies before them is given."""
    monkeypatch.setattr("heng.app.compute.order", lambda _: [CAPABILITIES[n] for n in ("steering.signals", "steering.alert_precision")])


def breached(region: Region, *months: str, since: str = MAY) -> list[Cell]:
    """Months in which the consumables of a department lie beyond their line."""
    with region.writing("test"):
        for month in months:
            row = {n: ROW.get(n) for n in Breach.columns} | {"month": month, "since": max(since, min(months)), "base": ""}
            frames = {Breach: pl.DataFrame([row], schema=Breach.schema()), CostElement: pl.DataFrame(schema=CostElement.schema())}
            region.publish("test", [write_part(region.path, t, f, ("H01", month, "")) for t, f in frames.items()])
    return [("H01", m) for m in months]


def close(region: Region, *months: str) -> None:
    with region.writing("test"):
        region.manifest = region.manifest.with_closings([Closing("H01", m, "王", "2026-07-01", 1) for m in months], ())
        region.publish("test")


def says(desk: Desk, kind: str, month: str, until: date | None = None) -> None:
    decide(desk.db, "wang", ("head",), NewDecision(f"{kind}/{month}", "consumables", "H01", "C1", month, kind, "集采切换", until))


def run(region: Region, cells: list[Cell]) -> list[str]:
    """Run with the desk; the keys of the alerts' cases."""
    return keys(run_watched(region, cells, lambda *_: None, "duckdb").alerts)


def of(region: Region, month: str) -> list[Part]:
    return [p for p in Region(region.path).manifest.parts if p.month == month]


def rows(region: Region, table: type[Table], month: str) -> list[dict[str, Any]]:
    parts = [p for p in of(region, month) if p.table == table.__name__]
    return [row for p in parts for row in pl.read_parquet(region.path / p.file).iter_rows(named=True)]


def state(region: Region, month: str) -> str:
    (row,) = rows(region, Signal, month)
    return str(row["state"])


def precise(region: Region, month: str) -> tuple[Decimal, Decimal]:
    (row,) = rows(region, AlertPrecision, month)
    return row["confirmed"], row["dismissed"]


def test_a_mute_of_a_closed_month_counts_in_the_months_after_it(region: Region, desk: Desk) -> None:
    cells = breached(region, MAY)
    assert run(region, cells) == ["alert/consumables/H01/C1/2026-05"]
    close(region, MAY)
    before = of(region, MAY)
    says(desk, "mute", MAY, date(2026, 12, 31))
    run(region, cells)
    assert of(region, MAY) == before
    assert counts_from(region.manifest, "H01", MAY) is None  # it waits for a month that is open
    cells = breached(region, MAY, JUNE)[1:]
    run(region, [("H01", MAY), *cells])
    assert (state(region, MAY), state(region, JUNE)) == ("new", "muted")
    assert [(r["about"], r["kind"]) for r in rows(region, SignalDecision, JUNE)] == [(MAY, "mute")]


def test_precision_learns_of_a_closed_month_later_what_people_found(region: Region, desk: Desk) -> None:
    cells = breached(region, MAY, JUNE)
    run(region, cells)
    close(region, MAY)
    before = of(region, MAY)
    says(desk, "not_real", MAY)
    run(region, cells)
    assert of(region, MAY) == before
    assert (precise(region, MAY), precise(region, JUNE)) == ((0, 0), (0, 1))


def test_what_a_closed_month_holds_is_not_said_again_and_moves_back_when_it_is_reopened(region: Region, desk: Desk) -> None:
    hold(region, {}, {"month": JUNE}, {"month": JULY})
    says(desk, "acknowledge", MAY)
    publish_decisions(region, desk)
    close(region, MAY, JUNE)
    says(desk, "real", MAY)
    assert publish_decisions(region, desk) == 1
    held = [(m, r["about"], r["kind"]) for m in (MAY, JUNE, JULY) for r in rows(region, SignalDecision, m)]
    assert held == [(MAY, None, "acknowledge"), (JULY, MAY, "real")]
    assert publish_decisions(region, desk) == 0
    close(region)
    assert publish_decisions(region, desk) == 2
    assert [(m, r["kind"]) for m in (MAY, JUNE, JULY) for r in rows(region, SignalDecision, m)] == [(MAY, "acknowledge"), (MAY, "real")]


def test_a_mute_is_taken_back_and_the_alert_gets_its_case(region: Region, desk: Desk) -> None:
    cells = breached(region, MAY, JUNE)
    says(desk, "mute", MAY, date(2026, 12, 31))
    assert run(region, cells) == []
    says(desk, "unmute", JUNE)
    assert run(region, cells) == ["alert/consumables/H01/C1/2026-05"]
    assert (state(region, MAY), state(region, JUNE)) == ("muted", "lasting")


def test_what_is_not_muted_any_more_cannot_be_taken_back(desk: Desk) -> None:
    with pytest.raises(DeskError, match="没有静音") as e:
        says(desk, "unmute", MAY)
    assert "nothing is muted" in e.value.en
    says(desk, "mute", MAY, desk.db.today)
    later = desk.db.clock() + timedelta(days=1)
    desk.db.clock = lambda: later
    with pytest.raises(DeskError, match="没有静音"):
        says(desk, "unmute", MAY)
    says(desk, "mute", JUNE, date(2026, 12, 31))
    for _ in range(2):  # the same twice in a row is there once
        says(desk, "unmute", JUNE)
    assert [d.kind for d in decisions(desk.db)] == ["mute", "mute", "unmute"]


def test_decisions_that_an_earlier_version_wrote_go_on_counting(region: Region, desk: Desk) -> None:
    cells = breached(region, MAY, JUNE)
    says(desk, "mute", MAY, date(2026, 12, 31))
    publish_decisions(region, desk)
    (part,) = region.manifest.of(SignalDecision.__name__)
    pl.read_parquet(region.path / part.file).drop("about").write_parquet(region.path / "old.parquet")
    with region.writing("test"):
        region.publish("test", [replace(part, version=1, file="old.parquet")])
    close(region, MAY)
    assert run(region, cells) == []
    assert (state(region, JUNE), rows(region, SignalDecision, JUNE)) == ("muted", [])
