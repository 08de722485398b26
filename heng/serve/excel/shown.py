"""一列怎么显示给人 · How one column is shown to people: its header with unit, codes as words, and its total."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from heng.app.period import COMPARED
from heng.core.table import Column, Table

Cell = str | int | float | Decimal | date | None
CHANGE, YES, NO, TOTAL = ("增减", "change"), ("是", "yes"), ("否", "no"), ("合计", "total")
NUMBER = {
    "decimal(18,2)": "#,##0.00;[Red]-#,##0.00",
    "decimal(18,4)": "#,##0.00##;[Red]-#,##0.00##",
    "decimal(18,6)": "#,##0.00####;[Red]-#,##0.00####",
    "bigint": "#,##0;[Red]-#,##0",
    "integer": "0",
    "date": "yyyy-mm-dd",
}


@dataclass(frozen=True)
class Words:
    """用哪种语言、哪些名称 · The language, the names of codes by dictionary (`dept` → code → name), names of further columns."""

    lang: str = "zh"
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def say(self, pair: tuple[str, str]) -> str:
        """取一种语言 · One of a Chinese and an English text."""
        return pair[0] if self.lang == "zh" else pair[1]


class Shown:
    """显示的一列 · One column as shown; `how` is the comparison its name ends in, such as yoy or mom_change."""

    def __init__(self, name: str, table: type[Table] | None, words: Words) -> None:
        """找到申明 · Find what declares the column."""
        self.name, self.words = name, words
        self.column, self.how = declared(name, table)
        self.number = NUMBER.get(self.column.type, "@") if self.column else "General"

    @property
    def header(self) -> str:
        """列名与单位 · The name in the reader's language, with the unit."""
        if self.column is None:
            return self.words.say(self.words.headers.get(self.name, (self.name, self.name)))
        compared, _, change = self.how.partition("_")
        parts = [self.words.say((self.column.zh, self.column.en))]
        parts += [self.words.say(COMPARED[compared])] if compared else []
        parts += [self.words.say(CHANGE)] if change else []
        unit = self.column.unit
        return " ".join(parts) + (self.words.say((f"（{unit}）", f" ({unit})")) if unit else "")

    def cell(self, value: Any) -> Cell:
        """编码成文字 · Codes and flags as words, named codes with their name; numbers and dates as they are."""
        if isinstance(value, bool):
            return self.words.say(YES if value else NO)
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]  # a frame holds numbers, dates and NULL beside text
        if self.column is None:
            return value
        if value in self.column.codes:
            return self.words.say(self.column.codes[value])
        name = self.words.names.get(self.column.of, {}).get(value)
        return f"{value} {name}" if name else value


def declared(name: str, table: type[Table] | None) -> tuple[Column | None, str]:
    """列的申明，及它是哪种比较 · The declaration of a column, and the comparison that it is; none for one no table declares."""
    columns = table.columns if table else {}
    if name in columns:
        return columns[name], ""
    for how in (end for key in COMPARED for end in (f"{key}_change", key)):
        own = name.removesuffix(f"_{how}")
        if own != name and own in columns:
            return columns[own], how
    return None, ""
