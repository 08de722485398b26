"""规则语言 · The rule language of the official workbook: a text becomes a tree.

`or` binds less than `and`, `and` less than `not`. Atoms: `(…)`, a number (not 0: always), `FIELD in SET`,
`{F1,F2} not in {S1,S2}`, `length(SET ∩ {F…}) >= n`, `SCALAR op number`. Fields: ZYZD principal and QTZD other diagnoses, ZYSS
principal and QTSS other procedures. Scalars: NL age, XB sex, XSRTL age in days, XSRTZ weight. MCC and CC stand for the other
diagnoses that count as such once exclusions are taken off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from heng.core.errors import FileError

FIELDS = ("ZYZD", "QTZD", "ZYSS", "QTSS")
SCALARS = ("NL", "XB", "XSRTL", "XSRTZ")
VIRTUAL = ("MCC", "CC")
OPERATORS = ("=", ">=", "<=", ">", "<")


@dataclass(frozen=True, slots=True)
class Constant:
    """恒真或恒假 · Always or never."""

    holds: bool


@dataclass(frozen=True, slots=True)
class In:
    """编码在集合中 · Whether a code of the fields is in one of the sets; negated: none is."""

    fields: tuple[str, ...]
    sets: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """集合中的编码个数 · How many different codes of the fields are in a set, compared with a number."""

    set: str
    fields: tuple[str, ...]
    operator: str
    number: int


@dataclass(frozen=True, slots=True)
class Compare:
    """数值比较 · A scalar compared with a number."""

    scalar: str
    operator: str
    number: int


@dataclass(frozen=True, slots=True)
class Not:
    """非 · The part does not hold."""

    part: "Rule"


@dataclass(frozen=True, slots=True)
class All:
    """且 · Every part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """或 · A part holds."""

    parts: tuple["Rule", ...]


Rule = Constant | In | Count | Compare | Not | All | Some
TOKEN = re.compile(r"\s*(?:(>=|<=|[(){},∩=<>])|(\d+)(?![\w.])|([^\W\d][\w.]*))")
DEPTH = 50
"""括号层数 · The deepest nesting a rule may have."""
DIGITS = 9
"""数的位数 · Digits of a number at most."""


def parse(text: str, where: str) -> Rule:
    """读一条规则 · The tree of a rule; FileError that says where (`where`: file, sheet, row) and at which word it cannot be read."""
    if not text.strip():
        return Constant(holds=True)
    return _Parser(text, where).whole()


def atoms(rule: Rule) -> Iterator[In | Count | Compare]:
    """规则中的原子 · The atoms of a rule that name fields, sets or scalars."""
    if isinstance(rule, All | Some):
        for part in rule.parts:
            yield from atoms(part)
    elif isinstance(rule, Not):
        yield from atoms(rule.part)
    elif not isinstance(rule, Constant):
        yield rule


def sets(rule: Rule) -> set[str]:
    """规则用到的集合 · The sets that a rule names, virtual ones left out."""
    named = {s for a in atoms(rule) if not isinstance(a, Compare) for s in (a.sets if isinstance(a, In) else (a.set,))}
    return named - set(VIRTUAL)


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self.text, self.where, self.at, self.depth = text, where, 0, 0
        self.tokens = list(self._split())

    def _split(self) -> Iterator[str]:
        place, end = 0, len(self.text.rstrip())
        while place < end:
            found = TOKEN.match(self.text, place)
            if not found:
                raise self._unread(self.text[place:].strip()[:20])
            yield found[found.lastindex or 0]
            place = found.end()

    def whole(self) -> Rule:
        made = self.some()
        if self.at < len(self.tokens):
            raise self._unread(self.tokens[self.at])
        return made

    def some(self) -> Rule:
        parts = [self.every()]
        while self._takes("or"):
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def every(self) -> Rule:
        parts = [self.negation()]
        while self._takes("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def negation(self) -> Rule:
        self.depth += 1
        if self.depth > DEPTH:
            raise self._unread(self._ahead)
        made = Not(self.negation()) if self._takes("not") else self.atom()
        self.depth -= 1
        return made

    def atom(self) -> Rule:
        if self._takes("("):
            made = self.some()
            self._must(")")
            return made
        if self._ahead.isdecimal():
            return Constant(holds=self._number() != 0)
        if self._ahead.lower() == "length":
            return self._count()
        if self._ahead.upper() in SCALARS:
            return Compare(self._next().upper(), self._operator(), self._number())
        fields = self._names(FIELDS)
        negated = self._takes("not")
        self._must("in")
        return self._virtual(In(fields, self._names(), negated))

    def _count(self) -> Count:
        self._next()
        self._must("(")
        named = self._name()
        self._must("∩")
        fields = self._names(FIELDS)
        self._must(")")
        return Count(named, fields, self._operator(), self._number())

    def _virtual(self, found: In) -> In:
        # MCC and CC are what other diagnoses count as: a principal diagnosis is neither.
        if set(VIRTUAL) & set(found.sets) and found.fields != ("QTZD",):
            raise self._unread(" ".join(found.fields))
        return found

    def _names(self, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        if not self._takes("{"):
            return (self._name(known),)
        names = [self._name(known)]
        while self._takes(","):
            names.append(self._name(known))
        self._must("}")
        return tuple(names)

    def _name(self, known: tuple[str, ...] = ()) -> str:
        found = self._next()
        if not (found[:1].isalpha() or found[:1] == "_") or (known and found.upper() not in known):
            raise self._unread(found)
        return found.upper() if known else found

    def _operator(self) -> str:
        if self._ahead not in OPERATORS:
            raise self._unread(self._ahead)
        return self._next()

    def _number(self) -> int:
        if not self._ahead.isdecimal() or len(self._ahead) > DIGITS:
            raise self._unread(self._ahead)
        return int(self._next())

    @property
    def _ahead(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        found = self._ahead
        if not found:
            raise self._unread(found)
        self.at += 1
        return found

    def _takes(self, word: str) -> bool:
        taken = self._ahead.lower() == word
        self.at += taken
        return taken

    def _must(self, word: str) -> None:
        if not self._takes(word):
            raise self._unread(self._ahead)

    def _unread(self, word: str) -> FileError:
        shown = self.text if len(self.text) <= 120 else f"{self.text[:120]}…"
        at_zh, at_en = (f"在「{word}」处", f"at {word!r}") if word else ("它没有写完", "it ends too early")
        return FileError(
            f"规则读不懂，{at_zh}：{shown}",
            f"the rule cannot be read, {at_en}: {shown}",
            where=self.where,
            mend=(
                "规则写成 ZYZD in 集合 and ZYSS in 集合 这样，括号成对",
                "write rules such as ZYZD in SET and ZYSS in SET, with brackets in pairs",
            ),
        )
