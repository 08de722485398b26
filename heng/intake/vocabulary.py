"""人们怎么写：模板、表头与编码 · How people write it: templates, headers and codes, read once from headers.yaml."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from unicodedata import normalize

import yaml

from heng.core.table import TABLES, Column, Table
from heng.intake.visible import visible
from heng.tables import activity, booked, codes, forms, organisation

LISTS = {
    "category": codes.CATEGORY,
    "setting": codes.SETTING,
    "item": codes.ITEM,
    "fund": codes.FUND,
    "behaviour": codes.BEHAVIOUR,
    "measure": codes.MEASURE,
}
SOURCES = (organisation, booked, activity, forms)
"""模板所在的模块 · The modules whose source tables are templates; importing them registers the tables."""
BRACKETS = re.compile(r"[(\[{【<][^)\]}】>]*[)\]}】>]?")
BLANK = re.compile(r"[\s*:：\"'_#]+")
BARE_UNIT = re.compile(r"[,，/]?(万元|千元)$")
LEADING_NUMBER = re.compile(r"^\d+[-_.、\s]*(?=[^\d\s])")
CLASS_WORD = re.compile(r"(类|科室|部门|类科室)$")


@dataclass(frozen=True)
class Template:
    """一张可装入的表与它的表头 · One source table and how its headers are written.

    `ranks`: normalised header → [(rank, column)], the lower rank preferred. Month columns appear as `month`, `year`
    and `month_of_year`. The other fields stand in headers.yaml, which explains them.
    """

    table: type[Table]
    ranks: dict[str, list[tuple[int, str]]]
    ignored: frozenset[str]
    titles: tuple[str, ...] = ()
    defaults: dict[str, str] = field(default_factory=dict)
    assumed: dict[str, str] = field(default_factory=dict)
    sums: dict[str, list[str]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    compared: bool = False
    once: bool = False

    @property
    def needed(self) -> list[str]:
        """必须有的列 · Columns that a sheet must have; org, month, file and row come from elsewhere."""
        elsewhere = {"org", "month", "file", "row", "intangible", *self.defaults, *self.assumed, *self.sums, *self.blank}
        return [n for n, c in self.table.columns.items() if not c.optional and n not in elsewhere]

    def listed(self, name: str) -> str:
        """列的编码表 · The name of the code list of a column, or "" when it is free."""
        column = self.table.columns[name]
        return self.lists.get(name, "") or next((k for k, v in LISTS.items() if column.codes and column.codes == v), "")


@lru_cache(maxsize=65_536)
def header(text: str | None) -> str:
    """表头的比较形 · A header as it is compared: half width, no blanks, no brackets and what they hold."""
    plain = BLANK.sub("", normalize("NFKC", visible(text or ""))).lower()
    return BARE_UNIT.sub("", BRACKETS.sub("", plain)) or plain


def word(text: str) -> str:
    """编码词的比较形 · A code's word as it is compared: `01-临床服务类` is `临床服务`."""
    plain = BLANK.sub("", normalize("NFKC", visible(text))).upper()
    return CLASS_WORD.sub("", LEADING_NUMBER.sub("", plain)) or plain


@cache
def document() -> dict[str, Any]:
    """写法文件 · The content of headers.yaml."""
    text = files("heng.intake").joinpath("headers.yaml").read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe loader, in C
    return told


@cache
def templates() -> dict[str, Template]:
    """全部模板 · Every template by the name of its table."""
    return {name: _template(TABLES[name], told) for name, told in document()["templates"].items()}


@cache
def words(listed: str) -> dict[str, str]:
    """编码的词 · Word → code of a code list: the code itself, its names in both languages, and the words in use."""
    told = document()["words"].get(listed, {})
    return {word(w): c for c, (zh, en) in LISTS[listed].items() for w in (c, zh, en, *map(str, told.get(c, [])))}


@cache
def flags() -> dict[str, bool]:
    """是与否的词 · Word → True or False."""
    return {word(w): said == "true" for said, some in document()["flags"].items() for w in some}


def _template(table: type[Table], told: dict[str, Any]) -> Template:
    shared, more = document()["shared"], dict(told)
    ranks: dict[str, list[tuple[int, str]]] = {}
    written = {**_written(table, more.pop("columns")), **{k: shared[k] for k in ("org", "month", "year", "month_of_year")}}
    for name, accepted in written.items():
        for rank, text in enumerate(accepted):
            ranks.setdefault(header(text), []).append((rank, name))
    ignored = frozenset(map(header, [*shared["ignored"], *more.pop("ignored", [])]))
    return Template(table, ranks, ignored, tuple(more.pop("titles", ())), blank=frozenset(more.pop("blank", ())), **more)


def _written(table: type[Table], told: dict[str, list[str]]) -> dict[str, list[str]]:
    return {n: [c.zh, n, c.en, *told.get(n, [])] for n, c in table.columns.items() if _filled_by_people(n, c)}


def _filled_by_people(name: str, column: Column) -> bool:
    return name not in ("org", "month", "file", "row") and not column.derived
