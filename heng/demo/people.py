"""人员 · People: who works where, their pay, and how those in several departments divide their time."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from heng.core.period import ordinal
from heng.demo.chance import about, chance, split, thousandths
from heng.demo.departments import Dept, departments
from heng.demo.hospitals import Hospital
from heng.demo.scene import FIRST, Scene

ROLES = {"doctors": "医生", "nurses": "护士", "technicians": "技师", "pharmacists": "药师", "managers": "管理", "workers": "后勤"}
PAY = {
    "doctors": (5200, 2600, 11500),
    "nurses": (4300, 2000, 7600),
    "technicians": (4500, 2100, 8000),
    "pharmacists": (4500, 2100, 7200),
    "managers": (4700, 2300, 7600),
    "workers": (3400, 1300, 3700),
}
"""各类人员月基本工资、津贴补贴、绩效（元） · Basic pay, allowances and performance pay of a month, yuan."""
MIX = {
    "outpatient": {"doctors": 600, "nurses": 400},
    "inpatient": {"doctors": 340, "nurses": 660},
    "medtech": {"technicians": 650, "doctors": 230, "nurses": 120},
    "support": {"workers": 800, "nurses": 200},
    "admin": {"managers": 780, "workers": 220},
}
HOURS = (80, 120, 96)
"""多科室人员在主科室的工时，共 160 · Hours of shared people in the department that pays them, out of 160."""


@dataclass(frozen=True)
class Person:
    """一名职工 · One person. `second`: where else they work, for `160 - hours` hours; `first`, `last`: months counted from 2025-10."""

    number: str
    dept: str
    role: str
    grade: int
    first: int = -999
    last: int = 999
    second: str = ""
    hours: int = 160


def people(hospital: Hospital, seed: int) -> list[Person]:
    """全院职工 · Everybody who is on the hospital's books at some time in the year."""
    leaves = [d for d in departments(hospital) if d.leaf and d.people]
    rng = chance(seed, hospital.code, "people")
    heads = split(hospital.staff, np.array([d.people for d in leaves], dtype=np.int64))
    staff = [(d.name, r) for d, n in zip(leaves, heads.tolist(), strict=True) for r in _roles(d, max(n, 2))]
    grades = about(rng, 280, len(staff)).tolist()
    hired = [Person(f"{hospital.code[1:]}{n:05}", d, r, g) for n, ((d, r), g) in enumerate(zip(staff, grades, strict=True), 1)]
    for n in rng.choice(len(hired), size=len(hired) // 25, replace=False).tolist():
        month = 1 + n % 11
        hired[n] = replace(hired[n], first=month) if n % 2 else replace(hired[n], last=month)
    return _shared(hospital, hired)


def _roles(dept: Dept, heads: int) -> list[str]:
    own = {r: dept.entry[r] for r in ROLES if r in dept.entry}
    mix = MIX[dept.category if dept.setting == "none" else dept.setting]
    if own:
        rest = 1000 - sum(own.values())
        mix = {**own, "nurses": own.get("nurses", 0) + rest} if rest else own
    parts = split(heads, np.array(list(mix.values()), dtype=np.int64))
    return [r for r, n in zip(mix, parts.tolist(), strict=True) for _ in range(n)]


def _shared(hospital: Hospital, staff: list[Person]) -> list[Person]:
    """Doctors of a ward who also see outpatients of the same specialty."""
    names = {d.name for d in departments(hospital)}
    able = [n for n, p in enumerate(staff) if p.role == "doctors" and p.dept.endswith("住院") and p.dept[:-2] + "门诊" in names]
    able = [n for n in able if staff[n].last == 999 and staff[n].first < 0]
    for turn, n in enumerate(able[:: len(able) // hospital.shared_people][: hospital.shared_people]):
        person = staff[n]
        staff[n] = replace(person, second=person.dept[:-2] + "门诊", hours=HOURS[turn % 3])
    return staff


@dataclass(frozen=True)
class Roster:
    """本月在册 · Who is paid in the month, and in which department, in full-time hundredths."""

    scene: Scene
    staff: list[Person]

    def working(self) -> list[tuple[Person, Dept]]:
        """在册职工与发薪科室 · People and the department that pays them; those of a closed one work elsewhere."""
        now, scene = ordinal(self.scene.month) - ordinal(FIRST), self.scene
        elsewhere = {d.name: d.elsewhere for d in departments(scene.hospital)}
        there = [(p, p.dept if p.dept in scene.place else elsewhere[p.dept]) for p in self.staff if p.first <= now <= p.last]
        return [(p, scene.depts[scene.place[d]]) for p, d in there]

    def counts(self) -> pl.DataFrame:
        """科室人员 · Average staff of each department and role, in hundredths of a person."""
        now = ordinal(self.scene.month) - ordinal(FIRST)
        found = {d.code: dict.fromkeys(ROLES, 0) for d in self.scene.depts if d.category != "common"}
        for p, dept in self.working():
            whole = 50 if now in (p.first, p.last) else 100
            second = self._second(p)
            there = (160 - p.hours) * whole // 160 if second else 0
            found[dept.code][p.role] += whole - there
            if second:
                found[second][p.role] += there
        rows = [{"dept": d, **parts, "total": sum(parts.values())} for d, parts in found.items()]
        return pl.DataFrame(rows)

    def _second(self, person: Person) -> str:
        scene = self.scene
        return scene.depts[scene.place[person.second]].code if person.second in scene.place and person.dept in scene.place else ""

    def shares(self) -> pl.DataFrame:
        """多科室人员分配 · Hours of those who work in two departments, in hundredths of an hour."""
        rows = [
            (p.number, d, 100 * hours)
            for p, dept in self.working()
            if (second := self._second(p))
            for d, hours in ((dept.code, p.hours), (second, 160 - p.hours))
        ]
        return pl.DataFrame(rows, schema=["staff_no", "dept", "share"], orient="row", infer_schema_length=None)

    def salaries(self) -> pl.DataFrame:
        """工资表 · Pay of each person, in fen: insurance 26 % and housing 12 % of pay come on top."""
        working, scene = self.working(), self.scene
        base = np.array([[100 * x for x in PAY[p.role]] for p, _ in working], dtype=np.int64)
        grade = np.array([p.grade * scene.hospital.pay // 1000 for p, _ in working], dtype=np.int64)
        swing = about(scene.chance("bonus"), 120, len(working)) * (scene.busy + 1000) // 2000
        basic, allowance = thousandths(base[:, 0], grade), thousandths(base[:, 1], grade)
        bonus = thousandths(base[:, 2], grade, swing)
        pay = basic + allowance + bonus
        parts = {
            "basic": basic,
            "allowance": allowance,
            "bonus": bonus,
            "insurance": thousandths(pay, 260),
            "housing": thousandths(pay, 120),
        }
        names = {
            "dept": [d.code for _, d in working],
            "staff_no": [p.number for p, _ in working],
            "staff_name": [f"职工{p.number}" for p, _ in working],
            "staff_class": [ROLES[p.role] for p, _ in working],
        }
        return pl.DataFrame({**names, **parts, "amount": sum(parts.values()), "fund": ["own"] * len(working)})
