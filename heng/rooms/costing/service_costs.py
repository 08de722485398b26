"""科室项目成本 · The cost of every service of a department: pools by the method chosen, drugs and consumables traced.

A drug or a charged consumable costs what was billed for it less the markup; where a department billed more than it was
issued, all are scaled down to the pool. Services of a department share its pool, per cost item, to the fen. A service
that the method has no base for has no cost, and no row. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 医疗服务项目成本核算.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.apportion import Integers, apportion
from heng.rooms.costing.centres import ITEMS, UNIT, Centres, Choice, Effort
from heng.rooms.costing.item_costing import costed, item_parts, variable_parts
from heng.rooms.costing.layers import CELL, fen, yuan
from heng.tables.effort import ActivityUse, Capacity, ResourceUse, TermCount, TimeTerm
from heng.tables.patients import Service
from heng.tables.services import ItemMethodChoice, ServiceCost, ServicePool

MICRO = 1_000_000
MARKUP = {"fee_class": pl.String, "rate": pl.String}
PARTS = (*ITEMS, "variable")


class Rule(Params, at="costing.service_costs"):
    """加成率 · The markup on drugs and consumables, by fee class."""

    markup: list[Any]


@capability("科室项目成本", "service cost")
def service_costs(
    services: Service,
    pools: ServicePool,
    choices: ItemMethodChoice,
    resources: ResourceUse,
    uses: ActivityUse,
    capacities: Capacity,
    terms: TimeTerm,
    counts: TermCount,
    choice: Choice,
    rule: Rule,
) -> ServiceCost:
    """核算项目成本 · One row per service that has a cost; Σ per department and cost item + what no service used = its pool."""
    effort = Effort(resources.frame(), uses.frame(), capacities.frame(), terms.frame(), counts.frame())
    given, pool = services.frame(), pools.frame()
    rows = pl.concat([_shared(Centres(given, pool, effort, choice), choices.frame()), _traced(given, pool, rule.markup)])
    return rows.with_columns(yuan(name) for name in PARTS)


def _shared(centres: Centres, choices: pl.DataFrame) -> pl.DataFrame:
    methods = centres.units.join(choices.select(*UNIT, "method"), on=UNIT, how="left", maintain_order="left")["method"].to_list()
    cost = np.zeros((len(PARTS), len(centres.services)), np.int64)
    has = np.zeros(len(centres.services), bool)
    for centre in centres:
        if method := methods[centre.place]:
            part = item_parts(centre, method)
            cost[:-1, centre.rows] = part
            cost[-1, centre.rows] = variable_parts(centre.variable, int(centre.pool.sum()), part.sum(axis=0))
            has[centre.rows] = costed(centre, method)
    method = pl.Series("method", methods, pl.String).gather(centres.services["place"])
    return _rows(centres.services.with_columns(method), cost, has)


def _traced(services: pl.DataFrame, pools: pl.DataFrame, markup: list[dict[str, Any]]) -> pl.DataFrame:
    """Drugs and consumables: the cost billed, or scaled down to what the department was issued; returns beyond issues cost nobody."""
    key = [*UNIT, "kind"]
    pool = pools.filter((pl.col("kind") != "service") & (pl.col("amount") > 0)).select(*key, pool="amount", pool_variable="variable")
    given = services.filter((pl.col("kind") != "service") & (pl.col("quantity") > 0) & (pl.col("income") > 0))
    rows = given.join(pool, on=key, how="inner", maintain_order="left").sort(*key, "service")
    billed, whole, variable = at_cost(rows, markup), fen(rows["pool"]), fen(rows["pool_variable"])
    cost = np.zeros((len(PARTS), len(rows)), np.int64)
    starts = rows.select(pl.struct(key).is_first_distinct()).to_series().arg_true().to_list()
    kinds = rows["kind"].to_list()
    for first, last in pairwise([*starts, len(rows)]):
        own, total = billed[first:last], whole[first : first + 1]
        part = own if own.sum() <= total[0] else apportion(total, own)[0]
        cost[ITEMS.index(kinds[first]), first:last] = part
        cost[-1, first:last] = variable_parts(int(variable[first]), int(total[0]), part)
    return _rows(rows.with_columns(method=pl.lit(None, pl.String)), cost, np.ones(len(rows), bool))


def at_cost(rows: pl.DataFrame, markup: list[dict[str, Any]]) -> Integers:
    """按进价计 · What was billed less the markup of its fee class, in fen, rounded as `ratio(income, 1 + markup)` is."""
    rates = pl.DataFrame({"fee_class": [m["fee_class"] for m in markup], "rate": [str(m["rate"]) for m in markup]}, schema=MARKUP)
    known = rows.select("income", "fee_class").join(rates, on="fee_class", how="left", maintain_order="left")
    divisor = MICRO + pl.col("rate").cast(pl.Decimal(38, 6)).to_physical().fill_null(0)
    income = pl.col("income").cast(pl.Decimal(38, 2)).to_physical()
    micro = (2 * MICRO * (MICRO // 100) * income + divisor) // (2 * divisor)
    return known.select(((micro + 5_000) // 10_000).cast(pl.Int64)).to_series().to_numpy()


def _rows(services: pl.DataFrame, cost: Integers, has: Integers) -> pl.DataFrame:
    columns = services.select(*CELL, "service", "dept", "kind", "item", "method", "quantity", "income")
    return columns.with_columns(pl.Series(name, cost[n]) for n, name in enumerate(PARTS)).filter(pl.Series(has))
