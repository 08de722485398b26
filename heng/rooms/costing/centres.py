"""项目核算单元的数组形式 · Departments with their service pool and the services they charge, as arrays for the kernels.

Bases are whole numbers, exact: income in fen, quantities in ten-thousandths, minutes and equivalents in hundred-millionths.
0 is no base: a service charged nothing, or without the time, equivalence or activities that a method needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from heng.core.errors import HengError
from heng.core.params import Params
from heng.methods.apportion import LIMIT, Integers
from heng.rooms.costing.layers import CELL, FINE, fen, fine
from heng.tables.codes import ITEM

ITEMS = tuple(ITEM)
UNIT = [*CELL, "dept"]
BASES = {"income": 100, "time": FINE * FINE, "workload": FINE, "equivalence": FINE * FINE, "tdabc": FINE * FINE}
BASIC = "基本"  # the term of a time equation that every unit takes


class Choice(Params, at="costing.item_method_choice"):
    """方法选用规则 · The method wanted, for all and for single departments; what stands in for it; what data suffice."""

    method: str
    by_department: dict[str, Any]
    order: list[Any]
    coverage: Decimal
    practical_share: Decimal


class Effort(NamedTuple):
    """作业、产能与时间方程的行 · Rows of resource use, activity use, capacity, time terms and feature counts."""

    resources: pl.DataFrame
    uses: pl.DataFrame
    capacities: pl.DataFrame
    terms: pl.DataFrame
    counts: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Centre:
    """一家医院一个月的一个科室 · One department: pool[7] fen, its variable part, `rows` of its services, a base per method.

    resource[7, A] and use[A, M] say which activities took the resources and which services took the activities.
    `capacity` and `practical` in hundred-millionths of a minute; 0 where no capacity is known. `untimed`: how many features
    of items were counted that have no time.
    """

    place: int
    pool: Integers
    variable: int
    rows: slice
    weight: dict[str, Integers]
    resource: Integers
    use: Integers
    capacity: int
    practical: int
    untimed: int


class Centres:
    """一批科室 · A batch of departments that have a service pool: `units` and `services` (with a base each) name the numbers."""

    def __init__(self, services: pl.DataFrame, pools: pl.DataFrame, effort: Effort, rule: Choice) -> None:
        """编号并算出基数 · Number departments and services and work the bases out; HengError when a base does not fit 64 bits."""
        pool = pools.filter(pl.col("kind") == "service")
        self.units = pool.select(UNIT).unique().sort(UNIT).with_row_index("place")
        given = services.filter((pl.col("kind") == "service") & (pl.col("quantity") > 0))
        self.services = _with_bases(self._placed(given).sort("place", "service"), effort)
        self._pool, self._variable = self._pools(self._placed(pool))
        self._first = np.searchsorted(self.services["place"].to_numpy(), np.arange(len(self.units) + 1))
        self._capacity = self._capacities(self._placed(effort.capacities), rule)
        untimed = self._placed(_counted(effort).join(effort.terms, on=[*UNIT, "item", "term"], how="anti"))
        self._untimed = dict(untimed.group_by("place").agg(pl.struct("item", "term").n_unique()).iter_rows())
        self._resources = _by_place(self._placed(effort.resources.rename({"item": "resource"})))
        self._uses = _by_place(_activity_bases(self.services.with_row_index("line"), effort.uses))

    def __iter__(self) -> Iterator[Centre]:
        """逐个科室 · Every department, in order."""
        weights = {name: self.services[f"base_{name}"].to_numpy() for name in BASES}
        for place in range(len(self.units)):
            rows = slice(int(self._first[place]), int(self._first[place + 1]))
            weight = {name: w[rows] for name, w in weights.items()}
            known = *self._activities(place, rows), *self._capacity.get(place, (0, 0)), self._untimed.get(place, 0)
            yield Centre(place, self._pool[place], int(self._variable[place]), rows, weight, *known)

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(self.units, on=UNIT, how="inner", maintain_order="left")

    def _pools(self, pool: pl.DataFrame) -> tuple[Integers, Integers]:
        amount, variable = np.zeros((len(self.units), len(ITEMS)), np.int64), np.zeros(len(self.units), np.int64)
        place = pool["place"].to_numpy()
        np.add.at(amount, (place, np.array([ITEMS.index(i) for i in pool["item"]], np.int64)), fen(pool["amount"]))
        np.add.at(variable, place, fen(pool["variable"]))
        return amount, variable

    def _capacities(self, rows: pl.DataFrame, rule: Choice) -> dict[int, tuple[int, int]]:
        share = int(rule.practical_share * FINE)
        known: dict[int, tuple[int, int]] = {}
        minutes, practical = fine(rows["minutes"]), fine(rows["practical"].fill_null(0))
        stated = rows["practical"].is_not_null()
        for place, m, p, s in zip(rows["place"].to_list(), minutes.tolist(), practical.tolist(), stated.to_list(), strict=True):
            capacity, usable = known.get(place, (0, 0))
            known[place] = capacity + m * FINE, usable + (p * FINE if s else m * share)
        return known

    def _activities(self, place: int, rows: slice) -> tuple[Integers, Integers]:
        resources, uses = self._resources.get(place), self._uses.get(place)
        if resources is None or uses is None:
            return np.zeros((len(ITEMS), 0), np.int64), np.zeros((0, rows.stop - rows.start), np.int64)
        names = sorted(set(resources["activity"]))
        resource = np.zeros((len(ITEMS), len(names)), np.int64)
        own = set(resources["resource"].drop_nulls())
        for item, activity, quantity in zip(resources["resource"], resources["activity"], fine(resources["quantity"]), strict=True):
            for n in [ITEMS.index(item)] if item else [n for n, i in enumerate(ITEMS) if i not in own]:
                resource[n, names.index(activity)] += quantity
        use = np.zeros((len(names), rows.stop - rows.start), np.int64)
        taken = uses.filter(pl.col("activity").is_in(names))
        at = [names.index(a) for a in taken["activity"]], taken["line"].to_numpy().astype(np.int64) - rows.start
        np.add.at(use, at, taken["use"].to_numpy())
        return np.maximum(resource, 0), use


def _counted(effort: Effort) -> pl.DataFrame:
    # The basic term is taken by every unit: the quantity of the service is its count.
    return effort.counts.filter((pl.col("term") != BASIC) & (pl.col("quantity") != 0))


def _with_bases(services: pl.DataFrame, effort: Effort) -> pl.DataFrame:
    """The services with base_income, base_time, … as 64-bit integers, 0 where there is none."""
    key = [*UNIT, "item"]
    basic = effort.terms.filter(pl.col("term") == BASIC).select(*key, basic="minutes")
    counted = _counted(effort).join(effort.terms.select(*key, "term", "minutes"), on=[*key, "term"], how="inner")
    added = counted.group_by(key).agg(added=_exact("quantity", "minutes").sum())
    rows = services.join(basic, on=key, how="left", maintain_order="left").join(added, on=key, how="left", maintain_order="left")
    rows = rows.with_columns(each=pl.coalesce("basic", "minutes"))
    bases = {
        "income": pl.col("income").cast(pl.Decimal(38, 2)).to_physical(),
        "time": _exact("quantity", "minutes"),
        "workload": pl.col("quantity").cast(pl.Decimal(38, 4)).to_physical(),
        "equivalence": _exact("quantity", "equivalence"),
        "tdabc": _exact("quantity", "each").fill_null(0) + _shared("added", key).fill_null(0),
    }
    return _whole(rows.with_columns(b.alias(f"base_{n}") for n, b in bases.items()), [f"base_{n}" for n in bases])


def _activity_bases(services: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    """place, line, activity and use: how much of an activity each service took, weighted."""
    key = [*UNIT, "item", "activity"]
    weighted = uses.with_columns(pl.col("weight").fill_null(1)).group_by(key).agg(added=_exact("quantity", "weight").sum())
    rows = services.select("place", "line", "quantity", *UNIT, "item").join(
        weighted, on=[*UNIT, "item"], how="inner", maintain_order="left"
    )
    return _whole(rows.sort("line", "activity").select("place", *UNIT, "line", "activity", use=_shared("added", key)), ["use"])


def _whole(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """These columns as 64-bit integers, nothing and less than nothing as 0; HengError when a department's sum is out of reach."""
    clipped = rows.with_columns(pl.col(columns).fill_null(0).cast(pl.Int128).clip(lower_bound=0))
    sums = clipped.group_by(UNIT).agg(pl.col(columns).sum())
    for place in sums.filter(pl.any_horizontal(pl.col(columns) >= LIMIT)).select(UNIT).sort(UNIT).iter_rows():
        said = "科室各项目的分配基数之和过大", "the bases of a department's services add up to too much"
        raise HengError(*said, where=" ".join(place), mend=MEND)
    return clipped.with_columns(pl.col(columns).cast(pl.Int64))


def _exact(left: str, right: str) -> pl.Expr:
    """The product of two columns with four decimals, as a whole number of hundred-millionths."""
    return (pl.col(left).cast(pl.Decimal(38, 4)) * pl.col(right).cast(pl.Decimal(38, 4))).cast(pl.Decimal(38, 8)).to_physical()


def _shared(column: str, key: list[str]) -> pl.Expr:
    """What is known of an item, split by quantity over its services where it is charged in several fee classes."""
    quantity = pl.col("quantity").cast(pl.Decimal(38, 4)).to_physical()
    part = pl.col(column) * quantity // quantity.sum().over(key)
    first = pl.int_range(pl.len()).over(key) == 0
    return part + pl.when(first).then(pl.col(column) - part.sum().over(key)).otherwise(0)


def _by_place(rows: pl.DataFrame) -> dict[int, pl.DataFrame]:
    return {int(k[0]): f for k, f in rows.partition_by("place", as_dict=True, maintain_order=True).items()}


MEND = ("请核对该月的数量、操作时间与成本当量", "check the quantities, times and equivalences of the month")
