"""回答的样子 · What answers look like: the schemas that the documentation shows, and how data become JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, Field

from heng.serve.columns import plain_data

AT = "/api/v1"
"""在哪里 · Where the interface is."""
Number = str | int | None
"""小数写成文字 · Decimals are text, whole numbers are numbers; null is not known."""
Scalar = str | int | float | bool | None
Row = dict[str, Scalar]


class Cell(BaseModel):
    """（医院, 月） · A hospital's month."""

    org: str
    month: str


class Named(BaseModel):
    """名称 · A key with its Chinese and English name."""

    key: str
    zh: str
    en: str


class ColumnSaid(BaseModel):
    """一列 · A column: its meaning and type, and whether it may be seen in this scope."""

    name: str
    zh: str
    en: str
    type: str = Field(description="DuckDB 类型 · DuckDB type")
    unit: str
    codes: dict[str, Named] = Field(description="编码 · its codes")
    optional: bool
    private: bool
    derived: str
    seen: bool


class TableSaid(BaseModel):
    """一张表 · A table that may be seen."""

    name: str
    zh: str
    en: str
    grain: str
    source: bool
    capability: str | None = Field(description="由哪项能力写出 · the capability that writes it")
    months: list[str] = Field(description="存着哪些月 · the months held")
    orgs: list[str]


class TableList(BaseModel):
    """看得到的表 · The tables that may be seen."""

    generation: int
    tables: list[TableSaid]


class TableSchema(TableSaid):
    """一张表的约定 · A table with its columns and key."""

    key: list[str]
    columns: list[ColumnSaid]


class Rows(BaseModel):
    """一页行 · A page of rows. Money and other decimals are text; `total` is of all rows, not of the page."""

    name: str
    period: str
    generation: int
    stale: list[Cell] = Field(description="比数据旧的月 · months whose figures are older than their data")
    missing: list[Cell] = Field(description="没有数据的月 · months without figures")
    lapsed: list[Cell] = Field(description="付费方案不在启用期内的月 · months paid by a grouping scheme that is not in force then")
    count: int = Field(description="共几行 · how many rows in all")
    total: dict[str, Scalar]
    rows: list[Row]
    next: str | None = Field(description="下一页的地址 · the address of the next page")


class IndicatorSaid(Named):
    """一个指标 · An indicator: unit, which way is better, from which table, its formula in words."""

    unit: str
    better: str
    table: str
    formula_zh: str
    formula_en: str


class IndicatorList(BaseModel):
    """看得到的指标 · The indicators that may be seen."""

    generation: int
    indicators: list[IndicatorSaid]


class MonthValue(BaseModel):
    """一个月的值 · The value of a month; null where there is none."""

    month: str
    value: Number


class PartValue(BaseModel):
    """一部分的值 · The value of a hospital or department, and its changes."""

    code: str
    name: str
    value: Number
    yoy_change: Number
    mom_change: Number


class Limits(BaseModel):
    """控制限 · Control limits; null before there are months enough."""

    centre: Number
    lower: Number
    upper: Number


class IndicatorValue(Named):
    """指标的值 · An indicator at a place: its value, changes, state, months, parts and signals."""

    unit: str
    better: str
    generation: int
    period: str
    org: str
    dept: str
    value: Number
    yoy_change: Number
    mom_change: Number
    state: str
    limits: Limits
    months: list[MonthValue]
    by: str
    parts: list[PartValue]
    signals: list[Row]
    stale: list[Cell]
    missing: list[Cell]
    lapsed: list[Cell]


class Reason(BaseModel):
    """为什么 · Where a figure comes from: formula, query, parameters with documents, legs, rows of files."""

    capability: str
    zh: str
    en: str
    figure: str | None
    beyond: str | None
    formula: str
    sql: str
    params: list[Row]
    legs: list[Row]
    rows: list[Row]
    sources: list[Row]
    stale: list[Cell]
    missing: list[Cell]
    lapsed: list[Cell]


class DatedValue(BaseModel):
    """一个有日期的值 · A dated value of policy, with its document."""

    scope: str
    since: str
    value: str
    source: str
    now: bool = Field(description="今天是否有效 · whether it is in force today")


class Rule(Named):
    """一个参数 · A parameter of policy."""

    values: list[DatedValue]
    capabilities: list[str]


class RuleList(BaseModel):
    """参数 · Parameters of policy."""

    generation: int
    rules: list[Rule]


class SignalList(BaseModel):
    """预警信号 · The signals that may be seen."""

    generation: int
    count: int
    signals: list[Row]
    next: str | None


def written(data: Mapping[str, Any]) -> str:
    """写成 JSON · Data as JSON."""
    return json.dumps(data, ensure_ascii=False, default=plain, separators=(",", ":"))


def answered(data: Mapping[str, Any], status: int = 200, *, next_page: str = "") -> Response:
    """写成回答 · An answer as JSON; the next page stands in the header `Link`, too."""
    body = written(data).encode()
    links = {"Link": f'<{next_page}>; rel="next"'} if next_page else {}
    return Response(body, status, links, "application/json")


def plain(value: Any) -> Any:
    """JSON 的值 · A value for JSON: decimals and days as text, moments with their zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).isoformat()
    return plain_data(value)


def page_address(request: Request, cursor: str) -> str:
    """下一页的地址 · The address of the page that a mark stands for."""
    return f"{request.url.path}?{request.url.include_query_params(cursor=cursor).query}"
