"""事项的黄金算例 · Golden cases of the desk by date: an accountant counts the deadlines by hand on a calendar."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

import heng.rooms.steering.alert_case
import heng.rooms.steering.correction_case
import heng.rooms.steering.project_case  # noqa: F401 - the case types register themselves
from heng.core.case import CASE_TYPES, CLOSED
from heng.core.errors import HengError
from heng.core.scope import OWNER
from heng.desk import people
from heng.desk.cases import About, Answer, Reopen, answer, history, late, open_case, reopen, work_of
from heng.desk.database import CHINA, Database
from heng.desk.escalation import escalate
from heng.desk.people import NewDeputy, NewPerson, NewPost
from heng.desk.schema import Case, Notice, Person, Step
from heng.methods.workdays import Workdays
from heng.rooms.steering.workdays import workdays
from heng.store.policy_files import read_policy
from tests.desk.conftest import Hands

GOLDEN = [
    pytest.param(case, id=f"{p.stem}: {case['name'].partition(' · ')[2]}")
    for p in sorted((Path(__file__).parents[2] / "golden/desk").glob("*.yaml"))
    for case in yaml.load(p.read_text("utf8"), Loader=yaml.BaseLoader)  # noqa: S506 - nothing but texts, lists and mappings
]
CALENDAR = workdays(read_policy())
LONG_AGO = date(2025, 1, 1)


def utc(told: str) -> datetime:
    """A moment told by the clocks of China, as the desk keeps it."""
    return datetime.fromisoformat(told).replace(tzinfo=CHINA).astimezone(UTC).replace(tzinfo=None)


@dataclass
class Told:
    """一件事项的来龙去脉 · One golden case being told on a desk."""

    db: Database
    hands: Hands
    given: dict[str, Any]
    calendar: Workdays = CALENDAR
    logins: dict[int, str] = field(default_factory=dict)
    case: int = 0
    answers: int = 0

    def people(self) -> None:
        """Add the people, their posts and deputies."""
        for p in self.given["people"]:
            self.hands.moment = datetime.fromisoformat("2025-01-01")
            org, until = p.get("org", "H01"), p.get("until")
            made = people.add(self.db, NewPerson(p["login"], p["login"], org, p.get("dept")), OWNER.login)
            post = NewPost(p["role"], org, p.get("dept"), LONG_AGO, date.fromisoformat(until) if until else None)
            people.give(self.db, made, post, OWNER.login)
        for d in self.given.get("deputies", []):
            people.add(self.db, NewPerson(d["by"], d["by"], "H01"), OWNER.login)
            away = NewDeputy(d["by"], date.fromisoformat(d["since"]), date.fromisoformat(d["until"]))
            people.stand_in(self.db, d["of"], away, OWNER.login)
        with self.db.reading() as session:
            self.logins = {p.id: p.login for p in session.scalars(select(Person))}

    def person(self, login: str) -> int:
        """The id of a login."""
        return next(i for i, name in self.logins.items() if name == login)

    def do(self, day: dict[str, Any]) -> Any:
        """Do what the day says."""
        self.hands.moment = utc(day["at"])
        if off := day.get("publish", {}).get("off"):
            self.calendar = Workdays(CALENDAR.off | {date.fromisoformat(d) for d in off}, CALENDAR.on)
        return {"open": self.open, "answer": self.answer, "reopen": self.reopen, "escalate": self.escalate, "round": self.round}[day["do"]](
            day
        )

    def open(self, _: dict[str, Any]) -> None:
        """Open the case."""
        said = self.given["case"]
        title = (f"{said['month']} 预警", f"alert of {said['month']}")
        about = About(f"case/{said['month']}", "H01", said.get("dept"), said["month"], title, said["data"])
        self.case = open_case(self.db, CASE_TYPES[said["type"]], about, self.calendar).id

    def answer(self, day: dict[str, Any]) -> None:
        """Answer the current step, or the one named."""
        self.answers += 1
        number = int(day.get("step", 0)) or self.current().number
        reply = Answer(self.person(day["by"]), number, day["outcome"], day.get("says", {}), f"answer {self.answers}")
        answer(self.db, self.case, reply, self.calendar)

    def reopen(self, day: dict[str, Any]) -> None:
        """Open it again."""
        reopen(self.db, self.case, Reopen(self.person(day["by"]), day["reason"], day.get("key", "r")), self.calendar)

    def escalate(self, _: dict[str, Any]) -> list[str]:
        """What is passed up today."""
        return [f"{p.step} {p.why} {p.role}" for p in escalate(self.db, self.calendar)]

    def round(self, day: dict[str, Any]) -> None:
        """A whole round without effect: explained, accepted, published, and no better after the month."""
        plan = {"cause": "耗材", "plan": "议价", "owner": "耗材组", "deadline": "2026-12-31", "notice": "通报", "reason": "未降"}
        for outcome in ("explained", "accepted", "published"):
            (mine,) = {self.logins[p] for p in self.logins if any(w.role == self.current().role for w in work_of(self.db, p))}
            self.answer({"by": mine, "outcome": outcome, "says": plan})
        self.hands.moment = utc(day["on"])
        says = {"figure_month": day["figure_month"], "figure": "0.12", "reason": "未降"}
        self.answer({"by": "commission", "outcome": "ineffective", "says": says})

    def current(self) -> Step:
        """The step that is not done."""
        return next(s for s in history(self.db, self.case) if s.done is None)

    def stands(self) -> str:
        """Where the case stands, in the words of the golden file."""
        with self.db.reading() as session:
            case = session.get_one(Case, self.case)
            assert (case.closed is None) == (case.state != CLOSED)
            if case.state == CLOSED:
                return CLOSED
        step = self.current()
        up, asked = step.data.get("passed_up"), step.data.get("asked")
        marks = [f"←{asked}"] * bool(asked) + ([f"↑{up['role']}"] if up else [])
        return " ".join([str(step.number), step.name, step.role, step.due.isoformat(), *marks])

    def notices(self) -> list[Notice]:
        """All notices so far."""
        with self.db.reading() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))

    def line(self, step: Step) -> str:
        """A step of the history, in the words of the golden file."""
        who = self.logins[step.person] if step.person else step.role
        return " ".join(
            filter(None, [str(step.number), step.name, who, step.outcome, "late" if step.done and late(step, step.due) else ""])
        )


@pytest.mark.parametrize("given", GOLDEN)
def test_golden(given: dict[str, Any], database: Database, hands: Hands) -> None:
    told = Told(database, hands, given)
    told.people()
    for day in given["days"]:
        before = len(told.notices())
        if "refused" in day:
            with pytest.raises(HengError, match=day["refused"]):
                told.do(day)
            assert len(told.notices()) == before, day
            continue
        passed = told.do(day)
        new = told.notices()[before:]
        if "passed" in day:
            assert passed == day["passed"], day
        if "then" in day:
            assert told.stands() == day["then"], day
        if "told" in day:
            assert sorted({told.logins[n.person] for n in new}) == day["told"], day
        if isinstance(said := day.get("says"), str):
            assert all(said in n.body for n in new), day
    if "history" in given:
        assert [told.line(s) for s in history(told.db, told.case)] == given["history"]


def test_every_case_type_leads_somewhere_and_has_words() -> None:
    assert {"alert", "correction", "project"} <= CASE_TYPES.keys()
    for t in CASE_TYPES.values():
        ways = {s.key for s in t.steps} | {CLOSED, "reopen"}
        for s in t.steps:
            assert set(s.outcomes.values()) <= ways, s.key
            assert {*s.outcomes, *(n for needs in s.needs.values() for n in needs)} <= t.words.keys(), s.key
            assert s.days >= 1, s.key
            assert s.escalate_to, s.key
