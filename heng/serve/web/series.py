"""图里画什么 · What charts are given: points, flows, spots, grids of values, and the scale that says what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from heng.core.table import Column
from heng.serve.voice import Voice
from heng.serve.web.figures import figure

Number = Decimal | int | None


@dataclass(frozen=True)
class Point:
    """一个点 · A value with its name; `level` (red, yellow) marks an alert, `href` is where a click leads."""

    name: str
    value: Number
    href: str = ""
    level: str = ""


@dataclass(frozen=True)
class Flow:
    """一股流 · An amount that goes from one place to another."""

    source: str
    target: str
    value: Number


@dataclass(frozen=True)
class Spot:
    """平面上的一个点 · Two measures of one thing."""

    name: str
    x: Number
    y: Number
    href: str = ""


@dataclass(frozen=True)
class Limits:
    """中线与控制限 · Centre and control limits of a series; `watch` is the line that an alert is held against."""

    centre: Number = None
    lower: Number = None
    upper: Number = None
    watch: Number = None


@dataclass(frozen=True)
class Grid:
    """行 × 列的值 · Values by row and column; `values[row][column]`, `hrefs` alike."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[Number]]
    hrefs: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Scale:
    """量的是什么 · What is measured: its column (name, unit) and the language."""

    column: Column
    voice: Voice

    @property
    def name(self) -> str:
        """名称 · The name of what is measured."""
        return self.voice.pick(self.column.zh, self.column.en)

    @property
    def form(self) -> str:
        """写法 · How the browser writes a value: money, percent, plain."""
        return {"元": "money", "1": "percent"}.get(self.column.unit, "plain")

    def text(self, value: Number) -> str:
        """写成人看的 · A value as people read it."""
        shown = figure(value, self.column, self.voice)
        return f"{shown.text} {shown.unit}".strip()
