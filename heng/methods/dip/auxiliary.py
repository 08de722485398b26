"""辅助目录 · Classes that adjust a score for the patient behind it: comorbidity, severity, age, intensive care.

A case may be of several classes; only the largest coefficient counts. Every limit is the rule's. Source: DIP 3.0 技术规范第四章（分型）;
各型的条件与系数为行业实现的默认值, 待本地文件确认.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from heng.core.errors import PolicyError

FAILURE, LESION = "failure", "lesion"


class Patient(NamedTuple):
    """病人与住院经过 · What is known of a stay; None where it is not. organ: failure, lesion or nothing among other diagnoses."""

    age: int | None
    age_days: int | None
    days: int | None
    died: bool
    intensive_days: int | None
    comorbidity: int
    organ: str
    tumour: bool
    spread: bool


class Bill(NamedTuple):
    """费用 · Whether a case is dear against the mean of its disease, and whether treatment or drugs make up most of what it cost."""

    dear: bool = False
    treatment: bool = False
    drug: bool = False


class Band(NamedTuple):
    """一档 · A class from one number to another, both included; without end where the second is None."""

    kind: str
    low: Decimal
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """各型的界限 · Bands of the comorbidity index, of years of age and of days in intensive care; and three limits in days.

    `newborn`: the oldest that a newborn is; `early`: a death before this day is Ⅳ-A; `stayed`: complications count from this day on.
    """

    comorbidity: tuple[Band, ...]
    age: tuple[Band, ...]
    intensive: tuple[Band, ...]
    newborn: int
    early: int
    stayed: int


def bands(records: Iterable[Mapping[str, Any]], head: str, where: str) -> tuple[Band, ...]:
    """一类的各档 · The bands of the kinds that begin with `head`, in order; PolicyError where two of them overlap."""
    mine = [(r["kind"], Decimal(r["from"]), r.get("until")) for r in records if r["kind"].startswith(head)]
    found = sorted((Band(kind, low, None if high is None else Decimal(high)) for kind, low, high in mine), key=lambda b: b.low)
    for one, other in pairwise(found):
        if one.high is None or one.high >= other.low:
            raise PolicyError(
                f"{one.kind} 与 {other.kind} 两档重叠",
                f"the bands {one.kind} and {other.kind} overlap",
                where=where,
                mend=("前一档的 until 应小于后一档的 from", "a band must end before the next one begins"),
            )
    return tuple(found)


def classes(patient: Patient, bill: Bill, bounds: Bounds) -> list[str]:
    """所属各型 · The classes of a case, one of each kind at the most."""
    severity = _tumour(patient, bill, bounds) if patient.tumour else _severity(patient, bounds)
    comorbidity, intensive = _band(patient.comorbidity, bounds.comorbidity), _band(patient.intensive_days or 0, bounds.intensive)
    return [c for c in (comorbidity, severity, _age(patient, bounds), intensive) if c]


def largest(found: Iterable[str], coefficients: Mapping[str, Fraction]) -> tuple[str, Fraction]:
    """最大系数 · The class with the largest coefficient, and it; nothing and 1 where none is above 1."""
    best = ("", Fraction(1))
    for name in sorted(found):
        if coefficients.get(name, best[1]) > best[1]:
            best = (name, coefficients[name])
    return best


def _band(number: int, some: tuple[Band, ...]) -> str:
    return next((b.kind for b in some if b.low <= number and (b.high is None or number <= b.high)), "")


def _death(p: Patient, bounds: Bounds) -> str:
    return "death_early" if p.days is not None and p.days < bounds.early else "death_late"


def _severity(p: Patient, bounds: Bounds) -> str:
    if p.died:
        return _death(p, bounds)
    stayed = p.days is not None and p.days >= bounds.stayed
    return {FAILURE: "severe", LESION: "moderate"}.get(p.organ, "") if stayed else ""


def _tumour(p: Patient, bill: Bill, bounds: Bounds) -> str:
    if p.died:
        return _death(p, bounds)
    if bill.dear and (bill.treatment or bill.drug):
        return "tumour_treatment" if bill.treatment else "tumour_drug"
    if p.days is None or p.days < bounds.stayed:
        return ""
    return "tumour_spread" if p.spread else {FAILURE: "tumour_failure", LESION: "tumour_lesion"}.get(p.organ, "")


def _age(p: Patient, bounds: Bounds) -> str:
    if p.age:
        return _band(p.age, bounds.age)
    if p.age is None and p.age_days is None:
        return ""
    return "age_newborn" if p.age_days is not None and p.age_days <= bounds.newborn else "age_infant"
