"""编译：规则成为函数 · Compiling: every rule becomes a function, every level a list that knows which of its rules can hold.

A test gives what made the rule hold, as text (`ZYSS~GB2.P1=45.7300`), None where it does not hold, or Missing where that
hangs on something the case does not tell. So one evaluation is the decision and its reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from heng.methods.grouping.language import All, Compare, Constant, Count, In, Not, Rule, Some, atoms

PROCEDURES = ("ZYSS", "QTSS")


class Case(NamedTuple):
    """一个病例，编码已按方案写好 · A case with its codes as the pack spells them; "" where there is no principal one.

    `mcc`, `cc`: the other diagnoses that count as such, exclusions taken off.
    """

    dx: str
    other_dx: tuple[str, ...]
    op: str
    other_ops: tuple[str, ...]
    age: int | None
    sex: int | None
    age_days: int | None
    weight: int | None
    mcc: Sequence[str] = ()
    cc: Sequence[str] = ()


class Missing(str):
    """缺的数据 · The scalar that a rule hangs on and the case does not tell."""

    __slots__ = ()


Outcome = str | None
Test = Callable[[Case], Outcome]
SCALAR = {"NL": "age", "XB": "sex", "XSRTL": "age_days", "XSRTZ": "weight"}
COMPARED: dict[str, Callable[[int, int], bool]] = {
    "=": int.__eq__,
    ">=": int.__ge__,
    "<=": int.__le__,
    ">": int.__gt__,
    "<": int.__lt__,
}
Sets = Mapping[str, frozenset[str]]


def test(rule: Rule, sets: Sets) -> Test:
    """规则的函数 · The test of a rule."""
    if isinstance(rule, Constant):
        said = "" if rule.holds else None
        return lambda _: said
    if isinstance(rule, In):
        return _in(rule, sets)
    if isinstance(rule, Count):
        return _count(rule, sets)
    if isinstance(rule, Compare):
        return _compare(rule)
    if isinstance(rule, Not):
        return _not(test(rule.part, sets))
    parts = [test(p, sets) for p in rule.parts]
    return _all(parts) if isinstance(rule, All) else _some(parts)


def _in(rule: In, sets: Sets) -> Test:
    found = _some([_one_in(f, s, sets) for f in rule.fields for s in rule.sets])
    return _not(found) if rule.negated else found


def _one_in(field: str, name: str, sets: Sets) -> Test:
    said = f"{field}~{name}="
    if name == "MCC":
        return lambda c: said + c.mcc[0] if c.mcc else None
    if name == "CC":
        return lambda c: said + c.cc[0] if c.cc else None
    codes = sets[name]
    if field == "ZYZD":
        return lambda c: said + c.dx if c.dx in codes else None
    if field == "ZYSS":
        return lambda c: said + c.op if c.op in codes else None
    others = attrgetter("other_dx" if field == "QTZD" else "other_ops")

    def among(c: Case) -> Outcome:
        for code in others(c):
            if code in codes:
                return f"{said}{code}"
        return None

    return among


def _count(rule: Count, sets: Sets) -> Test:
    codes, compared, number = sets[rule.set], COMPARED[rule.operator], rule.number

    def counted(c: Case) -> Outcome:
        found = sorted({code for f in rule.fields for code in of(c, f)} & codes)
        return f"{'+'.join(rule.fields)}~{rule.set}={'/'.join(found)}" if compared(len(found), number) else None

    return counted


def of(case: Case, field: str) -> tuple[str, ...]:
    """一栏的编码 · The codes of a case in a field."""
    return {"ZYZD": (case.dx,), "QTZD": case.other_dx, "ZYSS": (case.op,), "QTSS": case.other_ops}[field]


def _compare(rule: Compare) -> Test:
    told, compared, number, missing = attrgetter(SCALAR[rule.scalar]), COMPARED[rule.operator], rule.number, Missing(rule.scalar)

    def holds(c: Case) -> Outcome:
        value = told(c)
        return missing if value is None else f"{rule.scalar}={value}" if compared(value, number) else None

    return holds


def _not(part: Test) -> Test:
    def fails(c: Case) -> Outcome:
        found = part(c)
        return "" if found is None else found if type(found) is Missing else None

    return fails


def _all(parts: list[Test]) -> Test:
    def every(c: Case) -> Outcome:
        said, unknown = "", None
        for part in parts:
            found = part(c)
            if found is None:
                return None
            if type(found) is Missing:
                unknown = found
            elif found:
                said = f"{said}&{found}" if said else found
        return unknown or said

    return every


def _some(parts: list[Test]) -> Test:
    if len(parts) == 1:
        return parts[0]

    def some(c: Case) -> Outcome:
        unknown = None
        for part in parts:
            found = part(c)
            if type(found) is Missing:
                unknown = found
            elif found is not None:
                return found
        return unknown

    return some


@dataclass(frozen=True, slots=True)
class Compiled:
    """一个组的条件 · A group's rule: its code, its test, whether procedures drive it, whether it asks for codes alone (`plain`)."""

    code: str
    test: Test
    operative: bool = False
    plain: bool = False


class Level:
    """同一级的条件，按官方次序 · The rules of siblings in official order, found by the codes that they need.

    A rule that needs a principal diagnosis or a procedure out of some sets is looked at only when the case has one of them;
    so a case meets a handful of some hundred rules, and still the first that holds in official order is the one.
    """

    def __init__(self, rules: Iterable[tuple[Compiled, Rule]], sets: Sets) -> None:
        """按所需编码建索引 · Index the rules by the codes they need."""
        listed, always = list[Compiled](), list[int]()
        by_dx, by_op = _Places(), _Places()
        for place, (compiled, rule) in enumerate(rules):
            listed.append(compiled)
            kind, names = needs(rule, sets)
            if not kind:
                always.append(place)
            for codes in (sets[name] for name in names):
                _placed(by_dx if kind == "dx" else by_op, codes, place)
        if always:
            by_dx = {code: tuple(sorted({*places, *always})) for code, places in by_dx.items()}
        self.rules, self.always, self.by_dx, self.by_op = tuple(listed), tuple(always), by_dx, by_op
        orders = {places: tuple(listed[p] for p in places) for places in {self.always, *by_dx.values()}}
        self.by_dx_alone = {code: orders[places] for code, places in by_dx.items()}
        self.rest = orders[self.always]

    def candidates(self, case: Case) -> tuple[Compiled, ...]:
        """可能成立的 · The rules that can hold, in order."""
        by_op, dx = self.by_op, case.dx
        places = by_op.get(case.op)
        for op in case.other_ops:
            if op in by_op:
                places = (*(places or ()), *by_op[op])
        if not places:
            return self.by_dx_alone.get(dx, self.rest)
        rules = self.rules
        return tuple([rules[p] for p in sorted({*places, *self.by_dx.get(dx, self.always)})])


_Places = dict[str, tuple[int, ...]]


def _placed(index: _Places, codes: Iterable[str], place: int) -> None:
    alone = (place,)
    for code in codes:
        before = index.get(code)
        if before is None:
            index[code] = alone
        elif before[-1] != place:
            index[code] = (*before, place)


def needs(rule: Rule, sets: Sets) -> tuple[str, frozenset[str]]:
    """必需的编码 · What a rule cannot hold without: ("dx", sets) a principal diagnosis, ("op", sets) a procedure, or ("", none)."""
    if isinstance(rule, In) and not rule.negated:
        kind = "dx" if rule.fields == ("ZYZD",) else "op" if set(rule.fields) <= set(PROCEDURES) else ""
        return (kind, frozenset(rule.sets)) if kind else ("", frozenset())
    if isinstance(rule, All | Some):
        found = [needs(p, sets) for p in rule.parts]
        kinds = {kind for kind, _ in found}
        if isinstance(rule, All):
            useful = [f for f in found if f[0]]
            return min(useful, key=lambda f: (sum(len(sets[n]) for n in f[1]), f[0], sorted(f[1])), default=("", frozenset()))
        if len(kinds) == 1:
            return kinds.pop(), frozenset().union(*(names for _, names in found))
    return "", frozenset()


def operative(rule: Rule) -> bool:
    """是否由手术操作决定 · Whether a rule asks for a procedure."""
    return any(isinstance(a, In) and not a.negated and set(a.fields) & set(PROCEDURES) for a in atoms(rule))


def plain(rule: Rule) -> bool:
    """只看主要诊断与手术操作 · Whether a rule asks for the principal diagnosis and procedures alone."""
    return all(not isinstance(a, Compare) and "QTZD" not in a.fields for a in atoms(rule))
