"""可达的组 · Which groups a case can reach: for each one a case is made that its own rules ask for, and grouped.

A case is made of the smallest demands that make the rules of its MDC, ADRG and split hold, while those before it in order do
not. Where a demand is a code of a set, codes that fewer other lists hold are tried first. What no tried case reaches is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, product

from heng.methods.grouping.check import rules
from heng.methods.grouping.compile import COMPARED
from heng.methods.grouping.engine import YEAR, Grouper, Record
from heng.methods.grouping.language import FIELDS, All, Compare, Constant, Count, In, Rule, Some, atoms
from heng.methods.grouping.pack import Pack

TRIED = 4000
"""每组至多试几例 · The most cases that are tried for a group."""
WAYS = 60
"""每条规则至多几种写法 · The most ways of a rule that are tried."""
CODES = 12
"""每个集合至多几个编码 · The most codes of a set that are tried."""
Demand = tuple[tuple[str, str], ...]
"""一组要求 · What a case must have: (field or scalar, code or number), in order."""


def reaching(pack: Pack) -> dict[str, Record | None]:
    """每组一例 · For every DRG a case that reaches it, None where none was found."""
    return _Reach(pack).all()


def unreachable(pack: Pack) -> list[str]:
    """不可达的组 · The DRG that no tried case reaches, in order."""
    return [code for code, case in reaching(pack).items() if case is None]


class _Reach:
    def __init__(self, pack: Pack) -> None:
        self.pack, self.rules, self.grouper = pack, rules(pack), Grouper(pack)
        self.found: dict[str, Record | None] = {g.code: None for g in pack.level("drg")}
        held: dict[str, int] = {}
        for codes in pack.sets.values():
            for code in codes:
                held[code] = held.get(code, 0) + 1
        self.rare = {name: sorted(codes, key=lambda c: (held[c], c)) for name, codes in pack.sets.items()}
        asked = [a for rule in self.rules.values() for a in atoms(rule) if isinstance(a, In) and a.fields == ("ZYZD",)]
        self.people = _people(self.rules.values())
        one_of_each = dict.fromkeys(self.rare[n][0] for a in asked for n in a.sets if self.rare[n])
        self.any_dx: list[tuple[str, ...]] = [(code,) for code in islice(one_of_each, CODES)]

    def all(self) -> dict[str, Record | None]:
        above = {g.code: g.parent for g in self.pack.level("adrg")}
        for g in self.pack.level("drg"):
            if self.found[g.code] is None:
                self._try(g.code, [self.rules["mdc", above[g.parent]], self.rules["adrg", g.parent], self.rules["drg", g.code]])
        return self.found

    def _try(self, wanted: str, asked: list[Rule]) -> None:
        # The DRG reached by chance on the way is kept, too: many need not be tried for.
        for record in islice(self._records(asked), TRIED):
            got = self.grouper.group(record).drg
            if self.found.get(got, record) is None:
                self.found[got] = record
            if got == wanted:
                return

    def _records(self, asked: list[Rule]) -> Iterator[Record]:
        ways = [list(islice(_ways(rule), WAYS)) for rule in asked]
        made = [_joined(parts) for parts in product(*ways)]
        sources = [self._filled(demand) for demand in made]
        while sources:  # one of each in turn, so that no way of a rule keeps the others waiting
            left = []
            for source in sources:
                record = next(source, None)
                if record is not None:
                    yield record
                    left.append(source)
            sources = left

    def _filled(self, demand: Demand) -> Iterator[Record]:
        """把集合换成编码 · Cases for a demand, sets replaced by codes in them."""
        asked = [(field, self._codes(field, [n for f, n in demand if f == field])) for field in dict(demand) if field in FIELDS]
        if "ZYZD" not in dict(demand):
            asked.append(("ZYZD", self.any_dx))
        options = [[(field, pick) for pick in picks] for field, picks in asked]
        bounds = _bounds((f, n) for f, n in demand if f not in FIELDS)
        fitting = [told for told in self.people if all(_holds(told[s], limit) for s, limits in bounds.items() for limit in limits)]
        for picked in product(*options):
            for told in fitting:
                yield _record(dict(picked), told)

    def _codes(self, field: str, names: list[str]) -> list[tuple[str, ...]]:
        # A principal field has one code, in all the sets asked for; the others have a code of each.
        if field in ("ZYZD", "ZYSS"):
            first, *more = (self._members(n) for n in names)
            shared = [c for c in first if all(c in self.pack.sets[n] for n in names[1:])] if more else list(first)
            return [(c,) for c in shared[:CODES]]
        # Several codes of one set are different ones: those next to each other in it.
        listed = [self._members(n)[names[:at].count(n) :][:CODES] for at, n in enumerate(names)]
        return [tuple(dict.fromkeys(picks)) for picks in chain(zip(*listed, strict=False), islice(product(*listed), CODES * CODES))]

    def _members(self, name: str) -> list[str]:
        if name in ("MCC", "CC"):
            counted = sorted(c for c, (level, _) in self.pack.severity.items() if level == name)
            return counted[:: max(1, len(counted) // CODES)]
        return self.rare[name]


def _ways(rule: Rule) -> Iterator[Demand]:
    """满足规则的各种办法 · The ways to make a rule hold; of what must not be, nothing is asked."""
    if isinstance(rule, Some):
        for part in rule.parts:
            yield from _ways(part)
    elif isinstance(rule, All):
        for parts in product(*(list(islice(_ways(p), WAYS)) for p in rule.parts)):
            yield _joined(parts)
    elif isinstance(rule, In) and not rule.negated:
        yield from (((f, n),) for f in rule.fields for n in rule.sets)
    elif isinstance(rule, Compare):
        yield ((rule.scalar, f"{rule.operator}{rule.number}"),)
    elif isinstance(rule, Count) and rule.operator in (">=", "=", ">"):
        # As many of the set as are asked for: the principal field holds one of them at most.
        others = next((f for f in rule.fields if f.startswith("QT")), rule.fields[0])
        yield tuple((others, rule.set) for _ in range(rule.number + (rule.operator == ">")))
    elif not isinstance(rule, Constant) or rule.holds:
        yield ()


def _joined(parts: Iterable[Demand]) -> Demand:
    """几组要求合在一起 · Demands together: where several ask for the same, once is enough, but for how many one of them asks."""
    found: dict[tuple[str, str], int] = {}
    for part in parts:
        for demand in part:
            found[demand] = max(found.get(demand, 0), part.count(demand))
    return tuple(demand for demand, n in found.items() for _ in range(n))


def _bounds(asked: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scalar, limit in asked:
        found.setdefault(scalar, []).append(limit)
    return found


def _people(rules: Iterable[Rule]) -> list[dict[str, int]]:
    """试用的人 · People to try: adults, children and newborns of either sex, and those on each edge that a rule draws."""
    edges: dict[str, set[int]] = {"NL": set(), "XSRTL": set(), "XSRTZ": set()}
    for atom in (a for rule in rules for a in atoms(rule) if isinstance(a, Compare) and a.scalar in edges):
        edges[atom.scalar] |= {n for n in (atom.number - 1, atom.number, atom.number + 1) if n >= 0}
    ages = [(40, 40 * YEAR), (0, 60), (0, 10), (3, 3 * YEAR), (75, 75 * YEAR)]
    ages += [(n, n * YEAR) for n in sorted(edges["NL"]) if n] + [(n // YEAR, n) for n in sorted(edges["XSRTL"])]
    weights = [3000, *sorted(edges["XSRTZ"])]
    return [
        {"NL": age, "XSRTL": days, "XB": sex, "XSRTZ": weight}
        for age, days in dict.fromkeys(ages)
        for weight in (weights if age == 0 else weights[:1])
        for sex in (1, 2)
    ]


def _holds(value: int, limit: str) -> bool:
    operator = limit.rstrip("0123456789")
    return COMPARED[operator](value, int(limit.removeprefix(operator)))


def _record(codes: Mapping[str, tuple[str, ...]], scalars: Mapping[str, int]) -> Record:
    dx = (*codes.get("ZYZD", ()), *codes.get("QTZD", ()))
    ops = (*codes.get("ZYSS", ()), *codes.get("QTSS", ()))
    return Record(dx, ops, scalars["XB"], scalars["NL"], scalars["XSRTL"], scalars["XSRTZ"])
