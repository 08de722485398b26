"""DIP 病种目录 · The catalogue of a month: core diseases, and comprehensive ones of the cases that are left.

Core: a subcategory with a set of procedures that enough cases have; or, where a scheme is named, every disease of the scheme, how
few cases it may have. Comprehensive: category × kind of treatment of the cases that fit no core disease. A month rests on the
calendar years before it, so that its own cases never make their own catalogue; only a region without such years rests on the
year so far. Source: 医保办发〔2020〕50号 DIP 技术规范（主目录、三级目录）; DIP 3.0 分组方案.
"""

from decimal import Decimal
from fractions import Fraction

import polars as pl

from heng.core.capability import capability
from heng.core.errors import PolicyError, did_you_mean
from heng.core.params import Params
from heng.methods.dip.catalogue import Threshold, cases_wanted
from heng.methods.dip.pack import CONSERVATIVE
from heng.rooms.payment.dip_history import COMBINATION, MONTHS, fits_in, groupable, histories, placed
from heng.rooms.payment.exact import yuan
from heng.tables.dip import DipCatalogue, DipMatch, DipStay
from heng.tables.packs import DipEntry

MEAN = pl.lit(None, pl.Decimal(18, 6))  # worked out by the table; whether a case fits a core disease does not depend on it


class Rule(Params, at="payment.dip_catalogue"):
    """核心病种 · By a scheme, else by a threshold or by coverage, both with their numbers; and the characters of a category."""

    pack: str
    core_by: str
    least: int
    coverage: Decimal
    low: int
    high: int
    category: int


@capability("DIP 病种目录", "catalogue of DIP diseases", months=MONTHS)
def dip_catalogue(stays: DipStay, matches: DipMatch, entries: DipEntry, rule: Rule) -> DipCatalogue:
    """形成目录 · One row per month and disease."""
    found, last, made = [pl.DataFrame(schema=DipCatalogue.schema())], None, pl.DataFrame()
    scheme = _scheme(entries.frame(), rule)
    for month, history in histories(groupable(stays.frame(), matches.frame())):
        if history is not last:
            core, wanted = _own(history, rule) if scheme is None else (_of_scheme(history, scheme, rule), 0)
            last, made = history, _made(history, core, wanted, rule)
        found.append(made.with_columns(month=pl.lit(month)).select(*DipCatalogue.columns))
    return pl.concat(found)


def _scheme(entries: pl.DataFrame, rule: Rule) -> pl.DataFrame | None:
    """The diseases of the scheme that the rule names, in their order; None where it names none. PolicyError when it is not held."""
    if not rule.pack:
        return None
    found = entries.filter(pl.col("pack") == rule.pack).sort("rank")
    if not found.height:
        near = did_you_mean(rule.pack, entries["pack"].unique().to_list())
        raise PolicyError(
            f"没有装入 DIP 方案 {rule.pack}",
            f"the DIP scheme {rule.pack} is not loaded",
            where="payment.dip_catalogue.pack",
            mend=near if near[0] else ("heng load 方案的工作簿", "heng load the workbook of the scheme"),
        )
    return found


def _own(history: pl.DataFrame, rule: Rule) -> tuple[pl.DataFrame, int]:
    """Core diseases as the history makes them, and from how many cases on."""
    counted = _counted(history, COMBINATION).sort("cases", "treatment", descending=[True, False])
    pairs = counted.group_by("diagnosis", "procedures", maintain_order=True).agg(pl.col("cases", "fee").sum(), pl.col("treatment").first())
    wanted = cases_wanted(pairs["cases"].to_list(), _threshold(rule))
    core = pairs.filter(pl.col("cases") >= wanted).select(
        *("treatment", "procedures", "cases", "fee"),
        *(pl.lit(None, t).alias(n) for n, t in ABSENT.items()),
        group=pl.format("{}-{}", "diagnosis", pl.when(pl.col("procedures") == "").then(pl.lit(CONSERVATIVE)).otherwise("procedures")),
        secondary="diagnosis",
        primary=pl.col("diagnosis").str.slice(0, rule.category),
    )
    return core, wanted


ABSENT: dict[str, pl.DataType] = {"pack": pl.String(), "name": pl.String(), "alike": pl.Boolean()}
"""自有目录没有的 · What only a scheme tells."""


def _of_scheme(history: pl.DataFrame, scheme: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """All diseases of the scheme, with the cases of the history that fit each of them alone."""
    alone = _counted(history.with_columns(fits_in(history, rule.pack).alias("code")), ["code"])
    categories = pl.Series([_categories(dx, rule.category) for dx in scheme["dx"]], dtype=pl.String)
    known = scheme.with_columns(categories.alias("category")).join(alone, on="code", how="left")
    return known.select(
        pl.lit(None, pl.String).alias("treatment"),
        pl.col("ops").fill_null("").alias("procedures"),
        pl.col("cases", "fee").fill_null(0),
        *("pack", "name", pl.col("primary").alias("alike")),
        group="code",
        secondary="dx",
        primary="category",
    )


def _categories(dx: str, characters: int) -> str:
    """The categories of the diagnoses that a disease names; a range stays a range."""
    return "|".join(dict.fromkeys(one if "-" in one else one[:characters] for one in dx.split("|")))


def _made(history: pl.DataFrame, core: pl.DataFrame, wanted: int, rule: Rule) -> pl.DataFrame:
    """The whole catalogue: core diseases, and comprehensive ones of what fits none of them."""
    known = core.with_columns(level=pl.lit("core"))
    left = placed(history, known.with_columns(mean=MEAN)).filter(pl.col("group").is_null())
    if rule.pack:
        left = left.filter(fits_in(left, rule.pack).is_not_null())  # what the scheme does not group is in no disease
    rest = _counted(left.with_columns(primary=pl.col("diagnosis").str.slice(0, rule.category)), ["primary", "treatment"]).select(
        *("primary", "treatment", "cases", "fee"),
        *(pl.lit(None, t).alias(n) for n, t in ABSENT.items() if n != "pack"),
        pl.lit(rule.pack or None, pl.String).alias("pack"),
        group=pl.format("{}*{}", "primary", "treatment"),
        secondary="primary",
        level=pl.lit("comprehensive"),
        procedures=pl.lit(""),
    )
    months = {"first_month": history["month"].min(), "last_month": history["month"].max()}
    return pl.concat([known, rest.select(known.columns)]).with_columns(
        yuan("fee"), wanted=pl.lit(wanted, pl.Int64), mean=MEAN, **{n: pl.lit(m) for n, m in months.items()}
    )


def _counted(cases: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return cases.group_by(by).agg(cases=pl.len().cast(pl.Int64), fee=pl.col("fee").sum())


def _threshold(rule: Rule) -> Threshold:
    return Threshold(rule.least, Fraction(rule.coverage) if rule.core_by == "coverage" else None, rule.low, rule.high)
