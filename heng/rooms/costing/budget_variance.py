"""科室成本预算差异 · Actual cost of a department against its cap, and why: volume, price, mix.

A cap is an amount per month, visit, bed-day, unit of workload or piece (件). With a planned volume the cap is the plan;
without one it is what the actual volume allows, and nothing is due to volume. Mix exists only between several classes
of one item that are counted in pieces. Effects add up to the difference; where the volume is not known they stay empty.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本控制（因素分析）.
"""

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.methods.apportion import Integers
from heng.methods.bridge import bridge
from heng.rooms.costing.layers import FINE, fen, fine, yuan
from heng.tables.activity import InpatientWork, MedtechWork, OutpatientWork
from heng.tables.booked import Budget, Material
from heng.tables.costing import BudgetVariance, CostLine

UNIT = ["org", "month", "dept"]
PIECE = "piece"
EFFECTS = {"budget": pl.Int64, "volume_effect": pl.Int64, "price_effect": pl.Int64, "mix_effect": pl.Int64}


@capability("科室成本预算差异", "budget variance")
def budget_variance(
    budgets: Budget,
    lines: CostLine,
    materials: Material,
    outpatient: OutpatientWork,
    inpatient: InpatientWork,
    medtech: MedtechWork,
) -> BudgetVariance:
    """逐项解释差异 · One row per cap in force: budget, actual, and the three effects (empty where not known)."""
    caps = budgets.frame().filter(pl.col("month").is_not_null()).with_columns(detail=pl.col("detail").fill_null(""))
    volumes = pl.concat(
        [
            _volume(outpatient.frame(), "visit", "visits"),
            _volume(inpatient.frame(), "bed_day", "bed_days"),
            _volume(medtech.frame(), "work", "work"),
            _pieces(materials.frame()),
        ]
    )
    rows = caps.join(_actual(lines.frame()), on=[*UNIT, "item", "detail"], how="left").join(
        volumes, on=[*UNIT, "basis", "detail"], how="left"
    )
    rows = rows.join(volumes.filter(pl.col("basis") != PIECE).drop("detail"), on=[*UNIT, "basis"], how="left", suffix="_whole")
    by_month = pl.col("basis") == "month"
    rows = rows.with_columns(
        amount=pl.col("amount").fill_null(0),
        volume=pl.when(by_month).then(FINE).otherwise(pl.coalesce("volume", "volume_whole")),
        planned=pl.when(by_month).then(FINE).otherwise(pl.Series(fine(rows["planned_volume"].fill_null(0)))),
        is_planned=by_month | pl.col("planned_volume").is_not_null(),
        standard=pl.Series(fen(rows["standard"])),
    ).sort(*UNIT, "item", "detail")
    grouped = [*UNIT, "item", pl.when(pl.col("basis") == PIECE).then(pl.lit("")).otherwise("detail").alias("class"), "basis", "is_planned"]
    parts = [_explained(group) for _, group in rows.group_by(grouped, maintain_order=True)]
    return (
        pl.concat([rows.clear().with_columns(**{n: pl.lit(None, t) for n, t in EFFECTS.items()}), *parts])
        .rename({"amount": "actual"})
        .with_columns(yuan(n) for n in ("actual", *EFFECTS))
    )


def _volume(rows: pl.DataFrame, basis: str, column: str) -> pl.DataFrame:
    counted = rows.with_columns(volume=pl.Series(fine(rows[column])), basis=pl.lit(basis), detail=pl.lit(""))
    return counted.group_by(*UNIT, "basis", "detail").agg(pl.col("volume").sum())


def _pieces(rows: pl.DataFrame) -> pl.DataFrame:
    """Pieces of each class of material, and of all classes together (detail empty)."""
    known = rows.filter(pl.col("quantity").is_not_null())
    counted = known.with_columns(
        volume=pl.Series(fine(known["quantity"])), basis=pl.lit(PIECE), detail=pl.col("material_class").fill_null("")
    )
    both = pl.concat([counted.filter(pl.col("detail") != ""), counted.with_columns(detail=pl.lit(""))])
    return both.group_by(*UNIT, "basis", "detail").agg(pl.col("volume").sum())


def _actual(lines: pl.DataFrame) -> pl.DataFrame:
    """What each department booked itself, by item and class, and by item alone (detail empty); in fen."""
    counted = lines.filter(pl.col("excluded") == "")
    counted = counted.with_columns(amount=pl.Series(fen(counted["amount"])), detail=pl.col("subject"))
    both = pl.concat([counted, counted.with_columns(detail=pl.lit(""))])
    return both.group_by(*UNIT, "item", "detail").agg(pl.col("amount").sum())


def _explained(group: pl.DataFrame) -> pl.DataFrame:
    standard, volume, planned = group["standard"].to_numpy(), group["volume"], group["planned"].to_numpy()
    known = volume.null_count() == 0 and bool((volume >= 0).all())
    if not group["is_planned"][0]:
        allowed = _times(standard, volume.to_numpy()) if known else None
        return _with(group, allowed, None if allowed is None else (np.zeros_like(allowed), group["amount"].to_numpy() - allowed, None))
    budget = _times(standard, planned)
    if not known or not planned.any() or (planned < 0).any():
        return _with(group, budget, None)
    found = bridge(np.where(planned == 0, 0, budget), planned, group["amount"].to_numpy(), volume.to_numpy())
    return _with(group, budget, (found.volume, found.price, found.mix if len(group) > 1 else None))


def _times(standard: Integers, volume: Integers) -> Integers:
    """Fen per unit × ten-thousandths of a unit, to the nearest fen."""
    exact = standard.astype(object) * volume.astype(object)
    return np.array([(2 * n + FINE) // (2 * FINE) for n in exact], np.int64)


def _with(group: pl.DataFrame, budget: Integers | None, effects: tuple[Integers | None, ...] | None) -> pl.DataFrame:
    columns = (budget, *(effects or (None, None, None)))
    return group.with_columns(
        pl.lit(None, pl.Int64).alias(n) if c is None else pl.Series(n, c, dtype=pl.Int64) for n, c in zip(EFFECTS, columns, strict=True)
    )
