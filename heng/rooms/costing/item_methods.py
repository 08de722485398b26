"""项目成本方法比较 · The cost of every service by each method that its department's data allow, side by side.

A service that a method has no base for has no row there. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 医疗服务项目成本核算方法.
"""

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.rooms.costing.centres import BASES, Centres, Choice, Effort
from heng.rooms.costing.item_costing import METHODS, costed, item_parts, lacking
from heng.rooms.costing.layers import CELL, FINE, coarse, yuan
from heng.tables.effort import ActivityUse, Capacity, ResourceUse, TermCount, TimeTerm
from heng.tables.patients import Service
from heng.tables.services import ItemMethodCost, ServicePool


@capability("项目成本方法比较", "item costing methods compared")
def item_methods(
    services: Service,
    pools: ServicePool,
    resources: ResourceUse,
    uses: ActivityUse,
    capacities: Capacity,
    terms: TimeTerm,
    counts: TermCount,
    rule: Choice,
) -> ItemMethodCost:
    """各方法下的项目成本 · One row per method and service that the method can cost."""
    effort = Effort(resources.frame(), uses.frame(), capacities.frame(), terms.frame(), counts.frame())
    centres = Centres(services.frame(), pools.frame(), effort, rule)
    return pl.concat([_by(method, centres, rule) for method in METHODS])


def _by(method: str, centres: Centres, rule: Choice) -> pl.DataFrame:
    amount, has = np.zeros(len(centres.services), np.int64), np.zeros(len(centres.services), bool)
    for centre in centres:
        if lacking(centre, method, rule) is None:
            amount[centre.rows] = item_parts(centre, method).sum(axis=0)
            has[centre.rows] = costed(centre, method)
    rows = centres.services.with_columns(pl.Series("amount", amount), _base(method), method=pl.lit(method)).filter(pl.Series(has))
    return rows.select(*CELL, "method", "service", "dept", "item", coarse("base"), "quantity", yuan("amount"))


def _base(method: str) -> pl.Expr:
    """The base in ten-thousandths, as it is printed; activities have no single base."""
    scale, base = BASES.get(method), pl.col(f"base_{method}")
    if scale is None:
        return pl.lit(None, pl.Int64).alias("base")
    return (base * (FINE // scale) if scale <= FINE else (base + scale // FINE // 2) // (scale // FINE)).alias("base")
