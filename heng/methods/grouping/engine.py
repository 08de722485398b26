"""分组器 · The grouper: a case goes through the chain of MDC, the ADRG inside, the splits of the ADRG; the first that holds takes it.

Steps and their order are those of the national scheme, editions 1.0 to 3.0. Where the pack has QY groups, a case whose
principal procedure is a valid one (a surgical case) is taken by ADRG that procedures drive, or by the QY group of its MDC;
a pack without them lets it fall on to the medical ADRG. A gate that does not ask for a diagnosis (MDCA) lets on to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from heng.methods.grouping.check import Rules, rules
from heng.methods.grouping.compile import PROCEDURES, Case, Compiled, Level, Missing, Test, operative, plain, test
from heng.methods.grouping.language import All, Compare, In, Not, Rule, Some, atoms, parse
from heng.methods.grouping.pack import ROBOT, VALID_OP, Pack
from heng.methods.grouping.spelling import Spelling

Status = Literal["grouped", "qy", "ungrouped", "invalid", "needs_data"]
UNGROUPED = "0000"
YEAR = 365
"""一岁算几天 · Days of a year of age, where a record tells the age in years alone or in days alone."""
REMEMBERED = 500_000
"""至多记住的走法 · Pairs of principal diagnosis and procedure whose way to their ADRG is remembered."""


class Record(NamedTuple):
    """病例原样 · A case as a file tells it: codes in their order, the principal one first; None where it is not told."""

    dx: Sequence[str]
    ops: Sequence[str] | None
    sex: int | None
    age: int | None
    age_days: int | None
    weight: int | None


class Grouped(NamedTuple):
    """分组结果 · The group of a case. `why`: reason codes, which `words` turns into sentences."""

    status: Status
    mdc: str
    adrg: str
    drg: str
    severity: str
    why: str


@dataclass(frozen=True, slots=True)
class _Gate:
    code: str
    early: bool
    qy: Test | None
    plain_qy: bool
    adrgs: Level


class Grouper:
    """编译好的方案 · A compiled pack. FileError when its rules cannot be read or name what is not there."""

    def __init__(self, pack: Pack, codes: Literal["医保", "国临"] = "医保") -> None:
        """编译 · Compile the pack; `codes`: the code set of the cases, 国临 is converted by the maps of the pack."""
        self.pack = pack
        read = rules(pack)
        done, told = _named(pack, read, "SS"), _named(pack, read, "ZD")
        self.valid = pack.sets.get(VALID_OP) or done
        self.barred, self.exclusions, self.severity = pack.no_dx, dict(pack.exclusions), dict(pack.severity)
        self.robot = pack.sets.get(ROBOT, frozenset())
        self.known = told | pack.severity.keys() | pack.exclusions.keys() | pack.no_dx
        clinical = codes == "国临"
        self.spell_dx = Spelling(self.known, pack.dx_map if clinical else {})
        self.spell_op = Spelling(done | self.valid | pack.no_op, pack.op_map if clinical else {})
        self.paths: dict[tuple[str, str], tuple[tuple[str, str], str]] = {}
        self._compile({at: _any_op(rule) for at, rule in read.items()} if pack.any_op else read)

    def _compile(self, read: Rules) -> None:
        pack, sets = self.pack, self.pack.sets
        below: dict[str, list[tuple[Compiled, Rule]]] = {}
        for g in (*pack.level("mdc"), *pack.level("adrg"), *pack.level("drg")):
            rule = read[g.level, g.code]
            driven = g.kind != "medical" if g.kind else operative(rule)
            below.setdefault(f"{g.level} {g.parent}", []).append((Compiled(g.code, test(rule, sets), driven, plain(rule)), rule))
        self.gates, chain = dict[str, _Gate](), list[tuple[Compiled, Rule]]()
        for entry, rule in below.get("mdc ", ()):
            inside = below.get(f"adrg {entry.code}", [])
            said, early = pack.qy.get(entry.code), not _asks_diagnosis(rule)
            known = None if said is None else parse(said, entry.code)
            qy = None if known is None else test(known, sets)
            self.gates[entry.code] = _Gate(entry.code, early, qy, known is None or plain(known), Level(inside, sets))
            # Who is let on where nothing inside holds need not come in: an early gate is found by what its groups need.
            chain.append((entry, All((rule, Some(tuple(r for _, r in inside)))) if early else rule))
        self.chain = Level(chain, sets)
        self.splits = {g.code: [entry for entry, _ in below[f"drg {g.code}"]] for g in pack.level("adrg")}

    def group(self, record: Record) -> Grouped:
        """分组 · The group of a case, and why."""
        spell, (written, ops, sex, age, days, weight) = self.spell_dx, record
        principal = spell[written[0]] if written else ""
        if principal not in self.known or principal in self.barred:
            reason = "NODX" if not principal else f"BARRED={principal}" if principal in self.barred else f"UNKNOWN={principal}"
            return Grouped("invalid", "", "", UNGROUPED, "none", reason)
        others = tuple(map(spell.__getitem__, written[1:]))
        op, other_ops, aside = self._operations(ops) if ops else ("", _NONE, "")
        mcc, cc, excluded = self._severity(principal, others) if others else (_NONE, _NONE, "")
        if days is None and age:
            days = age * YEAR
        elif age is None and days is not None:
            age = days // YEAR
        return self._through(_new(Case, (principal, others, op, other_ops, age, sex, days, weight, mcc, cc)), aside + excluded)

    def _operations(self, written: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
        """主要手术、其他手术与灰码 · The principal procedure, the others, and those that do not group, as a reason."""
        ops = tuple(map(self.spell_op.__getitem__, written))
        if not self.pack.no_op:
            return ops[0], ops[1:], ""
        grey = [op for op in ops if op in self.pack.no_op and op not in self.robot]
        principal = "" if ops[0] in grey else ops[0]
        return principal, tuple(op for op in ops[1:] if op not in grey), f";GREY={'/'.join(grey)}" if grey else ""

    def _severity(self, principal: str, others: tuple[str, ...]) -> tuple[Sequence[str], Sequence[str], str]:
        """算作 MCC、CC 的与被排除的 · MCC and CC among the other diagnoses, and as a reason those that the principal one excludes."""
        own, known = self.exclusions.get(principal), self.severity
        mcc, cc, excluded = list[str](), list[str](), ""
        for code in others:
            found = known.get(code)
            if found is None:
                continue
            level, table = found
            if table and table == own:
                excluded = f"{excluded}/{code}" if excluded else f";EX={code}"
            elif level == "MCC":
                mcc.append(code)
            else:
                cc.append(code)
        return mcc, cc, excluded

    def _through(self, case: Case, aside: str) -> Grouped:
        # Most cases with these two codes were seen before; where nothing else was asked on the way, the way is the same.
        kept = None if case.other_ops else self.paths.get((case.dx, case.op))
        if kept:
            return self._split(case, *kept, aside)
        passed, same = "", not case.other_ops
        for entry in self.chain.candidates(case):
            held, same = entry.test(case), same and entry.plain
            if held is None:
                continue
            if type(held) is Missing:
                return _told(case, ("needs_data", "", "", UNGROUPED), f"{passed}{entry.code}?{held}{aside}")
            gate = self.gates[entry.code]
            found = self._inside(case, gate, (f"{passed}{entry.code}:{held}", aside), same=same)
            if found:
                return found
            if not gate.early:
                return _told(case, ("ungrouped", gate.code, "", UNGROUPED), f"{passed}{entry.code}:{held};NONE{aside}")
            passed, same = f"{passed}{entry.code}-;", False
        return _told(case, ("ungrouped", "", "", UNGROUPED), f"{passed}NONE{aside}")

    def _inside(self, case: Case, gate: _Gate, said: tuple[str, str], *, same: bool) -> Grouped | None:
        why, aside = said
        qy, same = gate.qy(case) if gate.qy and case.op in self.valid else None, same and gate.plain_qy
        for entry in gate.adrgs.candidates(case):
            if qy is not None and not entry.operative:
                continue
            held, same = entry.test(case), same and entry.plain
            if held is None:
                continue
            if type(held) is Missing:
                return _told(case, ("needs_data", gate.code, "", UNGROUPED), f"{why};{entry.code}?{held}{aside}")
            way = (gate.code, entry.code), f"{why};{entry.code}:{held}"
            if same and len(self.paths) < REMEMBERED:
                self.paths[case.dx, case.op] = way
            return self._split(case, *way, aside)
        if qy is None:
            return None
        if type(qy) is Missing:
            return _told(case, ("needs_data", gate.code, "", UNGROUPED), f"{why};QY?{qy}{aside}")
        code = f"{gate.code.removeprefix('MDC')}QY"
        return _told(case, ("qy", gate.code, code, code), f"{why};QY={case.op}{aside}")

    def _split(self, case: Case, groups: tuple[str, str], why: str, aside: str) -> Grouped:
        for entry in self.splits[groups[1]]:
            held = entry.test(case)
            if held is None:
                continue
            if type(held) is Missing:
                return _told(case, ("needs_data", *groups, UNGROUPED), f"{why};{entry.code}?{held}{aside}")
            severity = "mcc" if case.mcc else "cc" if case.cc else "none"
            return _new(Grouped, ("grouped", *groups, entry.code, severity, f"{why};{entry.code}:{held}{aside}"))
        return _told(case, ("ungrouped", *groups, UNGROUPED), f"{why};NONE{aside}")


_NONE: tuple[str, ...] = ()
_new = tuple.__new__
"""不经参数检查地造元组 · Makes a named tuple without its argument handling, which is half the time of a million small ones."""


def _told(case: Case, found: tuple[Status, str, str, str], why: str) -> Grouped:
    return _new(Grouped, (*found, "mcc" if case.mcc else "cc" if case.cc else "none", why))


def _asks_diagnosis(rule: Rule) -> bool:
    return any(not isinstance(a, Compare) and "ZYZD" in a.fields for a in atoms(rule))


def _any_op(rule: Rule) -> Rule:
    """任一手术操作 · The same rule where lists of procedures match any procedure of the case."""
    if isinstance(rule, In) and rule.fields == ("ZYSS",):
        return In(PROCEDURES, rule.sets, rule.negated)
    if isinstance(rule, All | Some):
        return type(rule)(tuple(_any_op(p) for p in rule.parts))
    return Not(_any_op(rule.part)) if isinstance(rule, Not) else rule


def _named(pack: Pack, read: Rules, kind: str) -> frozenset[str]:
    """规则在诊断（ZD）或手术（SS）各栏里找的编码 · The codes that rules look for among diagnoses (ZD) or procedures (SS)."""
    asked = [a for rule in read.values() for a in atoms(rule) if not isinstance(a, Compare) and any(f.endswith(kind) for f in a.fields)]
    names = {n for a in asked for n in (a.sets if isinstance(a, In) else (a.set,))}
    return frozenset().union(*(pack.sets.get(n, frozenset()) for n in names))
