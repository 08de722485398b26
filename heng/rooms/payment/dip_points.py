"""DIP 计分 · How one case of DIP scores: deviation, the largest auxiliary coefficient, coefficient of hospital or disease."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from heng.core.params import Params
from heng.methods.dip.auxiliary import Bill, Dear, Patient, classes, largest
from heng.methods.dip.deviation import Limits, deviation, points
from heng.methods.rounding import decimal

PATIENT = ("age", "age_days", "days", "died", "intensive_days", "comorbidity", "organ", "tumour", "spread")


class Rule(Params, at="payment.dip_case"):
    """规则 · Limits of deviation, coefficients of the auxiliary classes, which coefficient counts, and what is unlisted."""

    low: Decimal
    high: Decimal
    extreme: Decimal
    addition: Decimal
    low_included: bool
    beyond: str
    auxiliary: list[Any]
    dear_ratio: Decimal
    dear_share: Decimal
    coefficient: str
    primary: list[Any]
    unlisted_share: Decimal


class Scale(Params, at="payment.dip_score"):
    """分值标度 · Points of the reference."""

    scale: int


class Counting:
    """计分 · The rule read once, and the points of case after case."""

    def __init__(self, rule: Rule, scale: Scale) -> None:
        """读规则 · Read the rule as exact numbers."""
        self._rule, self._scale = rule, scale.scale
        low, high, extreme, more = map(Fraction, (rule.low, rule.high, rule.extreme, rule.addition))
        self._limits = Limits(low, high, extreme, more, rule.low_included, rule.beyond == "flat")
        self._dear = Dear(Fraction(rule.dear_ratio), Fraction(rule.dear_share))
        self._auxiliary = {a["kind"]: Fraction(a["coefficient"]) for a in rule.auxiliary}

    def row(self, r: dict[str, Any]) -> dict[str, Any]:
        """一例 · What a case scores, and why; of one in no disease, why it is in none."""
        if r["group"] is None:
            return self._without(r)
        fee = Fraction(r["fee"])
        ratio = fee / Fraction(r["reference"])
        treated, drug = (None if r[n] is None else Fraction(r[n]) / fee for n in ("treated", "drug"))
        found = classes(Patient(**{n: r[n] for n in PATIENT}), Bill(ratio, treated, drug), self._dear)
        name, auxiliary = largest(found, self._auxiliary)
        coefficient = self._coefficient(r)
        return {
            "reason": "",
            "ratio": decimal(ratio),
            "deviation": deviation(ratio, self._limits),
            "auxiliary": name,
            "auxiliary_coefficient": decimal(auxiliary),
            "coefficient": decimal(coefficient),
            "points": decimal(points(Fraction(r["score"]), ratio, self._limits) * auxiliary * coefficient, 4),
        }

    def _without(self, r: dict[str, Any]) -> dict[str, Any]:
        """No points; a disease that is not listed has those of the share of its fee that the rule pays, if it pays any."""
        share = Fraction(self._rule.unlisted_share)
        paid = share * self._scale * Fraction(r["fee"]) / Fraction(r["measure"]) if not r["reason"] and share else None
        return {"reason": r["reason"] or "unlisted", "auxiliary": "", "auxiliary_coefficient": Decimal(1), "points": decimal(paid, 4)}

    def _coefficient(self, r: dict[str, Any]) -> Fraction:
        """1 for primary diseases (the same payment in every hospital), and where nothing of its class is known."""
        if self._rule.coefficient == "none" or r["group"].startswith(tuple(self._rule.primary)):
            return Fraction(1)
        known = r["hospital"] if self._rule.coefficient == "hospital" else r["disease"]
        return Fraction(1 if known is None else known)
