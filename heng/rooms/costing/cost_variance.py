"""标准成本差异 · Why did services and cases not cost their standard: volume, mix, efficiency, price, capacity?

Services: every department with a standard in force, against the cost of its services; what its pool holds beyond that
(unused capacity, or a department that charges nothing) is capacity, against the capacity meant to stay free. Minutes are
those of the time equation, whatever method costs the services; where a method spreads the whole pool over them, what lies
idle is inside their price. Groups: every grouping with a standard in force, cases of stays and day care.
Σ effects = actual − standard, to the fen. An item without a standard is mix, and marked.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本控制（标准成本、因素分析）; methods: `heng.methods.variance`.
"""

from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.errors import HengError
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.methods.variance import Line, idle, variance
from heng.rooms.costing.layers import yuan
from heng.rooms.costing.measured_lines import UNIT, Unit, group_standards, line, measured, of_groups, of_services, pooled, service_standards
from heng.tables.cases import CostVariance, GroupCost
from heng.tables.effort import StandardGroup, StandardService
from heng.tables.services import CapacityCost, ItemMethodCost, ServiceCost, ServicePool

SHAPE = pl.Schema(dict.fromkeys([*UNIT, "item", "effect"], pl.String()) | {"planned": pl.Boolean(), "amount": pl.Int64()})
Effect = tuple[Any, ...]


class Cases(Params, at="costing.disease_standards"):
    """病例范围 · Cases of which care count."""

    cares: list[Any]


@capability("标准成本差异", "cost variance")
def cost_variance(
    costs: ServiceCost,
    pools: ServicePool,
    methods: ItemMethodCost,
    capacities: CapacityCost,
    services: StandardService,
    groups: GroupCost,
    cases: StandardGroup,
    rule: Cases,
) -> CostVariance:
    """逐项解释差异 · One row per effect of every item, group and free capacity that is measured against standards."""
    pool = pools.frame().filter(pl.col("kind") == "service")
    rows = measured(
        pl.concat([of_services(costs.frame()), of_groups(groups.frame(), rule.cares)]),
        pl.concat([service_standards(services.frame()), group_standards(cases.frame())]),
        methods.frame().filter(pl.col("method") == "tdabc"),
        pool,
    )
    held = pooled(pool, capacities.frame())
    found: list[Effect] = []
    for unit, part in rows.group_by(UNIT, maintain_order=True):
        lines = [line(r) for r in part.iter_rows(named=True)]
        found += _of_items(unit, part["item"].to_list(), lines)
        if unit in held:
            found += _of_capacity(unit, lines, part["capacity"].max(), held[unit])
    return pl.DataFrame(found, schema=SHAPE, orient="row").with_columns(yuan("amount"))


def _of_items(unit: Unit, items: list[str], lines: list[Line]) -> Iterator[Effect]:
    try:
        effects = variance(lines)
    except ValueError as e:
        where, mend = " ".join(unit), ("请更正标准的计划数量与标准耗时", "correct planned quantities and standard times")
        raise HengError("标准的数量或耗时为负", "a standard has a negative quantity or time", where=where, mend=mend) from e
    for item, x, found in zip(items, lines, effects, strict=True):
        known = asdict(found)
        if x.rate is None:
            known = {"mix": found.mix}
        elif x.minutes is None or x.spent is None:
            del known["efficiency"]
        yield from ((*unit, item, effect, x.rate is not None, amount) for effect, amount in known.items())


def _of_capacity(unit: Unit, lines: list[Line], capacity: Any, held: tuple[int, Fraction | None]) -> Iterator[Effect]:
    """What the pool holds beyond the services, against the capacity that the plan leaves free."""
    timed = [x for x in lines if x.rate is not None and x.minutes is not None]
    minutes = sum((x.planned * (x.minutes or 0) for x in timed), Fraction())
    rate = sum((x.planned * x.unit() for x in timed), Fraction()) / minutes if minutes else None
    meant = Fraction(capacity) - minutes if capacity is not None else Fraction()
    unused, free = held[0] - sum(x.amount for x in lines), held[1]
    effect, price = idle(meant, free if unused else Fraction(), rate, unused)
    if effect or price:
        yield (*unit, "", "capacity", capacity is not None, effect)
        yield (*unit, "", "price", capacity is not None, price)


Indicator(
    key="standard_variance",
    zh="实际成本与标准成本之差",
    en="actual cost less standard cost",
    unit="元",
    better="lower",
    of=CostVariance,
    value="sum(amount)",
    where="object = 'service'",
    formula=("Σ 各因素的差异（有标准的科室的服务项目）", "Σ effects, of the services of departments with standards"),
)
