"""自有布局的方案文件夹 · A pack in our own folder layout, plain CSV or CSV.gz beside manifest.yaml.

mdc, adrg, drg (code, name, parent, order, rule, kind), sets (set, code), severity (code, level, table), exclusion (code, table),
qy (mdc, rule); optional: weights, ungroupable (kind dx or op, code), dx_map and op_map (code, to).
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from heng.core.errors import FileError
from heng.intake.packs.table import Folder, Line
from heng.methods.grouping.pack import Group, Kind, Level, Pack, Weight

KINDS: dict[str, Kind] = {"surgery": "surgery", "procedure": "procedure", "medical": "medical", "": ""}
LEVELS: tuple[Level, ...] = ("mdc", "adrg", "drg")
PRIMARY = {"1": True, "true": True, "是": True, "": False, "0": False, "false": False, "否": False}
MOST = 10**11
"""权重、费用的上限 · No weight, fee or limit reaches this; what is larger does not fit into a table."""
Places = dict[tuple[str, str], str]


def read_folder(folder: Folder) -> tuple[Pack, Places]:
    """读入 · The pack, and where each group was written (file and row)."""
    places = Places()
    groups = [group(level, line, places) for level in LEVELS for line in folder.lines(f"{level}.csv", "code name order rule")]
    sets = {name: codes for (name,), codes in folder.sets("sets.csv", "set", "code").items()}
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
        weights=weights(folder),
    )
    return pack, places


def weights(folder: Folder) -> tuple[Weight, ...]:
    """权重 · The weights of a folder, none where it has no weights.csv."""
    found = dict[tuple[str, str, date], Weight]()
    for line in _optional(folder, "weights.csv", "group insurance since weight"):
        made = weight(line)
        if found.setdefault((made.group, made.insurance, made.since), made) != made:
            raise _twice(line, made.group)
    return tuple(found.values())


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


def weight(line: Line) -> Weight:
    """一行权重 · The weight of a line."""
    try:
        since = date.fromisoformat(line["since"])
    except ValueError as e:
        raise _wrong(line, "since", ("写成 2026-01-01 的日期", "a day such as 2026-01-01")) from e
    weight = _number(line, "weight")
    if weight is None:
        raise _wrong(line, "weight", ("不小于 0 的数", "a number of 0 or more"))
    told = {name: _number(line, name) for name in ("mean_fee", "mean_days", "low", "high")}
    if told["low"] is not None and told["high"] is not None and told["low"] > told["high"]:
        raise _wrong(line, "low", ("不高于 high 的数", "a number not above high"))
    if line["primary"].lower() not in PRIMARY:
        raise _wrong(line, "primary", ("1、0 或空", "1, 0 or nothing"))
    return Weight(line["group"], line["insurance"], since, weight, **told, primary=PRIMARY[line["primary"].lower()])


def _number(line: Line, name: str) -> Decimal | None:
    if not line[name]:
        return None
    try:
        found = Decimal(line[name])
    except InvalidOperation as e:
        raise _wrong(line, name, ("一个数", "a number")) from e
    if not found.is_finite() or not 0 <= found < MOST:
        raise _wrong(line, name, (f"不小于 0、小于 {MOST:,} 的数", f"a number of 0 or more, below {MOST:,}"))
    return found


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
