"""年终清算 · What the fund still owes every hospital for the year so far; of December, for the year.

By bands: each hospital's own standard against what its fees would have cost the fund. By points: the region's fund and the
patients' shares split by points to the last fen, less what the hospital's own patients bore, so that all hospitals together
get the fund. High-cost cases beyond a yearly quota are taken off first. The deposit comes back by the score of the assessment.
Source: 按病组（病种）付费经办管理规程 (年终清算、结余留用、合理超支分担); 金华市 2017 点数法.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.payment.clearing import bands, by_points, settled
from heng.methods.rounding import nearest
from heng.rooms.payment.exact import coarse, yuan
from heng.rooms.payment.year_so_far import YEAR, Funds, fund_of, summed, year_so_far
from heng.tables.payment import FundMonth, OutlierCap, YearClearing

OWNER = ["org", "insurance"]
SUMS = ("points", "fund_pay", "fund_fee", "patient_share", "advance", "deposit")
CUTS = ("fund_cut", "point_cut", "cut")
MONEY = ("due", "actual", "settled", "advanced", "deposit", "withheld", "balance")


class Rule(Params, at="payment.clear_year"):
    """办法 · By bands or points, the bands, and the scores of hospitals."""

    way: str
    bands: list[Any]
    banding: str
    assessments: dict[str, Any]


@capability("年终清算", "clearing of the year", months=YEAR)
def clear_year(months: FundMonth, caps: OutlierCap, funds: Funds, rule: Rule) -> YearClearing:
    """逐院清算 · One row per month, hospital and insurance with cases in the year so far."""
    rows, cut = months.frame(), caps.frame()
    found = [row for month in rows["month"].unique().sort() for row in _cleared(_owed(rows, cut, month), month, funds, rule)]
    whole = dict.fromkeys((*MONEY, "points"), pl.Int64())
    wanted = {n: whole.get(n, t) for n, t in YearClearing.schema().items() if not YearClearing.columns[n].derived}
    return pl.DataFrame(found, schema=wanted).with_columns(*map(yuan, MONEY), coarse("points"))


def _owed(rows: pl.DataFrame, cut: pl.DataFrame, month: str) -> pl.DataFrame:
    """Sums of the year so far by hospital and insurance; what a yearly quota cuts is that of the newest ranking.

    Where what to cut is not known of a case, neither is the sum. `region_months`: in how many months any hospital had cases of the
    insurance; so much of the year's fund is there to share.
    """
    part, newest = year_so_far(rows, month), year_so_far(cut, month)
    newest = newest.filter(pl.col("month") == pl.col("month").max().over("org"))
    held = part.group_by("insurance").agg(region_months=pl.col("month").n_unique().cast(pl.Int64))
    return (
        summed(part, OWNER, SUMS)
        .join(part.group_by(OWNER).agg(pl.col("unknown").sum()), on=OWNER, how="left", maintain_order="left")
        .join(held, on="insurance", how="left", maintain_order="left")
        .join(summed(newest, OWNER, CUTS).with_columns(ranked=True).drop("months"), on=OWNER, how="left", maintain_order="left")
        .with_columns(pl.when("ranked").then(n).otherwise(0).alias(n) for n in CUTS)
    )


def _cleared(sums: pl.DataFrame, month: str, funds: Funds, rule: Rule) -> list[dict[str, Any]]:
    found = []
    for (insurance,), part in sums.group_by("insurance", maintain_order=True):
        rows = [_due(row) for row in part.iter_rows(named=True)]
        fund = fund_of(funds, str(insurance), rows[0]["region_months"])
        owed = _by_points(rows, fund) if rule.way == "points" else _by_bands(rows, rule)
        found += [_row(row, month, rule, amount) for row, amount in zip(rows, owed, strict=True)]
    return found


def _due(row: dict[str, Any]) -> dict[str, Any]:
    borne = None if row["cut"] is None or row["fund_cut"] is None else row["cut"] - row["fund_cut"]
    off = {"fund_pay": row["fund_cut"], "points": row["point_cut"], "patient_share": borne}
    return row | {n: None if row[n] is None or taken is None else row[n] - taken for n, taken in off.items()}


def _by_bands(rows: list[dict[str, Any]], rule: Rule) -> list[int | None]:
    parts, whole = bands(rule.bands, "payment.clear_year.bands"), rule.banding == "whole"
    known = [r["fund_pay"] is not None and r["fund_fee"] is not None for r in rows]
    return [settled(r["fund_pay"], r["fund_fee"], parts, whole=whole) if k else None for r, k in zip(rows, known, strict=True)]


def _by_points(rows: list[dict[str, Any]], fund: int | None) -> list[int | None]:
    if fund is None or any(r["points"] is None or r["points"] < 0 or r["patient_share"] is None for r in rows):
        return [None] * len(rows)  # no share of the fund can be told while somebody's points are not known, or are refunds alone
    total = fund + sum(r["patient_share"] for r in rows)
    return [part - r["patient_share"] for part, r in zip(by_points(total, [r["points"] for r in rows]), rows, strict=True)]


def _row(row: dict[str, Any], month: str, rule: Rule, owed: int | None) -> dict[str, Any]:
    score = rule.assessments.get(row["org"])
    deposit, advance = row["deposit"], row["advance"]
    back = 0 if score is None or deposit is None else nearest(deposit * Fraction(str(score)))
    withheld = None if deposit is None else deposit - back
    return {
        "month": month,
        "org": row["org"],
        "insurance": row["insurance"],
        "months": row["months"],
        "final": row["months"] == YEAR,
        "way": rule.way,
        "unknown": row["unknown"],
        "points": row["points"],
        "due": row["fund_pay"],
        "actual": row["fund_fee"],
        "settled": owed,
        "advanced": advance,
        "deposit": deposit,
        "score": None if score is None else Decimal(str(score)),
        "withheld": withheld,
        "balance": None if owed is None or advance is None or withheld is None else owed - advance - withheld,
    }
