"""入组：病例找病种 · Matching: which disease of a DIP catalogue a case belongs to, and why.

Part after part in their order; the first part in which a disease fits decides. Among several the one that accounts for the
most procedures wins, then the one whose mean fee is nearest, then core before primary, then the order of the catalogue.
The catalogue tells no fees: a region, which knows those of its own history, decides among the diseases that are offered;
elsewhere the first of them is the disease.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from heng.methods.dip.pack import EVERY, PARTS, DipPack, Entry, Part, Ways, head, meant
from heng.methods.grouping.engine import UNGROUPED, YEAR, Grouped, Record
from heng.methods.grouping.spelling import Spelling

Status = Literal["grouped", "ungrouped", "invalid", "needs_data"]


class DipCase(NamedTuple):
    """一个病例 · A case: codes in their order, the principal one first; None where the file does not tell."""

    dx: tuple[str, ...]
    ops: tuple[str, ...] = ()
    age_days: int | None = None
    weight: int | None = None


class DipGrouped(NamedTuple):
    """入组结果 · The disease of a case. `why`: reason codes, which `words` turns into sentences."""

    status: Status
    entry: Entry | None
    why: str


class Offer(NamedTuple):
    """合适的病种 · The diseases that a case fits, alike in procedures, the first one before the others; and `beaten`: those with fewer."""

    status: Status
    fits: tuple[Entry, ...]
    beaten: tuple[Entry, ...]
    steps: tuple[str, ...]

    @property
    def why(self) -> str:
        """原因码 · Reason codes; where several diseases fit alike: which, as their mean fees decide."""
        if len(self.fits) > 1:
            return ";".join([*self.steps, f"MANY={'+'.join(e.code for e in self.fits)}"])
        return self.first().why

    def first(self) -> DipGrouped:
        """不看费用时取哪个 · The first of them, and what put it before the others."""
        if not self.fits:
            return DipGrouped(self.status, None, ";".join(self.steps))
        best, *others = self.fits
        decided = "ops" if not others else "kind" if best.primary != others[0].primary else "order"
        rest = "+".join(e.code for e in (*others, *self.beaten))
        return DipGrouped(self.status, best, ";".join([*self.steps, f"{best.part}:{best.code}{f'/{decided}>{rest}' if rest else ''}"]))


class _Fit(NamedTuple):
    matched: int
    place: int
    entry: Entry


class _Seen(NamedTuple):
    """A case as the catalogue sees it: its principal procedure is one that may be, or none."""

    case: DipCase
    op: str
    others: frozenset[str]
    resistant: bool

    @property
    def all_ops(self) -> frozenset[str]:
        return self.others | {self.op} if self.op else self.others


class DipMatcher:
    """备好的目录 · A catalogue that is ready to match: its diseases by the head of the diagnosis they need."""

    def __init__(self, pack: DipPack) -> None:
        """建索引 · Index the diseases of each part: by the head of their diagnosis, else by their procedures."""
        self.pack = pack
        named = {op for e in pack.entries for some in (e.ops or (), e.related) for way in some for op in way}
        self.spell_dx, self.spell_op = Spelling(pack.no_dx, {}), Spelling(named | pack.no_op.keys(), {})
        self.heads: dict[Part, dict[str, list[int]]] = {part: {} for part in PARTS}
        self.ops: dict[Part, dict[str, list[int]]] = {part: {} for part in PARTS}
        self.always: dict[Part, list[int]] = {part: [] for part in PARTS}
        for place, entry in enumerate(pack.entries):
            if not (entry.any_dx or any(spec == EVERY or "-" in spec for spec in entry.dx)):
                _put(self.heads[entry.part], map(head, entry.dx), place)
            elif entry.ops:
                _put(self.ops[entry.part], (op for way in entry.ops for op in way), place)
            else:
                self.always[entry.part].append(place)

    def offer(self, case: DipCase) -> Offer:
        """合适的病种 · The diseases that a case fits best; none: why not."""
        case = case._replace(dx=tuple(self.spell_dx[dx] for dx in case.dx), ops=tuple(self.spell_op[op] for op in case.ops))
        if not case.dx or not case.dx[0]:
            return Offer("invalid", (), (), ("NODX",))
        if case.dx[0] in self.pack.no_dx:
            return Offer("invalid", (), (), (f"BARRED={case.dx[0]}",))
        seen, why = self._seen(case)
        for part in PARTS:
            fits, lacking = self._fits(part, seen)
            if lacking and not fits:
                return Offer("needs_data", (), (), (*why, f"{part}?{lacking}"))
            if fits:
                most = max(fit.matched for fit in fits)
                ranked = sorted(fits, key=lambda fit: (-fit.matched, fit.entry.primary, fit.place))
                alike = sum(fit.matched == most for fit in fits)
                entries = tuple(fit.entry for fit in ranked)
                return Offer("grouped", entries[:alike], entries[alike:], tuple(why))
            why.append(f"{part}-")
        return Offer("ungrouped", (), (), (*why, "NONE"))

    def match(self, case: DipCase) -> DipGrouped:
        """入组 · The disease of a case, apart from any region."""
        return self.offer(case).first()

    def group(self, record: Record) -> Grouped:
        """如同分组器 · The same for a case as a grouper of DRG takes it; the disease stands where the group does."""
        status, entry, why = self.match(case_of(record))
        return Grouped(status, "", "", entry.code if entry else UNGROUPED, "none", why)

    def _seen(self, case: DipCase) -> tuple[_Seen, list[str]]:
        """The principal procedure: the first that may be one, none where the first has the case treated without."""
        ops, why = [op for op in case.ops if op], list[str]()
        principal = ""
        for op in ops:
            bar = self.pack.no_op.get(op)
            if bar is None or _any(case.dx[:1], bar.unless):
                principal = op
                break
            why.append(f"{'CONSERVATIVE' if bar.conservative else 'NOT_PRINCIPAL'}={op}")
            if bar.conservative:
                break
        others = frozenset(ops) - {principal}
        resistant = _any(case.dx[:1], self.pack.resistant) or _any(case.dx[1:], self.pack.resistant_other)
        return _Seen(case, principal, others, resistant), why

    def _fits(self, part: Part, seen: _Seen) -> tuple[list[_Fit], str]:
        fits, lacking = list[_Fit](), ""
        for place in sorted(set(self._places(part, seen.case))):
            entry = self.pack.entries[place]
            matched = _matched(entry, seen)
            if matched is None:
                continue
            if unknown := _unknown(entry, seen.case):
                lacking = unknown
            elif _spans(entry, seen.case):
                fits.append(_Fit(matched, place, entry))
        return fits, lacking

    def _places(self, part: Part, case: DipCase) -> Iterator[int]:
        """Where the diseases stand that the codes of a case may fit."""
        yield from self.always[part]
        heads, ops, dx = self.heads[part], self.ops[part], case.dx[0]
        for op in case.ops:
            yield from ops.get(op, ())
        for end in range(3, len(dx) + 1):
            yield from heads.get(dx[:end], ())


def case_of(record: Record) -> DipCase:
    """同一个病例 · A case as a grouper of DRG takes it, as one of DIP: an age in years alone stands for as many days as it has."""
    days = record.age_days if record.age_days is not None or not record.age else record.age * YEAR
    return DipCase(tuple(record.dx), tuple(record.ops or ()), days, record.weight)


def _put(index: dict[str, list[int]], codes: Iterable[str], place: int) -> None:
    for code in codes:
        index.setdefault(code, []).append(place)


def _matched(entry: Entry, seen: _Seen) -> int | None:
    """How many procedures of the case a disease accounts for; None where its codes are not those of the case."""
    case = seen.case
    principal = case.dx if entry.any_dx else case.dx[:1]
    if not _any(principal, entry.dx) or (entry.other_dx and not _any(case.dx[1:], entry.other_dx)):
        return None
    if entry.resistant is not None and entry.resistant != seen.resistant:
        return None
    own = _operated(entry, seen)
    if own is None:
        return None
    more = _most(entry.related, seen.others) if entry.related else 0
    return None if more is None else own + more


def _any(codes: tuple[str, ...], specs: tuple[str, ...]) -> bool:
    return any(meant(code, spec) for code in codes for spec in specs)


def _operated(entry: Entry, seen: _Seen) -> int | None:
    if entry.ops is None:
        return 0
    if not entry.ops:
        return None if seen.op else 0
    if entry.any_op:
        return _most(entry.ops, seen.all_ops)
    return _most(tuple(way for way in entry.ops if seen.op in way), seen.all_ops)


def _most(ways: Ways, ops: frozenset[str]) -> int | None:
    return max((len(way) for way in ways if ops.issuperset(way)), default=None)


def _unknown(entry: Entry, case: DipCase) -> str:
    if entry.age_days:
        if case.age_days is None:
            return "age_days"
        if not entry.age_days.holds(case.age_days):
            return ""
    return "weight" if entry.weight and case.weight is None else ""


def _spans(entry: Entry, case: DipCase) -> bool:
    days = entry.age_days is None or (case.age_days is not None and entry.age_days.holds(case.age_days))
    return days and (entry.weight is None or (case.weight is not None and entry.weight.holds(case.weight)))
