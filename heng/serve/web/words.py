"""每列的含义 · What every column means, in words: name, unit, code list, how private, which files feed it, what it is worked out from."""

from typing import Any

from heng.core.capability import writer
from heng.core.scope import Level
from heng.core.table import TABLES, Column, Table
from heng.intake.vocabulary import document, templates
from heng.serve.columns import UNITS
from heng.serve.voice import Voice
from heng.tables.access import depth

LEVELS = {
    Level.PUBLIC: ("公众可看", "open to the public"),
    Level.REGION: ("区域汇总", "a figure of the region"),
    Level.HOSPITAL: ("医院汇总", "a figure of a hospital"),
    Level.CASE: ("单个病例，不含姓名", "single cases, without names"),
    Level.NAMED: ("能认出人，不出本院", "names people; never leaves its hospital"),
}
"""数据级别 · The levels of data in words."""
TYPES = {
    "varchar": ("文字", "text"),
    "date": ("日期", "date"),
    "timestamp": ("时刻", "moment"),
    "boolean": ("是否", "yes or no"),
    "bigint": ("个数", "count"),
    "integer": ("编号", "number"),
    "decimal(18,2)": ("金额", "money"),
    "decimal(18,4)": ("数量", "quantity"),
    "decimal(18,6)": ("比率", "rate"),
}
DICTIONARIES = {"dept": ("科室字典", "departments"), "org": ("医院", "hospitals"), "file": ("来源文件", "source files")}
HEADERS = {
    "table": ("表", "table"),
    "column": ("列", "column"),
    "zh": ("中文名", "Chinese name"),
    "en": ("英文名", "English name"),
    "type": ("类型", "type"),
    "unit": ("单位", "unit"),
    "codes": ("编码", "codes"),
    "privacy": ("谁能看", "privacy"),
    "feeds": ("来自", "where it comes from"),
}
"""字典文件的列头 · The headings of the dictionary as a file."""


def ours() -> list[type[Table]]:
    """全部表 · Every table of the product, those that people load first."""
    mine = [t for t in TABLES.values() if t.__module__.startswith("heng.")]
    return sorted(mine, key=lambda t: (not t.source, t.__module__, t.__name__))


def entries(table: type[Table], voice: Voice) -> list[dict[str, Any]]:
    """一张表的各列 · The columns of a table, a row each."""
    return [_entry(table, n, c, voice) for n, c in table.columns.items()]


def privacy(table: type[Table], column: Column | None = None) -> tuple[str, str]:
    """谁能看 · How deep a table (or a column of it) goes."""
    return LEVELS[Level.NAMED if column and column.private else depth(table)]


def origin(table: type[Table], voice: Voice) -> str:
    """出自哪里 · Where the rows of a table come from: a capability, people's files, or what intake and the desk keep."""
    made = writer(table)
    if made:
        return voice.pick(f"{made.zh}（{made.name}）", f"{made.en} ({made.name})")
    return voice.pick("来源文件", "people's files") if table.source else voice.pick("装入与案头", "intake and the desk")


def _entry(table: type[Table], name: str, column: Column, voice: Voice) -> dict[str, Any]:
    unit = voice.pick(column.unit, UNITS.get(column.unit, column.unit))
    return {
        "table": table.__name__,
        "column": name,
        "zh": column.zh,
        "en": column.en,
        "type": voice.pick(*TYPES[column.type]),
        "unit": "%" if column.unit == "1" else unit,
        "codes": codes(column, voice),
        "privacy": voice.pick(*privacy(table, column)),
        "feeds": _feeds(table, name, column, voice),
        "key": name in table.key,
        "optional": column.optional,
    }


def codes(column: Column, voice: Voice) -> str:
    """编码表 · The codes of a column with their words, or the dictionary they come from."""
    if column.codes:
        return voice.pick("；", "; ").join(f"{code}{voice.pick(' ', ': ')}{voice.pick(*words)}" for code, words in column.codes.items())
    return voice.pick(*DICTIONARIES[column.of]) if column.of in DICTIONARIES else ""


def _feeds(table: type[Table], name: str, column: Column, voice: Voice) -> str:
    if column.derived:
        return f"= {column.derived}"
    if made := writer(table):
        return made.name
    if table.__name__ not in templates() or name in ("file", "row"):
        return voice.pick("装入时记下", "kept by loading")
    told = document()["templates"][table.__name__]["columns"].get(name, [])
    headers = dict.fromkeys([column.zh, *map(str, told)])
    return voice.pick("表头：", "headed: ") + "、".join(headers)
