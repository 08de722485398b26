"""官方 DIP 工作簿 · Reads the official DIP workbook (按病种分值付费分组方案) into a DIP pack.

Sheets are found by their titles, blocks by their own headers inside a sheet, codes joined by `|` (any of) and `+` (all of).
A row whose codes have lost a decimal point or have grown together, as in files taken from the printed text, is told.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from heng.core.errors import FileError, Say
from heng.intake.packs import corrections, folding
from heng.intake.packs.blocks import Layout, Row, rows, titles
from heng.intake.sheet import Sheet, Source
from heng.intake.vocabulary import header
from heng.methods.dip.pack import EVERY, Bar, DipPack, Entry, Part, Span, ways

SCHEME = "dip"
FACTS = "dip_workbook"
ENTRY = Layout(
    {
        "number": ("序号",),
        "class": ("分类",),
        "name": ("分组名称",),
        "dx": ("主要诊断编码",),
        "dx_name": ("主要诊断名称",),
        "ops": ("主要手术操作编码", "主要手术操作/相关手术操作编码"),
        "op_name": ("主要手术操作名称", "主要手术操作/相关手术操作名称"),
        "related": ("相关手术操作编码",),
        "other_dx": ("其他诊断编码",),
        "age_days": ("天龄",),
        "weight": ("出生体重",),
        "degree": ("烧伤腐蚀伤程度",),
        "area": ("烧伤腐蚀伤面积",),
        "resistant": ("是否耐药",),
        "resistant_by": ("是否耐药说明",),
        "remark": ("说明", "备注"),
    },
    ("number", "dx"),
)
NO_DX = Layout({"dx": ("主要诊断编码",)}, ("dx",))
NO_OP = Layout({"op": ("主要手术操作编码",), "remark": ("说明", "备注")}, ("op",))
PARTS: tuple[tuple[str, str, Part], ...] = (
    ("early", "先期分组", "early"),
    ("burn", "烧伤类病种", "division"),
    ("tumour", "肿瘤类病种", "division"),
    ("tuberculosis", "结核类病种", "division"),
    ("merged", "并项规则下的核心病种", "merged"),
    ("basic", "基础规则下的核心病种", "basic"),
)
ALL_DX = "所有诊断"
YES, NO = "是", "否"
DX = re.compile(r"[A-Z]\d{2}(?:\.\w+)?[+*†]?(?:-[A-Z]\d{2})?")
OP = re.compile(r"\d{2}\.\w+")
NAMED = re.compile(r"[A-Z]\d{2}(?:\.\d\w*)?")
UNLESS = re.compile(r"(.+)作为主要诊断")
MEND: Say = ("请用官方发布的 xlsx 原文件，或改正这一行", "use the xlsx as it was published, or correct this row")


def is_dip(source: Source) -> bool:
    """是否官方 DIP 工作簿 · Whether a workbook has the sheets of the official one."""
    return _titled(source, "先期分组") is not None and _titled(source, "基础规则下的核心病种") is not None


def dip_workbook(source: Source, sha256: str = "") -> DipPack:
    """读成一个目录 · The pack of an official DIP workbook; FileError where its structure is broken."""
    reader = _Reader(source)
    edition = reader.edition()
    known = corrections.facts(FACTS)["editions"].get(edition, {})
    entries = reader.entries()
    marked = reader.primary(entries)
    return DipPack(
        scheme=SCHEME,
        edition=edition,
        entries=marked,
        no_dx=frozenset(reader.no_dx()),
        no_op=reader.no_op(),
        resistant=tuple(code for row in reader.rows("resistant", "结核耐药诊断", NO_DX) for code in reader.dx(row, "dx")),
        resistant_other=tuple(dict.fromkeys(reader.resistant_other)),
        since=known.get("since"),
        source=known.get("source", source.name),
        sha256=sha256,
        notes=(*reader.notes, *corrections.counts(edition, reader.counted, FACTS)),
    )


def _titled(source: Source, title: str) -> Sheet | None:
    """The sheet with a title in its name, or above its header where the name was changed."""
    wanted = header(title)
    by_name = [s for s in source.sheets if wanted in header(s.name)]
    return next(iter(by_name), None) or next((s for s in source.sheets if any(wanted in header(t) for t in titles(s, NO_DX)[:2])), None)


@dataclass
class _Reader:
    """The sheets of one workbook, what is doubtful in them so far, and how many rows they had."""

    source: Source
    notes: list[Say] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    resistant_other: list[str] = field(default_factory=list)

    def edition(self) -> str:
        said = [self.source.name, *(t for s in self.source.sheets for t in titles(s, NO_DX))]
        return next((m.group(1) for text in said if (m := corrections.EDITION.search(folding.code(text)))), "")

    def rows(self, name: str, title: str, layout: Layout) -> Iterator[Row]:
        """The rows of a sheet that have what the layout needs first; those of notes below the table are left out."""
        sheet = _titled(self.source, title)
        if sheet is None:
            has = "、".join(s.name for s in self.source.sheets)
            raise FileError(
                f"没有标题为「{title}」的工作表，只有：{has}",
                f"no sheet has the title {title!r}; there are only: {has}",
                where=self.source.name,
                mend=MEND,
            )
        self.counted[name] = 0
        for row in rows(sheet, layout, self.source.name):
            if layout is not ENTRY or row["number"].isdigit():
                self.counted[name] += 1
                yield row

    def entries(self) -> list[Entry]:
        made: dict[str, Entry] = {}
        keys: dict[str, str] = {}
        for name, title, part in PARTS:
            for row in self.rows(name, title, ENTRY):
                entry = self._entry(name, part, row)
                if entry.code in made:
                    self._broken(
                        row, f"{entry.code} 与 {made[entry.code].where} 重复", f"{entry.code} stands already at {made[entry.code].where}"
                    )
                if entry.key in keys:
                    self.notes.append(_same_key(entry, keys[entry.key]))
                made[entry.code], keys[entry.key] = entry, entry.where
        return list(made.values())

    def _entry(self, name: str, part: Part, row: Row) -> Entry:
        dx, ops = self.dx(row, "dx"), ways(folding.code(row["ops"]))
        remark = row["remark"]
        if not dx:
            self._broken(row, "主要诊断编码为空", "the principal diagnosis is blank")
        self._doubt_ops(row, ops)
        small = part == "early" and not ops  # newborns by weight: a block of its own, in which procedures do not matter
        if name == "tuberculosis" and row["resistant"] == YES:
            self.resistant_other += NAMED.findall(row["resistant_by"])
        return Entry(
            code=f"{row['class'] or part}-{row['number']}",
            part=part,
            name=row["name"] or "，".join(t for t in (row["dx_name"] or row["degree"], row["op_name"]) if t),
            dx=tuple(EVERY if code == ALL_DX else code for code in dx),
            ops=None if small else ops,
            related=ways(folding.code(row["related"])),
            other_dx=self.dx(row, "other_dx"),
            any_dx="不限定为主要诊断" in remark,
            any_op="不限定为主要手术操作" in remark or name == "tumour",
            age_days=self._span(row, "age_days"),
            weight=self._span(row, "weight"),
            resistant=self._flag(row),
            difference=_difference(name, row),
            where=row.where,
        )

    def primary(self, entries: list[Entry]) -> tuple[Entry, ...]:
        """The diseases of the sheet 基层病种 are marked; one that the catalogue does not have is told."""
        wanted = {(self.dx(r, "dx"), ways(folding.code(r["ops"]))): r.where for r in self.rows("primary", "基层病种", ENTRY)}
        known = {(e.dx, e.ops) for e in entries}
        self.notes += [_unmatched("|".join(dx), where) for (dx, ops), where in wanted.items() if (dx, ops) not in known]
        return tuple(replace(e, primary=(e.dx, e.ops) in wanted and not e.difference) for e in entries)

    def no_dx(self) -> set[str]:
        return {code for row in self.rows("no_dx", "不纳入分组的主要诊断", NO_DX) for code in self.dx(row, "dx")}

    def no_op(self) -> dict[str, Bar]:
        found: dict[str, Bar] = {}
        for row in self.rows("no_op", "不纳入分组的主要手术操作", NO_OP):
            bar = _bar(folding.code(row["remark"]))
            codes = ways(folding.code(row["op"]))
            self._doubt_ops(row, codes)
            if bar is None:
                self.notes.append(_unread(row))
            found |= {op: bar or Bar() for way in codes for op in way}
        return found

    def dx(self, row: Row, column: str) -> tuple[str, ...]:
        codes = tuple(code for code in folding.code(row[column]).split("|") if code)
        for code in codes:
            if code != ALL_DX and not DX.fullmatch(code):
                self.notes.append(_doubtful(row, code))
        return codes

    def _doubt_ops(self, row: Row, some: tuple[tuple[str, ...], ...]) -> None:
        self.notes += [_doubtful(row, op) for way in some for op in way if not OP.fullmatch(op)]

    def _span(self, row: Row, column: str) -> Span | None:
        """`<29天` or `出生体重0-999克`."""
        text = folding.code(row[column])
        if not text:
            return None
        if below := re.search(r"<(\d+)", text):
            return Span(0, int(below[1]) - 1)
        between = re.search(r"(\d+)[-–—~](\d+)", text)
        if not between:
            self._broken(row, f"读不懂「{text}」", f"{text!r} cannot be read")
        return Span(int(between[1]), int(between[2]))

    def _flag(self, row: Row) -> bool | None:
        text = row["resistant"]
        if text not in ("", YES, NO):
            self._broken(row, f"是否耐药应为 是 或 否，这里是「{text}」", f"resistant should be 是 or 否; it is {text!r}")
        return text == YES if text else None

    def _broken(self, row: Row, zh: str, en: str) -> NoReturn:
        raise FileError(zh, en, where=f"{self.source.name} {row.where}", mend=MEND)


def _difference(name: str, row: Row) -> str:
    told: Mapping[str, str] = {
        "early": "|".join(t for t in (row["age_days"], row["weight"]) if t),
        "burn": row["area"],
        "tumour": row["other_dx"],
        "tuberculosis": row["resistant"],
    }
    return told.get(name, "")


def _bar(remark: str) -> Bar | None:
    """What the remark of a procedure that does not group says; without one the case is treated as conservative."""
    if within := UNLESS.match(remark):
        return Bar(unless=tuple(within[1].split("|")))
    if "不可作为主要手术操作" in remark:
        return Bar(conservative=False)
    return Bar() if not remark or "保守治疗" in remark else None


def _same_key(entry: Entry, first: str) -> Say:
    return (
        f"{entry.where}：{entry.code} 的组合与 {first} 相同，次序在前者优先",
        f"{entry.where}: {entry.code} is made of the same codes as {first}; the one that comes first wins",
    )


def _unmatched(dx: str, where: str) -> Say:
    return (f"{where}：基层病种 {dx} 在目录中没有对应的病种", f"{where}: the primary disease {dx} matches none of the catalogue")


def _unread(row: Row) -> Say:
    return (
        f"{row.where}：说明「{row['remark']}」读不懂，按保守治疗入组处理",
        f"{row.where}: the remark {row['remark']!r} cannot be read; the procedure counts as conservative treatment",
    )


def _doubtful(row: Row, code: str) -> Say:
    return (
        f"{row.where}：编码「{code}」像是丢了小数点或几个编码粘连，不会命中任何病例",
        f"{row.where}: the code {code!r} seems to have lost its point or to be several in one; no case will meet it",
    )
