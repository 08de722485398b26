"""官方 DRG 工作簿 · Reads the official workbook of a CHS-DRG edition (分组方案配置信息) into a pack.

Sheets and columns are found by their text; rules are taken as they are written, folded to one line of half width. What the
file is known to get wrong is corrected and told in the notes of the pack, with sheet and row.
"""

import re
from dataclasses import dataclass, field, replace
from typing import NoReturn

from heng.core.errors import FileError, Say
from heng.intake.packs import corrections, folding
from heng.intake.packs.blocks import Layout, Row, found, titles
from heng.intake.packs.blocks import rows as rows_of
from heng.intake.sheet import Source
from heng.methods.grouping.check import rules
from heng.methods.grouping.compile import operative
from heng.methods.grouping.language import parse
from heng.methods.grouping.pack import ROBOT, VALID_OP, Group, Kind, Level, Pack

SCHEME = "chs-drg"
LAYOUTS = {
    "MDC": Layout({"code": ("MDC编码",), "name": ("MDC名称",), "rule": ("MDC规则",), "order": ("排序",)}, ("code", "rule")),
    "ADRG": Layout(
        {"code": ("ADRG编码",), "name": ("ADRG名称",), "rule": ("ADRG规则",), "scope": ("所属MDC编码",), "order": ("MDC内排序", "排序")},
        ("code", "rule", "scope"),
    ),
    "DRG": Layout(
        {"code": ("DRG编码", "DRG"), "name": ("DRG名称",), "rule": ("DRG规则",), "scope": ("所属ADRG编码",), "order": ("排序",)},
        ("code", "rule", "scope"),
    ),
    "集合": Layout({"set": ("集合编号",), "code": ("ICD编码",)}, ("set", "code")),
    "CC": Layout({"code": ("疾病编码", "ICD编码"), "table": ("排除表",), "level": ("类型", "类型编号")}, ("code", "table", "level")),
    "排除表": Layout({"set": ("集合编号",), "code": ("ICD编码",)}, ("set", "code")),
}
NOTHING_HIT = re.compile(r"^(?:0000?|[A-Z]000?)$")
"""未入组的行 · Codes by which the workbook says that nothing was hit: B00, B000, 000, 0000. Such a case is ungrouped."""
QY = "QY"
MEND: Say = ("请用官方发布的原文件，或改正这一行", "use the file as it was published, or correct this row")


@dataclass(frozen=True)
class Node:
    """一行 MDC、ADRG 或 DRG · A row of the three sheets of groups."""

    row: Row
    code: str
    scope: str
    order: int
    rule: str

    @property
    def where(self) -> str:
        """在哪 · Sheet and row."""
        return self.row.where

    @property
    def grouping(self) -> bool:
        """是不是病组 · Whether it is a group, not the word for an ambiguous case or for none."""
        return not (NOTHING_HIT.match(self.code) or self.code.endswith(QY))


def is_official(source: Source) -> bool:
    """是否官方 DRG 工作簿 · Whether a workbook has the sheets of the official one."""
    return {"MDC", "ADRG", "DRG"} <= {folding.code(s.name) for s in source.sheets}


def official(source: Source, sha256: str = "") -> Pack:
    """读成一个方案 · The pack of an official workbook; FileError where its structure is broken."""
    reader = _Reader(source)
    edition = reader.edition()
    known = corrections.facts()["editions"].get(edition, {})
    groups, qy = reader.groups()
    pack = Pack(
        scheme=SCHEME,
        edition=edition,
        groups=groups,
        sets=reader.sets(),
        severity=reader.severity(),
        exclusions=reader.exclusions(edition),
        qy=qy,
        since=known.get("since"),
        source=known.get("source", source.name),
        sha256=sha256,
    )
    rules(pack, reader.places)
    return replace(pack, notes=(*reader.notes, *corrections.counts(edition, reader.counted), *_left_out(edition)))


@dataclass
class _Reader:
    """The sheets of one workbook, what was corrected in them so far, where each group stands, and how many there were of what."""

    source: Source
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[Say] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    def edition(self) -> str:
        said = [*titles(found(self.source, "MDC"), LAYOUTS["MDC"]), self.source.name]
        return next((m.group(1) for text in said if (m := corrections.EDITION.search(folding.code(text)))), "")

    def rows(self, name: str) -> list[Row]:
        return list(rows_of(found(self.source, name), LAYOUTS[name], self.source.name))

    def groups(self) -> tuple[tuple[Group, ...], dict[str, str]]:
        """The groups in official order, and the white list of QY."""
        levels: list[tuple[Level, list[Node]]] = [("mdc", self._nodes("MDC")), ("adrg", self._nodes("ADRG")), ("drg", self._nodes("DRG"))]
        ambiguous = [n for n in levels[1][1] if n.code.endswith(QY)]
        kept = [(level, [n for n in nodes if n.grouping]) for level, nodes in levels]
        self.counted |= {level: len(nodes) for level, nodes in kept} | {"qy": len(ambiguous)}
        self.notes += _set_aside(len(ambiguous), sum(not n.grouping for n in levels[1][1]) - len(ambiguous))
        return tuple(_group(level, n, i) for level, nodes in kept for i, n in enumerate(nodes, 1)), {n.scope: n.rule for n in ambiguous}

    def sets(self) -> dict[str, frozenset[str]]:
        named = [(folding.name(r["set"]), folding.code(r["code"]), r.where) for r in self.rows("集合")]
        gathered: dict[str, set[str]] = {}
        for name, member, _ in named:
            gathered.setdefault(name, set()).add(member)
        self.notes += corrections.duplicates(named, "集合")
        self.counted |= {"sets": len(gathered), "set_rows": len(named), "valid_ops": len(gathered.get(VALID_OP, ()))}
        self.counted["robot"] = len(gathered.get(ROBOT, ()))
        if VALID_OP not in gathered:
            raise FileError(
                f"「集合」表没有 {VALID_OP}，无法判断手术病例",
                f"the sheet 集合 has no {VALID_OP}, without which surgical cases cannot be told",
                where=self.source.name,
                mend=MEND,
            )
        if ROBOT not in gathered:
            self.notes.append(
                (f"集合：没有 {ROBOT}，机器人辅助的细分不会命中", f"集合: there is no {ROBOT}; robot-assisted splits will not be hit")
            )
        return {name: frozenset(some) for name, some in gathered.items()}

    def severity(self) -> dict[str, tuple[str, str]]:
        known: dict[str, tuple[str, str]] = {}
        doubts, lines = list[str](), self.rows("CC")
        for row in lines:
            dx, level, table = folding.code(row["code"]), folding.code(row["level"]), folding.name(row["table"])
            if level not in ("MCC", "CC"):
                self._broken(row, f"类型应为 MCC 或 CC，这里是「{level}」", f"the type should be MCC or CC; it is {level!r}")
            value = (level, table)
            if known.setdefault(dx, value) != value:
                doubts.append(f"{row.where} {dx}")
        self.notes += corrections.kept_first(doubts, "CC")
        self.counted["severity"] = len(lines)
        return known

    def exclusions(self, edition: str) -> dict[str, str]:
        known: dict[str, str] = {}
        doubts, lines = list[str](), self.rows("排除表")
        for row in lines:
            dx, table = folding.code(row["code"]), folding.name(row["set"])
            if known.setdefault(dx, table) != table:
                doubts.append(f"{row.where} {dx}")
        full, added = corrections.missing_exclusions(edition, known)
        self.notes += corrections.kept_first(doubts, "排除表") + added
        self.counted |= {"exclusion_rows": len(lines), "exclusions": len(full), "tables": len(set(full.values()))}
        return full

    def _nodes(self, name: str) -> list[Node]:
        nodes, folds, doubts, before = list[Node](), 0, list[str](), dict[str, int]()
        for row in self.rows(name):
            code, rule, scope = folding.code(row["code"]), folding.rule(row["rule"]), folding.code(row["scope"])
            folds += rule != row.raw.get("rule", "").strip()
            where = f"{self.source.name} {row.where}"
            parse(rule, where)  # a rule that cannot be read is told with its row, those of QY too
            place = (name.lower(), code)
            self.places[place] = f"{self.places[place]}, {row.where}" if place in self.places else where
            order = _whole(row["order"])
            if order is None:
                doubts.append(f"{row.where} {code}「{row['order']}」")
            before[scope] = before.get(scope, 0) if order is None else order
            nodes.append(Node(row, code, scope, before[scope], rule))
        self.counted[f"{name.lower()}_rows"] = len(nodes)
        self.notes += corrections.folded(folds, name) + corrections.unread_orders(doubts, name)
        if name == "MDC":  # one without a rule is tried for every case (先期分组); it is no fallback
            return sorted(nodes, key=lambda n: n.order)
        ordered, moved = corrections.fallbacks_last(nodes)
        self.notes += moved
        return ordered

    def _broken(self, row: Row, zh: str, en: str) -> NoReturn:
        raise FileError(zh, en, where=f"{self.source.name} {row.where}", mend=MEND)


def _whole(text: str) -> int | None:
    return int(float(text)) if re.fullmatch(r"\d{1,6}(?:\.0+)?", text) else None


def _group(level: Level, node: Node, order: int) -> Group:
    return Group(level, node.code, node.row["name"], node.scope, order, node.rule, _kind(node) if level == "adrg" else "")


def _kind(node: Node) -> Kind:
    """What the rule asks for decides; the second character tells surgery (A–J) from other procedures."""
    if not operative(parse(node.rule, node.where)):
        return "medical"
    return "surgery" if node.code[1:2] <= "J" else "procedure"


def _set_aside(qy: int, fallbacks: int) -> list[Say]:
    ambiguous = (
        f"ADRG：{qy} 行 QY 是歧义组白名单，不是病组",
        f"ADRG: {qy} QY rows are the white list of ambiguous cases and no groups",
    )
    nothing = (
        f"ADRG：{fallbacks} 行兜底（如 B00、000）表示未入组，不是病组",
        f"ADRG: {fallbacks} fallback rows (such as B00, 000) say that nothing was hit and are no groups",
    )
    return [ambiguous] * bool(qy) + [nothing] * bool(fallbacks)


def _left_out(edition: str) -> list[Say]:
    unnamed = ("没有写明版本，未核对数目，未补录", "the edition is not named: nothing was counted against it or added")
    besides = (
        "本工作簿不含不参与分组的编码、国临与医保对照、权重与基层病组：可另建文件夹铺在它上面（ungroupable、dx_map、op_map、weights）",
        "the workbook has no codes that do not group, no maps of codes, no weights and primary groups: lay a folder with them over it",
    )
    return [unnamed] * (not edition) + [besides]
