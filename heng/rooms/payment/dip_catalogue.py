"""DIP 病种目录 · The catalogue that the region's own history makes: core diseases, and comprehensive ones of what is left.

Core: a subcategory with a set of procedures that enough cases have. Comprehensive: category × kind of treatment of the cases
that fit no core disease. A month rests on the calendar years before it, so that its own cases never make their own catalogue;
only a region without such years rests on the year so far. Source: 医保办发〔2020〕50号 DIP 技术规范（主目录、三级目录）.
"""

from decimal import Decimal
from fractions import Fraction

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.dip.catalogue import Threshold, cases_wanted
from heng.methods.dip.pack import CONSERVATIVE
from heng.rooms.payment.dip_history import COMBINATION, MONTHS, groupable, histories, placed
from heng.rooms.payment.exact import yuan
from heng.tables.dip import DipCatalogue, DipStay

MEAN = pl.lit(None, pl.Decimal(18, 6))  # worked out by the table; whether a case fits a core disease does not depend on it


class Rule(Params, at="payment.dip_catalogue"):
    """核心病种 · By a threshold or by coverage, both with their numbers; and the characters of a category."""

    core_by: str
    least: int
    coverage: Decimal
    low: int
    high: int
    category: int


@capability("DIP 病种目录", "catalogue of DIP diseases", months=MONTHS)
def dip_catalogue(stays: DipStay, rule: Rule) -> DipCatalogue:
    """形成目录 · One row per month and disease."""
    found, last, made = [pl.DataFrame(schema=DipCatalogue.schema())], None, pl.DataFrame()
    for month, history in histories(groupable(stays.frame())):
        if history is not last:
            last, made = history, _made(history, rule)
        found.append(made.with_columns(month=pl.lit(month)).select(*DipCatalogue.columns))
    return pl.concat(found)


def _made(history: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    counted = _counted(history, COMBINATION).sort("cases", "treatment", descending=[True, False])
    pairs = counted.group_by("diagnosis", "procedures", maintain_order=True).agg(pl.col("cases", "fee").sum(), pl.col("treatment").first())
    wanted = cases_wanted(pairs["cases"].to_list(), _threshold(rule))
    primary = pl.col("diagnosis").str.slice(0, rule.category)
    core = pairs.filter(pl.col("cases") >= wanted).select(
        *("treatment", "procedures", "cases", "fee"),
        group=pl.format("{}-{}", "diagnosis", pl.when(pl.col("procedures") == "").then(pl.lit(CONSERVATIVE)).otherwise("procedures")),
        secondary="diagnosis",
        primary=primary,
        level=pl.lit("core"),
    )
    left = placed(history, core.with_columns(mean=MEAN)).filter(pl.col("group").is_null()).with_columns(primary=primary)
    rest = _counted(left, ["primary", "treatment"]).select(
        *("primary", "treatment", "cases", "fee"),
        group=pl.format("{}*{}", "primary", "treatment"),
        secondary="primary",
        level=pl.lit("comprehensive"),
        procedures=pl.lit(""),
    )
    months = {"first_month": history["month"].min(), "last_month": history["month"].max()}
    return pl.concat([core, rest.select(core.columns)]).with_columns(
        yuan("fee"), wanted=pl.lit(wanted, pl.Int64), mean=MEAN, **{n: pl.lit(m) for n, m in months.items()}
    )


def _counted(cases: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return cases.group_by(by).agg(cases=pl.len().cast(pl.Int64), fee=pl.col("fee").sum())


def _threshold(rule: Rule) -> Threshold:
    return Threshold(rule.least, Fraction(rule.coverage) if rule.core_by == "coverage" else None, rule.low, rule.high)
