"""项目成本方法选用 · Which method costs the services of each department, and why not the one wanted first.

The method wanted is the hospital's for all departments or one department's own. Where its data are lacking the next of
the policy's order stands in. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 医疗服务项目成本核算方法.
"""

import polars as pl

from heng.core.capability import capability
from heng.rooms.costing.centres import Centres, Choice, Effort
from heng.rooms.costing.item_costing import chosen
from heng.tables.effort import ActivityUse, Capacity, ResourceUse, TermCount, TimeTerm
from heng.tables.patients import Service
from heng.tables.services import ItemMethodChoice, ServicePool

SHAPE = ("place", "wanted", "method", "note", "note_en")


@capability("项目成本方法选用", "item method choice")
def item_method_choice(
    services: Service,
    pools: ServicePool,
    resources: ResourceUse,
    uses: ActivityUse,
    capacities: Capacity,
    terms: TimeTerm,
    counts: TermCount,
    rule: Choice,
) -> ItemMethodChoice:
    """选用方法 · One row per department with a service pool."""
    effort = Effort(resources.frame(), uses.frame(), capacities.frame(), terms.frame(), counts.frame())
    centres = Centres(services.frame(), pools.frame(), effort, rule)
    rows = []
    for centre in centres:
        wanted, method, said = chosen(centre, centres.units["dept"][centre.place], rule)
        notes = ("；".join(zh for zh, _ in said) or None, "; ".join(en for _, en in said) or None)
        rows.append((centre.place, wanted, method, *notes))
    schema = dict.fromkeys(SHAPE, pl.String) | {"place": pl.UInt32}
    return centres.units.join(pl.DataFrame(rows, schema=schema, orient="row"), on="place", how="inner").drop("place")
