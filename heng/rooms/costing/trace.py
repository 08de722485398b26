"""成本追溯：一个成本数由哪些来源行、各占多少构成 · Which booked rows, and how much of each, make up a cost figure.

The allocation is walked backwards: what a department received is split over the givers' own sources in the same
proportion, down to booked lines. Every split keeps its sum, so the rows listed add up to the figure to the fen.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from heng.methods.spread import spread

GIVER_SIDE = {
    "dir_man": "dir",
    "dir_ass": "dir",
    "indir_ass_man": "dir_man",
    "dir_med": "dir",
    "indir_med_man": "dir_man",
    "indir_med_ass": "dir_ass",
    "indir_ass_med_man": "indir_ass_man",
}
"""受益科室看到的来源路径 → 服务科室那里的来源路径 · Bucket as the receiver sees it → as the giver held it."""


class Layer(NamedTuple):
    """成本项目 × 资金来源 × 习性 · One layer of cost; layers never mix."""

    item: str
    fund: str
    behaviour: str


class Node(NamedTuple):
    """一个科室的一笔余额 · A balance of a department: of one layer, one origin, before or after peers gave."""

    dept: str
    layer: Layer
    bucket: str
    opening: bool = False


class Share(NamedTuple):
    """公共池（或多科室人员）的一层成本 · One layer of a common pool's cost, or of a person's when `staff_no` is given."""

    giver: str
    staff_no: str
    layer: Layer


@dataclass
class Trace:
    """一家医院一个月的追溯索引 · Index of one hospital's month, in fen; built once, asked many times."""

    received: dict[Node, list[tuple[Node, int]]] = field(default_factory=lambda: defaultdict(list))
    given_to_peers: dict[Node, int] = field(default_factory=lambda: defaultdict(int))
    stage: dict[str, int] = field(default_factory=dict)
    lines: dict[tuple[str, Layer], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    shares: dict[tuple[str, Layer], list[tuple[Share, int]]] = field(default_factory=lambda: defaultdict(list))
    pooled: dict[Share, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def rows(self, figure: Iterable[tuple[Node, int]]) -> dict[int, int]:
        """各来源行的贡献 · Contribution (fen) of each booked line, by its place in the frame of cost lines."""
        needs: dict[Node, int] = defaultdict(int)
        for node, fen in figure:
            needs[node] += fen
        direct: dict[tuple[str, Layer], int] = defaultdict(int)
        while needs:
            last = max(map(self._rank, needs))
            for node in [n for n in needs if self._rank(n) == last]:  # none of them leads to another
                self._go_back(node, needs.pop(node), needs, direct)
        return self._booked(direct)

    def _rank(self, node: Node) -> tuple[int, bool]:
        # Later givers first, and after the peer round before it: a node is split only when all that leads to it is known.
        return (self.stage.get(node.dept, 99), not node.opening)

    def _go_back(self, node: Node, fen: int, needs: dict[Node, int], direct: dict[tuple[str, Layer], int]) -> None:
        sources = self._sources(node)
        for (source, _), part in zip(sources, spread(fen, [w for _, w in sources]), strict=True):
            if source is None:
                direct[node.dept, node.layer] += part
            elif part:
                needs[source] += part

    def _sources(self, node: Node) -> list[tuple[Node | None, int]]:
        opening = node._replace(opening=True)
        if not node.opening:
            kept = sum(w for _, w in self._sources(opening)) - self.given_to_peers[node]
            peers = [(giver, fen) for giver, fen in self.received[node] if giver.opening]
            return [(opening, kept), *peers] if peers or self.given_to_peers[node] else self._sources(opening)
        own = [(None, self._direct(node))] if node.bucket == "dir" else []
        return [*own, *((giver, fen) for giver, fen in self.received[node._replace(opening=False)] if not giver.opening)]

    def _direct(self, node: Node) -> int:
        place = (node.dept, node.layer)
        return sum(fen for _, fen in self.lines[place]) + sum(fen for _, fen in self.shares[place])

    def _booked(self, direct: dict[tuple[str, Layer], int]) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        shared: dict[Share, int] = defaultdict(int)
        for (dept, layer), fen in direct.items():
            self._split(fen, self.lines[dept, layer], self.shares[dept, layer], found, shared)
        while shared:  # pools before people: a pool may hold a part of a person
            share = min(shared, key=lambda s: (s.staff_no != "", s))
            received = [] if share.staff_no else [s for s in self.shares[share.giver, share.layer] if s[0].staff_no]
            self._split(shared.pop(share), self.pooled[share], received, found, shared)
        return {line: part for line, part in found.items() if part}

    @staticmethod
    def _split(
        fen: int, lines: list[tuple[int, int]], shares: list[tuple["Share", int]], found: dict[int, int], shared: dict["Share", int]
    ) -> None:
        parts = spread(fen, [w for _, w in lines] + [w for _, w in shares])
        for (line, _), part in zip(lines, parts, strict=False):
            found[line] += part
        for (share, _), part in zip(shares, parts[len(lines) :], strict=True):
            shared[share] += part


def held(rows: pl.DataFrame) -> Iterable[tuple[Node, int]]:
    """科室手里的成本 · Balances (fen) that rows of direct or full cost speak of: direct cost is what was there at the opening."""
    for r in rows.iter_rows(named=True):
        yield Node(r["dept"], _layer(r), r.get("bucket", "dir"), "bucket" not in r), to_fen(r["amount"])


def given(legs: pl.DataFrame) -> Iterable[tuple[Node, int]]:
    """服务科室给出的成本 · Balances (fen) of the givers that rows of the allocation came out of."""
    for r in legs.iter_rows(named=True):
        yield _source(r), to_fen(r["amount"])


def in_scope(costs: pl.DataFrame, rules: list[dict[str, Any]]) -> pl.DataFrame:
    """一个口径计入的成本 · The rows of full cost that a scope counts: its funds, and administration where it counts."""
    counted = {r["fund"]: bool(r["management"]) for r in rules}
    inside = pl.col("fund").replace_strict(counted, default=None, return_dtype=pl.Boolean)
    return costs.filter(inside.is_not_null() & (inside | ~pl.col("bucket").str.contains("man")))


def build_trace(lines: pl.DataFrame, common: pl.DataFrame, allocation: pl.DataFrame) -> Trace:
    """建立索引 · Index one hospital's month from its CostLine, CommonShare and Allocation rows (frames as the tables say)."""
    trace = Trace()
    people = {(r["giver"], r["staff_no"]) for r in common.iter_rows(named=True) if r["staff_no"]}
    pools = {r["giver"] for r in common.iter_rows(named=True) if not r["staff_no"]}
    for n, r in enumerate(lines.iter_rows(named=True)):
        if not r["excluded"]:
            person = (r["staff_no"] or "") if (r["dept"], r["staff_no"]) in people else ""
            entry = (n, to_fen(r["amount"]))
            if person or r["dept"] in pools:
                trace.pooled[Share(r["dept"], person, _layer(r))].append(entry)
            else:
                trace.lines[r["dept"], _layer(r)].append(entry)
    for r in common.iter_rows(named=True):
        trace.shares[r["receiver"], _layer(r)].append((Share(r["giver"], r["staff_no"], _layer(r)), to_fen(r["amount"])))
    for r in allocation.iter_rows(named=True):
        _receive(trace, r)
    return trace


def _receive(trace: Trace, r: dict[str, Any]) -> None:
    source, amount = _source(r), to_fen(r["amount"])
    trace.received[Node(r["receiver"], _layer(r), r["bucket"])].append((source, amount))
    trace.stage[source.dept] = r["stage"]
    if r["peer"]:
        trace.given_to_peers[source._replace(opening=False)] += amount


def _source(r: dict[str, Any]) -> Node:
    # Between peers cost keeps its origin and comes out of the opening balance.
    return Node(r["giver"], _layer(r), r["bucket"] if r["peer"] else GIVER_SIDE[r["bucket"]], r["peer"])


def _layer(r: dict[str, Any]) -> Layer:
    return Layer(r["item"], r["fund"], r["behaviour"])


def to_fen(amount: object) -> int:
    """元（两位小数）转分 · Yuan with two decimals as whole fen."""
    return int(str(amount).replace(".", ""))
