"""成本怎样流到临床 · How cost flows to clinical departments: direct cost of each class, then step by step, giver to receiver.

Between classes: direct + what comes in = what goes out, and what stays with clinical departments is their full cost. Peers of
a class give to each other within it: that is told beside the picture, and drawn nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

import polars as pl

from heng.app.period import View, see
from heng.app.reader import Reader
from heng.core.period import Period
from heng.core.table import Table
from heng.serve.web.remembered import REMEMBERED
from heng.tables.codes import CATEGORY
from heng.tables.costing import Allocation, DeptCost, DirectCost

ORDER = ("admin", "support", "medtech", "clinical")
"""分摊的次序 · Classes in the order in which they give."""
DIRECT = "direct"
"""直接成本 · What flows begin with."""
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Leg:
    """一股 · An amount that went from one to another; `peer`: inside a class; `group`: the class of a giving department."""

    giver: str
    receiver: str
    amount: Decimal
    peer: bool = False
    group: str = ""


@dataclass(frozen=True)
class Flows:
    """全部流向 · Legs of a hospital (or the region) over a period, and the two totals that must agree."""

    legs: tuple[Leg, ...]
    direct: Decimal
    full: Decimal

    @property
    def difference(self) -> Decimal:
        """差额 · Direct cost of the four classes minus full cost of clinical departments."""
        return self.direct - self.full

    @property
    def drawn(self) -> list[Leg]:
        """画出的 · The legs between places, those inside a class left out."""
        return [leg for leg in self.legs if not leg.peer]


def between_classes(reader: Reader, seen: View) -> Flows:
    """科室类别之间 · Flows between the classes of departments."""
    direct, legs = _direct(reader, seen), _legs(reader, seen)
    classes = _classes(direct)
    first = [Leg(DIRECT, c, _sum(direct.filter(pl.col("category") == c))) for c in ORDER]
    rows = legs.select("org", "month", "giver", "receiver", "peer", "amount").iter_rows()
    named = [(classes.get((o, m, g)), classes.get((o, m, r)), p, a) for o, m, g, r, p, a in rows]
    sums = dict[tuple[str, str, bool], Decimal]()
    for giver, receiver, peer, amount in named:
        key = (giver or "outside", receiver or "outside", peer)
        sums[key] = sums.get(key, NOTHING) + amount
    rank = {c: n for n, c in enumerate(ORDER)}
    later = sorted(sums, key=lambda k: (rank.get(k[0], 9), k[2], rank.get(k[1], 9)))
    moved = [Leg(g, r, sums[g, r, p], p) for g, r, p in later]
    return Flows((*first, *moved), sum((leg.amount for leg in first), NOTHING), _full(reader, seen))


def into(reader: Reader, seen: View, dept: str) -> Flows:
    """流进一个科室 · What a department has of its own and gets from each giver, the largest first; peers are givers, too."""
    own = _direct(reader, seen)
    classes = own.select("org", "month", giver="dept", group="category")
    rows = _legs(reader, seen).filter(pl.col("receiver") == dept).join(classes, on=["org", "month", "giver"], how="left")
    given = rows.group_by("giver", "group").agg(pl.col("amount").sum()).sort(["amount", "giver"], descending=[True, False])
    first = Leg(DIRECT, dept, _sum(own.filter(pl.col("dept") == dept)))
    legs = (first, *(Leg(giver, dept, amount, group=group or "outside") for giver, group, amount in given.iter_rows()))
    return Flows(legs, sum((leg.amount for leg in legs), NOTHING), _full(reader, seen, dept))


def clinical(reader: Reader, seen: View) -> list[str]:
    """临床科室 · The clinical departments that have a full cost in the period, by code."""
    return sorted(set(_summed(reader, seen, DeptCost, ("org", "dept"))["dept"]))


def told(code: str) -> tuple[str, str]:
    """叫什么 · The words of a class, or of direct cost."""
    return ("直接成本", "direct cost") if code == DIRECT else CATEGORY.get(code, (code, code))


def _direct(reader: Reader, seen: View) -> pl.DataFrame:
    rows = _summed(reader, seen, DirectCost, ("org", "dept", "category"))
    return rows.filter(pl.col("category").is_in(list(ORDER)))


def _legs(reader: Reader, seen: View) -> pl.DataFrame:
    return _summed(reader, seen, Allocation, ("org", "giver", "receiver", "peer"))


def _full(reader: Reader, seen: View, dept: str = "") -> Decimal:
    rows = _summed(reader, seen, DeptCost, ("org", "dept"))
    return _sum(rows.filter(pl.col("dept") == dept) if dept else rows)


def _summed(reader: Reader, seen: View, table: type[Table], by: tuple[str, ...]) -> pl.DataFrame:
    # Month by month: a department may change its class, and a month that was added up before is not added up again.
    sums = []
    for m in seen.period.months:
        one = replace(seen, period=Period(m, (m,)))
        find = partial(_month, table=table, seen=one, by=by)
        sums.append(REMEMBERED.of(reader, ("flow", table, one), find).with_columns(month=pl.lit(m)))
    return pl.concat(sums)


def _month(reader: Reader, table: type[Table], seen: View, by: tuple[str, ...]) -> pl.DataFrame:
    return see(reader, table, seen).group_by(by).agg(pl.col("amount").sum()).sort(by)


def _classes(direct: pl.DataFrame) -> dict[tuple[str, str, str], str]:
    return {(o, m, d): c for o, m, d, c in direct.select("org", "month", "dept", "category").iter_rows()}


def _sum(rows: pl.DataFrame) -> Decimal:
    found = rows["amount"].sum() if rows.height else None
    return Decimal(found or 0).quantize(NOTHING)


def grouped(legs: Iterable[Leg]) -> list[Leg]:
    """按类别合并 · The legs of departments added up by the class of the giver, in the order of the allocation."""
    sums = dict[str, Leg]()
    for leg in legs:
        name = leg.group or leg.giver
        sums[name] = Leg(name, leg.receiver, leg.amount + (sums[name].amount if name in sums else NOTHING))
    return sorted(sums.values(), key=lambda leg: ORDER.index(leg.giver) if leg.giver in ORDER else -1)
