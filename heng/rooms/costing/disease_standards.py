"""区域病种成本标准 · What a case of a disease or group costs in the region: the cases of all hospitals of the last quarter.

Trimmed, then shrunk towards the family of the group (its first characters) where cases are few; the standards of a
family add up to what its cases cost. A standard depends on its own quarter only, so that the one before can be worked out
again. The interval is that of the group's own trimmed mean, laid around the standard: wide rather than narrow.
Source: 病种成本标准每季动态调整; Bühlmann & Straub 1970 (credibility); Tukey & McLaughlin 1963 (error of a trimmed mean).
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.core.period import shift
from heng.methods.rounding import decimal, root
from heng.methods.standard import by_quartiles, by_rank, credibility, family_mean
from heng.rooms.costing.change_note import change_note
from heng.rooms.costing.disease_sample import Sample, Standard, sample
from heng.rooms.costing.regional import QUARTER, grouped_cases, months_of, quarter
from heng.tables.cases import CaseCost, CaseGroup, DiseaseStandard

Group = tuple[str, str]


class Rule(Params, at="costing.disease_standards"):
    """规则 · Which cases, how they are trimmed and shrunk, how wide the interval is, where the best quartile lies."""

    cares: list[Any]
    trim: str
    share: Decimal
    reach: Decimal
    constant: Decimal
    family: dict[str, int]
    z: Decimal
    quartile: Decimal
    least: int


@capability("区域病种成本标准", "regional disease cost standards", months=2 * QUARTER)
def disease_standards(cases: CaseCost, groups: CaseGroup, rule: Rule) -> DiseaseStandard:
    """逐组制定标准 · One row per month and group with cases in the quarter that ends with the month."""
    rows = grouped_cases(cases.frame(), groups.frame(), rule.cares)
    months = months_of(rows)
    ends = sorted({*months, *(shift(month, -QUARTER) for month in months)})
    known = {end: _standards(quarter(rows, end), rule) for end in ends}
    found = [
        {"month": month, "scheme": key[0], "group": key[1], **_row(known[shift(month, -QUARTER)].get(key), known[month][key], rule)}
        for month in months
        for key in sorted(known[month])
    ]
    return pl.DataFrame(found, schema=DiseaseStandard.schema())


def _standards(rows: pl.DataFrame, rule: Rule) -> dict[Group, Standard]:
    """The standards of one quarter, family by family."""
    families: dict[Group, dict[Group, Sample]] = {}
    ordered = rows.sort("scheme", "group", "cost", "org", "days").group_by("scheme", "group", maintain_order=True)
    for scheme, group, orgs, costs, days in ordered.agg("org", "cost", "days").iter_rows():
        places = by_rank(costs, Fraction(rule.share)) if rule.trim == "rank" else by_quartiles(costs, Fraction(rule.reach))
        if places:
            # A grouping that the rule leaves out has no family but the group itself.
            family = families.setdefault((scheme, group[: rule.family.get(scheme)]), {})
            family[scheme, group] = sample(orgs, costs, days, places)
    return {key: standard for samples in families.values() for key, standard in _shrunk(samples, Fraction(rule.constant))}


def _shrunk(samples: dict[Group, Sample], constant: Fraction) -> Iterator[tuple[Group, Standard]]:
    weights = [credibility(s.sound.kept, constant) for s in samples.values()]
    parent = family_mean([s.sound.mean for s in samples.values()], weights)
    for (key, own), weight in zip(samples.items(), weights, strict=True):
        yield key, Standard(own, weight, parent)


def _row(before: Standard | None, now: Standard, rule: Rule) -> dict[str, Any]:
    own, sound, last = now.sample, now.sample.sound, before.amount if before else None
    half = None if sound.error is None else Fraction(rule.z) * root(sound.error)
    yuan = {
        "mean": sound.mean,
        "parent": now.parent,
        "standard": now.amount,
        "low": None if half is None else max(now.amount - half, Fraction()),
        "high": None if half is None else now.amount + half,
        "best_quartile": own.best(Fraction(rule.quartile)) if len(own.kept) >= rule.least else None,
        "previous": last,
    }
    note_zh, note_en = change_note(before, now)
    return {
        "hospitals": len(own.hospitals),
        "cases": own.cases,
        "kept": sound.kept,
        **{name: decimal(None if fen is None else fen / 100) for name, fen in yuan.items()},
        "weight": decimal(now.weight),
        "variation": decimal(None if sound.spread is None or not sound.mean else root(sound.spread) / sound.mean),
        "mean_days": decimal(own.days),
        "change": decimal(now.amount / last - 1) if last else None,
        "note_zh": note_zh,
        "note_en": note_en,
    }
