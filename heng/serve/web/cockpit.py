"""驾驶舱：看哪里、看何时、看什么 · The cockpit: where, when and what a role looks at first; declared in policy, not page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from heng.app.period import View
from heng.app.reader import Reader
from heng.core.errors import PolicyError, did_you_mean
from heng.core.indicator import INDICATORS
from heng.core.params import Params
from heng.core.period import Period, last_day, period
from heng.core.table import Table
from heng.desk.register import Eyes, cases
from heng.rooms.steering.breaches import Rule as Watching
from heng.rooms.steering.watches import Watch, watches
from heng.serve.caution import Caution, caution
from heng.serve.labels import Labels
from heng.serve.voice import Voice
from heng.serve.web.drill import Place
from heng.serve.web.measured import signals_of
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.visit import Visit
from heng.tables.costing import DeptResult
from heng.tables.steering import LEVEL, Signal

AFFAIRS = ("signals", "work", "cases", "months", "checks", "findings")
"""不是指标的卡 · Tiles that are affairs, not indicators."""
AT = "serve.cockpit.cockpits"


class Rule(Params, at="serve.cockpit"):
    """各角色看什么 · What each role sees first."""

    cockpits: list[Any]


@dataclass(frozen=True)
class Plan:
    """一个角色的首页 · The tiles and the indicators ranked on a role's first page."""

    tiles: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()


def plan(visit: Visit) -> Plan:
    """按政策取出 · What policy shows the role of a visit; PolicyError for a tile that is neither indicator nor affair."""
    rows = Rule(visit.region.policy, visit.desk.db.today).cockpits
    row: dict[str, Any] = next((r for r in rows if r["role"] == visit.role), {})
    made = Plan(tuple(row.get("tiles", "work").split()), tuple((row.get("ranks") or "").split()))
    known = [*INDICATORS, *AFFAIRS]
    if strange := [t for t in made.tiles if t not in known] + [r for r in made.ranks if r not in INDICATORS]:
        raise PolicyError(
            f"首页上的「{strange[0]}」既不是指标也不是事务",
            f"{strange[0]} on the first page is neither an indicator nor an affair",
            where=AT,
            mend=did_you_mean(strange[0], known),
        )
    return made


class Cockpit:
    """一次来访的驾驶舱 · The cockpit of a visit at a place: the region, a hospital or a department."""

    def __init__(self, visit: Visit, reader: Reader, asked: Place) -> None:
        """看哪里 · Her own post's place unless the address says another; AccessError when that is out of scope."""
        org = reader.hospital(asked.org).code if asked.org else next(iter(visit.orgs), "")
        self.visit, self.reader, self.voice = visit, reader, visit.voice
        self.at = Place(asked.period or self.newest(org), org)
        mine = () if asked.org or asked.dept else visit.depts  # a hospital that is asked for is looked at as a whole
        known = [d for d in mine if d in self.names.get(org, {})]
        # A department of a post that the dictionary does not know has no figures: the hospital's are shown, and it is said.
        self.lost = "" if known else next(iter(mine), "")
        self.at = replace(self.at, dept=asked.dept or next(iter(known), "") if org else "")

    @property
    def places(self) -> list[tuple[str, str, bool]]:
        """任职的各处 · The places of her posts: name, address, and whether it is looked at now; fewer than two are no choice."""
        own = dict.fromkeys((p.org, p.dept or "") for p in self.visit.signed.posts if p.role == self.visit.role and p.org)
        here = {"org": self.at.org, "dept": self.at.dept}
        return [
            (self.named(o, d), f"/?{self.query(org=o, dept=d)}", here == {"org": o, "dept": d})
            for o, d in own
            if not d or d in self.names.get(o, {})
        ]

    @cached_property
    def plan(self) -> Plan:
        """首页的设置 · What policy shows this role."""
        return plan(self.visit)

    @cached_property
    def watched(self) -> list[Watch]:
        """监测着的 · The watches in force here; in a department those of departments alone."""
        if not self.period:
            return []
        rows = Watching(self.reader.region.policy, last_day(self.period.months[-1]), self.at.org).watches
        return [w for w in watches(rows) if not (self.at.dept and w.hospital)]

    @property
    def sees(self) -> bool:
        """看不看得到数 · Whether figures of departments or hospitals are in scope at all."""
        return any(self.reader.sees(DeptResult, org) for org in self.reader.region.hospitals)

    def _worked(self, org: str) -> list[tuple[str, str]]:
        held = self.reader.held(DeptResult) if self.sees else set(self.reader.region.cells())
        return sorted(c for c in held if c[1] and (not org or c[0] == org))

    def newest(self, org: str) -> str:
        """最近算出的月份 · The newest month that is worked out for every hospital that has any; empty when none is."""
        cells = self._worked(org)
        months = {m: {o for o, n in cells if n == m} for _, m in cells}
        whole = {o for o, _ in cells}
        return max((m for m, orgs in months.items() if orgs == whole), default=max(months, default=""))

    @property
    def months(self) -> list[str]:
        """可选的月份 · The months to choose from, the newest first."""
        return sorted({m for _, m in self._worked(self.at.org)}, reverse=True)

    @cached_property
    def period(self) -> Period | None:
        """期间 · The period looked at; None while nothing is worked out."""
        return period(self.at.period) if self.at.period else None

    @property
    def befores(self) -> tuple[Period, ...]:
        """与哪些期间比 · The periods compared with: a year ago, and the one before."""
        return (self.period.year_ago(), self.period.before()) if self.period else ()

    def held(self, table: type[Table], when: Period | None = None) -> set[str]:
        """哪些医院有 · The hospitals here that hold a table in the period; of another period, in all of its months."""
        months, cells = (when or self.period or Period("", ())).months, self.reader.held(table)
        count = all if when else any
        return {o for o in self.orgs if months and count((o, m) in cells for m in months)}

    def comparable(self, table: type[Table], before: Period) -> bool:
        """比不比得 · Whether every hospital that counts now also counted in the whole of the period before."""
        return self.held(table) <= self.held(table, before)

    @property
    def orgs(self) -> list[str]:
        """这里的医院 · The hospitals of the place."""
        return [self.at.org] if self.at.org else list(self.reader.region.hospitals)

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """科室名 · Names of departments, by hospital and code."""
        months = self.period.months[-1:] if self.period else ()
        return REMEMBERED.of(self.reader, ("names", months), lambda r: Labels(r, Voice(), months).departments)

    def named(self, org: str, dept: str = "") -> str:
        """叫什么 · The name of a hospital, or of a department of it."""
        hospital = self.reader.region.hospitals.get(org)
        whole = hospital.name if hospital else org
        return self.names.get(org, {}).get(dept, dept) if dept else whole

    def place_of(self, org: str, dept: str) -> str:
        """这件事在哪里 · Where something stands, seen from here: the hospital is left out inside it."""
        if org == self.at.org:
            return self.named(org, dept) if dept else self.voice.pick("全院", "the hospital")
        return f"{self.named(org)}{self.voice.pick('', ' ') if dept else ''}{self.named(org, dept) if dept else ''}"

    def query(self, **more: str) -> str:
        """地址的后半 · The query of an address below this place: its own, and what is added; months stay as they were chosen."""
        held = {"org": self.at.org, "period": self.at.period, "dept": self.at.dept} | more
        return urlencode({n: v for n, v in held.items() if v})

    @cached_property
    def standing(self) -> list[dict[str, Any]]:
        """本期的预警 · The signals that stand in the period at this place, the worst first; muted ones are not told."""
        seen = [org for org in self.orgs if self.reader.sees(Signal, org)]
        rows = [r for org in seen for r in signals_of(self.reader, org).to_dicts()]
        months = self.period.months if self.period else ()
        here = [r for r in rows if r["month"] in months and r["state"] != "muted" and (not self.at.dept or r["dept"] == self.at.dept)]
        last = {(r["org"], r["watch"], r["dept"]): r for r in here}
        return sorted(last.values(), key=lambda r: (r["level"] != "red", -abs(r["deviation"])))

    def indicator(self, key: str) -> str:
        """指标的叫法 · What an indicator is called."""
        return self.voice.pick(INDICATORS[key].zh, INDICATORS[key].en)

    def level(self, signal: Mapping[str, Any]) -> str:
        """级别的叫法 · What the level of a signal is called."""
        return self.voice.pick(*LEVEL[signal["level"]])

    def far(self, signal: Mapping[str, Any]) -> str:
        """离线多远 · How far a signal lies from its line."""
        above = signal["deviation"] > 0
        return f"{self.voice.pick('高' if above else '低', 'above ' if above else 'below ')} {abs(signal['deviation']) * 100:.1f}%"

    @cached_property
    def judged(self) -> bool:
        """判断过没有 · Whether signals were worked out for some of the period here."""
        months = self.period.months if self.period else ()
        return self.sees and any(o in self.orgs and m in months for o, m in self.reader.held(Signal))

    @cached_property
    def cases(self) -> list[dict[str, Any]]:
        """办理中的事项 · The open cases at this place that she sees, the most urgent first."""
        desk = self.visit.desk
        eyes = Eyes(desk.db, desk.rights, self.visit.login, self.visit.roles)
        rows = cases(desk.db, eyes, self.at.org or None, "open")
        return sorted((r for r in rows if not self.at.dept or r["dept"] == self.at.dept), key=lambda r: (r["due"], r["id"]))

    def case_of(self, signal: Mapping[str, Any]) -> dict[str, Any] | None:
        """这条预警的事项 · The open case of a signal."""
        key = "/".join(("alert", signal["watch"], signal["org"], signal["dept"] or "-", ""))
        return next((c for c in self.cases if c["key"].startswith(key)), None)

    @cached_property
    def caution(self) -> Caution:
        """看数前要知道的 · What is out of date or missing in the period here."""
        if not self.period or not self.sees:
            return Caution()
        view = View(self.period, (self.at.org,) if self.at.org else ())
        return REMEMBERED.of(self.reader, ("caution", view), lambda r: caution(r, view, DeptResult))
