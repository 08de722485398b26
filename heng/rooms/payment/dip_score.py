"""DIP 病种分值 · Scores of every disease of the catalogue: its weighted mean ÷ the reference, for fees, drugs and consumables.

The cases of the history are placed as the cases of the month will be, so that a score is the mean of whom it will be paid for.
Source: 医保办发〔2020〕50号 DIP 技术规范（RW = mᵢ ÷ M，dRW、cRW 同理；综合病种变异系数不大于 1）.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.errors import PolicyError
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.methods.dip.score import Years, score, weighted_mean
from heng.methods.rounding import decimal, root
from heng.rooms.payment.dip_history import MONTHS, Basis, bases, groupable, weights_of
from heng.tables.dip import DipCatalogue, DipMatch, DipScore, DipStay

KINDS = ("fee", "drug", "consumable")
SUMS = [
    pl.len().alias("cases"),
    *(pl.col(k).count().alias(f"{k}_known") for k in KINDS),
    *(pl.col(k).sum() for k in KINDS),
    pl.col("fee").cast(pl.Int128).pow(2).sum().alias("squares"),
    pl.col("days").sum(),
    pl.col("days").count().alias("stays"),
]


class Rule(Params, at="payment.dip_score"):
    """分值的算法 · Weights of the years, what scores are measured by, points of the reference, and what is stable."""

    weights: dict[str, Any]
    scale: int
    reference: str
    reference_disease: str
    reference_fee: Decimal
    least: int
    variation: Decimal


@capability("DIP 病种分值", "scores of DIP diseases", months=MONTHS)
def dip_score(stays: DipStay, matches: DipMatch, catalogue: DipCatalogue, rule: Rule) -> DipScore:
    """算出分值 · One row per month and disease that has cases in the history."""
    every = bases(groupable(stays.frame(), matches.frame()), catalogue.frame())
    rows = [{"month": month, **r} for basis in every for found in [list(_scores(basis, rule))] for month in basis.months for r in found]
    return pl.DataFrame(rows, schema=DipScore.schema())


def _scores(basis: Basis, rule: Rule) -> Iterator[dict[str, Any]]:
    sums = basis.placed().group_by("group", "year").agg(SUMS).sort("group", "year")
    weights, groups = weights_of(basis.history, rule.weights), sums.partition_by("group", as_dict=True, maintain_order=True)
    level = dict(basis.diseases.select("group", "level").iter_rows())
    reference = {k: _reference(k, sums, weights, rule) for k in KINDS} if sums.height else {}
    for (group,), years in groups.items():
        means = {k: weighted_mean(_years(years, k), weights) for k in KINDS}
        yield {"group": group, "level": level[str(group)], **_row(means, reference, years, rule)}


def _reference(kind: str, sums: pl.DataFrame, weights: dict[int, int], rule: Rule) -> Fraction | None:
    """In fen: the mean of all cases, of one disease, or an amount that the rule fixes."""
    if rule.reference == "fixed" and kind == "fee":
        return Fraction(rule.reference_fee) * 100
    measured = sums.filter(pl.col("group") == rule.reference_disease) if rule.reference == "disease" else sums
    if not measured.height:
        raise PolicyError(
            f"基准病种 {rule.reference_disease} 不在目录中",
            f"the reference disease {rule.reference_disease} is not in the catalogue",
            where="payment.dip_score.reference_disease",
            mend=("改用目录中的病种，或以全部病例为基准", "name a disease of the catalogue, or measure by all cases"),
        )
    return weighted_mean(_years(measured.group_by("year").agg(pl.exclude("group", "year").sum()), kind), weights)


def _years(sums: pl.DataFrame, kind: str) -> Years:
    return {year: (size, total) for year, size, total in sums.select("year", f"{kind}_known", kind).iter_rows()}


def _row(means: dict[str, Fraction | None], reference: dict[str, Fraction | None], years: pl.DataFrame, rule: Rule) -> dict[str, Any]:
    size, total, squares, days, stays = (sum(years[n].to_list()) for n in ("cases", "fee", "squares", "days", "stays"))
    spread = Fraction(size * squares - total**2, size * (size - 1)) if size > 1 else None
    variation = None if spread is None or not total else root(spread) * size / total
    scores = {k: decimal(score(means[k], reference[k], rule.scale), 4) for k in KINDS}
    return {
        "cases": size,
        "mean": _yuan(means["fee"]),
        "drug_mean": _yuan(means["drug"]),
        "consumable_mean": _yuan(means["consumable"]),
        "reference": _yuan(reference["fee"]),
        "score": scores["fee"],
        "drug_score": scores["drug"],
        "consumable_score": scores["consumable"],
        "mean_days": decimal(Fraction(days, stays)) if stays else None,
        "variation": decimal(variation),
        "stable": size >= rule.least and variation is not None and variation <= rule.variation,
    }


def _yuan(fen: Fraction | None) -> Decimal | None:
    return None if fen is None else decimal(fen / 100)


Indicator(
    key="dip_core_coverage",
    zh="核心病种覆盖率",
    en="cases that core diseases cover",
    unit="1",
    better="higher",
    of=DipScore,
    numerator="sum(cases) filter (level = 'core')",
    denominator="sum(cases)",
    formula=("入核心病种的历史病例数 ÷ 入组的历史病例数", "cases of the history in core diseases ÷ those in any disease"),
)
Indicator(
    key="dip_stable_share",
    zh="稳定病种病例占比",
    en="cases in stable diseases",
    unit="1",
    better="higher",
    of=DipScore,
    numerator="sum(cases) filter (stable)",
    denominator="sum(cases)",
    formula=(
        "例数足够且费用变异系数不超过上限的病种的病例数 ÷ 入组的历史病例数",
        "cases of diseases with enough cases and a variation within the limit ÷ those in any disease",
    ),
)
