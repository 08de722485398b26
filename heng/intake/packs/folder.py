"""自有布局的方案文件夹 · A pack in our own folder layout, plain CSV or CSV.gz beside manifest.yaml.

mdc, adrg, drg (code, name, parent, order, rule, kind), sets (set, code), severity (code, level, table), exclusion (code, table),
qy (mdc, rule); optional: weights, ungroupable (kind dx or op, code), dx_map and op_map (code, to).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from heng.core.errors import FileError, Say, did_you_mean
from heng.intake.numerals import one
from heng.intake.packs.corrections import shown
from heng.intake.packs.table import Folder, Line
from heng.intake.problems import PROBLEMS
from heng.methods.grouping.pack import Group, Kind, Level, Pack, Weight
from heng.tables.codes import INSURANCE
from heng.tables.packs import PackWeight

KINDS: dict[str, Kind] = {"surgery": "surgery", "procedure": "procedure", "medical": "medical", "": ""}
LEVELS: tuple[Level, ...] = ("mdc", "adrg", "drg")
PRIMARY = {"1": True, "true": True, "是": True, "": False, "0": False, "false": False, "否": False}
DECIMALS = {n: int(c.type.rpartition(",")[2].rstrip(")")) for n, c in PackWeight.columns.items() if c.type.startswith("decimal")}
"""小数位 · The decimals that the table of weights keeps, by column."""
Places = dict[tuple[str, str], str]
Odd = dict[tuple[str, str], list[str]]
"""读得出而可疑的数 · Numbers that were read and are odd: column and kind of problem → where they stand."""


def read_folder(folder: Folder) -> tuple[Pack, Places]:
    """读入 · The pack, and where each group was written (file and row)."""
    places = Places()
    groups = [group(level, line, places) for level in LEVELS for line in folder.lines(f"{level}.csv", "code name order rule")]
    sets = {name: codes for (name,), codes in folder.sets("sets.csv", "set", "code").items()}
    places |= {("set", name): "sets.csv" for name in sets}
    barred = _optional(folder, "ungroupable.csv", "kind code")
    for line in barred:
        if line["kind"] not in ("dx", "op"):
            raise _wrong(line, "kind", ("诊断 dx 或手术操作 op", "dx for a diagnosis or op for a procedure"))
    pack = Pack(
        scheme="",
        edition="",
        groups=tuple(groups),
        sets=sets,
        severity=dict(map(severe, _by_code(folder, "severity.csv", "code level table").values())),
        exclusions={code: line["table"] for code, line in _by_code(folder, "exclusion.csv", "code table").items()},
        qy={mdc: line["rule"] for mdc, line in _by_code(folder, "qy.csv", "mdc").items()},
        no_dx=frozenset(line["code"] for line in barred if line["kind"] == "dx"),
        no_op=frozenset(line["code"] for line in barred if line["kind"] == "op"),
        dx_map={code: line["to"] for code, line in _by_code(folder, "dx_map.csv", "code to").items()},
        op_map={code: line["to"] for code, line in _by_code(folder, "op_map.csv", "code to").items()},
    )
    return pack, places


def weights(folder: Folder, places: Places) -> tuple[Weight, ...]:
    """权重 · The weights of a folder, none where it has no weights.csv."""
    found, odd = dict[tuple[str, str, date], Weight](), Odd()
    for line in _optional(folder, "weights.csv", "group insurance since weight"):
        made = weight(line, odd)
        places.setdefault(("weight", made.group), line.where)
        if found.setdefault((made.group, made.insurance, made.since), made) != made:
            raise _twice(line, made.group)
    folder.notes += doubtful(odd)
    return tuple(found.values())


def weighed(groups: Iterable[Group], qy: Iterable[str]) -> set[str]:
    """可有权重的组 · The groups that may have a weight: those of the last level, and the QY group of a major category."""
    return {g.code for g in groups if g.level == "drg"} | {f"{mdc.removeprefix('MDC')}QY" for mdc in qy}


def weights_fit(pack: Pack, places: Places) -> None:
    """权重的组都在 · FileError for weights of groups that the pack does not have, with their rows."""
    known = weighed(pack.groups, pack.qy)
    if strange := [code for code in dict.fromkeys(w.group for w in pack.weights) if code not in known]:
        where = shown([f"{places['weight', code]} {code}" for code in strange])
        near = did_you_mean(strange[0], known)
        raise FileError(
            f"方案没有权重所写的组（{len(strange)} 个：{where}）",
            f"weights name groups that the pack does not have ({len(strange)}: {where})",
            where=places["weight", strange[0]],
            mend=near if near[0] else ("改正组的编码，或删去这些行", "correct the codes of the groups, or remove these rows"),
        )


def _optional(folder: Folder, name: str, columns: str) -> list[Line]:
    return folder.lines(name, columns) if folder.has(name) else []


def _by_code(folder: Folder, name: str, columns: str) -> dict[str, Line]:
    """按编码 · The rows of a list by its first column; FileError for a row without it, or two that tell different things of one."""
    key, found = columns.split(maxsplit=1)[0], dict[str, Line]()
    for line in _optional(folder, name, columns):
        if not line[key]:
            raise _wrong(line, key, ("编码", "a code"))
        if found.setdefault(line[key], line).cells != line.cells:
            raise _twice(line, line[key])
    return found


def group(level: Level, line: Line, places: Places) -> Group:
    """一行病组 · The group of a line; FileError where its kind or code cannot be understood."""
    if line["kind"] not in KINDS:
        raise _wrong(line, "kind", ("surgery、procedure、medical 或空", "surgery, procedure, medical or nothing"))
    if not line["code"]:
        raise _wrong(line, "code", ("组的编码", "the code of the group"))
    if (level, line["code"]) not in places:
        places[level, line["code"]] = line.where
    else:
        places[level, line["code"]] = f"{places[level, line['code']]}, {line.where}"
    return Group(level, line["code"], line["name"], line["parent"], line.whole("order"), line["rule"], KINDS[line["kind"]])


def severe(line: Line) -> tuple[str, tuple[str, str]]:
    """一行合并症 · A diagnosis with its severity and exclusion table."""
    if line["level"] not in ("MCC", "CC"):
        raise _wrong(line, "level", ("MCC 或 CC", "MCC or CC"))
    return line["code"], (line["level"], line["table"])


def weight(line: Line, odd: Odd) -> Weight:
    """一行权重 · The weight of a line; numbers that were rounded and the like are noted in `odd`."""
    if line["insurance"] not in ("", *INSURANCE):
        raise _wrong(line, "insurance", (f"{'、'.join(INSURANCE)} 或空（各险种）", f"{', '.join(INSURANCE)}, or nothing (every insurance)"))
    try:
        since = date.fromisoformat(line["since"])
    except ValueError as e:
        raise _wrong(line, "since", ("写成 2026-01-01 的日期", "a day such as 2026-01-01")) from e
    weight = _number(line, "weight", odd)
    if weight is None:
        raise _wrong(line, "weight", ("不小于 0 的数", "a number of 0 or more"))
    told = {name: _number(line, name, odd) for name in ("mean_fee", "mean_days", "low", "high")}
    if told["low"] is not None and told["high"] is not None and told["low"] > told["high"]:
        raise _wrong(line, "low", ("不高于 high 的数", "a number not above high"))
    if line["primary"].lower() not in PRIMARY:
        raise _wrong(line, "primary", ("1、0 或空", "1, 0 or nothing"))
    return Weight(line["group"], line["insurance"], since, weight, **told, primary=PRIMARY[line["primary"].lower()])


def _number(line: Line, name: str, odd: Odd) -> Decimal | None:
    """As numbers of every other table are read: money is exact to the fen, measures are rounded aloud."""
    if not line[name]:
        return None
    found, problem = one(line[name], DECIMALS[name])
    if found is None:
        known = PROBLEMS[problem]
        raise FileError(
            f"{name} 的值「{line[name]}」：{known.zh}",
            f"the value {line[name]!r} of {name}: {known.en}",
            where=line.where,
            mend=(known.mend_zh, known.mend_en),
        )
    if found < 0:
        raise _wrong(line, name, ("不小于 0 的数", "a number of 0 or more"))
    if problem:
        odd.setdefault((name, problem), []).append(f"{line.where} {line[name]}")
    return Decimal(found)


def doubtful(odd: Odd) -> list[Say]:
    """怎么说 · What to say of odd numbers: each kind once, with the first places."""
    return [
        (
            f"{name}：{(known := PROBLEMS[problem]).zh}（{len(places)} 行：{shown(places)}）→ {known.mend_zh}",
            f"{name}: {known.en} ({len(places)} rows: {shown(places)}) → {known.mend_en}",
        )
        for (name, problem), places in odd.items()
    ]


def _wrong(line: Line, name: str, wanted: tuple[str, str]) -> FileError:
    return FileError(
        f"{name} 的值「{line[name]}」读不懂",
        f"the value {line[name]!r} of {name} cannot be understood",
        where=line.where,
        mend=(f"应为{wanted[0]}", f"it should be {wanted[1]}"),
    )


def _twice(line: Line, code: str) -> FileError:
    return FileError(
        f"{code} 写了两次，而且不同",
        f"{code} is written twice, and differently",
        where=line.where,
        mend=("只留正确的一行", "keep the row that is right"),
    )
