"""一张报表的样子，与写它的库无关 · What a printed sheet says, apart from the library that writes it.

A column is a `Head` with a key, a row is a `Line` of values by key. A key that a line lacks prints nothing (it does not
apply); a value of None prints 「—」 (it is not known); zero prints 0.00. These three never stand for one another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

Value = Decimal | str | None
Kind = Literal["text", "money", "share", "measure"]
Look = Literal["plain", "block", "subtotal", "total"]

UNKNOWN = "—"


@dataclass(frozen=True)
class Head:
    """表头的一格 · One cell of the header: a column with a `key`, or a group over the columns `under` it."""

    text: str
    key: str = ""
    kind: Kind = "money"
    under: tuple["Head", ...] = ()

    def leaves(self) -> tuple["Head", ...]:
        """它管的各列 · The columns it stands over."""
        return tuple(leaf for h in self.under for leaf in h.leaves()) or (self,)

    def depth(self) -> int:
        """层数 · How many rows of header it needs."""
        return 1 + max((h.depth() for h in self.under), default=0)

    def split(self, parts: Iterable[tuple[str, str]]) -> "Head":
        """每列再分几栏 · Every column divided into further columns: (ending of the key, text) each."""
        if self.under:
            return replace(self, under=tuple(h.split(parts) for h in self.under))
        return Head(self.text, under=tuple(Head(text, f"{self.key}.{end}", self.kind) for end, text in parts))


@dataclass(frozen=True)
class Line:
    """表体的一行 · One row of the body; `link` names the sheet its first cell leads to."""

    values: Mapping[str, Value]
    look: Look = "plain"
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """一张报表 · One sheet: the scope it is in, header, body, title and number, the notes under it, its frozen columns."""

    name: str
    scope: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    title: str = ""
    number: str = ""
    notes: tuple[str, ...] = ()
    frozen: int = 1

    def columns(self) -> tuple[Head, ...]:
        """全部列 · All columns, from left to right."""
        return tuple(leaf for h in self.heads for leaf in h.leaves())


@dataclass(frozen=True)
class Letterhead:
    """每张表共有的字句 · What every sheet of a workbook says: the hospital, the period, the unit and who signs."""

    hospital: str
    period: str
    last_day: tuple[int, int, int]
    unit: str = "元"
    signatures: tuple[str, ...] = field(default=())


def added(entries: Iterable[Mapping[str, Value]], keys: Iterable[str]) -> dict[str, Value]:
    """逐列相加 · Column sums; the sum of no rows at all, or of a row that is not known, is not known."""
    rows = list(entries)
    return {k: whole(r[k] for r in rows) for k in keys}


def whole(values: Iterable[Value]) -> Decimal | None:
    """已知各数之和 · The sum of numbers; None when there are none or one of them is not known."""
    found = list(values)
    known = [v for v in found if isinstance(v, Decimal)]
    return sum(known, Decimal(0)) if found and len(known) == len(found) else None


def ratio(part: Decimal | None, of: Decimal | None) -> Decimal | None:
    """比值 · part ÷ of; None when either is not known or `of` is zero."""
    return None if part is None or not of else part / of
