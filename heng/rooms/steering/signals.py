"""预警信号 · Every alert that stands, with its cause in yuan: the month against the months it is compared with.

Cause: `heng.methods.causes` over what the department used and did; nothing is left over. A watch that explains one element
tells of that element only. A muted alert stays in the list, and says so. Source: 区域成本预警要求（自查—核查—通报）.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.core.period import last_day
from heng.rooms.steering.evidence import Evidence, explained
from heng.rooms.steering.watches import Watch, watches
from heng.tables.steering import Breach, CostElement, Signal, SignalDecision

WINDOW = 25
Key = tuple[str, str, str]


class Decided(NamedTuple):
    """一个决定 · The month from which a decision counts, the month it is about, its kind, and the day on which a mute ends."""

    month: str
    about: str
    kind: str
    until: date | None


class Rule(Params, at="steering.signals"):
    """监测设置 · What is watched, and which elements follow volume."""

    watches: list[Any]
    follows_volume: list[Any]


@capability("预警信号", "signals", months=WINDOW)
def signals(breaches: Breach, elements: CostElement, decisions: SignalDecision, rule: Rule) -> Signal:
    """逐条说明原因 · One row per alert that stands in the month; Σ effects = amount − before, to the fen."""
    known = {w.watch: w for w in watches(rule.watches)}
    rows = breaches.frame().filter(pl.col("watch").is_in(list(known)))  # earlier months may tell of a watch that policy has dropped since
    decided = _decided(decisions.frame())
    evidence = Evidence(elements.frame(), rows.select("org", "dept"))
    found = [
        {**row, **_said(known[row["watch"]], row, decided), **explained(evidence, known[row["watch"]], row, rule.follows_volume)}
        for row in rows.iter_rows(named=True)
    ]
    return pl.DataFrame([{n: r[n] for n in Signal.columns} for r in found], schema=Signal.schema())


def _decided(decisions: pl.DataFrame) -> dict[Key, list[Decided]]:
    """By hospital, watch and department, every decision in the order made."""
    found: dict[Key, list[Decided]] = {}
    columns = ("org", "watch", pl.col("dept").fill_null(""), "month", pl.col("about").fill_null(pl.col("month")), "kind", "until")
    for org, watch, dept, *said in decisions.sort("month", "file", "row").select(*columns).iter_rows():
        found.setdefault((org, watch, dept), []).append(Decided(*said))
    return found


def _said(watch: Watch, row: dict[str, Any], decided: dict[Key, list[Decided]]) -> dict[str, str]:
    month, said = row["month"], decided.get((row["org"], row["watch"], row["dept"]), [])
    return {"owners": " ".join(watch.owners), "state": next(_states(row, month, said))}


def _states(row: dict[str, Any], month: str, said: list[Decided]) -> Iterator[str]:
    """States that hold, the strongest first; a decision counts from its month on, a later one changes nothing earlier."""
    first, counting = last_day(month).replace(day=1), [d for d in said if d.month <= month]
    mute = next((d for d in reversed(counting) if d.kind in ("mute", "unmute")), None)
    if mute and mute.kind == "mute" and (mute.until is None or mute.until >= first):
        yield "muted"
    if any(d.kind in ("acknowledge", "real", "not_real") and row["since"] <= d.about <= month for d in counting):
        yield "acknowledged"
    yield "lasting" if row["since"] < month else "new"
