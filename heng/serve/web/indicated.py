"""一个指标怎么说给人 · An indicator at a place as its page tells it: state, lines of the ranking, charts with their answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from heng.core.indicator import Indicator
from heng.serve.caution import Caution
from heng.serve.labels import Labels
from heng.serve.web.bridge import Bridge, bridge
from heng.serve.web.charts import Option, bars, heat, trend
from heng.serve.web.drill import Place, Step, below
from heng.serve.web.figures import Figure, figure
from heng.serve.web.lines import Held, held_against, state, watch_of
from heng.serve.web.measured import Measured
from heng.serve.web.naming import cautions, labels_of
from heng.serve.web.series import Grid, Point, Scale
from heng.serve.web.told import change, unsteady
from heng.serve.web.visit import Visit
from heng.tables.steering import LEVEL

SMALL = {"maxWidth": 600}
"""手机上图有多宽 · How wide a chart is on a phone: there is no room for a figure in every cell."""
MOST = 20
"""热图至多几行 · Rows of the heat map at most."""


@dataclass(frozen=True)
class Line:
    """排名的一行 · A part as a line of the table: its name, figures, state, and where it leads."""

    name: str
    value: Figure
    yoy: str
    mom: str
    level: str
    state: str
    href: str
    why: str


class Told:
    """指标页要说的 · What the page of an indicator says, for one visitor."""

    def __init__(self, visit: Visit, found: Indicator, at: Place, action: str = "see") -> None:
        """看什么、在哪里 · What, and where: where she sees one hospital only, that one."""
        self.visit, self.found, self.voice = visit, found, visit.voice
        reader = visit.reader(action)
        if not at.org and "org" in found.of.columns and len(orgs := reader.orgs(found.of)) == 1:
            at = replace(at, org=orgs[0])
        self.measured = Measured(reader, found, at)
        self.at = replace(at, period=self.measured.period.name, org=next(iter(self.measured.seen.orgs), ""), dept=self.measured.dept)
        self.labels: Labels = labels_of(reader, self.voice, self.measured.months)
        self.scale = Scale(self.measured.column, self.voice)

    @cached_property
    def held(self) -> Held:
        """对照 · Control limits and the watch of this very place."""
        watch, rule = watch_of(self.measured.reader, self.found, self.at.org, self.at.dept, self.measured.period.months[-1])
        upset = {s["month"] for s in self.measured.own_signals}
        return held_against(self.measured.trend, upset, watch, rule)

    @property
    def state(self) -> tuple[str, str]:
        """状态 · The state of this place; where only its departments are watched, how many of them are in alert."""
        signals, months = self.measured.own_signals, self.measured.period.months
        parts = {(s["org"], s["dept"]): s for s in self.measured.signals if s["month"] in months}
        if self.held.watch or signals or not parts or self.at.dept:
            return state(signals, months, self.held, self.voice)
        level = "red" if any(s["level"] == "red" for s in parts.values()) else "yellow"
        return level, self.voice.pick(f"{len(parts)} 处预警", f"{len(parts)} in alert")

    def named(self, code: str) -> str:
        """部分的名称 · The name of a hospital or department."""
        if self.measured.by == "org":
            return self.labels.org(code)
        return self.labels.dept(code, self.at.org) if code else self.voice.pick("未指明科室", "no department named")

    def level(self, code: str) -> str:
        """部分的预警 · The level of the alert that stands at a part in the period; empty for none."""
        months = self.measured.period.months
        where = "org" if self.measured.by == "org" else "dept"
        found = [s["level"] for s in self.measured.signals if s[where] == code and s["month"] in months]
        return "red" if "red" in found else "yellow" if found else ""

    def inside(self, code: str, month: str = "") -> str:
        """进到这一部分 · Where a part is looked at, in the period or in a month."""
        there = replace(self.at, period=month or self.at.period)
        deeper = replace(there, org=code) if self.measured.by == "org" else replace(there, dept=code)
        return f"/indicator/{self.found.key}{deeper.query}"

    def lines(self) -> Iterator[Line]:
        """排名 · The parts, the largest first."""
        column, voice = self.measured.column, self.voice
        for part in self.measured.parts:
            level = self.level(part.code)
            told = voice.pick(*LEVEL[level]) if level else ""
            deeper = self.inside(part.code) if part.code else ""
            why = deeper.replace("/indicator/", "/why/", 1) if self.at.org else ""
            yoy, mom = (change(by, part.value, column, voice) for by in (part.yoy, part.mom))
            yield Line(self.named(part.code), figure(part.value, column, voice), yoy, mom, level, told, deeper, why)

    def trend(self) -> Option:
        """趋势 · The months, with limits, the nearest line, and a mark where an alert stood."""
        marks = {s["month"]: s["level"] for s in self.measured.own_signals}
        here = f"/indicator/{self.found.key}"
        points = [Point(m, v, f"{here}{replace(self.at, period=m).query}", marks.get(m, "")) for m, v in self.measured.trend.items()]
        watch = next((value for _, value in self.held.lines), None)
        return trend(points, self.scale, replace(self.held.limits, watch=watch))

    def bars(self) -> Option:
        """排名的图 · The parts as bars."""
        points = [Point(self.named(p.code), p.value, self.inside(p.code), self.level(p.code)) for p in self.measured.parts]
        return bars(points, self.scale, self.measured.now.value) | {"media": [{"query": SMALL, "option": {"xAxis": {"show": False}}}]}

    def heat(self) -> Option:
        """热图 · The parts that moved most, month by month."""
        months = self.measured.months[-12:]
        cube = {c: {m: v.get(m) for m in months} for c, v in self.measured.cube.items()}
        codes = unsteady(cube, MOST)
        hrefs = [[self.inside(c, m) for m in months] for c in codes]
        values = [[cube[c][m] for m in months] for c in codes]
        bare = {"query": SMALL, "option": {"series": [{"label": {"show": False}}]}}
        return heat(Grid([self.named(c) for c in codes], months, values, hrefs), self.scale) | {"media": [bare]}

    def bridges(self) -> list[Bridge]:
        """原因 · The signals that stand at this place in the last month of the period, with their causes."""
        last = self.measured.period.months[-1]
        return [bridge(s, self.labels, self.scale) for s in self.measured.own_signals if s["month"] == last]

    def caution(self) -> Caution:
        """当心 · What to know of these figures before they are used."""
        return cautions(self.measured.reader, self.measured.seen, self.found.of)

    def ways(self) -> list[Step]:
        """往下 · The ways down from here."""
        return below(self.measured.reader, self.found, self.at, self.voice)
