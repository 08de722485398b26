"""方案与表 · A pack as rows of the region's tables, and out of them again, the same."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from heng.core.table import Table
from heng.methods.grouping.pack import NO_DX, NO_OP, Group, Pack, Weight
from heng.tables import packs as tables

OPTIONAL = ("mean_fee", "mean_days", "low", "high")
Frames = Mapping[type[Table], pl.DataFrame]


def rows(pack: Pack) -> Frames:
    """写成各表的行 · The rows of a pack by table, in key order."""
    qy = [Group("mdc", mdc, "", "", 0, rule) for mdc, rule in pack.qy.items()]
    groups = [(g, g.level) for g in pack.groups] + [(g, "qy") for g in qy]
    members = {**pack.sets, NO_DX: pack.no_dx, NO_OP: pack.no_op}
    edition = {n: getattr(pack, n) for n in ("scheme", "edition", "since", "until", "sha256", "any_op")} | {"document": pack.source}
    maps = (("dx", pack.dx_map), ("op", pack.op_map))
    return {
        tables.Pack: _frame(tables.Pack, pack, [edition]),
        tables.PackGroup: _frame(
            tables.PackGroup,
            pack,
            [
                {**{n: getattr(g, n) for n in ("code", "name", "parent", "rule", "kind")}, "level": level, "rank": g.order}
                for g, level in groups
            ],
        ),
        tables.PackMember: _frame(tables.PackMember, pack, [{"set": name, "code": c} for name, codes in members.items() for c in codes]),
        tables.PackSeverity: _frame(
            tables.PackSeverity, pack, [{"code": c, "level": level, "exclusion_table": t} for c, (level, t) in pack.severity.items()]
        ),
        tables.PackExclusion: _frame(tables.PackExclusion, pack, [{"code": c, "exclusion_table": t} for c, t in pack.exclusions.items()]),
        tables.PackConversion: _frame(
            tables.PackConversion, pack, [{"kind": kind, "code": c, "to": to} for kind, known in maps for c, to in known.items()]
        ),
        tables.PackWeight: _frame(tables.PackWeight, pack, [{n: getattr(w, n) for n in Weight.__slots__} for w in pack.weights]),
    }


def _frame(table: type[Table], pack: Pack, found: list[dict[str, Any]]) -> pl.DataFrame:
    schema = table.schema()
    return pl.DataFrame([{**row, "pack": pack.name} for row in found], schema=schema).sort(table.full_key())


def pack_of(name: str, frames: Frames) -> Pack:
    """由各表的行还原 · The pack of this name out of the tables' rows."""
    of = {table: rows.filter(pl.col("pack") == name) for table, rows in frames.items()}
    edition = of[tables.Pack].row(0, named=True)
    groups = list(of[tables.PackGroup].iter_rows(named=True))
    sets = {key: frozenset(codes) for key, codes in of[tables.PackMember].group_by("set").agg("code").iter_rows()}
    maps = {kind: dict(of[tables.PackConversion].filter(kind=kind).select("code", "to").iter_rows()) for kind in ("dx", "op")}
    return Pack(
        scheme=edition["scheme"],
        edition=edition["edition"] or "",
        groups=tuple(_group(g) for g in groups if g["level"] != "qy"),
        sets={key: codes for key, codes in sets.items() if key not in (NO_DX, NO_OP)},
        severity={code: (level, table or "") for code, level, table in _cells(of[tables.PackSeverity], "code", "level", "exclusion_table")},
        exclusions=dict(_cells(of[tables.PackExclusion], "code", "exclusion_table")),
        qy={g["code"]: g["rule"] or "" for g in groups if g["level"] == "qy"},
        no_dx=sets.get(NO_DX, frozenset()),
        no_op=sets.get(NO_OP, frozenset()),
        dx_map=maps["dx"],
        op_map=maps["op"],
        any_op=edition["any_op"],
        since=edition["since"],
        until=edition["until"],
        source=edition["document"] or "",
        sha256=edition["sha256"],
    )


def _group(row: Mapping[str, Any]) -> Group:
    told: dict[str, Any] = {n: row[n] or "" for n in ("level", "code", "name", "parent", "rule", "kind")}
    return Group(**told, order=row["rank"])


def _cells(frame: pl.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return frame.select(names).rows()
