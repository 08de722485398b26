"""DIP 点值 · What a point is worth to each insurance: at the opening of the year, and as far as the year has gone.

Opening: cost of the history ÷ its points, without coefficients, by three methods of which the rule chooses one. Settlement:
the fund of the months so far ÷ the share that it pays ÷ the points of these months; of December it is that of the year. Who
pays himself takes no part. Source: 医保办发〔2020〕50号 DIP 技术规范（预算点值、结算点值）.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.methods.dip.point_value import OPENINGS, Case, pool
from heng.methods.rounding import decimal
from heng.rooms.payment.dip_history import MONTHS, Years, bases, groupable, weights_of
from heng.rooms.payment.exact import FINE
from heng.rooms.payment.year_so_far import YEAR, year_so_far
from heng.tables.dip import DipCase, DipCatalogue, DipMatch, DipScore, DipStay, DipValue


class Rule(Params, at="payment.dip_value"):
    """点值 · The opening, its percentiles, and of each insurance the fund of a year and the share that it pays."""

    opening: str
    low: Decimal
    high: Decimal
    funds: list[Any]


@capability("DIP 点值", "DIP point values", months=MONTHS)
def dip_value(
    stays: DipStay, matches: DipMatch, catalogue: DipCatalogue, scores: DipScore, cases: DipCase, rule: Rule, years: Years
) -> DipValue:
    """算出点值 · One row per month and insurance that has cases in the history or in the year."""
    known = catalogue.frame().join(scores.frame().select("month", "group", "score"), on=["month", "group"])
    counted, rows = cases.frame().filter(pl.col("insurance") != "self"), list[dict[str, Any]]()
    for basis in bases(groupable(stays.frame(), matches.frame()), known):
        measured = basis.placed().filter(pl.col("insurance") != "self").join(basis.diseases.select("group", "score"), on="group")
        openings = _openings(measured, weights_of(basis.history, years.weights), rule)
        for month in basis.months:
            rows += [{"month": month, **row} for row in _insurances(openings, _so_far(counted, month), int(month[5:]), rule)]
    return pl.DataFrame(rows, schema=DipValue.schema())


def _so_far(counted: pl.DataFrame, month: str) -> dict[str, Decimal]:
    """Points of each insurance in the year up to the month."""
    return dict(year_so_far(counted, month).group_by("insurance").agg(pl.col("points").sum()).iter_rows())


def _insurances(openings: dict[str, dict[str, Any]], points: dict[str, Decimal], months: int, rule: Rule) -> Iterator[dict[str, Any]]:
    for insurance in sorted({*openings, *points, *(f["insurance"] for f in rule.funds)}):
        found, earned = openings.get(insurance, {"cases": 0}), points.get(insurance, Decimal())
        paid = _pool(insurance, months, rule)
        yield {
            "insurance": insurance,
            **found,
            "budget": found.get(rule.opening),
            "points": earned,
            "pool": None if paid is None else decimal(Fraction(paid, 100), 2),
            "settled": decimal(Fraction(paid, 100) / Fraction(earned)) if paid is not None and earned else None,
        }


def _openings(measured: pl.DataFrame, weights: dict[int, int], rule: Rule) -> dict[str, dict[str, Any]]:
    """Cases of each insurance, and yuan per point by every method."""
    limits, found = (Fraction(rule.low), Fraction(rule.high)), dict[str, dict[str, Any]]()
    ticks = pl.col("score").cast(pl.Decimal(18, 4)).to_physical().cast(pl.Int64)
    for (insurance,), own in measured.partition_by("insurance", as_dict=True).items():
        cases = [Case(*r) for r in own.select("year", "fee", ticks).iter_rows()]
        values = {name: value(cases, weights, *limits) for name, value in OPENINGS.items()}
        told = {name: decimal(None if v is None else v * FINE / 100) for name, v in values.items()}
        found[insurance] = {"cases": own.height, **told}
    return found


def _pool(insurance: str, months: int, rule: Rule) -> int | None:
    """In fen, of the months so far; None where the fund is not told."""
    told = next((f for f in rule.funds if f["insurance"] == insurance), None)
    return pool(Fraction(told["fund"]) * 100 * months / YEAR, Fraction(told["share"])) if told else None


Indicator(
    key="dip_point_value",
    zh="DIP 预算点值",
    en="DIP opening point value",
    unit="元/分",
    better="higher",
    of=DipValue,
    numerator="sum(cases * budget)",
    denominator="sum(cases) filter (budget is not null)",
    formula=("各险种预算点值按历史例数加权", "opening values of the insurances, weighted by their cases in the history"),
)
