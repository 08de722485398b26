"""价目：一个病组在一家医院值多少 · What a group is worth in a hospital: weight, rate, coefficient, limits, and the standard of them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.params import Params
from heng.core.period import last_day
from heng.methods.payment.clearing import FINE
from heng.methods.payment.specific import most_specific
from heng.methods.payment.standard import Limits, Standard, standard
from heng.methods.rounding import decimal, nearest
from heng.rooms.payment.exact import in_fen
from heng.tables.codes import INSURANCE_OF


class Rates(Params, at="payment.pay_cases"):
    """价格 · Rates, coefficients and limits, and what they are taken by."""

    level: str
    rates: list[Any]
    rate_factor: Decimal
    scale: Decimal
    coefficients: list[Any]
    primary_level: str
    against: str
    outliers: list[Any]
    per_diems: list[Any]
    benefits: list[Any]


Weights = dict[tuple[str, str, str], tuple[date, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Price:
    """一个病组的价 · Of a group: weight, rate, coefficient (None: not known), its points in ten-thousandths, and its standard."""

    primary: bool = False
    weight: Decimal | None = None
    rate: Decimal | None = None
    coefficient: Decimal | None = None
    points: int | None = None
    standard: Standard | None = None


@dataclass
class Tariff:
    """价目 · What every group is worth to a hospital of a level; each answer is worked out once."""

    rules: Rates
    weights: list[dict[str, Any]]
    known: dict[tuple[str, str, str, str], Price] = field(default_factory=dict)
    of_month: dict[str, Weights] = field(default_factory=dict)
    worth: dict[tuple[object, ...], Price] = field(default_factory=dict)

    def price(self, month: str, pack: str, group: str, insurance: str) -> Price:
        """某月某方案某组某险种的价 · The price of a group of a pack for an insurance in a month."""
        key = (month, pack, group, insurance)
        if key not in self.known:
            self.known[key] = self._price(*key)
        return self.known[key]

    def rate(self, insurance: str, *, primary: bool = False) -> Fraction | None:
        """费率或点值 · Yuan of a weight or point; None where the region has none for such cases."""
        level = self.rules.primary_level if primary and self.rules.primary_level else self.rules.level
        found = most_specific(self.rules.rates, {"insurance": insurance, "level": level})
        return Fraction(found["rate"]) * Fraction(self.rules.rate_factor) if found else None

    def _price(self, month: str, pack: str, group: str, insurance: str) -> Price:
        if month not in self.of_month:
            self.of_month[month] = in_force(self.weights, last_day(month))
        known = self.of_month[month]
        _, row = known.get((pack, group, insurance)) or known.get((pack, group, "")) or (None, None)
        if row is None:
            return Price()
        same = (pack, group, row["insurance"], row["since"], insurance)  # a weight is the same in every month that it is in force
        if same not in self.worth:
            self.worth[same] = self._worth(row, group, insurance)
        return self.worth[same]

    def _worth(self, row: Mapping[str, Any], group: str, insurance: str) -> Price:
        primary = bool(row["primary"])
        rate, coefficient = self.rate(insurance, primary=primary), Fraction(1) if primary else self._coefficient(group)
        base = Fraction(row["weight"]) * Fraction(self.rules.scale)
        return Price(
            primary,
            row["weight"],
            decimal(rate),
            decimal(coefficient),
            nearest(base * coefficient * FINE),
            self._standard(base * coefficient, rate, row, limits(self.rules.outliers, self.rules.level, base)),
        )

    def _standard(self, points: Fraction, rate: Fraction | None, row: Mapping[str, Any], general: Limits) -> Standard | None:
        mean = in_fen(row["mean_fee"]) if self.rules.against == "mean" else None
        if rate is None or (self.rules.against == "mean" and mean is None):
            return None
        # A catalogue may set limits of a group's own.
        own: dict[str, Any] = {n: Fraction(row[n]) for n in ("low", "high") if row[n] is not None}
        return standard(points, rate, replace(general, **own), mean)

    def _coefficient(self, group: str) -> Fraction:
        found = most_specific(self.rules.coefficients, {"group": group, "level": self.rules.level})
        return Fraction(found["coefficient"]) if found else Fraction(1)


def in_force(weights: Iterable[dict[str, Any]], on: date) -> Weights:
    """当日有效的权重 · The weights in force on a day by pack, group and insurance (empty: every insurance); the latest counts."""
    found: Weights = {}
    for row in weights:
        key = (row["pack"], row["group"], INSURANCE_OF.get(row["insurance"], row["insurance"] or ""))
        if row["since"] <= on and (key not in found or found[key][0] <= row["since"]):
            found[key] = (row["since"], row)
    return found


def limits(records: Iterable[Mapping[str, Any]], level: str, base: Fraction) -> Limits:
    """倍率界限 · The limits of a level, else those of no level; of its tiers the lowest that reaches the points of the group."""
    tiers = [r for r in records if r.get("upto") is None or base <= Fraction(r["upto"])]
    mine = [r for r in tiers if r.get("level") == level] or [r for r in tiers if r.get("level") is None]
    if not mine:
        return Limits()
    found = min(mine, key=lambda r: (r.get("upto") is None, Fraction(r.get("upto") or 0)))
    low, high = (None if found.get(n) is None else Fraction(found[n]) for n in ("low", "high"))
    return Limits(low, found["low_included"], high, found["high_included"])


def tariff(weights: pl.DataFrame, rules: Rates) -> Tariff:
    """备好价目 · A tariff of the weights of a region and the rules of a hospital."""
    return Tariff(rules, weights.to_dicts())
