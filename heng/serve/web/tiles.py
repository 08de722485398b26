"""决策卡 · Tiles: each is a decision: name, value, change, line, state, owner, what to do next. Nothing on them is invented."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from heng.app.period import COMPARED
from heng.core.errors import Say
from heng.core.indicator import INDICATORS, Indicator
from heng.core.table import Column, rate
from heng.rooms.steering.watches import Watch
from heng.serve.months import spans
from heng.serve.voice import Voice
from heng.serve.web.affairs import AFFAIR
from heng.serve.web.cards import Card, Note, roles
from heng.serve.web.cockpit import Cockpit
from heng.serve.web.figures import UNKNOWN, figure
from heng.serve.web.measured import Measured, Part
from heng.tables.steering import LEVEL, Signal

TENTH = Decimal("0.1")
WORST = {"red": 0, "yellow": 1}


def cards(cockpit: Cockpit) -> list[Card]:
    """这位来访者的卡 · The tiles of this visitor, those that need someone first; what is out of her scope has none."""
    made = [_card(cockpit, name) for name in cockpit.plan.tiles]
    return sorted((c for c in made if c), key=lambda c: WORST.get(c.level, 2))


def _card(cockpit: Cockpit, name: str) -> Card | None:
    if name in AFFAIR:
        return AFFAIR[name](cockpit)
    indicator = INDICATORS[name]
    if not any(cockpit.reader.sees(indicator.of, org) for org in cockpit.orgs):
        return None
    return indicator_card(cockpit, indicator)


def indicator_card(cockpit: Cockpit, indicator: Indicator) -> Card:
    """一个指标的卡 · The tile of an indicator; where there is no value it says why."""
    voice, column = cockpit.voice, rate(indicator.zh, indicator.en, indicator.unit, optional=True)
    here = Card(
        name=voice.pick(indicator.zh, indicator.en),
        href=f"/indicator/{indicator.key}{cockpit.at.query}",
        definition=f"/definition/{indicator.key}{cockpit.at.query}",
        why=f"/why/{indicator.key}{cockpit.at.query}" if cockpit.at.org and cockpit.period else "",
    )
    found = _measured(cockpit, indicator)
    if found is None or found.value is None:
        return here.but(value=UNKNOWN, lines=(Note(absence(cockpit, indicator)),))
    signals = [s for s in cockpit.standing if s["indicator"] == indicator.key]
    lines = (Note(*change(found, indicator, column, voice)), Note(line(cockpit, signals, column)))
    told = here.but(value=figure(found.value, column, voice), lines=tuple(n for n in lines if n.text))
    return alerted(cockpit, told, signals) if signals else _quiet(cockpit, told, indicator)


def _measured(cockpit: Cockpit, indicator: Indicator) -> Part | None:
    if not cockpit.held(indicator.of):
        return None
    found = Measured(cockpit.reader, indicator, cockpit.at).now
    yoy, mom = (cockpit.comparable(indicator.of, before) for before in cockpit.befores)
    return replace(found, yoy=found.yoy if yoy else None, mom=found.mom if mom else None)


def absence(cockpit: Cockpit, indicator: Indicator) -> str:
    """为什么没有值 · Why there is no value, and what would give one."""
    pick, table = cockpit.voice.pick, indicator.of
    if not cockpit.period:
        return pick("还没有算出的月份：先装入文件，再计算", "no month is worked out yet: load files, then run")
    months = spans(cockpit.period.months)
    if not cockpit.held(table):
        return pick(f"{months} 没有算出：先装入文件，再计算", f"{months} is not worked out: load files, then run")
    return pick(
        f"{months} 的{table.zh}里没有可算的行：缺收入、业务量或收费明细", f"{table.en} of {months} holds nothing to work it out from"
    )


def change(found: Part, indicator: Indicator, column: Column, voice: Voice) -> tuple[str, str]:
    """比上年、比上期 · The change on the year, else on the period before, in words, and the icon of its direction."""
    on = next(((how, by) for how, by in ((COMPARED["yoy"], found.yoy), (COMPARED["mom"], found.mom)) if by is not None), None)
    if on is None or found.value is None:
        return voice.pick("没有上年同期、上期的数可比", "nothing of a year ago or the period before to compare with"), ""
    (how, by), before = on, found.value - on[1]
    if indicator.unit == "1":
        shown, unit = (by * 100).quantize(TENTH), voice.pick(" 个百分点", " percentage points")
    elif before > 0:
        shown, unit = (by / before * 100).quantize(TENTH), "%"
    else:
        told = figure(by, column, voice)
        return voice.pick(f"{how[0]} +{told.text} {told.unit}", f"+{told.text} {told.unit} {how[1]}"), "arrow-up"
    if not shown:
        return voice.pick(f"{how[0]}持平", f"unchanged {how[1]}"), "minus"
    better = {"higher": 1, "lower": -1, "neither": 0}[indicator.better] * (1 if shown > 0 else -1)
    judged = {1: ("，变好", ", better"), -1: ("，变差", ", worse"), 0: ("", "")}[better]
    said = voice.pick(f"{how[0]} {shown:+,}{unit}", f"{shown:+,}{unit} {how[1]}")
    return said + voice.pick(*judged), "arrow-up" if shown > 0 else "arrow-down"


def line(cockpit: Cockpit, signals: list[dict[str, Any]], column: Column) -> str:
    """离线多远 · How far the worst one lies from its line, and where."""
    if not signals:
        return ""
    worst, voice = signals[0], cockpit.voice
    value, against = (figure(Decimal(worst[n]), column, voice) for n in ("value", "line"))
    far, above = f"{abs(worst['deviation']) * 100:.1f}%", worst["deviation"] > 0
    where = "" if cockpit.at.dept else cockpit.place_of(worst["org"], worst["dept"]) + " "
    return voice.pick(
        f"{where}{value.text} {value.unit}，{'高' if above else '低'}于线 {against.text} {far}".replace(" ，", "，"),
        f"{where}{value.text} {value.unit}, {far} {'above' if above else 'below'} its line {against.text}".replace(" ,", ","),
    )


def alerted(cockpit: Cockpit, card: Card, signals: list[dict[str, Any]]) -> Card:
    """有预警的卡 · A tile with its alerts: how many and how bad, whose they are, and the next step."""
    worst, voice = signals[0], cockpit.voice
    level, many = worst["level"], sum(s["level"] == worst["level"] for s in signals)
    words = voice.pick(f"{LEVEL[level][0]}预警", f"{LEVEL[level][1]} alert")
    at_itself = worst["dept"] == cockpit.at.dept and cockpit.at.org
    state = words if at_itself and many == 1 else voice.pick(f"{many} 处{words}", f"{many} {words}{'s' if many > 1 else ''}")
    owner = roles(worst["owners"].split(), voice)
    if case := cockpit.case_of(worst):
        next_, href = voice.pick(f"去办，{case['due']:%m-%d} 到期", f"answer, due {case['due']:%m-%d}"), f"/case/{case['id']}"
    else:
        place = {"org": worst["org"], "period": worst["month"], "dept": worst["dept"]}
        next_ = voice.pick("看原因", "see why")
        href = f"/indicator/{worst['indicator']}?{urlencode({k: v for k, v in place.items() if v})}"
    return card.but(level=level, state=state, owner=owner, next=next_, next_href=href)


def _quiet(cockpit: Cockpit, card: Card, indicator: Indicator) -> Card:
    watch = _watch(cockpit, indicator)
    if watch is None:
        return card
    owner = roles(watch.owners, cockpit.voice)
    if not cockpit.judged or not cockpit.reader.sees(Signal, cockpit.orgs[0]):
        return card.but(owner=owner)
    return card.but(level="green", state=cockpit.voice.pick(*_within(cockpit, watch)), owner=owner)


def _within(cockpit: Cockpit, watch: Watch) -> Say:
    # The line is of what is watched: the place itself, or the hospitals or departments below it.
    if watch.hospital:
        return ("在线内", "within its line") if cockpit.at.org else ("各院都在线内", "every hospital is within its line")
    return ("在线内", "within its line") if cockpit.at.dept else ("各科都在线内", "every department is within its line")


def _watch(cockpit: Cockpit, indicator: Indicator) -> Watch | None:
    # Of the whole place where there is one, else of what is below.
    whole = bool(cockpit.at.org) and not cockpit.at.dept
    fitting = [w for w in cockpit.watched if w.indicator == indicator]
    return next(iter(sorted(fitting, key=lambda w: w.hospital != whole)), None)
