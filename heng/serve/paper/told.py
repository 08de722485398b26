"""报告写给谁、写什么 · What a report is told of: a hospital (or the region) and a month, seen by one reader in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from heng.app.reader import Reader
from heng.core.errors import AccessError, PolicyError, did_you_mean
from heng.core.indicator import INDICATORS
from heng.core.params import Params
from heng.core.period import last_day
from heng.serve.labels import Labels
from heng.serve.paper.affairs import Affair
from heng.serve.voice import Voice
from heng.serve.web.drill import Place
from heng.serve.web.measured import Measured, signals_of
from heng.serve.web.naming import labels_of


class Rule(Params, at="serve.report"):
    """报告写什么 · What a report tells: its indicators, and how many bridges it draws."""

    indicators: list[Any]
    bridges: int


@dataclass(frozen=True)
class Told:
    """一份报告的场合 · `org` is empty for the region; `affairs` are the cases that the reader sees of it."""

    reader: Reader
    org: str
    month: str
    voice: Voice
    affairs: Sequence[Affair] = field(default=())

    @cached_property
    def rule(self) -> Rule:
        """政策 · What policy says of the report; PolicyError for an indicator that there is not."""
        found = Rule(self.reader.region.policy, last_day(self.month), self.org)
        if strange := [k for k in found.indicators if k not in INDICATORS]:
            raise PolicyError(
                f"没有指标 {strange[0]}",
                f"there is no indicator {strange[0]}",
                where="serve.report.indicators",
                mend=did_you_mean(str(strange[0]), INDICATORS),
            )
        return found

    @cached_property
    def measured(self) -> list[Measured]:
        """各指标 · The indicators of the report, of which something is in scope and held."""
        at, orgs = Place(self.month, self.org), self.orgs
        keys = [INDICATORS[k] for k in self.rule.indicators]
        seen = [i for i in keys if any(self.reader.sees(i.of, org) for org in orgs)]
        return [Measured(self.reader, i, at) for i in seen if self.reader.cells(i.of, orgs, [self.month])]

    @property
    def orgs(self) -> list[str]:
        """医院 · The hospitals of the report."""
        return [self.org] if self.org else list(self.reader.region.hospitals)

    @cached_property
    def labels(self) -> Labels:
        """叫法 · What things are called."""
        return labels_of(self.reader, self.voice, [self.month])

    @property
    def place(self) -> str:
        """写哪里 · The name of the hospital, or of the region."""
        return self.reader.region.hospitals[self.org].name if self.org else self.reader.region.name

    def named(self, org: str, dept: str | None) -> str:
        """叫什么 · A department, or a hospital as a whole, as it is called here."""
        names = self.labels.departments.get(org, {})
        whole = self.reader.region.hospitals[org].name if org in self.reader.region.hospitals else org
        if self.org:
            return names.get(dept, dept) if dept else self.voice.pick("全院", "the hospital")
        return f"{whole} {names.get(dept, dept)}" if dept else whole

    @cached_property
    def signals(self) -> list[dict[str, Any]]:
        """本月的预警 · The signals of the month, the worst first; none where they are out of scope."""
        try:
            rows = [r for org in self.orgs if (r := signals_of(self.reader, org)).height]
        except AccessError:
            return []
        found = [s for rs in rows for s in rs.to_dicts() if s["month"] == self.month]
        return sorted(found, key=lambda s: (s["level"] != "red", -abs(s["deviation"]), s["org"], s["watch"], s["dept"]))

    @property
    def made(self) -> datetime:
        """哪一刻的数据 · The moment of the generation: the only one that a report knows."""
        return datetime.fromisoformat(self.reader.region.manifest.at)
