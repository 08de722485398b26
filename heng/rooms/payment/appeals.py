"""特例单议与申诉清单 · Cases to put forward for special review or for appeal, ranked by loss, within the quota of the year so far.

For special review: what costs far more than is paid, stays long, or is in no group. For appeal: what is paid less than by our rules.
An unknown loss comes last. The quota is a share of the insured cases of the year so far, less what the months before could use of it;
the rule of the month counts for all of them.
Source: 医保办发〔2024〕9号（特例单议：不超过按 DRG 付费出院病例的 5% 或按 DIP 付费的 5‰）.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.rooms.payment.check_returns import Insured
from heng.rooms.payment.exact import CASE, CELL
from heng.rooms.payment.year_so_far import YEAR
from heng.tables.patients import Encounter
from heng.tables.payment import PayCase
from heng.tables.returns import DISPUTED, AppealItem, ReturnCheck

COLUMNS = [*CELL, "kind", "visit", "case_month", "encounter", "dept", "group", "cause", "fee", "paid", "loss"]


class Rule(Params, at="payment.appeals"):
    """理由与名额 · What makes a case a candidate, and the share that may be appealed."""

    high_ratio: Decimal
    long_days: int
    appeal_share: Decimal


class Places(Params, at="payment.fund_months"):
    """特例单议名额 · The share of cases that may be put to special review."""

    special_share: Decimal


@capability("特例单议与申诉清单", "special reviews and appeals", months=YEAR)
def appeals(cases: PayCase, encounters: Encounter, checks: ReturnCheck, insured: Insured, rule: Rule, places: Places) -> AppealItem:
    """排出名次 · One row per candidate of the month and kind."""
    stays = cases.frame().join(encounters.frame().select(*CASE, "visit"), on=CASE, how="inner")
    covered = stays.filter(pl.col("insurance").is_in(list(insured.insured)) & (pl.col("outlier") != "excluded"))
    order = [*CELL, "kind", "loss", "case_month", "encounter"]
    found = pl.concat([_reviews(covered, rule), _disputes(checks.frame())]).sort(
        order, descending=[n == "loss" for n in order], nulls_last=True, maintain_order=True
    )
    ranked = found.with_columns(rank=pl.int_range(1, pl.len() + 1).over(*CELL, "kind").cast(pl.Int32))
    shares = {"special_review": Fraction(places.special_share), "appeal": Fraction(rule.appeal_share)}
    quotas = pl.DataFrame(list(_quotas(covered, ranked, shares)), schema=QUOTA, orient="row")
    joined = ranked.join(quotas, on=[*CELL, "kind"], how="left", maintain_order="left")
    return joined.with_columns(within=pl.col("rank") <= pl.col("quota") - pl.col("used")).select(*AppealItem.columns)


QUOTA = {"org": pl.String, "month": pl.String, "kind": pl.String, "quota": pl.Int64, "used": pl.Int64}


def _reviews(covered: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Cases of special review: the reasons first that are easiest to show."""
    cause = (
        pl.when(pl.col("fee") > pl.col("standard").cast(pl.Decimal(24, 2)) * pl.lit(rule.high_ratio, pl.Decimal(10, 4)))
        .then(pl.lit("high_cost"))
        .when(pl.col("days") >= rule.long_days)
        .then(pl.lit("long_stay"))
        .when(pl.col("status").is_in(["ungrouped", "qy"]))
        .then(pl.lit("ungrouped"))
    )
    told = covered.with_columns(
        kind=pl.lit("special_review"), cause=cause, case_month="month", paid="payment", loss=pl.col("fee") - pl.col("payment")
    )
    asked = pl.col("cause").is_not_null() & (pl.col("outlier") != "special")  # those are agreed already
    return told.filter(asked & (pl.col("loss").is_null() | (pl.col("loss") > 0))).select(COLUMNS)


def _disputes(checks: pl.DataFrame) -> pl.DataFrame:
    """Cases returned with less than by our rules, or not returned at all."""
    told = checks.filter(pl.col("difference").is_in(DISPUTED)).with_columns(
        kind=pl.lit("appeal"), cause="difference", paid="their_fund_pay", loss=pl.coalesce("shortfall", "fund_pay")
    )
    return told.filter(pl.col("loss") > 0).select(COLUMNS)


def _quotas(covered: pl.DataFrame, found: pl.DataFrame, shares: dict[str, Fraction]) -> Iterator[tuple[Any, ...]]:
    counted = {(org, month): n for org, month, n in covered.group_by(CELL).len().iter_rows()}
    wanted = {key: n for *key_, n in found.group_by(*CELL, "kind").len().iter_rows() for key in [tuple(key_)]}
    for org in sorted({org for org, *_ in [*counted, *wanted]}):
        months = sorted({key[1] for key in [*counted, *wanted] if key[0] == org})
        for kind, share in shares.items():
            asked = [(m, counted.get((org, m), 0), wanted.get((org, m, kind), 0)) for m in months]
            yield from ((org, month, kind, quota, used) for month, quota, used in quota_of(asked, share))


def quota_of(months: Iterable[tuple[str, int, int]], share: Fraction) -> Iterator[tuple[str, int, int]]:
    """逐月名额 · Of (month, cases, candidates) in order: month, quota of the year so far, and what the months before used of it."""
    year, total, used = "", 0, 0
    for month, cases, candidates in months:
        if month[:4] != year:
            year, total, used = month[:4], 0, 0
        total += cases
        quota = int(share * total)
        yield month, quota, used
        used += min(candidates, max(quota - used, 0))


Indicator(
    key="appeal_loss",
    zh="可申请病例的损失",
    en="loss of cases to put forward",
    unit="元",
    better="lower",
    of=AppealItem,
    where="within and loss is not null",
    numerator="sum(loss)",
    formula=("Σ 名额以内病例的损失", "Σ loss of the cases within the quota"),
)
