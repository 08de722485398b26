"""责任人：谁该办，谁代，没有人时往上找谁 · Who must answer: the holders of a role and their deputies, or the next role up.

A role is looked for in the department, then in the hospital, then in the region: a head answers for her department, the
finance department for the hospital, the health commission for all.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from heng.core.case import CASE_TYPES, StepType
from heng.core.errors import DeskError
from heng.desk.database import day_of, now
from heng.desk.schema import Case, Person, Step
from heng.desk.standing import acting_posts, holding


class Owner(NamedTuple):
    """责任人 · A role at a place, and the people who answer for it today."""

    role: str
    org: str
    dept: str | None
    people: tuple[int, ...]


Place = tuple[str, str, str | None]
Find = Callable[[str, str, str | None], Owner | None]


def owner(session: Session, roles: Sequence[str], org: str, dept: str | None) -> Owner | None:
    """第一个有人担任的角色 · The first of the roles that somebody holds; None when nobody holds any."""
    day = day_of(now(session))
    for role in roles:
        for place in dict.fromkeys(((org, dept), (org, None), ("", None))):
            if people := tuple(p.id for p in holding(session, role, *place, day)):
                return Owner(role, *place, people)
    return None


def step_type(case: Case, name: str = "") -> StepType:
    """一步的定义 · How a step of a case (its current one) is declared; DeskError when the program no longer knows it."""
    wanted = name or case.step
    found = next((s for t in (CASE_TYPES.get(case.type),) if t for s in t.steps if s.key == wanted), None)
    if found is None:
        raise DeskError(
            f"没有事项步骤 {case.type}.{wanted}",
            f"there is no step {case.type}.{wanted}",
            where=case.key,
            mend=("请用开立它的那个版本的程序", "use the release of the program that opened it"),
        )
    return found


def chain(case: Case, kind: StepType) -> tuple[str, ...]:
    """由下而上的角色 · The roles of a step from below: whose it is (the case may name another, by step), then those above."""
    first = case.data.get("roles", {}).get(kind.key, kind.role)
    return (first, *(r for r in kind.escalate_to if r != first))


def finder(session: Session) -> Find:
    """按位置找责任人 · Finds who holds a role at a place; each is looked up once."""
    return cache(lambda role, org, dept: owner(session, (role,), org, dept))


def places(step: Step) -> list[Place]:
    """归谁办 · The places whose people may answer a step: those it was passed up to first, then its owner."""
    own, up = (step.role, step.org, step.dept), step.data.get("passed_up")
    return [(up["role"], up["org"], up["dept"]), own] if up else [own]


def answerers(find: Find, step: Step) -> dict[int, str]:
    """现在谁可以答复 · Who may answer a step now, and as what role."""
    return {p: found.role for place in places(step) if (found := find(*place)) for p in found.people}


def within_reach(session: Session, person: int) -> set[tuple[str, str]]:
    """可能归她办的 · Roles and hospitals whose steps a person may have to answer today: her posts, and of those she stands in for."""
    return {(p.role, p.org) for p in acting_posts(session, session.get_one(Person, person), day_of(now(session)))}
