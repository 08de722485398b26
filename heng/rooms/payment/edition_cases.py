"""病例版本对照 · Every case paid by group in the edition that pays and in those compared beside it: group, weight, standard.

The other edition's standard is that of its own weight at the rate, scale and coefficient in force (1 for a 基层病组); lay others on
with a what-if. An edition not yet in force counts with its first weights; a group without one has no standard. No outlier rule is applied.
Source: 医保发〔2026〕22号（3.0 版，2027-01-01 起）; 支付标准 = 权重 × 费率 × 系数.
"""

from datetime import date

import polars as pl

from heng.core.capability import capability
from heng.methods.grouping.engine import UNGROUPED
from heng.rooms.payment.exact import CASE, yuan
from heng.rooms.payment.tariff import Price, Rates, tariff
from heng.tables.editions import EditionCase
from heng.tables.grouping import Grouping
from heng.tables.packs import PackWeight
from heng.tables.payment import PayCase

PRICED = ["month", "pack", "to_group", "insurance"]


@capability("病例版本对照", "cases in two editions")
def edition_cases(groupings: Grouping, cases: PayCase, weights: PackWeight, rates: Rates) -> EditionCase:
    """逐例对照 · One row per case paid by group and edition that is compared beside."""
    paid = cases.frame().filter(pl.col("outlier") != "excluded")
    now = paid.select(*CASE, "dept", "insurance", "fee", "weight", "standard", group=_named("group"))
    placed = pl.when(pl.col("status").is_in(["grouped", "qy"])).then(_named("drg")).otherwise(pl.lit(UNGROUPED))
    other = groupings.frame().filter(~pl.col("pays")).select(*CASE, "pack", to_group=placed)
    rows = other.join(now, on=CASE, how="inner")
    prices = tariff(_from_the_start(weights.frame()), rates)
    found = [(*key, *_told(prices.price(*key))) for key in rows.select(PRICED).unique().sort(PRICED).iter_rows()]
    kinds = dict.fromkeys(PRICED, pl.String()) | {"new_weight": pl.Decimal(18, 6), "new_standard": pl.Int64()}
    return rows.join(pl.DataFrame(found, schema=kinds, orient="row"), on=PRICED, how="left").with_columns(yuan("new_standard"))


def _from_the_start(weights: pl.DataFrame) -> pl.DataFrame:
    """An edition is compared before it is in force: the first weights it has count before their day, too."""
    first = pl.col("since") == pl.col("since").min().over("pack", "group", "insurance")
    return weights.with_columns(since=pl.when(first).then(pl.lit(date.min)).otherwise("since"))


def _named(group: str) -> pl.Expr:
    return pl.when(pl.col(group) != "").then(pl.col(group)).otherwise(pl.lit(UNGROUPED))


def _told(price: Price) -> tuple[object, object]:
    return price.weight, price.standard.amount if price.standard else None
