"""二、为什么 · Why: each signal with its line, and the bridge of its causes in yuan, whose sum is shown."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from heng.core.indicator import INDICATORS
from heng.rooms.steering.evidence import EFFECTS
from heng.serve.paper.changed import SIGNS, words
from heng.serve.paper.chart import bridge
from heng.serve.paper.document import Block, Drawing, Grid, Heading, Sentence
from heng.serve.paper.told import Told
from heng.serve.web.bridge import effects
from heng.serve.web.cards import roles
from heng.serve.web.measured import column_of
from heng.serve.web.series import Point
from heng.serve.web.told import shown
from heng.tables.steering import LEVEL, RULE, STATE

Signal = Mapping[str, Any]


def causes(told: Told) -> Iterator[Block]:
    """第二节 · The blocks of the second section."""
    pick, found = told.voice.pick, told.signals
    yield Heading(pick("二、为什么", "2. Why"))
    if not found:
        yield Sentence(pick("本月没有预警（0 项），没有要解释的变动。", "No signal stands in this month (0): nothing is to be explained."))
        return
    yield Sentence(counted(told))
    yield _table(told)
    most = told.rule.bridges
    for number, signal in enumerate(found[:most], 1):
        yield from _one(told, number, signal)
    if len(found) > most:
        rest = len(found) - most
        yield Sentence(
            pick(f"另有 {rest} 处没有画桥，见上表。", f"{rest} more have no bridge here: see the table above."),
            quiet=True,
        )


def counted(told: Told) -> str:
    """几处预警 · How many signals stand, how bad, and how many are new."""
    found = told.signals
    red, new = (sum(s[n] == v for s in found) for n, v in (("level", "red"), ("state", "new")))
    places = len({(s["org"], s["dept"]) for s in found})
    return told.voice.pick(
        f"本月有 {len(found)} 项预警（红色 {red}、黄色 {len(found) - red}），涉及 {places} 处；其中新发 {new} 项。",
        f"{len(found)} signals stand in this month ({red} red, {len(found) - red} yellow) at {places} places; {new} of them are new.",
    )


def _table(told: Told) -> Grid:
    pick = told.voice.pick
    heads = [
        "",
        pick("哪里", "Where"),
        pick("指标", "Indicator"),
        pick("级别", "Level"),
        pick("值", "Value"),
        pick("线", "Line"),
        pick("偏离", "Beyond"),
        pick("自", "Since"),
        pick("状态", "State"),
    ]
    rows = [[str(n), *_cells(told, s)] for n, s in enumerate(told.signals, 1)]
    numbers = [False, False, False, False, True, True, True, False, False]
    return Grid(heads, rows, numbers, widths=(0.35, 2, 2, 0.95, 1.35, 1.35, 1.05, 0.95, 0.8))


def _cells(told: Told, s: Signal) -> list[str]:
    voice, indicator = told.voice, INDICATORS[s["indicator"]]
    column = column_of(indicator)
    return [
        told.named(s["org"], s["dept"]),
        voice.pick(indicator.zh, indicator.en),
        SIGNS[s["level"]] + voice.pick(*LEVEL[s["level"]]),
        shown(s["value"], column, voice),
        shown(s["line"], column, voice),
        f"{s['deviation'] * 100:+,.1f}%",
        s["since"],
        voice.pick(*STATE[s["state"]]),
    ]


def _one(told: Told, number: int, s: Signal) -> Iterator[Block]:
    voice, indicator = told.voice, INDICATORS[s["indicator"]]
    pick, column = voice.pick, column_of(indicator)
    level = SIGNS[s["level"]] + pick(f"{LEVEL[s['level']][0]}预警", f"{LEVEL[s['level']][1]} alert")
    yield Heading(f"{number}  {told.named(s['org'], s['dept'])} · {pick(indicator.zh, indicator.en)} · {level}", 2)
    value, line, ends = (shown(s[n], column, voice) for n in ("value", "line", "clears_at"))
    above, far, rule = s["deviation"] > 0, f"{abs(s['deviation']) * 100:,.1f}%", pick(*RULE[s["rule"]])
    owners = roles(s["owners"].split(), voice)
    yield Sentence(
        pick(
            f"本月 {value}，{'高' if above else '低'}于对照值 {line} {far}（{rule}，自 {s['since']}）；回到 {ends} 解除。责任：{owners}。",
            f"{value} this month, {far} {'above' if above else 'below'} {line} ({rule}, since {s['since']}); ends at {ends}. "
            f"Owned by: {owners}.",
        )
    )
    yield from _bridge(told, s)


def _bridge(told: Told, s: Signal) -> Iterator[Block]:
    voice, pick = told.voice, told.voice.pick
    before, amount = s["before"], s["amount"]
    if before is None or amount is None:
        yield Sentence(pick(s["cause_zh"], s["cause_en"]) + pick("。", "."))
        return
    steps = [Point(pick(*EFFECTS[n]), v) for n, v in effects(s).items()]
    ends = Point(pick("对照月平均", "months compared with"), before), Point(pick("本月", "this month"), amount)
    svg = bridge(ends, steps, lambda v: f"{v:,.2f}", words(voice))
    yield Drawing(svg, pick(s["cause_zh"], s["cause_en"]))
    yield Sentence(summed(before, amount, effects(s), told), quiet=True)


def summed(before: Decimal, amount: Decimal, parts: Mapping[str, Decimal], told: Told) -> str:
    """合计 · The sum of the causes, shown: it is the difference of the two ends, to the fen."""
    total = sum(parts.values(), Decimal("0.00"))
    return told.voice.pick(
        f"核对（元）：各原因合计 {total:+,.2f} ＝ 本月 {amount:,.2f} − 对照月平均 {before:,.2f}",
        f"Check (yuan): causes {total:+,.2f} = this month {amount:,.2f} − months compared with {before:,.2f}",
    )
