"""预警信号 · Every alert that stands, with its cause in yuan: the month against the months it is compared with.

Cause: `heng.methods.causes` over what the department used and did; nothing is left over. A watch that explains one element
tells of that element only. A muted alert stays in the list, and says so. Source: 区域成本预警要求（自查—核查—通报）.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.core.period import last_day
from heng.rooms.steering.evidence import Evidence, explained
from heng.rooms.steering.watches import Watch, watches
from heng.tables.steering import Breach, CostElement, Signal, SignalDecision

WINDOW = 25
Key = tuple[str, str, str]


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


def _decided(decisions: pl.DataFrame) -> dict[Key, list[tuple[str, str, date | None]]]:
    """By hospital, watch and department: month, kind and end of every decision."""
    found: dict[Key, list[tuple[str, str, date | None]]] = {}
    columns = ("org", "watch", pl.col("dept").fill_null(""), "month", "kind", "until")
    for org, watch, dept, month, kind, until in decisions.select(*columns).iter_rows():
        found.setdefault((org, watch, dept), []).append((month, kind, until))
    return found


def _said(watch: Watch, row: dict[str, Any], decided: dict[Key, list[tuple[str, str, date | None]]]) -> dict[str, str]:
    month, said = row["month"], decided.get((row["org"], row["watch"], row["dept"]), [])
    return {"owners": " ".join(watch.owners), "state": next(_states(row, month, said))}


def _states(row: dict[str, Any], month: str, said: list[tuple[str, str, date | None]]) -> Iterator[str]:
    """States that hold, the strongest first; a decision counts from its month on, a later one changes nothing earlier."""
    first = last_day(month).replace(day=1)
    if any(kind == "mute" and at <= month and (until is None or until >= first) for at, kind, until in said):
        yield "muted"
    if any(kind in ("acknowledge", "real", "not_real") and row["since"] <= at <= month for at, kind, _ in said):
        yield "acknowledged"
    yield "lasting" if row["since"] < month else "new"
