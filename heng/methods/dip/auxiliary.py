"""辅助目录 · Classes that adjust a score for the patient behind it: comorbidity, severity, age, intensive care.

A case may be of several classes; only the largest coefficient counts. Source: DIP 3.0 技术规范第四章（分型）;
各型的条件与系数为行业实现的默认值, 待本地文件确认.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

FAILURE, LESION = "failure", "lesion"
SHORT = 3  # days: a death before them is Ⅳ-A; a complication counts only from them on
INFANT = 29  # days


@dataclass(frozen=True, slots=True)
class Patient:
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


@dataclass(frozen=True, slots=True)
class Bill:
    """费用 · Cost against the mean of the disease, and the shares of treatment and drugs in it; None where not known."""

    ratio: Fraction | None
    treatment: Fraction | None
    drug: Fraction | None


@dataclass(frozen=True, slots=True)
class Dear:
    """高费用肿瘤病例 · From which ratio, and from which share of treatment or drugs on, a tumour case is dear."""

    ratio: Fraction
    share: Fraction


def classes(patient: Patient, bill: Bill, dear: Dear) -> list[str]:
    """所属各型 · The classes of a case, one of each kind at the most."""
    severity = _tumour(patient, bill, dear) if patient.tumour else _severity(patient)
    return [c for c in (_comorbidity(patient.comorbidity), severity, _age(patient), _intensive(patient.intensive_days or 0)) if c]


def largest(found: Iterable[str], coefficients: Mapping[str, Fraction]) -> tuple[str, Fraction]:
    """最大系数 · The class with the largest coefficient, and it; nothing and 1 where none is above 1."""
    best = ("", Fraction(1))
    for name in sorted(found):
        if coefficients.get(name, best[1]) > best[1]:
            best = (name, coefficients[name])
    return best


def _comorbidity(index: int) -> str:
    return "cci_5" if index >= 5 else "cci_3" if index >= 3 else "cci_1" if index >= 1 else ""


def _death(p: Patient) -> str:
    return "death_early" if p.days is not None and p.days < SHORT else "death_late"


def _severity(p: Patient) -> str:
    if p.died:
        return _death(p)
    stayed = p.days is not None and p.days >= SHORT
    return {FAILURE: "severe", LESION: "moderate"}.get(p.organ, "") if stayed else ""


def _tumour(p: Patient, bill: Bill, dear: Dear) -> str:
    if p.died:
        return _death(p)
    if bill.ratio is not None and bill.ratio >= dear.ratio:
        if bill.treatment is not None and bill.treatment >= dear.share:
            return "tumour_treatment"
        if bill.drug is not None and bill.drug >= dear.share:
            return "tumour_drug"
    if p.days is None or p.days < SHORT:
        return ""
    return "tumour_spread" if p.spread else {FAILURE: "tumour_failure", LESION: "tumour_lesion"}.get(p.organ, "")


def _age(p: Patient) -> str:
    if p.age is None or p.age < 1:
        young = p.age_days is not None and p.age_days < INFANT
        known = p.age is not None or p.age_days is not None
        return "age_newborn" if young else "age_infant" if known else ""
    limits = ((80, "age_80"), (70, "age_70"), (65, "age_65"), (18, ""), (7, "age_7"), (1, "age_1"))
    return next(name for least, name in limits if p.age >= least)


def _intensive(days: int) -> str:
    limits = ((31, "icu_31"), (15, "icu_15"), (8, "icu_8"), (2, "icu_2"))
    return next((name for least, name in limits if days >= least), "")
