"""建立案头：三位管理员 · A desk begins with its three administrators, all in one transaction, each with a code for a password.

Whoever was interrupted before the codes were told begins again and gets new ones, for as long as none of the three has set a
password.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import DeskError
from heng.core.scope import OWNER
from heng.desk.account import RESET, new_code
from heng.desk.audit import Deed, note
from heng.desk.database import Database, day_of, now
from heng.desk.migration import current
from heng.desk.people import NewPerson, NewPost, appoint, enter, given, spelt
from heng.desk.schema import Person, Post
from heng.desk.standing import APART, lasting


@dataclass(frozen=True)
class Administrator:
    """一位管理员 · One of the three: which post, and who."""

    role: str
    login: str
    name: str


def found(db: Database, wanted: Iterable[Administrator]) -> dict[str, str]:
    """建立 · Appoint the administrators, or find them as an interrupted beginning left them; their codes by role.

    DeskError where they are not three people, or where the desk has administrators already.
    """
    three = list(wanted)
    if len({spelt(a.login) for a in three}) < len(APART):
        raise DeskError(
            "三员分立：要三个不同的人",
            "the administrators are three different people",
            where="heng desk setup",
            mend=("每个职位写一个不同的账号", "name another login for each of the posts"),
        )
    with db.writing() as session:
        people = _begun(session, three) or [_appointed(session, a) for a in three]
        codes = dict[str, str]()
        for administrator, person in zip(three, people, strict=True):
            codes[administrator.role] = new_code(session, person, OWNER.login)
            note(session, OWNER.login, Deed(RESET, person.login, OWNER.role))
        return codes


def begun(db: Database) -> bool:
    """开始用了 · Whether anybody has set a password: until then the desk may be begun anew, and nobody can log in."""
    if current(db) is None:
        return False
    with db.reading() as session:
        return session.scalar(select(Person.id).where(Person.password.is_not(None)).limit(1)) is not None


def _begun(session: Session, three: list[Administrator]) -> list[Person]:
    """The same three where they stand there already and nobody has set a password; none where nobody stands there."""
    held = select(Post.role, Person).join(Person, Person.id == Post.person)
    there = session.execute(held.where(Post.role.in_(APART), *lasting(Post, day_of(now(session))))).all()
    if not there:
        return []
    people = {(role, person.login, person.name): person for role, person in there}
    wanted = [(a.role, spelt(a.login), a.name) for a in three]
    if sorted(people) != sorted(wanted) or any(p.password for p in people.values()):
        raise DeskError(
            "案头已经建立，有管理员了",
            "the desk is set up already: it has administrators",
            where="heng desk setup",
            mend=(
                "heng desk posts list 列出管理员；谁没有代码，heng desk people code 账号 给一个",
                "heng desk posts list lists them; heng desk people code LOGIN makes a code for who has none",
            ),
        )
    return [people[key] for key in wanted]


def _appointed(session: Session, administrator: Administrator) -> Person:
    new = NewPerson(administrator.login, administrator.name, "")
    person, post = enter(session, new), NewPost(administrator.role, "", None, day_of(now(session)), None, "heng desk setup")
    appoint(session, person, post, OWNER.login)
    note(session, OWNER.login, Deed("people.add", f"{person.login} ", OWNER.role))
    note(session, OWNER.login, given(person.login, post, OWNER.role))
    return person
