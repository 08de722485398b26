"""表样 · Turns rows of a table into a sheet the way a hospital writes it: title, header, cells, total, notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from heng.core.table import Column, Table, table
from heng.demo.catalogue import catalogue
from heng.demo.hospitals import Hospital
from heng.tables.codes import ITEM, MEASURE

Cell = str | int | float | date | None
LISTS = {"Budget.item": ITEM, "Budget.basis": MEASURE}
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
GROUPS = {"dept": ("科室", "编码"), "dept_name": ("科室", "名称")}
ROLES = ("doctors", "nurses", "technicians", "pharmacists", "managers", "workers")


@dataclass(frozen=True)
class Sheet:
    """一张工作表 · One sheet. `columns`: the name of each column for us; `header`: one or two rows for people."""

    name: str
    columns: list[str]
    header: list[list[str]]
    rows: list[list[Cell]]
    title: list[str] = field(default_factory=list)
    total: list[Cell] | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Style:
    """一家医院的写法 · The habits of one hospital; `text`: whether the file holds only text."""

    hospital: Hospital
    habit: Mapping[str, Any]
    text: bool

    def sheet(self, name: str, frame: pl.DataFrame, when: str) -> Sheet:
        """写成一张表 · The sheet of a table's rows; `when` is the period as the title says it."""
        shown = self.habit.get("rename", {}).get(name, name)
        made = table(shown)
        if shown == "CostBooking":
            frame = frame.with_columns(pl.format("转-{}", pl.int_range(1, frame.height + 1)).alias("voucher"))
        kept = [c for c in frame.columns if c != "month" and f"{name}.{c}" not in self.habit.get("drop", [])]
        cells = {c: self._cells(made, c, frame[c]) for c in kept}
        if "month" in frame.columns:
            cells = {**self._months(frame["month"]), **cells}
        if mark := self.habit.get("org"):
            cells = {"org": [self.hospital.code] * frame.height, **cells}
        heads = [{"org": mark}.get(c) or self._head(made, c) for c in cells]
        rows = [list(r) for r in zip(*cells.values(), strict=True)]
        return self._framed(Sheet(made.zh, list(cells), self._two_rows(list(cells), heads), rows), made, frame, when)

    def _framed(self, plain: Sheet, made: type[Table], frame: pl.DataFrame, when: str) -> Sheet:
        """Add what people put around the rows."""
        if self.text and not self.habit.get("titled"):
            return plain
        money = any(c.unit == "元" for c in made.columns.values())
        unit = f"    单位：{'万元' if self._scaled(made) else '元'}" if money else ""
        title = [f"{self.hospital.name}{when}{made.zh}", f"编制单位：{self.hospital.name}{unit}"]
        sums = {c: int(frame[c].sum()) for c in frame.columns if c in made.columns and made.columns[c].type.startswith("decimal")}
        total: list[Cell] = [self._decimal(made.columns[c], sums[c], made) if c in sums else None for c in plain.columns]
        total[0] = "合计"
        notes = ["制表：成本核算办公室", "注：本表由业务系统导出"]
        return replace(plain, title=title, total=total if made.grain == "month" and sums else None, notes=notes)

    def _months(self, months: pl.Series) -> dict[str, list[Cell]]:
        form = self.habit["month"]
        if form == "title":
            return {}
        if form == "split":
            return {"year": [m[:4] for m in months], "month_of_year": [str(int(m[5:])) for m in months]}
        written = [next(iter(form.values())).replace("%Y", m[:4]).replace("%m", m[5:]) for m in months]
        return {"month": list(written) if self.text else [int(m) for m in written]}

    def _head(self, made: type[Table], name: str) -> str:
        parts = {"year": "年", "month_of_year": "月"}
        if name in parts or name == "month":
            return parts.get(name) or str(next(iter(self.habit["month"])))
        own, column = self.habit["headers"], made.columns[name]
        word = own.get(f"{made.__name__}.{name}") or own.get(name) or column.zh
        unit = column.unit if self.habit.get("units") and column.type == "decimal(18,2)" else ""
        return f"{word}（{unit}）" if unit else str(word)

    def _two_rows(self, columns: list[str], heads: list[str]) -> list[list[str]]:
        if not self.habit.get("group") or "dept_name" not in columns:
            return [heads]
        pairs = [GROUPS.get(c) or (("人员", h) if c in ROLES else (h, h)) for c, h in zip(columns, heads, strict=True)]
        return [[top for top, _ in pairs], [low for _, low in pairs]]

    def _cells(self, made: type[Table], name: str, values: pl.Series) -> list[Cell]:
        column = made.columns[name]
        if column.type.startswith("decimal"):
            numbers = [self._decimal(column, v, made) for v in values]
            return self._odd(numbers, values) if self.habit.get("odd") and made.grain == "month" else numbers
        if column.type == "date":
            form = self.habit.get("date", "%Y-%m-%d")
            return [v if form == "cell" or v is None else v.strftime(form) for v in values]
        codes = {k: zh for k, (zh, _) in (column.codes or LISTS.get(f"{made.__name__}.{name}", {})).items()}
        words: dict[Any, str] = {**codes, **self.habit["words"].get(name, {})}
        if column.type == "boolean":
            flags = self.habit["words"].get("flag", {"true": "是", "false": "否"})
            words = {True: flags["true"], False: flags["false"]}
        return [words.get(v, v) for v in values]

    def _decimal(self, column: Column, value: int | None, made: type[Table]) -> Cell:
        if value is None or not self.text:
            return None if value is None else value / 100
        if column.unit == "元":
            return f"{value / 1_000_000:.6f}" if self._scaled(made) else f"{value / 100:.2f}"
        return f"{value / 100:.2f}".rstrip("0").rstrip(".")

    def _scaled(self, made: type[Table]) -> bool:
        return made.__name__ in self.habit.get("scaled", [])

    @staticmethod
    def _odd(cells: list[Cell], values: pl.Series) -> list[Cell]:
        """Numbers that somebody has typed: red ink in brackets, thousands separators, full width. All are right."""
        for n, value in enumerate(values):
            if value < 0:
                cells[n] = f"({-value / 100:,.2f})"
            elif n % 97 == 50:
                cells[n] = f"{value / 100:,.2f}"
            elif n % 89 == 60:
                cells[n] = f"{value / 100:.2f}".translate(FULL_WIDTH)
        return cells


def style(hospital: Hospital, *, text: bool) -> Style:
    """这家医院的写法 · The style of a hospital, in files of text or in workbooks."""
    return Style(hospital, catalogue("habits")[hospital.code], text)
