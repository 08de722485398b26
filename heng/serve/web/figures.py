"""数字怎样写在页面上 · How figures stand on a page: 元 below 10 万, then 万元 and 亿元 (in English millions)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from heng.core.table import Column
from heng.serve.columns import UNITS
from heng.serve.labels import ABSENT, decimal
from heng.serve.voice import Voice

SIZES = {
    "zh": ((Decimal(10) ** 8, Decimal(10) ** 8, "亿元"), (Decimal(10) ** 5, Decimal(10) ** 4, "万元")),
    "en": ((Decimal(10) ** 6, Decimal(10) ** 6, "million yuan"),),
}
"""从多少起、除以多少、叫什么 · From which amount on yuan are told in which larger unit."""


@dataclass(frozen=True)
class Figure:
    """一个数 · `text` and `unit` as shown, `exact` as it is; `sign` is -1, 0 or 1, and None where the value is not known."""

    text: str
    unit: str = ""
    exact: str = ""
    sign: int | None = None


UNKNOWN = Figure(ABSENT)
"""不知道 · What is not known: a dash, never zero."""


def figure(value: Decimal | int | None, column: Column, voice: Voice) -> Figure:
    """写成人看的数 · A figure as people read it; what is not known is a dash, never zero."""
    if value is None:
        return UNKNOWN
    number = Decimal(value)
    sign, exact = (number > 0) - (number < 0), decimal(number, column)
    size, named = next(((s, n) for least, s, n in SIZES[voice.lang] if column.unit == "元" and abs(number) >= least), (1, ""))
    if named:
        return Figure(f"{(number / size).quantize(Decimal('0.01'), ROUND_HALF_UP):,}", named, f"{exact} {unit(column, voice)}", sign)
    return Figure(exact, "" if column.unit == "1" else unit(column, voice), exact, sign)


def unit(column: Column, voice: Voice) -> str:
    """单位 · The unit of a column in words; a share carries its own %."""
    return "" if column.unit in ("", "1") or column.unit.startswith("按") else voice.pick(column.unit, UNITS.get(column.unit, column.unit))
