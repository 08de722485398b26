"""DIP 医院系数 · The coefficient of every hospital: that of its class, and additions for what it was marked for.

Basic = what the class costs ÷ what all cost, by case or by point (by point the mix of diseases is taken out). Additions =
Σ weight × mark. Source: 医保办发〔2020〕50号 DIP 技术规范（医疗机构系数）; 加成项目与权重为行业实现, 待本地文件确认.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.dip.coefficient import addition, basic
from heng.methods.rounding import decimal
from heng.rooms.payment.dip_history import MONTHS, Years, bases, groupable, weights_of
from heng.tables.dip import DipCatalogue, DipCoefficient, DipMatch, DipScore, DipStay


class Rule(Params, at="payment.dip_coefficient"):
    """系数 · What the basic coefficient compares, the weights of the additions, and the marks of each hospital."""

    basic_by: str
    weights: list[Any]
    marks: list[Any]


@capability("DIP 医院系数", "DIP coefficients of hospitals", months=MONTHS)
def dip_coefficient(
    stays: DipStay, matches: DipMatch, catalogue: DipCatalogue, scores: DipScore, rule: Rule, years: Years
) -> DipCoefficient:
    """算出医院系数 · One row per month and hospital that has cases up to the month."""
    cases, rows = groupable(stays.frame(), matches.frame()), list[dict[str, Any]]()
    known = catalogue.frame().join(scores.frame().select("month", "group", "score"), on=["month", "group"])
    for basis in bases(cases, known):
        measured = basis.placed().join(basis.diseases.select("group", "score"), on="group")
        classes = _classes(measured, weights_of(basis.history, years.weights), rule)
        for month in basis.months:
            seen = cases.filter(pl.col("month") <= month).sort("month").unique("org", keep="last", maintain_order=True).sort("org")
            rows += _rows(month, list(seen.select("org", "hospital_class").iter_rows()), classes, rule)
    return pl.DataFrame(rows, schema={n: t for n, t in DipCoefficient.schema().items() if n != "coefficient"})


def _classes(measured: pl.DataFrame, weights: dict[int, int], rule: Rule) -> dict[str, tuple[int, int]]:
    """Weighted size (cases, or points in ten-thousandths) and fees in fen of each class."""
    size = pl.len() if rule.basic_by == "fee" else pl.col("score").cast(pl.Decimal(18, 4)).to_physical().cast(pl.Int64).sum()
    sums = measured.group_by("hospital_class", "year").agg(size=size.cast(pl.Int64), fee=pl.col("fee").sum()).sort("hospital_class", "year")
    found: dict[str, tuple[int, int]] = {}
    for name, year, own, fee in sums.iter_rows():
        before = found.get(name, (0, 0))
        found[name] = before[0] + weights.get(year, 0) * own, before[1] + weights.get(year, 0) * fee
    return found


def _rows(month: str, orgs: list[tuple[str, str]], classes: dict[str, tuple[int, int]], rule: Rule) -> Iterator[dict[str, Any]]:
    whole = sum(size for size, _ in classes.values()), sum(fee for _, fee in classes.values())
    marked = {m["org"]: {n: Fraction(v) for n, v in m.items() if n != "org" and v is not None} for m in rule.marks}
    weights = {w["name"]: Fraction(w["weight"]) for w in rule.weights}
    for org, name in orgs:
        yield {
            "month": month,
            "org": org,
            "hospital_class": name,
            "basic": decimal(basic(classes.get(name, (0, 0)), whole) or Fraction(1)),
            "addition": decimal(addition(marked.get(org, {}), weights)),
        }
