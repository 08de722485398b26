"""病组方案 · A pack: one edition of a grouping scheme as data, read from a file or a folder, checked, never hand-coded.

Rules are texts of the rule language of the official workbook (see `language`); an empty rule always holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from heng.core.errors import Say

Level = Literal["mdc", "adrg", "drg"]
Kind = Literal["surgery", "procedure", "medical", ""]
VALID_OP = "OP_ALL"
"""使病例成为手术病例的手术操作 · The set of procedures that make a surgical case."""
NO_DX, NO_OP = "UNGROUPABLE_DX", "UNGROUPABLE_OP"
"""不入组的编码作为集合的名字 · The names under which a region keeps codes that do not group among the sets."""
ROBOT = "OP_ARB"
"""机器人辅助等不参与分组但影响细分的操作 · Procedures that decide splits though they group nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Group:
    """一个组及其条件 · A group of one level and when a case belongs to it; `parent` is the group one level up.

    `order`: the official order among its siblings. `kind`: of an ADRG; empty where the file does not tell.
    """

    level: Level
    code: str
    name: str
    parent: str
    order: int
    rule: str = ""
    kind: Kind = ""


@dataclass(frozen=True, slots=True)
class Weight:
    """一个组的权重 · The weight of a group for an insurance from a day on, and what else its table says."""

    group: str
    insurance: str
    since: date
    weight: Decimal
    mean_fee: Decimal | None = None
    mean_days: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """一个方案的一个版本 · One edition of a scheme.

    `sets`: set name → codes. `severity`: other diagnosis → (MCC or CC, its exclusion table). `exclusions`: principal
    diagnosis → exclusion table. `qy`: MDC that have a QY group → the rule for it, mostly empty. `no_dx`, `no_op`: codes that
    do not group. `dx_map`, `op_map`: clinical (国临) code → insurance (医保) code. `any_op`: lists of procedures match any
    procedure of the case, not the principal one alone. `origins`: what a local pack changed (`drg BR2A`) → file, row, change.
    `notes`: each correction and warning of the import.
    """

    scheme: str
    edition: str
    groups: tuple[Group, ...]
    sets: Mapping[str, frozenset[str]]
    severity: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    exclusions: Mapping[str, str] = field(default_factory=dict)
    qy: Mapping[str, str] = field(default_factory=dict)
    no_dx: frozenset[str] = frozenset()
    no_op: frozenset[str] = frozenset()
    dx_map: Mapping[str, str] = field(default_factory=dict)
    op_map: Mapping[str, str] = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()
    any_op: bool = False
    since: date | None = None
    until: date | None = None
    source: str = ""
    sha256: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Say, ...] = ()

    @property
    def name(self) -> str:
        """方案名-版本 · How a region names it, such as chs-drg-3.0."""
        return f"{self.scheme}-{self.edition}" if self.edition else self.scheme

    def level(self, level: Level) -> list[Group]:
        """一层的组，按官方次序 · The groups of one level in their official order."""
        return sorted((g for g in self.groups if g.level == level), key=lambda g: g.order)


WITHOUT_QY = frozenset("ASTXY")
NEWBORN = "P"


def national_qy(pack: Pack) -> dict[str, str]:
    """全国方案的歧义组 · The QY groups of the national scheme: 21 of its 26 MDC; that of newborns only within 28 days."""
    letters = {g.code.removeprefix("MDC"): g.code for g in pack.level("mdc")}
    return {code: "XSRTL < 29" if letter == NEWBORN else "" for letter, code in letters.items() if letter not in WITHOUT_QY}
