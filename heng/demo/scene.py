"""月景 · One month of one hospital: who is open, how busy it is. Every feed is drawn from it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from heng.core.period import last_day, ordinal
from heng.demo.chance import Whole, about, chance, split, thousandths
from heng.demo.departments import Dept, departments
from heng.demo.hospitals import Hospital

FIRST = "2025-10"
SEASON = (1000, 862, 1022, 1004, 1012, 1006, 1034, 1028, 1000, 986, 1010, 1036)
"""一月到十二月的忙闲（千分数），二月春节最低 · How busy January to December are, per mille; February is lowest."""


@dataclass(frozen=True)
class Scene:
    """某院某月 · A hospital in a month. All arrays are aligned with `depts`, the open leaves."""

    hospital: Hospital
    month: str
    seed: int

    @cached_property
    def depts(self) -> tuple[Dept, ...]:
        """开设的末级科室 · Leaves open in the month."""
        return tuple(d for d in departments(self.hospital) if d.leaf and d.open(self.month))

    @cached_property
    def place(self) -> dict[str, int]:
        """科室名称到位置 · Where a department stands in the arrays."""
        return {d.name: i for i, d in enumerate(self.depts)}

    def chance(self, purpose: str) -> np.random.Generator:
        """本月某用途的机缘 · Chance for one purpose in this month."""
        return chance(self.seed, self.hospital.code, self.month, purpose)

    @cached_property
    def busy(self) -> int:
        """忙闲与增长（千分数） · Season and growth since the first month, per mille."""
        growth = 1000 + 4 * (ordinal(self.month) - ordinal(FIRST))
        return SEASON[int(self.month[5:]) - 1] * growth // 1000

    def where(self, *, category: str = "", setting: str = "") -> Whole:
        """哪些科室属于该类 · 1 for the departments of the class or setting, else 0."""
        hit = [(not category or d.category == category) and (not setting or d.setting == setting) for d in self.depts]
        return np.array(hit, dtype=np.int64)

    def size(self, name: str) -> Whole:
        """目录中的相对规模 · A relative size out of the catalogue: visits, beds, people, gear."""
        return np.array([getattr(d, name) for d in self.depts], dtype=np.int64)

    @cached_property
    def visits(self) -> Whole:
        """门急诊人次 · Visits of each department."""
        weight = self.size("visits") * about(self.chance("visits"), 60, len(self.depts))
        return split(self.hospital.visits * self.busy // 1000, weight)

    @cached_property
    def beds(self) -> Whole:
        """实际开放床位 · Open beds of each department."""
        return split(self.hospital.beds, self.size("beds"))

    @cached_property
    def bed_days(self) -> Whole:
        """实际占用床日 · Occupied bed-days: beds × days × occupancy."""
        busy = about(self.chance("beds"), 45, len(self.depts)) * min(self.busy, 1060) // 1000
        there = self.beds * last_day(self.month).day
        return np.minimum(thousandths(there, busy, 905), there)

    @cached_property
    def discharges(self) -> Whole:
        """出院人次 · Discharges, from the length of stay of the department."""
        stay = 7500 + about(chance(self.seed, self.hospital.code, "stay"), 999, 400)[: len(self.depts)]
        return self.bed_days * 1000 // stay
