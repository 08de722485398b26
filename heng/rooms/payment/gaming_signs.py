"""待核查线索 · What deserves a person's look in the payment of cases: never a verdict, and never a reason to pay less by itself.

Each sign says what was seen, what it is held against, how likely chance alone is where that is tested, and an innocent reason.
Source: 国家医保局 DRG/DIP 基金监管要点（高编、分解住院、低标准入院、推诿病人、31 天内再入院）.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.core.period import last_day, shift
from heng.rooms.payment.case_signs import low_standard, repeats
from heng.rooms.payment.exact import yuan
from heng.rooms.payment.share_signs import drifts, severe, transfers
from heng.rooms.payment.stays import YEAR, Rule, stays
from heng.rooms.payment.tariff import in_force
from heng.tables.cases import CaseCost
from heng.tables.packs import PackWeight
from heng.tables.patients import Encounter
from heng.tables.payment import PayCase
from heng.tables.signs import GamingSign, SeverityMix
from heng.tables.visits import Discharge

MIX = [
    "org",
    "month",
    "adrg",
    "cases",
    "severe",
    "own_cases",
    "own_severe",
    "other_cases",
    "other_severe",
    "own_chance",
    "other_chance",
]
SHAPE = GamingSign.schema() | {"stake": pl.Int64()}


@capability("待核查线索", "signs for review", months=YEAR)
def gaming_signs(
    cases: PayCase,
    encounters: Encounter,
    discharges: Discharge,
    costs: CaseCost,
    weights: PackWeight,
    mixes: SeverityMix,
    rule: Rule,
) -> GamingSign:
    """逐条列出 · One row per sign of the month."""
    known, prices = stays(cases, encounters, discharges, costs), weights.frame().to_dicts()
    cells = {tuple(cell) for cell in known.select("org", "month").unique().iter_rows()}
    mixed = mixes.frame().select(MIX).sort("month", "org", "adrg")
    found = [s for s in severe(mixed.rows(), rule) if (s["org"], s["month"]) in cells]
    for (org,), theirs in known.partition_by("org", as_dict=True, maintain_order=True).items():
        for month in sorted(theirs["month"].unique().to_list()):
            year = theirs.filter(pl.col("month").is_between(pl.lit(shift(month, 1 - YEAR)), pl.lit(month)))
            now = year.filter(pl.col("month") == month)
            alike = year.filter(pl.col("pack").is_in(now["pack"].unique().to_list()))  # a code means another group in another edition
            found += repeats(now, year, rule)
            found += low_standard(now, alike, in_force(prices, last_day(month)), rule)
            found += _placed(org, month, (*drifts(alike, month, rule), *transfers(alike, rule)))
    rows = [{n: s.get(n, "" if n == "visit" else None) for n in SHAPE} for s in found]
    return pl.DataFrame(rows, schema=SHAPE, orient="row").with_columns(yuan("stake"))


def _placed(org: str, month: str, signs: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
    return ({"org": org, "month": month, **sign} for sign in signs)


Indicator(
    key="signs_for_review",
    zh="待核查线索数",
    en="signs for review",
    unit="条",
    better="neither",
    of=GamingSign,
    numerator="count(*)",
    formula=("待核查线索的条数；线索不是结论", "signs for review; a sign is no verdict"),
)
