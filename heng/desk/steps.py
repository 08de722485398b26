"""事项走一步 · How a case takes a step: it gets an owner, a deadline in working days, and its people are told."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heng.core.case import CASE_TYPES, CLOSED, REOPEN, CaseType, StepType
from heng.core.errors import DeskError, Say
from heng.core.period import last_day, shift
from heng.desk.database import day_of, now
from heng.desk.notices import Message, notify
from heng.desk.owners import chain, owner, step_type
from heng.desk.schema import Case, Step
from heng.methods.workdays import Workdays
from heng.tables.codes import ROLE


def begin(session: Session, case: Case, kind: StepType, workdays: Workdays, above: int = 0) -> Step:
    """开始一步 · The new current step, `above` roles higher than usual; NobodyError when nobody at all could answer it."""
    roles = chain(case, kind)
    roles = roles[min(above, len(roles) - 1) :]
    found = owner(session, roles, case.org, case.dept)
    if found is None:
        raise nobody(case, roles)
    today = day_of(now(session))
    data: dict[str, Any] = {"asked": roles[0]} if found.role != roles[0] else {}
    if kind.months:
        data["figure_month"] = shift(today.isoformat()[:7], kind.months)
    due, unsure = deadline(case, kind, today, workdays)
    if unsure:
        data["unpublished"] = unsure
    number = 1 + (session.scalar(select(func.max(Step.number)).where(Step.case == case.id)) or 0)
    step = Step(case=case.id, number=number, name=kind.key, role=found.role, org=found.org, dept=found.dept, due=due, data=data)
    step.began = now(session)
    session.add(step)
    case.step = kind.key
    tell(session, case, step, ("begin", ("请答复", "please answer")), found.people)
    return step


def move(session: Session, case: Case, to: str, workdays: Workdays) -> None:
    """去处 · Where an outcome leads: on to a step, back to the first one as a new round, or to the end.

    A case that has used up its rounds comes back one role higher up.
    """
    type_ = CASE_TYPES[case.type]
    if to == CLOSED:
        case.state, case.closed = CLOSED, now(session)
    elif to == REOPEN:
        again(session, case, type_, workdays)
    else:
        begin(session, case, step_type(case, to), workdays)


def again(session: Session, case: Case, type_: CaseType, workdays: Workdays) -> Step:
    """再来一轮 · One more round from the first step; beyond the number of rounds it begins one role higher up."""
    case.state, case.closed, case.reopened = "open", None, case.reopened + 1
    return begin(session, case, type_.steps[0], workdays, above=int(case.reopened > type_.reopens))


def deadline(case: Case, kind: StepType, began: date, workdays: Workdays) -> tuple[date, list[int]]:
    """期限 · The day a step begun on a day is due, and the years on the way whose days off nobody has published yet."""
    since = last_day(shift(began.isoformat()[:7], kind.months)) if kind.months else began
    due = workdays.after(since, case.data.get("days", {}).get(kind.key, kind.days))
    return due, workdays.unpublished(range(since.year, due.year + 1))


def current(session: Session, case: Case) -> Step:
    """当前一步 · The one step of an open case that is not done."""
    return session.scalars(select(Step).where(Step.case == case.id, Step.done.is_(None))).one()


class NobodyError(DeskError):
    """无人可办 · A step that nobody could answer: a case without an owner is never opened."""


def nobody(case: Case, roles: Iterable[str]) -> NobodyError:
    """无人可办时怎么说 · What is told of a step that nobody could answer."""
    zh, en = ("、".join(ROLE[r][0] for r in roles), ", ".join(ROLE[r][1] for r in roles))
    return NobodyError(
        f"无人担任 {zh}，事项没有责任人",
        f"nobody holds {en}: the case would have no owner",
        where=f"{case.key} · {case.org} {case.dept or ''}".strip(),
        mend=("先给其中一个角色安排人员：heng desk posts give", "give one of these roles to a person first: heng desk posts give"),
    )


def tell(session: Session, case: Case, step: Step, occasion: tuple[str, Say], people: Iterable[int]) -> None:
    """通知 · Tell people about a step, once on each occasion; a notice names places and days, never what somebody wrote."""
    key, (zh, en) = occasion
    kind = step_type(case, step.name)
    place = " ".join(filter(None, (case.org, case.dept, case.month)))
    role = ROLE.get(step.role, (step.role, step.role))
    more = _remarks(step)
    lines = [
        f"{zh}：{case.title_zh}（{place}）",
        f"步骤 {kind.zh} · 责任 {role[0]} · 期限 {step.due}",
        *(m[0] for m in more),
        f"{en}: {case.title_en} ({place})",
        f"step {kind.en} · owner {role[1]} · due {step.due}",
        *(m[1] for m in more),
    ]
    subject = f"{zh} · {kind.zh} · {case.title_zh}"[:200]
    notify(session, people, Message(f"case/{case.id}/step/{step.number}/{key}", subject, "\n".join(lines)), case.id)


def unpublished(step: Step) -> str | None:
    """还没公布放假安排的年份 · The years on the way to a step's deadline whose days off nobody has published; None where all are known."""
    return ", ".join(map(str, step.data.get("unpublished", ()))) or None


def _remarks(step: Step) -> list[Say]:
    said = list[Say]()
    if asked := step.data.get("asked"):
        zh, en = ROLE[asked]
        said.append((f"原应由{zh}答复；现无人担任，由上一级答复", f"meant for the {en}; nobody holds that post, so the next above answers"))
    if listed := unpublished(step):
        said.append(
            (
                f"{listed} 年放假安排尚未公布，期限只扣除周末",
                f"the days off of {listed} are not published: the deadline counts weekends only",
            )
        )
    return said
