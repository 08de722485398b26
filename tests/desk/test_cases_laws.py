"""事项的定律 · Whatever is done in whatever order: no step is lost, an open case has one current step, and that has an owner."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from heng.core.case import CASE_TYPES, CLOSED
from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER
from heng.desk import people
from heng.desk.cases import About, Answer, Reopen, answer, history, open_case, reopen, work_of
from heng.desk.database import Database, day_of
from heng.desk.escalation import escalate
from heng.desk.owners import answerers, finder
from heng.desk.people import NewDeputy, NewPerson, NewPost
from heng.desk.schema import Audit, Case, Notice, Post, Step
from heng.rooms.steering.alert_case import ALERT
from heng.rooms.steering.correction_case import CORRECTION
from heng.rooms.steering.project_case import PROJECT
from heng.rooms.steering.workdays import workdays
from heng.store.policy_files import read_policy
from tests.desk.conftest import MORNING, Hands, someone

CALENDAR = workdays(read_policy())
EXAMPLES = count(1)
POSTS = {"head": "D01", "other": "D01", "accountant": None, "it": None, "finance": None, "president": None}
WORDS = {name for t in (ALERT, CORRECTION, PROJECT) for s in t.steps for needs in s.needs.values() for name in needs}
KEYS = st.sampled_from("abcd")


def written(figure: str, figure_month: str) -> dict[str, Any]:
    return {**dict.fromkeys(WORDS, "试验"), "deadline": "2030-01-01", "figure": figure, "figure_month": figure_month}


class Desk(RuleBasedStateMachine):
    """一家医院的案头 · A hospital of its own for each example, on one desk."""

    db: Database
    hands: Hands

    @initialize()
    def staff(self) -> None:
        self.org = f"H{next(EXAMPLES)}"
        self.hands.moment = MORNING
        self.people, self.kept, self.sent = dict[str, int](), dict[int, list[tuple[Any, ...]]](), list[tuple[int, Answer]]()
        for login, dept in POSTS.items():
            person = people.add(self.db, NewPerson(f"{login}@{self.org}", login, self.org), OWNER.login)
            people.give(self.db, person, NewPost(login.replace("other", "head"), self.org, dept, self.db.today), OWNER.login)
            self.people[login] = person.id
        self.people["commission"] = people.find(self.db, "commission").id
        for type_ in (ALERT, CORRECTION, PROJECT):
            self.open(type_, type_.key, "D01")

    def cases(self) -> list[Case]:
        with self.db.reading() as session:
            return list(session.scalars(select(Case).where(Case.org == self.org).order_by(Case.id)))

    @rule(type_=st.sampled_from([ALERT, CORRECTION, PROJECT]), key=KEYS, dept=st.sampled_from(["D01", None]))
    def open(self, type_: Any, key: str, dept: str | None) -> None:
        about = About(f"{self.org}/{key}", self.org, dept, "2026-02", ("试验", "trial"), {"value": "0.13", "line": "0.10"})
        before = len(self.cases())
        made = open_case(self.db, type_, about, CALENDAR)
        assert open_case(self.db, type_, about, CALENDAR).id == made.id
        assert len(self.cases()) - before == (made.id not in self.kept)
        self.kept.setdefault(made.id, [])

    @rule(data=st.data(), figure=st.sampled_from(["0.09", "0.12"]), times=st.integers(1, 5), wrong=st.booleans())
    def answer(self, data: st.DataObject, figure: str, times: int, *, wrong: bool) -> None:
        found = [c for c in self.cases() if c.state != CLOSED]
        if found:
            number = data.draw(st.sampled_from([c.id for c in found]))
            for _ in range(times):
                self.answer_one(data, next(c for c in self.cases() if c.id == number), figure, wrong=wrong)

    def answer_one(self, data: st.DataObject, case: Case, figure: str, *, wrong: bool) -> None:
        if case.state == CLOSED:
            return
        step = history(self.db, case.id)[-1]
        kind = next(s for s in CASE_TYPES[case.type].steps if s.key == step.name)
        mine = [p for p in self.people.values() if any(w.case.id == case.id for w in work_of(self.db, p))]
        person = data.draw(st.sampled_from(sorted(self.people.values()) if wrong else mine))
        month = (self.db.today.replace(day=1) - timedelta(days=1)).isoformat()[:7]
        outcome = data.draw(st.sampled_from(sorted(kind.outcomes)))
        reply = Answer(person, step.number, outcome, written(figure, month), f"{case.id}/{step.number}")
        try:
            answer(self.db, case.id, reply, CALENDAR)
        except AccessError:
            assert person not in mine
        except DeskError:
            assert (outcome, figure) == (kind.effect, "0.12") or month < step.data.get("figure_month", "")
        else:
            assert person in mine
            self.sent.append((case.id, reply))

    @rule(data=st.data())
    def answer_again(self, data: st.DataObject) -> None:
        if self.sent:
            case, reply = data.draw(st.sampled_from(self.sent))
            before = self.counted()
            answer(self.db, case, reply, CALENDAR)
            assert self.counted() == before

    @rule(data=st.data(), key=KEYS, right=st.booleans())
    def reopen(self, data: st.DataObject, key: str, *, right: bool) -> None:
        if found := [c for c in self.cases() if c.state == CLOSED]:
            case = data.draw(st.sampled_from(found))
            person = self.people["commission"] if right else data.draw(st.sampled_from(sorted(self.people.values())))
            try:
                reopen(self.db, case.id, Reopen(person, "再查", key), CALENDAR)
            except AccessError:
                assert not right
            except DeskError:
                assert case.reopened >= CASE_TYPES[case.type].reopens

    @rule(days=st.sampled_from([0, 1, 4, 12, 50]))
    def time_passes(self, days: int) -> None:
        self.hands.pass_by(days=days)
        escalate(self.db, CALENDAR)
        before = self.counted()
        assert escalate(self.db, CALENDAR) == []
        assert self.counted() == before

    @rule(login=st.sampled_from(sorted(POSTS)))
    def a_post_ends(self, login: str) -> None:
        with self.db.writing() as session:
            for post in session.scalars(select(Post).where(Post.person == self.people[login])):
                post.until = max(post.since, self.db.today)
        escalate(self.db, CALENDAR)

    @rule(login=st.sampled_from(sorted(POSTS)))
    def a_post_is_filled(self, login: str) -> None:
        person = people.find(self.db, f"{login}@{self.org}")
        people.give(self.db, person, NewPost(login.replace("other", "head"), self.org, POSTS[login], self.db.today), OWNER.login)

    @rule(away=st.sampled_from(sorted(POSTS)), deputy=st.sampled_from(sorted(POSTS)), days=st.integers(1, 9))
    def somebody_is_away(self, away: str, deputy: str, days: int) -> None:
        if away != deputy:
            new = NewDeputy(f"{deputy}@{self.org}", self.db.today, self.db.today + timedelta(days=days))
            people.stand_in(self.db, f"{away}@{self.org}", new, OWNER.login)

    def counted(self) -> tuple[int, ...]:
        with self.db.reading() as session:
            return tuple(session.scalar(select(func.count()).select_from(t)) or 0 for t in (Case, Step, Notice, Audit))

    @invariant()
    def nothing_is_lost(self) -> None:
        for case in self.cases():
            steps = history(self.db, case.id)
            assert [s.number for s in steps] == list(range(1, len(steps) + 1))
            done = [(s.number, s.name, s.person, s.outcome, s.done, s.due, str(s.data)) for s in steps if s.done]
            assert done[: len(self.kept[case.id])] == self.kept[case.id]
            self.kept[case.id] = done
            current = [s for s in steps if s.done is None]
            assert len(current) == (case.state != CLOSED)
            assert (case.closed is None) == (case.state != CLOSED)
            if current:
                assert (current[0].name, current[0]) == (case.step, steps[-1])
                assert current[0].due > day_of(current[0].began)
                with self.db.reading() as session:
                    assert answerers(finder(session), current[0])
        with self.db.reading() as session:
            answered = Audit.action == "case.answer", Audit.allowed, Audit.scope == self.org
            assert session.scalar(select(func.count()).select_from(Audit).where(*answered)) == sum(len(k) for k in self.kept.values())

    def teardown(self) -> None:
        """What is left open would be passed up in the next example too."""
        with self.db.writing() as session:
            session.execute(update(Step).where(Step.done.is_(None)).values(done=self.hands()))


def test_no_sequence_of_commands_loses_a_step_or_leaves_a_case_without_owner(database: Database, hands: Hands) -> None:
    someone(database, "commission", "commission", "")

    class Here(Desk):
        db, hands = database, Hands()

    Here.db.clock = Here.hands
    calm = settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Here, settings=calm)
    assert hands.moment.date() <= date(2030, 1, 1)
