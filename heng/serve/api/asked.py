"""问什么 · What requests say: the words of the command line, each checked for its form before anything is read."""

from typing import Annotated, Literal

from fastapi import Query as InQuery
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

import heng.app.region  # noqa: F401 - declares all tables and indicators
from heng.core.errors import did_you_mean
from heng.core.indicator import INDICATORS, Indicator
from heng.core.table import TABLES, Table
from heng.serve.api.problem import NotThereError
from heng.serve.web.drill import Place
from heng.serve.web.query import Query

Word = Annotated[str, Field(max_length=200)]
Switch = Literal["0", "1"]
Name = Annotated[str, Field(min_length=1, max_length=200)]
TableName = Annotated[str, Field(json_schema_extra={"enum": sorted(TABLES)})]
IndicatorKey = Annotated[str, Field(json_schema_extra={"enum": sorted(INDICATORS)})]
SubjectName = Annotated[str, Field(json_schema_extra={"enum": [*sorted(INDICATORS), *sorted(TABLES)]})]
Cursor = Annotated[str, Field(max_length=200, description="翻页记号，取自 next · the mark of a page, taken from `next`")]
Size = Annotated[int, Field(ge=1, le=10_000, description="一页几行 · rows of a page")]


def whole(value: object) -> object:
    """整数 · In JSON 4.0 is a whole number, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(whole)]


class Asked(BaseModel):
    """只认写明的参数 · A misspelt parameter is an error, not an answer to another question."""

    model_config = ConfigDict(extra="forbid")


class PlaceAsked(Asked):
    """站在哪里 · Which place: period, hospital, department, conditions `column=value`."""

    period: Annotated[str, Field(max_length=40, description="2026-03, 2026Q1, 2026, 2026YTD05, 2026-01..2026-03")] = ""
    org: Annotated[Word, Field(description="医院编码或名称 · hospital")] = ""
    dept: Annotated[Word, Field(description="科室编码或名称 · department")] = ""
    where: Annotated[list[Word], Field(max_length=20, description="列=值 · column=value")] = []

    @property
    def place(self) -> Place:
        """位置 · The same as a place of the pages."""
        return Place(self.period, self.org, self.dept, tuple(self.where))


class RowsAsked(Asked):
    """看一张表 · Which rows of a table, in which order, compared with what."""

    period: Annotated[str, Field(max_length=40, description="2026-03, 2026Q1, 2026, 2026YTD05, 2026-01..2026-03；默认最近一月")] = ""
    org: Annotated[list[Word], Field(max_length=200, description="医院，可多个 · hospitals")] = []
    dept: Annotated[Word, Field(description="科室 · department")] = ""
    where: Annotated[list[Word], Field(max_length=50, description="列=值 列>=值 列<=值 列~部分 · conditions")] = []
    group: Annotated[Switch, Field(description="1：各院合为一体 · hospitals added up")] = "0"
    compare: Annotated[list[Literal["yoy", "mom"]], Field(max_length=2, description="同比、环比 · comparisons")] = []
    sort: Annotated[list[Word], Field(max_length=20, description="按列排，-列 为降序 · by columns, -column goes down")] = []
    columns: Annotated[list[Word], Field(max_length=200, description="只要这些列 · these columns only")] = []
    size: Size = 1000
    cursor: Cursor = ""

    def query(self, path: str) -> Query:
        """网址的问法 · The same as a page's address asks it."""
        many = [(n, v) for n in ("org", "where", "compare", "sort", "columns") for v in getattr(self, n)]
        one = [(n, getattr(self, n)) for n in ("period", "dept", "group")]
        return Query(path, tuple((n, v) for n, v in [*one, *many] if v))


class SignalsAsked(Asked):
    """看哪些预警 · Which signals: of a hospital, an indicator, a month."""

    org: Word = ""
    indicator: Word = ""
    month: Annotated[str, Field(max_length=7)] = ""
    size: Size = 1000
    cursor: Cursor = ""


class CasesAsked(Asked):
    """看哪些事项 · Which cases: of a hospital, open or closed."""

    org: Word = ""
    state: Literal["", "open", "closed"] = ""
    size: Size = 1000
    cursor: Cursor = ""


class Nothing(Asked):
    """不带参数 · No parameter at all."""


Placed = Annotated[PlaceAsked, InQuery()]
AskedRows = Annotated[RowsAsked, InQuery()]
AskedSignals = Annotated[SignalsAsked, InQuery()]
AskedCases = Annotated[CasesAsked, InQuery()]
Plain = Annotated[Nothing, InQuery()]


def table_named(name: str) -> type[Table]:
    """按名找表 · The table of that name; NotThereError with the nearest."""
    if name not in TABLES:
        raise NotThereError(f"没有表 {name}", f"there is no table {name}", where="name", mend=did_you_mean(name, TABLES))
    return TABLES[name]


def indicator_named(key: str) -> Indicator:
    """按键找指标 · The indicator of that key; NotThereError with the nearest."""
    if key not in INDICATORS:
        raise NotThereError(f"没有指标 {key}", f"there is no indicator {key}", where="key", mend=did_you_mean(key, INDICATORS))
    return INDICATORS[key]


def subject_named(name: str) -> type[Table] | Indicator:
    """表或指标 · The indicator or table of that name; NotThereError with the nearest."""
    return INDICATORS[name] if name in INDICATORS else table_named(name)
