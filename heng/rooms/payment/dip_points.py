"""DIP 计分 · How cases of DIP score: deviation, the largest auxiliary coefficient, coefficient of hospital or disease.

Whole numbers from end to end: fees and means in millionths of a yuan, scores and coefficients in millionths, points rounded once.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from heng.core.params import Params
from heng.methods.dip.auxiliary import Bill, Bounds, Patient, bands, classes, largest
from heng.methods.dip.deviation import Gauge, Limits
from heng.methods.rounding import half_up, nearest
from heng.rooms.payment.exact import FINE, frame, millionths, whole

MILLION = 10**6
EXACT = ("fee", "treated", "drug", "reference", "score", "measure", "coefficient")
WORKED = {"ratio": 6, "auxiliary_coefficient": 6, "coefficient": 6, "points": 4}
"""算出的数及其位数 · The numbers that come out, with their decimals."""


class Rule(Params, at="payment.dip_case"):
    """规则 · Limits of deviation, classes of the auxiliary catalogue and their coefficients, which coefficient counts, what is unlisted."""

    low: Decimal
    high: Decimal
    extreme: Decimal
    addition: Decimal
    low_included: bool
    beyond: str
    auxiliary: list[Any]
    bands: list[Any]
    newborn_until: int
    early_death: int
    complications_from: int
    dear_ratio: Decimal
    dear_share: Decimal
    coefficient: str
    primary: list[Any]
    unlisted_share: Decimal


class Scale(Params, at="payment.dip_score"):
    """分值标度 · Points of the reference."""

    scale: int


class Counted(NamedTuple):
    """一例的得分 · What a case scores, and why; of one without a score, why it has none."""

    reason: str
    ratio: int | None
    deviation: str | None
    auxiliary: str
    auxiliary_coefficient: int
    coefficient: int | None
    points: int | None


class Counting:
    """计分 · The rule read once, and the points of case after case."""

    def __init__(self, rule: Rule, scale: Scale) -> None:
        """读规则 · Read the rule as exact numbers."""
        low, high, extreme, more = map(Fraction, (rule.low, rule.high, rule.extreme, rule.addition))
        limits = Limits(low, high, extreme, more, rule.low_included, rule.beyond == "flat")
        comorbidity, age, intensive = (bands(rule.bands, head, f"{Rule.at}.bands") for head in ("cci_", "age_", "icu_"))
        bounds = Bounds(comorbidity, age, intensive, rule.newborn_until, rule.early_death, rule.complications_from)
        known = {a["kind"]: Fraction(a["coefficient"]) for a in rule.auxiliary}

        def adjusted(patient: Patient, bill: Bill) -> tuple[str, int, int, int]:
            name, coefficient = largest(classes(patient, bill, bounds), known)
            return name, *coefficient.as_integer_ratio(), nearest(coefficient * MILLION)

        self.rule, self.unlisted = rule, (Fraction(rule.unlisted_share) * scale.scale).as_integer_ratio()
        self.dear, self.share = Fraction(rule.dear_ratio).as_integer_ratio(), Fraction(rule.dear_share).as_integer_ratio()
        self.gauge, self.adjusted = cache(lambda reference: Gauge(limits, reference)), cache(adjusted)  # many cases are alike

    def counted(self, cases: pl.DataFrame) -> pl.DataFrame:
        """逐例计分 · The cases with what they score; `hospital` and `disease`: the coefficients of the one and the other."""
        exact = cases.with_columns(self._coefficient()).with_columns(*map(millionths, EXACT))
        people = map(Patient, *(exact[n].to_list() for n in Patient._fields))
        rows = zip(*(exact[n].to_list() for n in ("reason", "group", *EXACT)), people, strict=True)
        kinds = {n: pl.Int128 if n in WORKED else pl.String for n in Counted._fields}
        found = frame(self._rows(rows), kinds)
        return cases.drop("reason").hstack(found.with_columns(whole(n, digits) for n, digits in WORKED.items()))

    def _coefficient(self) -> pl.Expr:
        """1 for primary diseases (the same payment in every hospital), and where nothing of its class is known."""
        one = pl.lit(1, pl.Decimal(18, 6))
        if self.rule.coefficient == "none":
            return one.alias("coefficient")
        listed = pl.any_horizontal(pl.col("alike").fill_null(value=False), *(pl.col("group").str.starts_with(p) for p in self.rule.primary))
        return pl.when(listed).then(one).otherwise(pl.coalesce(self.rule.coefficient, one)).alias("coefficient")

    def _rows(self, cases: Iterator[tuple[Any, ...]]) -> Iterator[Counted]:
        (dear, dear_under), (share, share_under) = self.dear, self.share
        for reason, group, fee, treated, drug, reference, score, measure, coefficient, patient in cases:
            if reason or score is None:
                yield self._without(reason, group, fee, measure)
                continue
            kind, over, under = self.gauge(reference).judged(fee)
            bill = Bill()
            if patient.tumour and fee * dear_under >= dear * reference:
                mostly = (part is not None and part * share_under >= share * fee for part in (treated, drug))
                bill = Bill(patient.tumour, *mostly)
            name, more, less, auxiliary = self.adjusted(patient, bill)
            ratio, points = half_up(fee * MILLION, reference), score * coefficient * over * more * FINE
            yield Counted("", ratio, kind, name, auxiliary, coefficient, half_up(points, under * less * MILLION**2))

    def _without(self, reason: str, group: str | None, fee: int | None, measure: int | None) -> Counted:
        """No points; a disease that has no score has those of the share of its fee that the rule pays, if it pays any."""
        share, under = self.unlisted
        points = half_up(share * fee * FINE, under * measure) if not reason and share and fee and measure else None
        return Counted(reason or ("no_history" if group else "unlisted"), None, None, "", MILLION, None, points)
