"""工资水平 · How a hospital pays against the region: cost of staff per head, and the share of its cost that is wages."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl

from heng.rooms.costing.layers import CELL, fen, fine


@dataclass(frozen=True, slots=True)
class Wage:
    """工资水平 · index: cost per head against the region's, None where heads or pay are not known; share: wages in cost."""

    index: Fraction | None
    share: Fraction

    @property
    def divisor(self) -> Fraction:
        """工资调整系数 · What an index of cost is divided by to take the difference in wages out."""
        return Fraction(1) if self.index is None else self.share * self.index + 1 - self.share


def wages(costs: pl.DataFrame, staff: pl.DataFrame, share: Decimal) -> dict[str, Wage]:
    """各院工资水平 · Per head: of the months in which a hospital has both pay and heads. `share` where it has no cost at all."""
    money = costs.select(*CELL, "item", fen=pl.Series(fen(costs["amount"])))
    paid = pl.col("fen").filter(pl.col("item") == "staff").sum()
    spent = money.group_by(CELL).agg(whole=pl.col("fen").sum(), paid=paid)
    heads = staff.select(*CELL, heads=pl.Series(fine(staff["total"]))).group_by(CELL).agg(pl.col("heads").sum())
    shares = {org: (p, whole) for org, p, whole in spent.group_by("org").agg(pl.col("paid", "whole").sum()).sort("org").iter_rows()}
    known = spent.join(heads, on=CELL).filter((pl.col("heads") > 0) & (pl.col("paid") > 0))
    own = {org: (p, h) for org, p, h in known.group_by("org").agg(pl.col("paid", "heads").sum()).iter_rows()}
    region = (sum(p for p, _ in own.values()), sum(h for _, h in own.values()))
    return {
        org: Wage(
            Fraction(own[org][0] * region[1], own[org][1] * region[0]) if org in own else None,
            Fraction(p, whole) if whole > 0 and 0 <= p <= whole else Fraction(share),
        )
        for org, (p, whole) in shares.items()
    }
