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
from heng.tables import activity, booked, codes, effort, fees, forms, organisation, payment, returns, steering, visits

LISTS = {
    "category": codes.CATEGORY,
    "setting": codes.SETTING,
    "item": codes.ITEM,
    "fund": codes.FUND,
    "behaviour": codes.BEHAVIOUR,
    "measure": codes.MEASURE,
    "fee_class": codes.FEE_CLASS,
    "step": codes.STEP,
    "kind": codes.KIND,
    "care": codes.CARE,
    "scheme": codes.SCHEME,
    "decision": steering.DECISION,
    "outlier": codes.OUTLIER,
}
SOURCES = (organisation, booked, activity, visits, fees, effort, forms, steering, returns, payment)
"""模板所在的模块 · The modules whose source tables are templates; importing them registers the tables."""
BRACKETS = re.compile(r"[(\[{【<][^)\]}】>]*[)\]}】>]?")
BLANK = re.compile(r"[\s*:：\"'_#]+")
BARE_UNIT = re.compile(r"[,，/]?(万元|千元)$")
LEADING_NUMBER = re.compile(r"^\d+[-_.、\s]*(?=[^\d\s])")
CLASS_WORD = re.compile(r"(类|科室|部门|类科室)$")
NUMBERED = re.compile(r"\{(\d+)-(\d+)\}")


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
    month_from: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    rows: dict[str, list[dict[str, list[str]]]] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    agree: tuple[str, ...] = ()
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
    for name, accepted in _written(table, more.pop("columns")).items():
        for rank, text in enumerate(accepted):
            ranks.setdefault(header(text), []).append((rank, name))
    rows = {t: [{n: numbered(*said.split()) for n, said in some.items()} for some in ways] for t, ways in more.pop("rows", {}).items()}
    side_by_side = (h for ways in rows.values() for some in ways for headers in some.values() for h in headers)
    ignored = frozenset((*numbered(*shared["ignored"], *more.pop("ignored", [])), *side_by_side))
    more |= {n: tuple(more.get(n, ())) for n in ("titles", "month_from", "either", "agree")}
    more |= {"never": frozenset(numbered(*more.get("never", []))), "blank": frozenset(more.get("blank", ()))}
    more["instead"] = {header(k): header(v) for k, v in more.get("instead", {}).items()}
    return Template(table, ranks, ignored, rows=rows, **more)


def numbered(*texts: str) -> list[str]:
    """编了号的表头 · Headers as they are compared, each `{01-40}` written out: `C06x{01-40}C` is 40 headers."""
    return [header(one) for text in texts for one in _numbered(text)]


def _numbered(text: str) -> list[str]:
    found = NUMBERED.search(text)
    if not found:
        return [text]
    first, last = found.groups()
    each = (f"{text[: found.start()]}{n:0{len(first)}}{text[found.end() :]}" for n in range(int(first), int(last) + 1))
    return [one for some in each for one in _numbered(some)]


def _written(table: type[Table], told: dict[str, list[str]]) -> dict[str, list[str]]:
    """每列的写法 · How each column's header is written: its own names come first unless the list itself places them."""
    own = {n: [c.zh, n, c.en] for n, c in table.columns.items() if _filled_by_people(n, c)}
    shared = {n: document()["shared"][n] for n in ("org", "month", "year", "month_of_year")}
    return {n: [*(t for t in first if t not in told.get(n, [])), *told.get(n, [])] for n, first in own.items()} | {
        n: [*told.get(n, []), *some] for n, some in shared.items()
    }


def _filled_by_people(name: str, column: Column) -> bool:
    return name not in ("org", "month", "file", "row") and not column.derived
