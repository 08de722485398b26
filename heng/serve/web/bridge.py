"""变动桥 · The bridge of a signal: from the cost of the months compared with to the month's, cause by cause, to the fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from heng.core.table import money
from heng.rooms.steering.evidence import EFFECTS
from heng.serve.labels import Labels
from heng.serve.voice import Voice
from heng.serve.web.charts import Option, waterfall
from heng.serve.web.drill import Place
from heng.serve.web.series import Point, Scale
from heng.tables.codes import ROLE
from heng.tables.steering import LEVEL, RULE, STATE


@dataclass(frozen=True)
class Bridge:
    """一条预警及其原因 · A signal in words, its bridge in yuan (none without a cost to compare with), and where it is decided on."""

    level: str
    words: tuple[tuple[str, str], ...]
    cause: str
    option: Option | None
    href: str = ""


def bridge(signal: Mapping[str, Any], labels: Labels, scale: Scale) -> Bridge:
    """画出原因 · A signal and its causes; Σ causes = the month's cost − that of the months compared with."""
    voice = labels.now
    pick = voice.pick
    words = (
        (pick("级别", "level"), pick(*LEVEL[signal["level"]])),
        (pick("规则", "rule"), pick(*RULE[signal["rule"]])),
        (pick("状态", "state"), pick(*STATE[signal["state"]])),
        (pick("自", "since"), signal["since"]),
        (pick("值", "value"), scale.text(signal["value"])),
        (pick("对照值", "held against"), scale.text(signal["line"])),
        (pick("低（高）于此解除", "ends at"), scale.text(signal["clears_at"])),
        (pick("责任", "owned by"), "、".join(pick(*ROLE[r]) for r in signal["owners"].split())),
    )
    there = f"/signal/{signal['watch']}{Place(signal['month'], signal['org'], signal['dept']).query}"
    return Bridge(signal["level"], words, pick(signal["cause_zh"], signal["cause_en"]), drawn(signal, voice), there)


def drawn(signal: Mapping[str, Any], voice: Voice) -> Option | None:
    """变动桥的图 · The waterfall; None where either end is not known."""
    before, amount = signal["before"], signal["amount"]
    if before is None or amount is None:
        return None
    pick = voice.pick
    steps = [Point(pick(*EFFECTS[name]), value) for name, value in effects(signal).items()]
    scale = Scale(money("成本", "cost"), voice)
    return waterfall(Point(pick("对照月平均", "months compared with"), before), steps, Point(pick("本月", "this month"), amount), scale)


def effects(signal: Mapping[str, Any]) -> dict[str, Decimal]:
    """各原因 · The effects that are known and not nothing, in the order of policy."""
    return {name: signal[name] for name in EFFECTS if signal[name]}
