"""DIP 的历史病例 · The history that a month's catalogue rests on, and which disease of a catalogue each case fits.

History: the three calendar years before the month's own; where they hold no case, the month's own year up to the month.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import polars as pl

from heng.core.params import Params
from heng.methods.dip.catalogue import fitting
from heng.methods.dip.score import year_weights
from heng.rooms.payment.exact import CASE, fen, millionths

YEARS = 3
MONTHS = 12 * (YEARS + 1)
"""一个月的目录最多读多少个月 · How many months a month's catalogue may rest on: December reads four calendar years."""
COMBINATION = ["diagnosis", "procedures", "treatment"]
FITS = "fits"


class Years(Params, at="payment.dip_score"):
    """各年权重 · Weights of the years."""

    weights: dict[str, Any]


def groupable(stays: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """可入组的病例 · Cases that a catalogue may group, with their year, in fen their fees, and what they fit in each scheme."""
    found = stays.filter(pl.col("reason") == "").with_columns(
        *map(fen, ("fee", "drug", "consumable")), year=pl.col("month").str.slice(0, 4).cast(pl.Int64)
    )
    for (pack,), own in matches.partition_by("pack", as_dict=True, maintain_order=True).items():
        found = found.join(own.select(*CASE, pl.col("fits").alias(f"{FITS} {pack}")), on=CASE, how="left")
    return found


def fits_in(cases: pl.DataFrame, scheme: str) -> pl.Expr:
    """在一个方案中符合的病种 · The diseases that cases fit in a scheme, as `fits`; null where it does not group them."""
    told = f"{FITS} {scheme}"
    return (pl.col(told) if told in cases.columns else pl.lit(None, pl.String)).alias(FITS)


def histories(cases: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """逐月的历史 · Every month that has cases, with the cases of its history."""
    kept: dict[int, pl.DataFrame] = {}
    for month in sorted(cases["month"].unique()):
        year = int(month[:4])
        if year not in kept:
            kept[year] = cases.filter(pl.col("year").is_between(year - YEARS, year - 1))
        closed = kept[year]
        yield month, closed if closed.height else cases.filter((pl.col("year") == year) & (pl.col("month") <= month))


@dataclass(frozen=True, slots=True)
class Basis:
    """若干月共同的依据 · Months that rest on the same history and diseases: worked out once for all of them."""

    months: list[str]
    history: pl.DataFrame
    diseases: pl.DataFrame

    def placed(self) -> pl.DataFrame:
        """历史病例入组 · The cases of the history, each with its `group`."""
        return placed(self.history, self.diseases).drop_nulls("group")


def bases(cases: pl.DataFrame, catalogue: pl.DataFrame) -> Iterator[Basis]:
    """逐段的依据 · The months that have cases, in order, those together that rest on the same."""
    held: list[Basis] = []
    for month, history in histories(cases):
        diseases = catalogue.filter(pl.col("month") == month).drop("month")
        if held and held[-1].history is history and held[-1].diseases.equals(diseases):
            held[-1].months.append(month)
        else:
            held.append(Basis([month], history, diseases))
    yield from held


def weights_of(history: pl.DataFrame, told: Mapping[str, Any]) -> dict[int, int]:
    """历史各年的权重 · The weight of each year of a history, in whole numbers; told by how many years ago it was."""
    weights = [Fraction(str(told.get(str(ago), 0))) for ago in range(YEARS, 0, -1)]
    common = lcm(*(w.denominator for w in weights))
    return year_weights(history["year"].unique().to_list(), [int(w * common) for w in weights])


def placed(cases: pl.DataFrame, catalogue: pl.DataFrame) -> pl.DataFrame:
    """病例入组 · The cases with the `group` they fit in a catalogue; none: null. Fees in fen.

    Among several core diseases with the same number of procedures the one whose mean fee is nearest, a mean that nobody knows
    being as far away as can be; then the first in the order of the scheme, in the region's own catalogue by name.
    """
    scheme = next(iter(catalogue["pack"].drop_nulls()), "")
    numbered = cases.with_row_index("place").with_columns(fits_in(cases, scheme))
    ways = numbered.select(WAY).unique()
    fits = pl.DataFrame(
        list(_fits(ways, catalogue, scheme)), schema={**dict.fromkeys(WAY, pl.String), "order": pl.Int64, "group": pl.String}, orient="row"
    )
    means = catalogue.select("group", millionths("mean"))
    offered = numbered.join(fits.join(means, on="group"), on=WAY, how="inner", nulls_equal=True)
    nearest = offered.with_columns(distance=(pl.col("mean") - pl.col("fee") * 10_000).abs())
    ranked = nearest.sort("place", "distance", "order", nulls_last=True)
    chosen = ranked.unique("place", keep="first", maintain_order=True).select("place", "group")
    return numbered.drop(FITS).join(chosen, on="place", how="left").sort("place").drop("place")


WAY = [*COMBINATION, FITS]
"""病例据以入组的 · What decides which diseases a case may be in."""


def _fits(ways: pl.DataFrame, catalogue: pl.DataFrame, scheme: str) -> Iterator[tuple[Any, ...]]:
    """Each way with the diseases it fits and their order; a way that the scheme does not group has none."""
    core: dict[str, dict[str, frozenset[str]]] = {}
    own = catalogue.filter((pl.col("level") == "core") & pl.col("pack").is_null())
    for group, secondary, procedures in own.select("group", "secondary", "procedures").iter_rows():
        core.setdefault(secondary, {})[group] = codes(procedures)
    comprehensive = catalogue.filter(pl.col("level") == "comprehensive").select("group", "primary", "treatment").rows()
    rest = {(head, kind): group for group, head, kind in comprehensive}
    size = max((len(head) for head, _ in rest), default=0)
    for diagnosis, procedures, treatment, offered in ways.iter_rows():
        if scheme and offered is None:
            continue
        found = [g for g in offered.split("|") if g] if scheme else fitting(codes(procedures), core.get(diagnosis, {}))
        if not found and (group := rest.get((diagnosis[:size], treatment))):
            found = [group]
        yield from ((diagnosis, procedures, treatment, offered, order, group) for order, group in enumerate(found))


def codes(joined: str) -> frozenset[str]:
    """拆开编码 · The codes of a set of procedures as it is written."""
    return frozenset(filter(None, joined.split("+")))
