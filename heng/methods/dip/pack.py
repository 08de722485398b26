"""DIP 方案 · A DIP pack: one edition of a catalogue of diseases as data, national, local or built from own history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, get_args

from heng.core.errors import Say

Part = Literal["early", "division", "merged", "basic", "comprehensive"]
PART: dict[str, Say] = {
    "early": ("先期分组", "early groups"),
    "division": ("诊断辅助细分", "sub-division by diagnosis"),
    "merged": ("并项规则下的核心病种", "core diseases by merging rules"),
    "basic": ("基础规则下的核心病种", "core diseases by basic rules"),
    "comprehensive": ("综合病种", "comprehensive diseases"),
}
"""成组层次，按先后 · Parts of a catalogue, in the order in which they are tried."""
PARTS: tuple[Part, ...] = get_args(Part)
EVERY = "*"
"""所有诊断 · Stands for every diagnosis."""
CONSERVATIVE = "保守治疗"
"""没有手术操作 · How a key names a disease without a procedure."""
Ways = tuple[tuple[str, ...], ...]
"""手术操作的几种写法 · Any of these, each of them all of its codes: `a+b|c` is ((a, b), (c,))."""


class Span(NamedTuple):
    """区间 · From and to, both included."""

    low: int
    high: int

    def holds(self, value: int) -> bool:
        """在不在区间内 · Whether a value lies in it."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Bar:
    """不纳入分组的手术操作 · A procedure that is no principal one.

    `conservative`: a case with it as principal procedure is grouped as treated without any; else the next one is principal.
    `unless`: heads or ranges of principal diagnoses with which it may be principal all the same.
    """

    conservative: bool = True
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """一个病种 · A disease of the catalogue and when a case belongs to it.

    `dx`: codes, heads of codes (`A40`, `A09.0`), ranges (`C00-C75`) or EVERY. `ops`: the procedure, None where it does not
    matter and () where there must be none. `any_dx`, `any_op`: the code need not be the principal one. `related`: what other
    procedures must be there. `other_dx`: what another diagnosis must be. `primary`: 基层病种. `where`: sheet and row.
    """

    code: str
    part: Part
    name: str
    dx: tuple[str, ...]
    ops: Ways | None = ()
    related: Ways = ()
    other_dx: tuple[str, ...] = ()
    any_dx: bool = False
    any_op: bool = False
    age_days: Span | None = None
    weight: Span | None = None
    resistant: bool | None = None
    difference: str = ""
    primary: bool = False
    where: str = ""

    @property
    def key(self) -> str:
        """病种组合 · dx-op-relatedop[-difference], several codes joined by |."""
        ops = joined(self.ops or ()) or CONSERVATIVE
        parts = ["|".join(self.dx), ops, joined(self.related)]
        return "-".join([*parts, self.difference] if self.difference else parts)


@dataclass(frozen=True, slots=True)
class DipPack:
    """一个 DIP 目录的一个版本 · One edition of a DIP catalogue.

    `no_dx`: principal diagnoses that do not group. `no_op`: procedures that are no principal ones. `resistant`: principal
    diagnoses that say that a tuberculosis resists drugs, `resistant_other`: other ones. `notes`: each warning of the import.
    """

    scheme: str
    edition: str
    entries: tuple[Entry, ...]
    no_dx: frozenset[str] = frozenset()
    no_op: Mapping[str, Bar] = field(default_factory=dict)
    resistant: tuple[str, ...] = ()
    resistant_other: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    source: str = ""
    sha256: str = ""
    notes: tuple[Say, ...] = ()

    @property
    def name(self) -> str:
        """方案名-版本 · How a region names it, such as dip-3.0."""
        return f"{self.scheme}-{self.edition}" if self.edition else self.scheme


def joined(ways: Ways) -> str:
    """写成一格 · Ways as a cell of the catalogue writes them: + for all of, | for any of."""
    return "|".join("+".join(way) for way in ways)


def ways(text: str) -> Ways:
    """读一格 · The ways that a cell of the catalogue writes."""
    return tuple(tuple(code for one in way.split("+") if (code := one.strip())) for way in text.split("|") if way.strip())


def head(spec: str) -> str:
    """编码的开头 · A head of codes without its dagger or asterisk: `M51.1+` stands for the codes of M51.1."""
    return spec.rstrip("+*†")


def meant(code: str, spec: str) -> bool:
    """编码合不合 · Whether a diagnosis is meant by a code, a head of codes, a range of categories, or EVERY."""
    low, dash, high = spec.partition("-")
    if dash:
        return low <= code[:3] <= high
    return spec == EVERY or code.startswith(head(spec))
