"""DIP 方案与表 · A catalogue of DIP as rows of the region's tables, and out of them again, the same."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from heng.core.table import Table
from heng.methods.dip.pack import Bar, DipPack, Entry, Span, joined, ways
from heng.tables.packs import DipCode, DipEdition, DipEntry

Frames = Mapping[type[Table], pl.DataFrame]
SAME = ("code", "part", "name", "any_dx", "any_op", "resistant", "difference", "primary")
"""两边同名同义的项 · What stands alike on both sides."""
SPANS = {"age_days": ("days_from", "days_until"), "weight": ("grams_from", "grams_until")}
LISTS = ("no_dx", "resistant", "resistant_other")


def rows(pack: DipPack) -> Frames:
    """写成各表的行 · The rows of a catalogue by table, in key order."""
    edition = {n: getattr(pack, n) for n in ("scheme", "edition", "since", "until", "sha256")} | {"document": pack.source}
    listed = [{"list": name, "code": c} for name in LISTS for c in getattr(pack, name)]
    barred = [
        {"list": "no_op", "code": op, "conservative": bar.conservative, "unless": "|".join(bar.unless)} for op, bar in pack.no_op.items()
    ]
    found: dict[type[Table], list[dict[str, Any]]] = {
        DipEdition: [edition],
        DipEntry: [_row(rank, e) for rank, e in enumerate(pack.entries, 1)],
        DipCode: [*listed, *barred],
    }
    frames = {t: pl.DataFrame([{**row, "pack": pack.name} for row in made], schema=t.schema()) for t, made in found.items()}
    return {t: frame.unique(t.full_key(), keep="first", maintain_order=True).sort(t.full_key()) for t, frame in frames.items()}


def _row(rank: int, entry: Entry) -> dict[str, Any]:
    spans = {n: value for name, names in SPANS.items() for n, value in zip(names, getattr(entry, name) or (None, None), strict=True)}
    return (
        {n: getattr(entry, n) for n in SAME}
        | spans
        | {
            "rank": rank,
            "dx": "|".join(entry.dx),
            "ops": joined(entry.ops or ()),
            "free": entry.ops is None,
            "related_ops": joined(entry.related),
            "other_dx": "|".join(entry.other_dx),
            "place": entry.where,
        }
    )


def pack_of(name: str, frames: Frames) -> DipPack:
    """由各表的行还原 · The catalogue of this name out of the tables' rows."""
    of = {table: found.filter(pl.col("pack") == name) for table, found in frames.items()}
    edition = of[DipEdition].row(0, named=True)
    lists = {key: tuple(codes) for key, codes in of[DipCode].group_by("list").agg("code").iter_rows()}
    barred = of[DipCode].filter(list="no_op").select("code", "conservative", "unless").iter_rows()
    return DipPack(
        scheme=edition["scheme"],
        edition=edition["edition"] or "",
        entries=tuple(_entry(row) for row in of[DipEntry].sort("rank").iter_rows(named=True)),
        no_dx=frozenset(lists.get("no_dx", ())),
        no_op={op: Bar(conservative, _split(unless)) for op, conservative, unless in barred},
        resistant=lists.get("resistant", ()),
        resistant_other=lists.get("resistant_other", ()),
        since=edition["since"],
        until=edition["until"],
        source=edition["document"] or "",
        sha256=edition["sha256"],
    )


def _entry(row: Mapping[str, Any]) -> Entry:
    told: dict[str, Any] = {n: row[n] if row[n] is not None or n == "resistant" else "" for n in SAME}
    told |= {name: None if row[low] is None else Span(row[low], row[high]) for name, (low, high) in SPANS.items()}
    return Entry(
        **told,
        dx=_split(row["dx"]),
        ops=None if row["free"] else ways(row["ops"] or ""),
        related=ways(row["related_ops"] or ""),
        other_dx=_split(row["other_dx"]),
        where=row["place"] or "",
    )


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (text or "").split("|")))
