"""逾期上报 · What is overdue is passed up, once, to the role above; a post that fell vacant hands its step on.

Who passes up keeps the step: its owners and those above may answer, and the deadline stays what it was.
"""

from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.desk.audit import Deed, note
from heng.desk.database import Database, day_of, now
from heng.desk.owners import answerers, chain, finder, owner, step_type
from heng.desk.schema import Case, Step
from heng.desk.steps import deadline, tell
from heng.methods.workdays import Workdays

Why = Literal["overdue", "vacant", "nobody", "calendar"]


class Passed(NamedTuple):
    """上报的一步 · What became of a step: passed up for being overdue, handed on from a vacant post, without anybody, or due anew."""

    case: str
    step: int
    why: Why
    role: str
    """现由谁 · Whose it is now: the role above, or the one that hands it on to nobody."""


def escalate(db: Database, workdays: Workdays) -> list[Passed]:
    """上报今天该上报的 · Pass up what is to be passed up today; a second call on the same day finds nothing but steps without anybody."""
    with db.reading() as session:
        find, open_ = finder(session), session.scalars(select(Step).where(Step.done.is_(None)).order_by(Step.due, Step.id))
        waiting = [s.id for s in open_ if (s.due < db.today and not s.escalated) or s.data.get("unpublished") or not answerers(find, s)]
    passed = list[Passed]()
    for step in waiting:
        with db.writing() as session:
            passed += _look(session, session.get_one(Step, step), workdays)
    return passed


def _look(session: Session, step: Step, workdays: Workdays) -> list[Passed]:
    if step.done is not None:
        return []
    case = session.get_one(Case, step.case)
    found = [_due_anew(session, case, step, workdays), _vacant(session, case, step), _overdue(session, case, step)]
    passed = [Passed(case.key, step.number, why, step.role) for why in found[:2] if why]
    if found[2]:
        up = step.data["passed_up"]
        passed.append(Passed(case.key, step.number, "overdue", up["role"] if up else step.role))
    for p in passed:
        if p.why != "nobody":
            note(session, "", Deed(f"case.{p.why}", f"{case.key} · {step.number} {step.name}", p.role, scope=case.org))
    return passed


def _due_anew(session: Session, case: Case, step: Step, workdays: Workdays) -> Why | None:
    # A deadline counted over weekends only is counted again when the calendar of that year is out.
    if not step.data.get("unpublished"):
        return None
    due, unsure = deadline(case, step_type(case, step.name), day_of(step.began), workdays)
    if unsure == step.data["unpublished"]:
        return None
    step.data = {k: v for k, v in step.data.items() if k != "unpublished"} | ({"unpublished": unsure} if unsure else {})
    step.due = due
    people = owner(session, (step.role,), step.org, step.dept)
    tell(
        session,
        case,
        step,
        (f"calendar/{due}", ("期限已按公布的放假安排重算", "the deadline is counted anew")),
        people.people if people else (),
    )
    return "calendar"


def _vacant(session: Session, case: Case, step: Step) -> Why | None:
    if answerers(finder(session), step):
        return None
    found = owner(session, _above(case, step), case.org, case.dept)
    if found is None:
        return "nobody"
    step.data = {**step.data, "asked": step.data.get("asked", step.role)}
    step.role, step.org, step.dept = found.role, found.org, found.dept
    tell(session, case, step, (f"vacant/{found.role}", ("请答复", "please answer")), found.people)
    return "vacant"


def _overdue(session: Session, case: Case, step: Step) -> Why | None:
    if step.escalated is not None or day_of(now(session)) <= step.due:
        return None
    up = owner(session, _above(case, step), case.org, case.dept)
    step.escalated = now(session)
    step.data = {**step.data, "passed_up": {"role": up.role, "org": up.org, "dept": up.dept} if up else None}
    session.flush()
    tell(session, case, step, ("overdue", ("逾期未答复", "overdue")), answerers(finder(session), step))
    return "overdue"


def _above(case: Case, step: Step) -> tuple[str, ...]:
    roles = chain(case, step_type(case, step.name))
    return roles[roles.index(step.role) + 1 :] if step.role in roles else roles
