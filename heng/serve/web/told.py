"""说出答案 · Sentences that give the answer of a chart: how much, up or down since when, which part stands out."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from heng.core.table import Column
from heng.serve.labels import ABSENT
from heng.serve.voice import Voice
from heng.serve.web.figures import figure
from heng.serve.web.lines import Held
from heng.serve.web.measured import Measured, Part
from heng.tables.steering import LEVEL

Names = Callable[[str], str]
"""部分的名称 · How the parts are called."""


def shown(value: Decimal | None, column: Column, voice: Voice) -> str:
    """数与单位 · A figure with its unit, as one text."""
    found = figure(value, column, voice)
    return f"{found.text} {found.unit}".strip()


def change(by: Decimal | None, value: Decimal | None, column: Column, voice: Voice) -> str:
    """变动 · What has changed: percentage points of a share, percent of anything else; a dash where it is not known."""
    if by is None or value is None:
        return ABSENT
    by, value = Decimal(by), Decimal(value)  # a count is a whole number
    if column.unit == "1":
        return f"{_one(by * 100):+} " + voice.pick("个百分点", "points")
    before = value - by
    return f"{_one(by * 100 / abs(before)):+}%" if before else shown(by, column, voice)


def _one(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)


def trend_told(found: Measured, held: Held, voice: Voice) -> str:
    """趋势的答案 · What the trend says: the value, how it moved, and where it lies in its limits."""
    now, pick = found.now, voice.pick
    if now.value is None:
        return pick(f"{found.period.name} 没有数：缺少分子或分母", f"{found.period.name}: not known, a side of the ratio is missing")
    parts = [f"{found.period.name} {shown(now.value, found.column, voice)}"]
    if now.mom is not None:
        way = pick("比上期", "on the period before")
        parts.append(f"{way} {change(now.mom, now.value, found.column, voice)}")
    if standing := [s for s in found.own_signals if s["month"] == found.period.months[-1]]:
        parts.append(pick(*LEVEL[min(s["level"] for s in standing)]) + pick("预警", " alert"))
    limits = held.limits
    if limits.upper is not None and limits.lower is not None and len(found.period.months) == 1:
        above, under = now.value > limits.upper, now.value < limits.lower
        inside = pick("在控制限内", "inside its control limits")
        parts.append(
            pick("高于控制上限", "above its upper limit") if above else pick("低于控制下限", "below its lower limit") if under else inside
        )
    elif not held.enough:
        parts.append(pick(f"不足 {held.least} 个月，不画控制限", f"fewer than {held.least} months: no limits yet"))
    return pick("，", ", ").join(parts)


def parts_told(parts: list[Part], column: Column, names: Names, voice: Voice) -> str:
    """排名的答案 · Which part is highest and which lowest."""
    known = [p for p in parts if p.value is not None]
    if not known:
        return voice.pick("各部分都没有数", "no part is known")
    high, low = known[0], known[-1]
    said = voice.pick("最高：{}（{}）；最低：{}（{}）", "highest: {} ({}); lowest: {} ({})")
    return said.format(names(high.code), shown(high.value, column, voice), names(low.code), shown(low.value, column, voice))


def unsteady(cube: Mapping[str, Mapping[str, Decimal | None]], most: int) -> list[str]:
    """变动最大的部分 · The parts that moved most over the months, measured against their own size; the first moved most."""
    spread = dict[str, Decimal]()
    for code, values in cube.items():
        known = [v for v in values.values() if v is not None]
        size = max((abs(v) for v in known), default=Decimal(0))
        spread[code] = (max(known) - min(known)) / size if size else Decimal(0)
    return sorted(spread, key=lambda c: (-spread[c], c))[:most]


def unsteady_told(cube: Mapping[str, Mapping[str, Decimal | None]], column: Column, names: Names, voice: Voice) -> str:
    """热图的答案 · Which part moved most, from what to what."""
    first = unsteady(cube, 1)
    known = [v for v in cube[first[0]].values() if v is not None] if first else []
    if not known:
        return voice.pick("没有数", "nothing is known")
    said = voice.pick("变动最大：{}（{} 至 {}）", "moved most: {} ({} to {})")
    return said.format(names(first[0]), shown(min(known), column, voice), shown(max(known), column, voice))
