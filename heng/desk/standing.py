"""在任：那天谁担任什么、谁代谁 · Who holds which post on a day, and who stands in for whom: the one place that follows deputies.

`since` is the first day, `until` the first day no longer. A deputy acts in every post of who is away, but an administrator's.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from heng.desk.database import day_of
from heng.desk.schema import Deputy, Grant, Partner, Person, Post

SYSTEM, SECURITY, AUDITING = "system_admin", "security_admin", "audit_admin"
APART = frozenset((SYSTEM, SECURITY, AUDITING))
"""三员分立 · The three administrators, kept apart."""
Way = tuple[InstrumentedAttribute[int], InstrumentedAttribute[int]]
"""沿代理往哪边走 · Which way deputies are followed: from the first column of a row to the second."""


def lasting(kind: type[Post | Deputy | Partner | Grant], day: date, last: date | None = None) -> tuple[ColumnElement[bool], ...]:
    """那天有效 · What holds on a day, or on any day from it to the `last`."""
    return (kind.since <= (last or day), or_(kind.until.is_(None), kind.until > day))


def posts_of(session: Session, person: Person, day: date) -> list[Post]:
    """任职一览 · The posts a person holds on a day, inside the caller's transaction."""
    return list(session.scalars(select(Post).where(Post.person == person.id, *lasting(Post, day)).order_by(Post.id)))


def holding(session: Session, role: str, org: str, dept: str | None, day: date) -> list[Person]:
    """谁担任 · As `holders`, inside the caller's transaction: holders first, then deputies, also deputies' deputies."""
    place = (Post.role == role, Post.org == org, Post.dept.is_(None) if dept is None else Post.dept == dept)
    held = select(Person).join(Post, Post.person == Person.id).where(*place, *lasting(Post, day)).order_by(Person.id)
    return stand_ins(session, (p for p in session.scalars(held) if _there(p, day)), day)


def acting_posts(session: Session, person: Person, day: date) -> list[Post]:
    """当天的身份 · The posts a person may act in on a day: her own, then those of the people she stands in for.

    An administrator's post is nobody else's: no deputy acts in it.
    """
    away = [p for one in stood_in_for(session, person, day)[1:] for p in posts_of(session, one, day) if p.role not in APART]
    return posts_of(session, person, day) + away


def stand_ins(session: Session, people: Iterable[Person], day: date, last: date | None = None) -> list[Person]:
    """由谁代 · These people, then their deputies, and deputies' deputies, on a day (or on any day until the `last`)."""
    return _along(session, people, (Deputy.person, Deputy.deputy), (day, last))


def stood_in_for(session: Session, person: Person, day: date, last: date | None = None) -> list[Person]:
    """代谁 · The person herself, then whom she stands in for, also through other deputies: `stand_ins` seen from below."""
    return _along(session, [person], (Deputy.deputy, Deputy.person), (day, last))


def _along(session: Session, people: Iterable[Person], way: Way, days: tuple[date, date | None]) -> list[Person]:
    found = list(dict.fromkeys(people))
    for person in found:  # the list grows while it is read: a deputy may be away too
        near = select(Person).join(Deputy, way[1] == Person.id).where(way[0] == person.id, *lasting(Deputy, *days)).distinct()
        found += [p for p in session.scalars(near.order_by(Person.id)) if p not in found and _there(p, days[0])]
    return found


def _there(person: Person, day: date) -> bool:
    return person.ended is None or day_of(person.ended) > day
