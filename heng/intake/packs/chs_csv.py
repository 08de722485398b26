"""CHS-DRG 1.x 的 CSV 布局 · The CSV layout in which the national scheme 1.0 and 1.1 was laid down: one table a kind of list.

mdc, mdc_dx (with the body site for MDCZ), adrg, adrg_dx, adrg_op, drg, mcc, cc, exclusion, valid_op. Its conditions are written
in the one rule language, so that one grouper reads every edition. The layout lists no QY groups; `qy.csv` (mdc, rule) may.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from heng.core.errors import FileError, Say
from heng.intake.packs.table import Folder, Line
from heng.methods.grouping.pack import VALID_OP, Group, Kind, Level, Pack

Sets = Mapping[str, frozenset[str]]
LEVELS: dict[Level, str] = {"mdc": "mdc name order condition", "adrg": "mdc adrg order condition", "drg": "adrg drg name order condition"}
KINDS: Mapping[str, Kind] = {"外科手术": "surgery", "非手术室操作": "procedure", "内科诊断": "medical", "": ""}
FIELDS = {"PDX": "ZYZD", "ANYDX": "{ZYZD,QTZD}", "POP": "ZYSS", "ANYOP": "{ZYSS,QTSS}"}
SCALARS = {"AGEYEARS": "NL", "AGEDAYS": "XSRTL", "WEIGHT": "XSRTZ", "SEX": "XB"}
SPLITS = {"ANY": "", "MCC": "QTZD in MCC", "CC": "QTZD in CC", "MCC or CC": "QTZD in {MCC,CC}"}
SITES = ">=2 body sites among all dx"
ATOM = re.compile(r"(NO )?(PDX|ANYDX|POP|ANYOP) in (\w+)")
SPLIT_UP = re.compile(r"_\d+$")
"""一个 ADRG 拆成几行 · An ADRG that the file keeps in several rows, AH1_1 and AH1_2."""


def is_chs_csv(folder: Folder) -> bool:
    """是不是这种布局 · Whether a folder is laid out so."""
    return folder.has("adrg_dx.csv") and folder.has("adrg.csv")


def read_chs_csv(folder: Folder) -> tuple[Pack, dict[tuple[str, str], str]]:
    """读入 · The pack, and where each group was written (file and row)."""
    sets = _sets(folder)
    groups, places = dict[tuple[str, ...], Group](), dict[tuple[str, str], str]()
    notes = list[Say]()
    for level, columns in LEVELS.items():
        for line in folder.lines(f"{level}.csv", columns):
            made = _group(level, line, sets)
            _add(groups, made, line, notes)
            places.setdefault((level, made.code), line.where)
    if folder.has("qy.csv"):
        qy = {line["mdc"]: line["rule"] for line in folder.lines("qy.csv", "mdc")}
    else:
        qy = {}
        notes.append(NO_QY)
    pack = Pack(
        scheme="",
        edition="",
        groups=tuple(groups.values()),
        sets=sets,
        severity=_severity(folder),
        exclusions=dict(folder.columns("exclusion.csv", "principal_dx exclusion_table")),
        qy=qy,
        notes=tuple(notes),
    )
    return pack, places


NO_QY: Say = (
    "方案没有列出歧义组（QY）：手术不属于任何手术组的病例，按次序进入内科组",
    "the pack lists no QY groups: a case whose procedure belongs to no group goes on to the medical groups in their order",
)


def _sets(folder: Folder) -> Sets:
    found: dict[str, frozenset[str]] = {VALID_OP: frozenset(op for (op,) in folder.columns("valid_op.csv", "op"))}
    for (mdc, site), codes in folder.sets("mdc_dx.csv", "mdc body_site", "dx").items():
        found[f"{mdc}.D"] = found.get(f"{mdc}.D", frozenset()) | codes
        if site:
            found[f"{mdc}.{_word(site)}"] = codes
    for name, code in (("adrg_dx.csv", "dx"), ("adrg_op.csv", "op")):
        found |= {f"{adrg}.{listed}": codes for (adrg, listed), codes in folder.sets(name, "adrg set", code).items()}
    return found


def _word(text: str) -> str:
    return re.sub(r"\W", "", text)


def _severity(folder: Folder) -> dict[str, tuple[str, str]]:
    return {dx: (level, table) for level in ("CC", "MCC") for dx, table in folder.columns(f"{level.lower()}.csv", "dx exclusion_table")}


def _group(level: Level, line: Line, sets: Sets) -> Group:
    code = line[level]
    if level == "drg":
        if line["condition"] not in SPLITS:
            raise _unread(line["condition"], line.where)
        rule, parent = SPLITS[line["condition"]], SPLIT_UP.sub("", line["adrg"])
    else:
        rule, parent = _rule(line["condition"], code, sets, line.where), "" if level == "mdc" else line["mdc"]
    if line["kind"] not in KINDS:
        raise _unread(line["kind"], line.where)
    return Group(level, SPLIT_UP.sub("", code), line["name"], parent, line.whole("order"), rule, KINDS[line["kind"]])


def _add(groups: dict[tuple[str, ...], Group], made: Group, line: Line, notes: list[Say]) -> None:
    """同一个组拆成的几行合并 · A group that the file keeps in several rows becomes one: any of the conditions."""
    at = (made.level, made.code)
    before = groups.pop(at, None) if SPLIT_UP.search(line["adrg"]) else None
    if before:
        rule = before.rule if before.rule == made.rule else f"({before.rule or 1}) or ({made.rule or 1})"
        made = replace(before, rule=rule)
        notes.append((f"{made.code} 的几行合成一个组", f"the rows of {made.code} were joined into one group"))
    groups[at if at not in groups else (*at, line.where)] = made  # a group that is written twice is told when the pack is checked


def _rule(condition: str, code: str, sets: Sets, where: str) -> str:
    """译成规则语言 · A condition in the rule language; FileError with the part that cannot be read."""
    if condition == "TRUE":
        return ""
    return "".join(_part(part, code, sets, where) for part in re.split(r"(\(|\)|\band\b|\bor\b)", condition))


def _part(part: str, code: str, sets: Sets, where: str) -> str:
    text = part.strip()
    if text in ("", "(", ")", "and", "or"):
        return part
    if text == SITES:
        return f" {_sites(code, sets)} "
    if found := ATOM.fullmatch(text):
        named = {"VALIDOP": VALID_OP, "MDC": f"{code}.D"}.get(found[3], f"{code}.{found[3]}")
        return f" {FIELDS[found[2]]} {'not in' if found[1] else 'in'} {named} "
    if found := re.fullmatch(r"(AGEYEARS|AGEDAYS|WEIGHT|SEX)(?:(<=|>=|<|>|=)(\d+|M|F))?", text):
        compared = f"{found[2]} {({'M': '1', 'F': '2'}).get(found[3], found[3])}" if found[2] else "> 0"
        return f" {SCALARS[found[1]]} {compared} "
    raise _unread(text, where)


def _sites(code: str, sets: Sets) -> str:
    """两个以上部位 · Injuries of two or more body sites: the principal one in a site, another diagnosis in another."""
    names = sorted(n for n in sets if n.startswith(f"{code}.") and n != f"{code}.D")
    pairs = (f"ZYZD in {n} and QTZD in {{{','.join(o for o in names if o != n)}}}" for n in names)
    return f"({' or '.join(f'({p})' for p in pairs)})"


def _unread(text: str, where: str) -> FileError:
    return FileError(
        f"条件读不懂：{text}",
        f"the condition cannot be read: {text}",
        where=where,
        mend=("改正这一行的条件", "correct the condition of this row"),
    )
