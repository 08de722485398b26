"""谁在前、谁在后 · The ranking of a cockpit, who needs someone first, and its chart, whose title is the answer."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from heng.core.errors import Say
from heng.core.indicator import INDICATORS, Indicator
from heng.serve.web.cards import Note
from heng.serve.web.charts import ROWS, Option, bars, trend
from heng.serve.web.cockpit import Cockpit
from heng.serve.web.figures import Figure, figure
from heng.serve.web.lines import held_against, watch_of
from heng.serve.web.measured import Measured, Part
from heng.serve.web.series import Limits, Point, Scale
from heng.serve.web.tiles import change
from heng.tables.steering import LEVEL


@dataclass(frozen=True)
class Row:
    """一行 · A hospital or a department: its values in the order of the columns, the change of the first, its alerts."""

    name: str
    href: str
    values: tuple[Figure, ...]
    change: Note
    level: str
    state: str


@dataclass(frozen=True)
class Picture:
    """一张图 · A chart with the title that says its answer."""

    title: str
    option: Option


class Ranking:
    """排名 · The parts of a place by the indicators of its plan."""

    def __init__(self, cockpit: Cockpit, most: int = ROWS) -> None:
        """按首页的设置 · By what policy shows the role, at most so many bars; without figures in scope it is empty."""
        self.cockpit, self.voice, self.most = cockpit, cockpit.voice, most
        seen = [INDICATORS[k] for k in cockpit.plan.ranks]
        there = [i for i in seen if any(cockpit.reader.sees(i.of, o) for o in cockpit.orgs) and cockpit.reader.held(i.of)]
        self.indicators: list[Indicator] = there if cockpit.period else []

    @cached_property
    def measured(self) -> list[Measured]:
        """各指标 · Every indicator ranked, at this place."""
        return [Measured(self.cockpit.reader, i, self.cockpit.at) for i in self.indicators]

    @cached_property
    def ordered(self) -> list[Part]:
        """次序 · The parts by the first indicator, the one that needs someone first; those not known last."""
        if not self.measured or not self.measured[0].by:
            return []
        parts = self.measured[0].parts
        known = [p for p in parts if p.value is not None]
        return [*(reversed(known) if self.indicators[0].better == "higher" else known), *(p for p in parts if p.value is None)]

    @property
    def columns(self) -> list[str]:
        """列头 · The headings of the values; each value carries its own unit."""
        return [self.voice.pick(i.zh, i.en) for i in self.indicators]

    def rows(self, most: int) -> list[Row]:
        """前几行 · The first rows of the ranking, those that need someone first."""
        found = [{p.code: p for p in m.parts} for m in self.measured] if self.ordered else []
        return [self._row(p, [f.get(p.code) for f in found]) for p in self.ordered[:most]]

    @property
    def page(self) -> str:
        """全部在哪里 · Where all of it stands: the page of the first indicator."""
        return f"/indicator/{self.indicators[0].key}?{self.cockpit.query()}" if self.indicators else ""

    def _row(self, part: Part, parts: list[Part | None]) -> Row:
        first = self.measured[0]
        values = tuple(figure(p.value if p else None, m.column, self.voice) for p, m in zip(parts, self.measured, strict=True))
        level, many = self._alerts(part.code)
        state = self.voice.pick(f"{LEVEL[level][0]} {many} 处", f"{LEVEL[level][1]} {many}") if level else ""
        note = Note(*change(part, first.indicator, first.column, self.voice)) if part.value is not None else Note("")
        return Row(self._named(part.code), self._href(part.code), values, note, level, state)

    def _alerts(self, code: str, key: str = "") -> tuple[str, int]:
        # Of every indicator, or of one alone; the worst level and how many of it.
        column = "dept" if self.cockpit.at.org else "org"
        here = [s["level"] for s in self.cockpit.standing if code == s[column] and key in ("", s["indicator"])]
        level = next((c for c in ("red", "yellow") if c in here), "")
        return level, here.count(level)

    def _named(self, code: str) -> str:
        at = self.cockpit.at.org
        return self.cockpit.named(at, code) if at else self.cockpit.named(code)

    def _href(self, code: str) -> str:
        return f"/?{self.cockpit.query(dept=code) if self.cockpit.at.org else self.cockpit.query(org=code)}"

    @property
    def picture(self) -> Picture | None:
        """图 · Bars of the parts; in a department, which has none, the months of the first indicator with their limits."""
        if not self.measured:
            return None
        return self._bars() if self.ordered else self.course

    def _bars(self) -> Picture | None:
        first, key = self.measured[0], self.indicators[0].key
        points = [Point(self._named(p.code), p.value, self._indicator(key, p.code), self._alerts(p.code, key)[0]) for p in self.ordered]
        known = [p for p in points if p.value is not None]
        if not known:
            return None
        scale = Scale(first.column, self.voice)
        return Picture(self._answer(known, scale), bars(known, scale, most=self.most))

    def _indicator(self, key: str, code: str) -> str:
        org = self.cockpit.at.org
        return f"/indicator/{key}?{self.cockpit.query(dept=code) if org else self.cockpit.query(org=code)}"

    def _answer(self, known: list[Point], scale: Scale) -> str:
        # The one that needs someone comes first; where neither way is better, the highest does.
        worst, best, pick = known[0], known[-1], self.voice.pick
        where = pick("家医院", "hospitals") if not self.cockpit.at.org else pick("个科室", "departments")
        words: tuple[Say, Say] = (("最低", "lowest"), ("最高", "highest"))
        low, high = words if self.indicators[0].better == "higher" else (words[1], words[0])
        ends = pick(
            f"{worst.name}{scale.name}{low[0]}（{scale.text(worst.value)}）",
            f"{worst.name} has the {low[1]} {scale.name} ({scale.text(worst.value)})",
        )
        if len(known) == 1:
            return pick(f"{worst.name}{scale.name} {scale.text(worst.value)}", f"{worst.name}: {scale.name} {scale.text(worst.value)}")
        negative = sum(p.value is not None and p.value < 0 for p in known)
        less = (
            pick(f"，{len(known)} {where}中 {negative} 个为负", f"; {negative} of {len(known)} {where} are below zero") if negative else ""
        )
        other = pick(f"，{best.name}{high[0]}（{scale.text(best.value)}）", f", {best.name} the {high[1]} ({scale.text(best.value)})")
        return ends + (less or other)

    @property
    def course(self) -> Picture | None:
        """走势 · The months of the first indicator at this place, with their limits."""
        if not self.measured:
            return None
        first, at = self.measured[0], self.cockpit.at
        if not [v for v in first.trend.values() if v is not None]:
            return None
        watch, rule = watch_of(self.cockpit.reader, first.indicator, at.org, at.dept, first.period.months[-1])
        alerts = {s["month"]: s["level"] for s in first.own_signals}
        limits = held_against(first.trend, set(alerts), watch, rule).limits
        points = [Point(m, v, level=alerts.get(m, "")) for m, v in first.trend.items()]
        scale = Scale(first.column, self.voice)
        return Picture(_course(points, limits, scale), trend(points, scale, limits))


def _course(points: list[Point], limits: Limits, scale: Scale) -> str:
    """走势的话 · What the course of a series says: the newest value, where it lies, and how long it has gone one way."""
    known, pick = [p for p in points if p.value is not None], scale.voice.pick
    values = [Decimal(p.value) for p in known if p.value is not None]
    last, said = values[-1], f"{known[-1].name} {scale.name} {scale.text(values[-1])}"
    if limits.upper is not None and limits.lower is not None:
        inside = Decimal(limits.lower) <= last <= Decimal(limits.upper)
        said += pick("，在控制限内", ", within its control limits") if inside else pick("，在控制限外", ", outside its control limits")
    steps = [(b > a) - (b < a) for a, b in pairwise(values)]
    run = next((n for n, s in enumerate(reversed(steps)) if s != steps[-1]), len(steps))
    if run >= 2 and steps[-1]:
        said += pick(
            f"，连续 {run} 个月{'上升' if steps[-1] > 0 else '下降'}", f", {'rising' if steps[-1] > 0 else 'falling'} for {run} months"
        )
    return said
