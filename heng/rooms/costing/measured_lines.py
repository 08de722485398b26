"""标准与实际逐项并列 · Standard and actual of every service and group side by side: what a variance is worked out from.

A unit is what has standards together: a department's services, or the groups of a grouping in a hospital. A unit that was
not costed in the month is left out: nothing known is not a cost of zero.
"""

from fractions import Fraction
from typing import Any

import polars as pl

from heng.methods.variance import Line
from heng.rooms.costing.layers import CELL, fen

UNIT = [*CELL, "object", "dept"]
LINE = [*UNIT, "item"]
SERVICE = pl.lit("service").alias("object")
Unit = tuple[Any, ...]


def of_services(costs: pl.DataFrame) -> pl.DataFrame:
    """服务项目的实际 · What services really came to; drugs and charged consumables are traced, not measured."""
    return costs.filter(pl.col("kind") == "service").select(*CELL, SERVICE, "dept", "item", "quantity", "amount")


def of_groups(groups: pl.DataFrame, cares: list[Any]) -> pl.DataFrame:
    """病组的实际 · What the cases of groups really came to."""
    counted = groups.filter(pl.col("care").is_in(cares) & (pl.col("cases") > 0))  # excluded cases alone are no group
    return counted.select(
        *CELL, object="scheme", dept=pl.lit(""), item="group", quantity=pl.col("cases").cast(pl.Decimal(18, 4)), amount="amount"
    )


def service_standards(rows: pl.DataFrame) -> pl.DataFrame:
    """服务项目的标准 · Standards of services in force."""
    return rows.select(*CELL, SERVICE, "dept", "item", "minutes", "capacity", planned="quantity", rate="minute_cost")


def group_standards(rows: pl.DataFrame) -> pl.DataFrame:
    """病组的标准 · Standards of groups in force: no time, no capacity."""
    none = pl.lit(None, pl.Decimal(18, 4))
    return rows.select(*CELL, object="scheme", dept=pl.lit(""), item="group", minutes=none, capacity=none, planned="cases", rate="amount")


def measured(actual: pl.DataFrame, standard: pl.DataFrame, timed: pl.DataFrame, pools: pl.DataFrame) -> pl.DataFrame:
    """并列 · One row per item of every unit that has both standards and cost; minutes as `timed` has them, amounts in fen."""
    costed = pl.concat([actual.select(UNIT), pools.select(*CELL, SERVICE, "dept")]).unique()
    exact = actual.with_columns(amount=pl.Series(fen(actual["amount"]), dtype=pl.Int64))
    summed = exact.group_by(LINE).agg(pl.col("quantity", "amount").sum()).join(standard, on=UNIT, how="semi")
    spent = timed.group_by(*CELL, "dept", "item").agg(spent=pl.col("base").sum()).with_columns(SERVICE)
    rows = summed.join(standard.join(costed, on=UNIT, how="semi"), on=LINE, how="full", coalesce=True)
    return rows.join(spent, on=LINE, how="left").sort(LINE)


def line(row: dict[str, Any]) -> Line:
    """一行 · A row as exact numbers; a net quantity below zero is none."""
    rate, minutes, spent = (None if row[n] is None else Fraction(row[n]) for n in ("rate", "minutes", "spent"))
    planned, quantity = Fraction(row["planned"] or 0), max(Fraction(row["quantity"] or 0), Fraction())
    return Line(planned, quantity, None if rate is None else rate * 100, minutes, spent, row["amount"] or 0)


def pooled(pools: pl.DataFrame, capacities: pl.DataFrame) -> dict[Unit, tuple[int, Fraction | None]]:
    """每个科室的服务项目成本池与空闲时间 · Of every department: the pool of its services in fen, and the minutes that none used."""
    unused = capacities.select(*CELL, SERVICE, "dept", "practical", "used").iter_rows()
    free = {tuple(unit): max(Fraction(practical) - Fraction(used), Fraction()) for *unit, practical, used in unused}
    exact = pools.with_columns(SERVICE, amount=pl.Series(fen(pools["amount"]), dtype=pl.Int64))
    return {tuple(unit): (amount, free.get(tuple(unit))) for *unit, amount in exact.group_by(UNIT).agg(pl.col("amount").sum()).iter_rows()}
