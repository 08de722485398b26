"""病种目录 · Which combinations of diagnosis and procedures are core diseases, and which of them a case fits.

A combination is core when enough cases have it: a fixed number, or the largest number at which the core diseases cover
the wanted share of all cases, kept within limits. Source: 医保办发〔2020〕50号 DIP 技术规范（临界值 15 例）;
DIP 3.0 征求意见稿（95 %、10–50 例）.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

CONSERVATIVE, DIAGNOSTIC, THERAPEUTIC, SURGERY = "conservative", "diagnostic", "therapeutic", "surgery"
STRONGER = (CONSERVATIVE, DIAGNOSTIC, THERAPEUTIC, SURGERY, "surgery_1", "surgery_2", "surgery_3", "surgery_4")
"""治疗方式由轻到重 · Kinds of treatment, the lightest first; surgery of a level that nobody told stands below level one."""
Procedures = frozenset[str]


@dataclass(frozen=True, slots=True)
class Threshold:
    """核心病种的例数门槛 · `least` cases; or, where `coverage` is given, as many as cover that share, within low and high."""

    least: int
    coverage: Fraction | None = None
    low: int = 0
    high: int = 0


def cases_wanted(cases: Iterable[int], rule: Threshold) -> int:
    """门槛例数 · From how many cases on a combination is core, given how many cases each combination has."""
    if rule.coverage is None:
        return rule.least
    counts = sorted(cases, reverse=True)
    wanted, covered = rule.coverage * sum(counts), 0
    for count in counts:
        covered += count
        if covered >= wanted:
            return min(max(count, rule.low), rule.high)
    return rule.low


def treatment(procedures: Iterable[tuple[str, str]], kinds: Mapping[str, str]) -> str:
    """治疗方式 · The weightiest kind of treatment among (code, level of surgery); the longest prefix tells a code's kind."""
    found = [CONSERVATIVE, *(_kind(code, level, kinds) for code, level in procedures)]
    return max(found, key=STRONGER.index)


def _kind(code: str, level: str, kinds: Mapping[str, str]) -> str:
    known = max((p for p in kinds if code.startswith(p)), key=len, default=None)
    kind = SURGERY if known is None else kinds[known]
    return f"{kind}_{level}" if kind == SURGERY and level else kind


def fitting(procedures: Procedures, core: Mapping[str, Procedures]) -> list[str]:
    """合适的核心病种 · Core diseases of a case's diagnosis all of whose procedures it had: those with the most of them.

    A case without procedures fits only the disease without; one with procedures never does.
    """
    held = {group: wanted for group, wanted in core.items() if wanted <= procedures and bool(wanted) == bool(procedures)}
    most = max(map(len, held.values()), default=0)
    return sorted(group for group, wanted in held.items() if len(wanted) == most)
