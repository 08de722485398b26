"""口径 · What a figure means: in words, its unit, which way is better, its period, its table, its generation, the policy in force."""

import inspect
from dataclasses import dataclass
from typing import Any, NamedTuple

from heng.app.compute import rules_at
from heng.app.region import Region
from heng.core.capability import CAPABILITIES, Capability, writer
from heng.core.errors import HengError, did_you_mean
from heng.core.indicator import INDICATORS, Indicator
from heng.core.table import TABLES, Column, Table
from heng.serve.voice import Voice
from heng.serve.web.drill import Place, address
from heng.serve.web.figures import unit
from heng.store.policy_files import as_yaml

BETTER = {
    "higher": ("越高越好", "higher is better"),
    "lower": ("越低越好", "lower is better"),
    "neither": ("不以高低论好坏", "neither is better"),
}
GRAIN = {
    "month": ("每家医院每月", "each hospital, each month"),
    "org": ("每家医院，按生效日期", "each hospital, from a day on"),
    "region": ("全区域一份", "one for the region"),
    "region_month": ("全区域每月", "the region, each month"),
}


@dataclass(frozen=True)
class Value:
    """一个参数 · A dated value in force: key, name, value, since when, whose, by which document."""

    key: str
    name: str
    value: str
    since: str
    scope: str
    source: str


@dataclass(frozen=True)
class Definition:
    """口径 · Everything that says what a figure means; `facts` are name and text, in the language of the reader."""

    key: str
    title: str
    words: str
    facts: tuple[tuple[str, str], ...]
    table: type[Table]
    capability: Capability | None
    values: tuple[Value, ...]

    @property
    def page(self) -> str:
        """表在哪一页 · The page of the table behind it."""
        return address(self.table)


class _Asked(NamedTuple):
    """Of which region, where, in which language."""

    region: Region
    at: Place
    voice: Voice


def definition(region: Region, key: str, at: Place, voice: Voice) -> Definition:
    """找出口径 · The definition of an indicator, a table, a capability, or a column (`DeptResult.cost`); HengError with the nearest."""
    asked = _Asked(region, at, voice)
    if key in INDICATORS:
        return _indicator(asked, INDICATORS[key])
    name, _, column = key.partition(".")
    if key in CAPABILITIES:
        return _table(asked, CAPABILITIES[key].writes)
    if name in TABLES and not column:
        return _table(asked, TABLES[name])
    if name in TABLES and column in TABLES[name].columns:
        return _column(asked, TABLES[name], column)
    known = (
        [*INDICATORS, *TABLES, *CAPABILITIES, *(f"{name}.{c}" for c in TABLES[name].columns if name in TABLES)] if name in TABLES else []
    )
    raise HengError(f"没有 {key} 的口径", f"nothing defines {key}", mend=did_you_mean(key, known or [*INDICATORS, *TABLES, *CAPABILITIES]))


def _indicator(asked: _Asked, found: Indicator) -> Definition:
    voice = asked.voice
    pick = voice.pick
    facts = [
        (pick("单位", "unit"), _unit(Column(zh=found.zh, en=found.en, type="", unit=found.unit), voice)),
        (pick("方向", "direction"), pick(*BETTER[found.better])),
        (pick("算式", "expression"), found.value),
        (pick("只计", "counted where"), found.where if found.where != "true" else pick("全部行", "all rows")),
    ]
    return _told(asked, found.of, (found.key, pick(found.zh, found.en), pick(*found.formula)), facts)


def _table(asked: _Asked, table: type[Table]) -> Definition:
    voice, key = asked.voice, [table.columns[n] for n in table.full_key()]
    facts = [(voice.pick("一行是", "a row is"), "、".join(voice.pick(c.zh, _short(c.en)) for c in key))]
    return _told(asked, table, (table.__name__, voice.pick(table.zh, table.en), _said(table.__doc__ or "", voice)), facts)


def _column(asked: _Asked, table: type[Table], name: str) -> Definition:
    column, voice, pick = table.columns[name], asked.voice, asked.voice.pick
    facts = [(pick("单位", "unit"), _unit(column, voice))]
    if column.derived:
        facts.append((pick("算式", "expression"), column.derived))
    if column.optional:
        facts.append((pick("空着", "where empty"), pick("表示不知道，不是 0", "it is not known; it is not 0")))
    if column.private:
        facts.append((pick("保密", "privacy"), pick("不出本院", "never leaves its hospital")))
    words = pick(f"{table.zh}中的{column.zh}", f"{column.en}, in {table.en}")
    return _told(asked, table, (f"{table.__name__}.{name}", pick(column.zh, _short(column.en)), words), facts)


def _told(asked: _Asked, table: type[Table], named: tuple[str, str, str], facts: list[tuple[str, str]]) -> Definition:
    region, at, voice = asked
    made, pick = writer(table), voice.pick
    whole = [
        *facts,
        (pick("期间", "period"), f"{at.period or pick('最近一月', 'newest month')}（{pick(*GRAIN[table.grain])}）"),
        (pick("数据", "data"), pick(f"第 {region.manifest.generation} 代", f"generation {region.manifest.generation}")),
    ]
    if made:
        doc = inspect.getdoc(inspect.getmodule(made.run)) or ""
        whole.append(
            (pick("依据", "ground"), " ".join(doc.split("\n\n", 1)[-1].split("Source:")[-1].split()) if "Source:" in doc else made.name)
        )
    return Definition(named[0], named[1], named[2], tuple(whole), table, made, _values(asked, made))


def _values(asked: _Asked, made: Capability | None) -> tuple[Value, ...]:
    region, at, voice = asked
    if made is None:
        return ()
    months = [m for _, m in region.cells()]
    month = at.period if len(at.period) == 7 else max(months, default="2021-01")
    used: dict[str, Any] = {}
    for rule in rules_at(made, region.policy, (at.org, month)).values():
        used |= {v.key: v for v in rule.used.values()}
    meanings = region.policy.meanings
    return tuple(
        Value(v.key, voice.pick(meanings[v.key].zh, meanings[v.key].en), as_yaml(v.value), str(v.since), v.scope, v.source)
        for v in used.values()
    )


def _said(text: str, voice: Voice) -> str:
    zh, _, en = inspect.cleandoc(text).partition(" · ")
    return voice.pick(zh, en or zh)


def _unit(column: Column, voice: Voice) -> str:
    return voice.pick("占比（%）", "share (%)") if column.unit == "1" else unit(column, voice) or "—"


def _short(text: str) -> str:
    return text.partition(";")[0]
