"""决定回到数里 · What people decided about signals becomes the table `SignalDecision`, before the next run reads it.

A decision counts from the month of its signal. A closed month stays as it is: what is decided about it later counts from the
first month after it that is open and has data, and says which month it is about. Until there is such a month it waits.
"""

from collections import Counter
from typing import Any

import polars as pl

from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.region import Region
from heng.desk.decisions import Decided, decisions
from heng.store.manifest import Manifest, Part
from heng.store.parts import write_part
from heng.tables.steering import SignalDecision

FEED = "desk"
"""决定表的来源名 · The feed that the desk's decisions are published as."""


def publish_decisions(region: Region, desk: Desk) -> int:
    """发布决定 · Write every decision into the month from which it counts; gives how many months changed."""
    with region.writing("heng run"):
        manifest = region.manifest
        parts = [_part(region, cell, rows) for cell, rows in sorted(_placed(region, decisions(desk.db)).items())]
        fresh = [p for p in parts if manifest.part(*p.place) != p]
        gone = {p.place for p in _published(manifest) if not manifest.is_closed(p.org, p.month)} - {p.place for p in parts}
        if fresh or gone:
            region.publish("decisions", fresh, gone)
    return len(fresh) + len(gone)


def counts_from(manifest: Manifest, org: str, month: str) -> str | None:
    """从哪个月起算 · The month from which a decision about a month counts; None while no open month from it on has data."""
    return next((m for m in _open(manifest).get(org, ()) if m >= month), None)


def _open(manifest: Manifest) -> dict[str, list[str]]:
    """By hospital, the months that are open and have data, in order."""
    shut = {(c.org, c.month) for c in manifest.closed}
    held = {(p.org, p.month) for p in manifest.parts if p.month and (p.table, p.part) != (SignalDecision.__name__, FEED)}
    found = dict[str, list[str]]()
    for org, month in sorted(held - shut):
        found.setdefault(org, []).append(month)
    return found


def _published(manifest: Manifest) -> list[Part]:
    return [p for p in manifest.of(SignalDecision.__name__) if p.part == FEED]


def _placed(region: Region, made: list[Decided]) -> dict[Cell, list[tuple[int, Decided]]]:
    """Every decision with its number, at the month from which it counts; what a closed month holds already stays there."""
    kept, found = _kept(region), dict[Cell, list[tuple[int, Decided]]]()
    months = _open(region.manifest)
    for number, decided in enumerate(made, 1):
        month = next((m for m in months.get(decided.org, ()) if m >= decided.month), None)
        if kept[decided]:
            kept[decided] -= 1
        elif month:
            found.setdefault((decided.org, month), []).append((number, decided))
    return found


def _kept(region: Region) -> Counter[Decided]:
    parts = [p for p in _published(region.manifest) if region.manifest.is_closed(p.org, p.month)]
    rows = [row for p in parts for row in pl.read_parquet(region.path / p.file).iter_rows(named=True)]
    return Counter(Decided(r["watch"], r["org"], r["dept"], r.get("about") or r["month"], r["kind"], r["until"], r["reason"]) for r in rows)


def _part(region: Region, cell: Cell, rows: list[tuple[int, Decided]]) -> Part:
    org, month = cell
    given: list[dict[str, Any]] = [
        {"org": org, "month": month, "watch": d.watch, "dept": d.dept, "about": None if d.month == month else d.month}
        | {"kind": d.kind, "until": d.until, "reason": d.reason, "file": FEED, "row": number}
        for number, d in rows
    ]
    frame = pl.DataFrame(given, schema=SignalDecision.schema()).sort(SignalDecision.full_key(), nulls_last=True)
    return write_part(region.path, SignalDecision, frame, (org, month, FEED))
