"""列怎样给人看 · Columns as people and programs read them: headings with units, one language, plain data for JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from heng.app.reader import Sight
from heng.core.errors import TableError, did_you_mean
from heng.core.indicator import Indicator
from heng.core.table import Column, rate
from heng.serve.labels import Labels

UNITS = {
    "元": "yuan",
    "元/人次": "yuan a visit",
    "元/床日": "yuan a bed-day",
    "元/人": "yuan a person",
    "例/百床日": "cases per 100 bed-days",
    "人": "people",
    "人次": "visits",
    "床日": "bed-days",
    "张": "beds",
    "行": "rows",
    "项": "items",
    "件": "pieces",
    "年": "years",
    "小时": "hours",
    "平方米": "m²",
    "工作量": "workload",
    "笔": "entries",
    "天": "days",
    "分钟": "minutes",
    "秒": "seconds",
    "岁": "years of age",
    "月": "months",
    "例": "cases",
    "次": "times",
    "个": "of them",
    "家": "hospitals",
    "克": "g",
    "当量": "equivalents",
    "床日或诊次": "bed-days or visits",
    "按项目": "of the item",
    "按动因": "of the driver",
    "按方法": "of the method",
    "按参数": "of the driver",
    "按业务量": "of the measure",
    "按报表": "of the form",
    "按服务项目": "of the service",
    "按线索": "of the sign",
    "条": "signs",
    "权重": "weight",
    "组": "groups",
    "倍": "times",
    "点": "points",
    "天²": "days²",
    "元·天": "yuan·days",
}

COMPARISON = {
    "_yoy_change": ("同比增减", "change on the year"),
    "_mom_change": ("环比增减", "change on the period before"),
    "_yoy": ("上年同期", "a year ago"),
    "_mom": ("上期", "the period before"),
}
"""比较列 · Endings of the columns of a comparison, and what they say."""


def meaning(columns: Mapping[str, Column], names: Iterable[str]) -> dict[str, Column]:
    """列的含义 · What columns mean: `cost_yoy` is the column `cost` a year ago, `cost_yoy_change` what has changed since."""
    return {n: columns[n] if n in columns else _compared(columns, n) for n in names}


def _compared(columns: Mapping[str, Column], name: str) -> Column:
    end = next(e for e in COMPARISON if name.endswith(e))
    own, (zh, en) = columns[name.removesuffix(end)], COMPARISON[end]
    return replace(own, zh=f"{own.zh}\n{zh}", en=f"{own.en.partition(':')[0]}\n{en}", optional=True)


def chosen(columns: dict[str, Column], asked: str, sight: Sight) -> dict[str, Column]:
    """只看这些列 · The columns asked for, by their names or in Chinese, with what they are compared with; TableError for an unknown one."""
    names = [n.strip() for n in asked.split(",") if n.strip()]
    sight.refuse(names)
    known = {w for n, c in columns.items() for w in (n, c.zh)}
    if strange := next((n for n in names if n not in known), ""):
        raise TableError(f"没有列 {strange}", f"there is no column {strange}", where="--columns", mend=did_you_mean(strange, known))
    own = {n for n, c in columns.items() if n in names or c.zh in names}
    return {n: c for n, c in columns.items() if n in own or any(n.removesuffix(e) in own for e in COMPARISON)}


def value_column(indicator: Indicator) -> Column:
    """指标的值 · The column of an indicator's value."""
    return rate(indicator.zh, indicator.en, indicator.unit, optional=True)


def numeric(column: Column) -> bool:
    """是否右对齐的数 · Whether a column holds numbers that line up at the right."""
    return column.type.startswith("decimal") or column.type == "bigint"


def spoken(columns: dict[str, Column], lang: str) -> dict[str, Column]:
    """只留所选语言的文字列 · Of columns that say the same in both languages (`reason_zh`, `reason_en`), the chosen one."""
    other, own = ("_en", "_zh") if lang == "zh" else ("_zh", "_en")
    return {n: c for n, c in columns.items() if not (n.endswith(other) and n.removesuffix(other) + own in columns)}


def heading(column: Column, labels: Labels) -> str:
    """列头：名称与单位 · The heading of a column: its name and unit."""
    name = labels.now.pick(column.zh, column.en.partition(":")[0].partition(";")[0])
    said = column.unit and column.unit != "1" and not column.unit.startswith("按")  # a share shows its own %
    return f"{name}\n({labels.now.pick(column.unit, UNITS.get(column.unit, column.unit))})" if said else name


def as_json(rows: pl.DataFrame, columns: dict[str, Column]) -> list[dict[str, Any]]:
    """JSON 的行 · Rows for JSON: money as text with two decimals, other decimals as text, NULL as null."""
    return [{n: plain_data(row[n]) for n in columns} for row in rows.iter_rows(named=True)]


def plain_data(value: Any) -> Any:
    """JSON 的值 · A value for JSON: decimals and days as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
