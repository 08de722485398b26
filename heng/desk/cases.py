"""事项：开立、答复、重开、待办 · Cases: open, answer, reopen, and who has what to do.

Each call is one transaction together with its notices and its audit, and harmless when repeated under the same key.
An open case has exactly one step that is not done, and that step has an owner.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.case import CASE_TYPES, CLOSED, CaseType
from heng.core.errors import AccessError, DeskError
from heng.desk.answers import Question, checked
from heng.desk.audit import Deed, looked, note
from heng.desk.database import Database, day_of, in_china, now
from heng.desk.measured import Measure
from heng.desk.owners import answerers, chain, finder, owner, places, step_type, within_reach
from heng.desk.schema import Case, Person, Step
from heng.desk.steps import again, begin, move, tell
from heng.desk.turn import remembered
from heng.methods.workdays import Workdays


@dataclass(frozen=True)
class About:
    """关于什么 · What a case is about. `key` is its name for ever; `title` in Chinese and English; `by` the login that opens it.

    `data`: the facts. `roles` and `days` name another role or number of days for a step ({"self_check": "finance"});
    `line`, `value` and `better` (lower or higher) say what an effect is measured against.
    """

    key: str
    org: str
    dept: str | None
    month: str
    title: tuple[str, str]
    data: dict[str, Any] = field(default_factory=dict)
    by: str = ""


@dataclass(frozen=True)
class Answer:
    """一份答复 · A person's outcome of a step (by its number), with what it needs said; `key` makes a repetition harmless."""

    person: int
    step: int
    outcome: str
    data: dict[str, Any]
    key: str


@dataclass(frozen=True)
class Reopen:
    """重开 · Who opens a closed case again, and why; `key` makes a repetition harmless."""

    person: int
    reason: str
    key: str


class Work(NamedTuple):
    """待办 · What a person has to do: the case, its step, and as what role (her own, or as deputy or superior)."""

    case: Case
    step: Step
    role: str


def open_case(db: Database, type_: CaseType, about: About, workdays: Workdays) -> Case:
    """开立 · Open a case at its first step, or find the one of this key. DeskError when nobody could answer it."""
    with db.writing() as session:
        if found := session.scalar(select(Case).where(Case.key == about.key)):
            return found
        _measurable(type_, about)
        case = Case(key=about.key, type=type_.key, org=about.org, dept=about.dept, month=about.month, data=about.data)
        case.title_zh, case.title_en = about.title
        case.state, case.step, case.opened, case.reopened = "open", type_.steps[0].key, now(session), 0
        session.add(case)
        session.flush()
        begin(session, case, type_.steps[0], workdays)
        note(session, about.by, Deed("case.open", about.key, scope=about.org))
        return case


def answer(db: Database, case: int, reply: Answer, workdays: Workdays, measure: Measure | None = None) -> Case:
    """答复 · Answer the current step; the case goes where the outcome leads. The same key again changes nothing.

    `measure` gives the figure of an effect. AccessError (and a row of audit) for who may not answer; DeskError when the step is
    answered already or the answer lacks something.
    """

    def act(session: Session, row: Case, login: str) -> None:
        steps = session.scalars(select(Step).where(Step.case == case).order_by(Step.number)).all()
        step = next((s for s in steps if s.data.get("key") == reply.key), None) or next((s for s in steps if s.number == reply.step), None)
        if step is None:
            raise _unknown(f"{row.key} · {reply.step}")
        if _repeated(step, reply):
            return
        role = _allowed(answerers(finder(session), step), reply.person, row)
        if step.done is not None:
            raise _answered(session, row, step)
        kind = step_type(row, step.name)
        said = checked(Question(row, step, kind, day_of(now(session)), measure), reply.outcome, reply.data)
        step.done, step.person, step.outcome = now(session), reply.person, reply.outcome
        step.data = {**step.data, "said": said, "key": reply.key, "given": _fingerprint(reply.data)}
        session.flush()
        _tell_outcome(session, row, step, reply.person)
        move(session, row, kind.outcomes[reply.outcome], workdays)
        note(session, login, Deed("case.answer", f"{row.key} · {step.number} {step.name} · {reply.outcome}", role, scope=row.org))

    return _acting(db, case, reply.person, "case.answer", act)


def _repeated(step: Step, reply: Answer) -> bool:
    """Whether the step was answered by this very reply: other words under the same key are another answer."""
    same = (step.data.get("key"), step.person, step.outcome) == (reply.key, reply.person, reply.outcome)
    return same and step.data.get("given", _fingerprint(reply.data)) == _fingerprint(reply.data)


def _fingerprint(data: Mapping[str, Any]) -> str:
    return sha256(json.dumps(data, ensure_ascii=True, sort_keys=True, default=str).encode()).hexdigest()


def reopen(db: Database, case: int, again_: Reopen, workdays: Workdays) -> Case:
    """重开 · Open a closed case again at its first step: whoever could have closed it may, as often as its type allows."""

    def act(session: Session, row: Case, login: str) -> None:
        steps = session.scalars(select(Step).where(Step.case == case).order_by(Step.number)).all()
        if any(s.data.get("reopened", {}).get("key") == again_.key for s in steps):
            return
        type_, kind = CASE_TYPES[row.type], step_type(row)
        owners = [owner(session, (role,), row.org, row.dept) for role in chain(row, kind)]
        role = _allowed({p: o.role for o in owners if o for p in o.people}, again_.person, row)
        if row.state != CLOSED or row.reopened >= type_.reopens or not again_.reason.strip():
            raise _not_reopened(row, type_)
        step = again(session, row, type_, workdays)
        step.data = {**step.data, "reopened": {"key": again_.key, "reason": again_.reason.strip(), "by": login}}
        note(session, login, Deed("case.reopen", row.key, role, again_.reason, row.org))

    return _acting(db, case, again_.person, "case.reopen", act)


def work_of(db: Database, person: int) -> list[Work]:
    """待办 · The open steps that a person may answer today, the most urgent first."""
    with db.reading() as session:
        mine = remembered(session, ("work", person, day_of(now(session))), lambda: _work(session, person))
        login = session.get_one(Person, person).login
    looked(db, login, Deed("cases.work", role=" ".join(sorted({w.role for w in mine})), rows=len(mine)))
    return list(mine)


def _work(session: Session, person: int) -> tuple[Work, ...]:
    find, near = finder(session), within_reach(session, person)
    rows = session.execute(select(Step, Case).join(Case, Step.case == Case.id).where(Step.done.is_(None))).all()
    asked = [(step, case, p) for step, case in rows for p in places(step) if near & {(p[0], p[1]), (p[0], "")}]
    mine = {step.id: Work(case, step, p[0]) for step, case, p in asked if (o := find(*p)) and person in o.people}
    return tuple(sorted(mine.values(), key=lambda w: (w.step.due, w.step.id)))


def history(db: Database, case: int) -> list[Step]:
    """经过 · All steps of a case, in order."""
    with db.reading() as session:
        return list(session.scalars(select(Step).where(Step.case == case).order_by(Step.number)))


def cases_of(db: Database, type_: CaseType) -> list[tuple[Case, str]]:
    """某类事项 · All cases of a type, each with the outcome that its last step came to (empty while nobody has answered one)."""
    with db.reading() as session:
        steps = select(Step).join(Case, Step.case == Case.id).where(Case.type == type_.key, Step.outcome.is_not(None)).order_by(Step.number)
        last = {s.case: s.outcome or "" for s in session.scalars(steps)}
        return [(c, last.get(c.id, "")) for c in session.scalars(select(Case).where(Case.type == type_.key).order_by(Case.id))]


def late(step: Step, today: date) -> bool:
    """是否逾期 · Whether a step was done after its day, or is open beyond it; its whole day, Chinese time, is in time."""
    return (day_of(step.done) if step.done else today) > step.due


def _acting(db: Database, case: int, person: int, action: str, act: Callable[[Session, Case, str], None]) -> Case:
    # What is refused is written down too, after everything else of it is undone.
    try:
        with db.writing() as session:
            row, who = session.get(Case, case), session.get(Person, person)
            if row is None or who is None:
                raise _unknown(f"case {case}, person {person}")
            act(session, row, who.login)
            return row
    except AccessError:
        with db.writing() as session:
            row, who = session.get_one(Case, case), session.get_one(Person, person)
            note(session, who.login, Deed(action, row.key, scope=row.org, allowed=False))
        raise


def _allowed(roles: dict[int, str], person: int, case: Case) -> str:
    if person not in roles:
        raise AccessError(
            "这一步不归您答复",
            "this step is not yours to answer",
            where=case.key,
            mend=("heng desk work 列出您的待办", "heng desk work lists what is yours"),
        )
    return roles[person]


def _answered(session: Session, case: Case, step: Step) -> DeskError:
    who = session.get(Person, step.person)
    name, at = (who.name if who else ""), (f"{in_china(step.done):%Y-%m-%d %H:%M}" if step.done else "")
    return DeskError(
        f"这一步已由 {name} 答复（{at}，{step.outcome}）",
        f"this step was answered by {name} ({at}, {step.outcome})",
        where=case.key,
        mend=("看一看事项现在到了哪一步", "look where the case is now"),
    )


def _tell_outcome(session: Session, case: Case, step: Step, person: int) -> None:
    kind, words = step_type(case, step.name), CASE_TYPES[case.type].words
    zh, en = words[step.outcome or ""]
    owners = [owner(session, (role,), case.org, case.dept) for role in kind.told]
    people = [p for o in owners if o for p in o.people]
    if kind.outcomes[step.outcome or ""] == CLOSED:
        people += [p for p in session.scalars(select(Step.person).where(Step.case == case.id)) if p is not None]
    tell(session, case, step, ("done", (f"已答复“{zh}”", f"answered “{en}”")), [p for p in dict.fromkeys(people) if p != person])


def _measurable(type_: CaseType, about: About) -> None:
    if any(s.effect for s in type_.steps) and not about.data.keys() & {"line", "value"}:
        raise DeskError(
            "没有说明效果与什么比",
            "it is not said what an effect is measured against",
            where=about.key,
            mend=("在 data 中给出 line 或 value", "give a line or a value in data"),
        )


def _not_reopened(case: Case, type_: CaseType) -> DeskError:
    return DeskError(
        f"不能重开：只有已结束的事项可以写明理由重开，至多 {type_.reopens} 次（已 {case.reopened} 次）",
        f"not reopened: only a closed case is, with a reason, at most {type_.reopens} times ({case.reopened} by now)",
        where=case.key,
        mend=("写明理由；次数用完请另立事项", "give a reason; once the times are used up, open a new case"),
    )


def _unknown(where: str) -> DeskError:
    return DeskError(
        "没有这件事项、这一步或这个人",
        "there is no such case, step or person",
        where=where,
        mend=("heng desk work 列出待办", "heng desk work lists what is to do"),
    )
