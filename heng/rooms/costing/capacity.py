"""产能成本 · Capacity supplied, used and unused of departments whose working time is known, in minutes and yuan.

Assigned = supplied × used ÷ practical, per cost item to the fen, as time-driven costing assigns it; the rest is unused.
Source: Kaplan & Anderson, Time-Driven Activity-Based Costing.
"""

import polars as pl

from heng.core.capability import capability
from heng.methods.tdabc import assigned_cost
from heng.rooms.costing.centres import Centre, Centres, Choice, Effort
from heng.rooms.costing.layers import FINE, coarse, yuan
from heng.tables.effort import ActivityUse, Capacity, ResourceUse, TermCount, TimeTerm
from heng.tables.patients import Service
from heng.tables.services import CapacityCost, ServicePool

MINUTES, MONEY = ("minutes", "practical", "used"), ("supplied", "assigned")
SHAPE = pl.Schema({"place": pl.UInt32()} | dict.fromkeys((*MINUTES, *MONEY), pl.Int64()))


@capability("产能成本", "capacity cost")
def capacity(
    services: Service,
    pools: ServicePool,
    resources: ResourceUse,
    uses: ActivityUse,
    capacities: Capacity,
    terms: TimeTerm,
    counts: TermCount,
    rule: Choice,
) -> CapacityCost:
    """产能与其成本 · One row per department with a service pool and a known capacity."""
    effort = Effort(resources.frame(), uses.frame(), capacities.frame(), terms.frame(), counts.frame())
    centres = Centres(services.frame(), pools.frame(), effort, rule)
    rows = pl.DataFrame([_row(c) for c in centres if c.practical > 0], schema=SHAPE, orient="row")
    known = centres.units.join(rows, on="place", how="inner", maintain_order="left")
    return known.with_columns(*(coarse(n) for n in MINUTES), *(yuan(n) for n in MONEY))


def _row(centre: Centre) -> tuple[int, ...]:
    used = int(centre.weight["tdabc"].sum())
    assigned = assigned_cost(centre.pool, used, centre.practical)
    minutes = [(n + FINE // 2) // FINE for n in (centre.capacity, centre.practical, used)]
    return centre.place, *minutes, int(centre.pool.sum()), int(assigned.sum())
