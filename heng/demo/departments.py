"""科室 · The departments of one hospital: four classes, outpatient apart from inpatient, common pools, parents."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from heng.core.period import last_day
from heng.demo.catalogue import catalogue
from heng.demo.hospitals import Hospital

CLASSES = ("clinical", "medtech", "support", "admin", "common")
LETTERS = dict(zip(CLASSES, "CTSAP", strict=True))
OPENED = date(2020, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Dept:
    """一个科室 · One department. `entry`: its line in the catalogue; `visits`, `beds`, `people`, `gear`: relative sizes.

    `elsewhere`: the department in which its people work while it is not open.
    """

    code: str = ""
    name: str
    category: str
    setting: str = "none"
    parent: str = ""
    leaf: bool = True
    driver: str = ""
    national: str = ""
    since: date = OPENED
    until: date | None = None
    kind: str = "medical"
    visits: int = 0
    beds: int = 0
    people: int = 0
    gear: int = 0
    elsewhere: str = ""
    system: int = 1
    entry: dict[str, Any] = field(default_factory=dict)

    def open(self, month: str) -> bool:
        """该月是否开设 · Whether it is open all through the month."""
        return self.since <= last_day(month).replace(day=1) and (self.until is None or self.until >= last_day(month))


@cache
def departments(hospital: Hospital) -> tuple[Dept, ...]:
    """全部科室，上级在前 · Every department of the hospital, parents before leaves."""
    parents: list[Dept] = []
    leaves: list[Dept] = []
    for number, category in enumerate(CLASSES, 1):
        group = _parent(hospital, category, number)
        parents.append(group)
        mine = [d for d in _leaves(category) if d.entry.get("reach", 1) >= hospital.reach]
        systems = _systems(hospital, group, mine)
        parents += systems.values()
        for serial, dept in enumerate(mine, 1):
            under = systems.get(dept.system, group)
            places = {"category": number, "letter": LETTERS[category], "system": dept.system, "serial": serial}
            place = sum(d.system == dept.system for d in mine[:serial])
            code = hospital.codes["leaf"].format(**places, number=place)
            leaves.append(replace(dept, code=code, parent=under.code, national=_national(hospital, dept.national)))
    return (*parents, *leaves)


def _parent(hospital: Hospital, category: str, number: int) -> Dept:
    words = dict(zip(CLASSES, ("临床科室", "医技科室", "医辅科室", "行政后勤科室", "公共成本"), strict=True))
    code = hospital.codes["group"].format(category=number, letter=LETTERS[category])
    return Dept(code=code, name=words[category], category=category, leaf=False)


def _systems(hospital: Hospital, group: Dept, leaves: list[Dept]) -> dict[int, Dept]:
    if group.category != "clinical" or not hospital.codes["system"]:
        return {}
    names = catalogue("departments")["systems"]
    code = hospital.codes["system"].format
    used = sorted({d.system for d in leaves})
    return {n: replace(group, code=code(category=1, system=n), name=names[n - 1], parent=group.code) for n in used}


def _leaves(category: str) -> Iterator[Dept]:
    for name, entry in catalogue("departments")[category].items():
        if category == "clinical":
            yield from _clinical(name, entry)
            continue
        since = {"people": entry.get("people", 0), "gear": entry.get("gear", 0)}
        yield Dept(name=name, category=category, driver=entry["driver"], national=entry.get("code", ""), entry=entry, **since)


def _clinical(name: str, entry: dict[str, Any]) -> Iterator[Dept]:
    both = Dept(
        name=name,
        category="clinical",
        national=entry["code"],
        kind=entry.get("kind", "medical"),
        system=entry["system"],
        since=entry.get("since", OPENED),
        elsewhere=entry.get("elsewhere", ""),
        entry=entry,
    )
    if visits := entry.get("visits", 0):
        gear = 6 + visits // 6 + (60 if both.kind in ("dental", "dialysis") else 0)
        yield replace(both, name=f"{name}门诊", setting="outpatient", visits=visits, people=6 + visits // 3, gear=gear)
    if beds := entry.get("beds", 0):
        heavy = entry.get("heavy", 1000)
        yield replace(
            both,
            name=f"{name}住院",
            setting="inpatient",
            beds=beds,
            people=4 + beds * (600 + heavy // 4) // 1400,
            gear=6 + beds * heavy // 3000,
            until=entry.get("inpatient_until"),
        )


def _national(hospital: Hospital, code: str) -> str:
    """One of the four ways in which subject codes are written: A03.01, 0301, 03.01, 301."""
    plain = code.replace(".", "")
    short = plain.lstrip("0") if "." in code else plain
    return hospital.national.format(code, plain, short) if code else ""
