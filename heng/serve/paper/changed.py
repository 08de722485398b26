"""一、变了什么 · What changed: each indicator against its line, the year before and the month before; trends and ranking."""

from collections.abc import Iterator
from decimal import Decimal

from heng.serve.paper.chart import Words, bars, trend
from heng.serve.paper.document import Beside, Block, Drawing, Grid, Heading, Sentence
from heng.serve.paper.told import Told
from heng.serve.voice import Voice
from heng.serve.web.lines import Held, held_against, state, watch_of
from heng.serve.web.measured import Measured
from heng.serve.web.series import Limits, Point
from heng.serve.web.told import change, parts_told, shown, trend_told

SIGNS = {"red": "▲ ", "yellow": "▲ ", "green": "● "}
MONTHS, ENDS = 13, 5
"""趋势画几个月，排名两头各画几个 · Months of a trend; parts drawn from either end of a ranking."""


def words(voice: Voice) -> Words:
    """图上的字 · The words of drawings."""
    pick = voice.pick
    cut = pick("横轴不从 0 起", "the axis does not begin at 0")
    return Words(pick("中线", "centre"), pick("控制限", "limit"), pick("预警线", "alert line"), cut)


def changes(told: Told) -> Iterator[Block]:
    """第一节 · The blocks of the first section."""
    pick = told.voice.pick
    yield Heading(pick("一、变了什么", "1. What changed"))
    if not told.measured:
        yield Sentence(pick(f"{told.month} 没有算出的指标。", f"No indicator is worked out for {told.month}."))
        return
    yield Sentence(moved(told))
    yield table(told)
    yield Sentence(pick("「—」表示没有数可比或不知道，不是 0。", "A dash means that nothing is known, not 0."), quiet=True)
    drawn = [_trend(told, m) for m in told.measured[:2] if any(v is not None for v in m.trend.values())]
    if drawn:
        yield Beside(drawn)
    first = told.measured[0]
    if any(p.value is not None for p in first.parts):
        yield ranking(told, first)


def moved(told: Told) -> str:
    """几项变好变差 · How many indicators became better and worse on the month before."""
    counts = {1: 0, -1: 0, 0: 0}
    for m in told.measured:
        by = m.now.mom
        way = {"higher": 1, "lower": -1, "neither": 0}[m.indicator.better]
        counts[0 if by is None else way * ((by > 0) - (by < 0))] += 1
    every = len(told.measured)
    return told.voice.pick(
        f"{every} 项指标中，比上月变好 {counts[1]} 项，变差 {counts[-1]} 项，其余 {counts[0]} 项没有变化、不以高低论好坏或没有上月的数。",
        f"Of {every} indicators {counts[1]} became better on the month before, {counts[-1]} worse; {counts[0]} did not move, "
        f"have no better direction, or no month before.",
    )


def table(told: Told) -> Grid:
    """指标表 · The table of the indicators."""
    pick = told.voice.pick
    heads = [
        pick("指标", "Indicator"),
        pick("本月", "Month"),
        pick("上年同月", "Year before"),
        pick("同比", "On year"),
        pick("上月", "Month before"),
        pick("环比", "On month"),
        pick("预警线", "Line"),
        pick("状态", "State"),
    ]
    numbers = [False, True, True, True, True, True, True, False]
    return Grid(heads, [_row(told, m) for m in told.measured], numbers, widths=(2.1, 1.35, 1.2, 1.1, 1.35, 1.1, 1.2, 1.3))


def _row(told: Told, m: Measured) -> list[str]:
    voice, now, column = told.voice, m.now, m.column
    held = against(told, m)
    line = next((value for _, value in held.lines), None)
    level, words_ = _state(told, m, held)
    year, month = (None if by is None or now.value is None else now.value - by for by in (now.yoy, now.mom))
    return [
        voice.pick(m.indicator.zh, m.indicator.en),
        shown(now.value, column, voice),
        shown(year, column, voice),
        change(now.yoy, now.value, column, voice),
        shown(month, column, voice),
        change(now.mom, now.value, column, voice),
        shown(line, column, voice),
        SIGNS.get(level, "") + words_,
    ]


def against(told: Told, m: Measured) -> Held:
    """对照 · What the indicator is held against at this place."""
    watch, rule = watch_of(told.reader, m.indicator, told.org, "", told.month)
    return held_against(m.trend, {s["month"] for s in m.own_signals}, watch, rule)


def _state(told: Told, m: Measured, held: Held) -> tuple[str, str]:
    parts = {(s["org"], s["dept"]): s["level"] for s in told.signals if s["indicator"] == m.indicator.key}
    if held.watch or m.own_signals or not parts:
        return state(m.own_signals, [told.month], held, told.voice)
    level = "red" if "red" in parts.values() else "yellow"
    return level, told.voice.pick(f"{len(parts)} 处预警", f"{len(parts)} in alert")


def _trend(told: Told, m: Measured) -> Drawing:
    voice, held = told.voice, against(told, m)
    months = list(m.trend)[-MONTHS:]
    marks = {s["month"]: s["level"] for s in m.own_signals}
    points = [Point(month, m.trend[month], level=marks.get(month, "")) for month in months]
    limits = held.limits
    watch = Limits(limits.centre, limits.lower, limits.upper, next((v for _, v in held.lines), None))
    name = voice.pick(m.indicator.zh, m.indicator.en)
    svg = trend(points, watch, lambda v: shown(v, m.column, voice), words(voice))
    return Drawing(svg, f"{name}{voice.pick('：', ': ')}{trend_told(m, held, voice)}")


def ranking(told: Told, m: Measured) -> Drawing:
    """排名 · The parts of an indicator; of many, those at either end."""
    voice, known = told.voice, [p for p in m.parts if p.value is not None]
    ends = known if len(known) <= 2 * ENDS else [*known[:ENDS], *known[-ENDS:]]

    def name(code: str) -> str:
        return told.named(code, None) if m.by == "org" else told.named(told.org, code)

    svg = bars([Point(name(p.code), p.value) for p in ends], lambda v: shown(Decimal(v), m.column, voice))
    said = f"{voice.pick(m.indicator.zh, m.indicator.en)}{voice.pick('：', ': ')}{parts_told(known, m.column, name, voice)}"
    if len(ends) < len(known):
        said += voice.pick(f"（共 {len(known)} 个，画最高与最低各 {ENDS} 个）", f" ({len(known)} in all, {ENDS} from either end)")
    return Drawing(svg, said)
