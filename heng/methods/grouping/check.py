"""核对方案 · What a pack owes before cases are grouped with it: unique codes, parents that exist, sets that exist, rules that read."""

from collections.abc import Iterable, Mapping

from heng.core.errors import FileError, Say, did_you_mean
from heng.methods.grouping.language import VIRTUAL, Rule, parse, sets
from heng.methods.grouping.pack import NO_DX, NO_OP, Group, Pack

RESERVED = (*VIRTUAL, NO_DX, NO_OP)
"""不能作集合名 · No set may be named so: a rule that names it would mean something else."""
ABOVE = {"adrg": "mdc", "drg": "adrg"}
Rules = dict[tuple[str, str], Rule]


def rules(pack: Pack, places: Mapping[tuple[str, str], str] | None = None) -> Rules:
    """各组的规则 · The rule of every group by level and code; FileError for a pack that cannot be used.

    `places`: where a group was written (file and row), by level and code.
    """
    told, found = places or {}, Rules()
    for name in RESERVED:
        if name in pack.sets:
            raise _reserved(name, told.get(("set", name), pack.name))
    for g in pack.groups:
        at = (g.level, g.code)
        where = told.get(at, f"{pack.name} {g.code}")
        if at in found:
            raise FileError(f"{g.code} 写了两次", f"{g.code} is written twice", where=where, mend=ONCE)
        found[at] = parse(g.rule, where)
        _sets_exist(pack, sets(found[at]), where)
    _parents(pack.groups, found, told, pack.name)
    for mdc, rule in pack.qy.items():
        if ("mdc", mdc) not in found:
            raise FileError(f"歧义组白名单里的 {mdc} 不是 MDC", f"{mdc} of the QY list is no MDC", where=f"{pack.name} QY", mend=LISTED)
        _sets_exist(pack, sets(parse(rule, f"{pack.name} {mdc} QY")), f"{pack.name} {mdc} QY")
    return found


def unexcluded(pack: Pack) -> tuple[Say, ...]:
    """写法不同的排除表 · A note on exclusion tables that severity writes otherwise than the exclusions do: nothing would be excluded.

    A table that holds no principal diagnosis at all is how schemes write that a complication is never excluded.
    """
    known = set(pack.exclusions.values())
    alike = {table.casefold(): table for table in known}
    odd = sorted({t for _, t in pack.severity.values() if t not in known and t.casefold() in alike})
    shown = [(t, alike[t.casefold()]) for t in odd[:5]]
    zh = "、".join(f"{one} 与 {other}" for one, other in shown)
    en = ", ".join(f"{one} and {other}" for one, other in shown)
    chinese = f"并发症表与排除表里的表名只差大小写（{zh}），按两张表算，这些并发症不会被排除；是同一张就改成一样"
    english = (
        f"tables of the severity list and of the exclusions differ in capitals only ({en}): they count as two and nothing is excluded; "
        "write them alike where they are one"
    )
    return ((chinese, english),) if odd else ()


def _reserved(name: str, where: str) -> FileError:
    means = MCC if name in VIRTUAL else BARRED
    return FileError(
        f"集合不能叫 {name}：{means[0]}",
        f"no set may be named {name}: {means[1]}",
        where=where,
        mend=("换一个集合名，规则里也一起改", "give the set another name, in the rules as well"),
    )


def _sets_exist(pack: Pack, named: Iterable[str], where: str) -> None:
    for name in sorted(named):
        if name not in pack.sets and name not in VIRTUAL:
            near = did_you_mean(name, pack.sets)
            raise FileError(
                f"规则用到的集合 {name} 不存在",
                f"the rule names a set {name} that does not exist",
                where=where,
                mend=near if near[0] else SET,
            )


def _parents(groups: Iterable[Group], found: Rules, told: Mapping[tuple[str, str], str], name: str) -> None:
    empty = {level: {at[1] for at in found if at[0] == level} for level in ("mdc", "adrg")}
    for g in groups:
        if g.level == "mdc":
            continue
        above, where = ABOVE[g.level], told.get((g.level, g.code), f"{name} {g.code}")
        if (above, g.parent) not in found:
            near = did_you_mean(g.parent, (code for level, code in found if level == above))
            raise FileError(
                f"{g.code} 属于 {g.parent}，但没有这个 {above.upper()}",
                f"{g.code} belongs to {g.parent}, and there is no such {above.upper()}",
                where=where,
                mend=near if near[0] else PARENT,
            )
        if g.level == "drg" and not g.code.startswith(g.parent):
            raise FileError(
                f"DRG {g.code} 不是以所属 ADRG {g.parent} 开头",
                f"the DRG {g.code} does not start with its ADRG {g.parent}",
                where=where,
                mend=("核对 DRG 编码与所属 ADRG", "check the code of the DRG and the ADRG it belongs to"),
            )
        empty[above].discard(g.parent)
    if childless := sorted(empty["adrg"]):
        shown = "、".join(childless[:5])
        raise FileError(
            f"这些 ADRG 没有 DRG：{shown}",
            f"these ADRG have no DRG: {', '.join(childless[:5])}",
            where=told.get(("adrg", childless[0]), name),
            mend=("每个 ADRG 至少要有一个 DRG", "every ADRG needs at least one DRG"),
        )


MCC: Say = ("规则里它指排除后仍算数的并发症", "in rules it stands for the other diagnoses that count as such")
BARRED: Say = (
    "这个名字留给不入组的编码，它们写在 ungroupable.csv",
    "the name is kept for codes that do not group, which stand in ungroupable.csv",
)
ONCE: Say = ("删去重复的一行", "remove one of the two rows")
LISTED: Say = ("白名单里只写 MDC 编码", "list codes of MDC only")
SET: Say = ("补上这个集合的编码，或改正规则里的名字", "add the codes of this set, or correct its name in the rule")
PARENT: Say = ("补上它所属的组，或改正所属的编码", "add the group it belongs to, or correct the code of that group")
