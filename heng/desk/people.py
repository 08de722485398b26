"""人、任职与代理 · People of the desk, the posts they hold, and who stands in for them.

`since` is the first day, `until` the first day no longer. System administrators keep the people, security administrators
the posts; nobody gives himself anything, and nobody holds two of the three administrators' posts at a time.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError, did_you_mean
from heng.desk.audit import Deed, acting, note
from heng.desk.database import Database, day_of, now
from heng.desk.schema import Deputy, Grant, Partner, Person, Post
from heng.desk.schema import Session as SignedIn
from heng.tables.codes import ROLE

SYSTEM, SECURITY, AUDITING = "system_admin", "security_admin", "audit_admin"
APART = frozenset((SYSTEM, SECURITY, AUDITING))
"""三员分立 · The three administrators, kept apart."""


@dataclass(frozen=True)
class NewPerson:
    """新的人 · A person to add; `org` is "" for people of the region."""

    login: str
    name: str
    org: str
    dept: str | None = None
    staff_no: str | None = None
    mail: str | None = None


@dataclass(frozen=True)
class NewPost:
    """新的任职 · A role at a place, from a day until the day it is held no longer."""

    role: str
    org: str
    dept: str | None
    since: date
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class NewDeputy:
    """新的代理 · Who stands in (a login), from a day until the day the person is back."""

    deputy: str
    since: date
    until: date
    reason: str = ""


def add(db: Database, new: NewPerson, by: str) -> Person:
    """加人 · A new account, without password: the security administrator hands over the code for the first one."""
    with acting(db, by, (SYSTEM,), Deed("people.add", f"{new.login} {new.org}")) as session:
        return enter(session, new)


def enter(session: Session, new: NewPerson) -> Person:
    """登记 · Put a person down inside the caller's transaction."""
    login = spelt(new.login)
    if not re.fullmatch(r"[\w.@-]{2,100}", login):
        raise DeskError(
            f"账号 {new.login!r} 不能用",
            f"{new.login!r} cannot be a login",
            where="person",
            mend=("用 2 至 100 个字母、数字或汉字，可带 . _ - @", "use 2 to 100 letters or digits, with . _ - @ if you like"),
        )
    if not new.name.strip() or any(len(t) > 200 or not t.isprintable() for t in (new.name, new.staff_no or "", new.mail or "")):
        raise DeskError(
            f"{login} 的姓名、工号或邮箱不能用",
            f"name, staff number or mail of {login} cannot be used",
            where="person",
            mend=("写上姓名；每项至多 200 个字，不换行", "give a name; each at most 200 characters on one line"),
        )
    if session.scalar(select(Person).where(Person.login == login)):
        raise DeskError(f"账号 {login} 已有人用", f"the login {login} is taken", where="person", mend=("请换一个", "take another"))
    if new.staff_no and session.scalar(select(Person).where(Person.org == new.org, Person.staff_no == new.staff_no)):
        raise DeskError(f"{new.org} 的工号 {new.staff_no} 已有人", f"{new.org} has staff number {new.staff_no} already", where="person")
    person = Person(login=login, name=new.name, org=new.org, dept=new.dept, staff_no=new.staff_no, mail=new.mail, made=now(session))
    session.add(person)
    session.flush()
    return person


def spelt(login: str) -> str:
    """账号的写法 · A login in the one form it is kept in: whatever the case or width of its letters, it is the same."""
    return unicodedata.normalize("NFKC", login).casefold()


def find(db: Database, login: str) -> Person:
    """按账号找人 · The person of a login; DeskError when there is none."""
    with db.reading() as session:
        return person_of(session, login)


def end(db: Database, login: str, by: str) -> None:
    """离开 · A person goes: no log-in any more, sessions closed, posts ended; what she did stays."""
    with acting(db, by, (SYSTEM,), Deed("people.end", login)) as session:
        person = person_of(session, login)
        not_oneself(person, by, "people.end")
        person.ended = person.ended or now(session)
        for signed in session.scalars(select(SignedIn).where(SignedIn.person == person.id, SignedIn.ended.is_(None))):
            signed.ended = now(session)
        for post in session.scalars(select(Post).where(Post.person == person.id, *lasting(Post, day_of(now(session))))):
            post.until = max(post.since, day_of(now(session)))


def give(db: Database, person: Person, new: NewPost, by: str) -> Post:
    """任职 · Give a person a post. The same again changes nothing."""
    deed = Deed("people.give", f"{person.login} {new.role} {new.org} {new.dept or ''} {new.since}–{new.until or ''}")
    with acting(db, by, (SECURITY,), deed) as session:
        person = present(session, person.login)
        not_oneself(person, by, deed.action)
        if new.role not in ROLE:
            raise DeskError(f"没有角色 {new.role}", f"there is no role {new.role}", where="post", mend=did_you_mean(new.role, ROLE))
        in_order(new.since, new.until)
        if new.role in APART:
            near = select(Person).join(Deputy, Deputy.deputy == Person.id).where(Deputy.person == person.id, *_meets(Deputy, new))
            for who in (person, *session.scalars(near)):
                _apart({new.role}, _administers(session, who, new))
        for post in session.scalars(select(Post).where(Post.person == person.id)):
            if (post.role, post.org, post.dept, post.since, post.until) == (new.role, new.org, new.dept, new.since, new.until):
                return post
        post = Post(person=person.id, role=new.role, org=new.org, dept=new.dept, since=new.since, until=new.until, by=by, reason=new.reason)
        session.add(post)
        session.flush()
        return post


def take(db: Database, post: int, day: date, by: str) -> None:
    """免职 · A post ends: on `day` it is held no longer (today takes it at once)."""
    with db.reading() as session:
        named = select(Person.login, Post.role, Post.org, Post.dept).join(Post, Post.person == Person.id).where(Post.id == post)
        told = " ".join(word or "" for word in session.execute(named).one_or_none() or ())
    with acting(db, by, (SECURITY,), Deed("people.take", f"post {post}: {told} –{day}")) as session:
        row = session.get(Post, post)
        if row is None or (row.until is not None and row.until <= day):
            raise DeskError(f"没有任职 {post}，或早已结束", f"there is no post {post}, or it ended before", where="post")
        row.until = max(row.since, day)


def posts(db: Database, login: str, day: date) -> list[Post]:
    """任职一览 · The posts a person holds on a day."""
    with db.reading() as session:
        return posts_of(session, person_of(session, login), day)


def posts_of(session: Session, person: Person, day: date) -> list[Post]:
    """任职一览 · The posts a person holds on a day, inside the caller's transaction."""
    return list(session.scalars(select(Post).where(Post.person == person.id, *lasting(Post, day)).order_by(Post.id)))


def stand_in(db: Database, login: str, new: NewDeputy, by: str) -> Deputy:
    """代理 · Somebody stands in while a person is away: named by herself, or by the security administrator."""
    deed = Deed("people.stand_in", f"{login} → {new.deputy} {new.since}–{new.until}")
    if by == spelt(login):
        with db.writing() as session:
            deputy = _stand_in(session, login, new, by)
            note(session, by, deed)
            return deputy
    with acting(db, by, (SECURITY,), deed) as session:
        return _stand_in(session, login, new, by)


def _stand_in(session: Session, login: str, new: NewDeputy, by: str) -> Deputy:
    away, deputy = present(session, login), present(session, new.deputy)
    if away.id == deputy.id:
        raise DeskError(f"{login} 不能代理自己", f"{login} cannot stand in for herself", where="deputy")
    not_oneself(deputy, by, "people.stand_in")
    in_order(new.since, new.until)
    _apart(*(_administers(session, p, new) for p in (away, deputy)))
    row = Deputy(person=away.id, deputy=deputy.id, since=new.since, until=new.until, by=by, reason=new.reason)
    session.add(row)
    session.flush()
    return row


def holders(db: Database, role: str, org: str, dept: str | None, day: date) -> list[Person]:
    """谁担任 · Who holds a role at exactly this place on a day, and the deputies of those who are away."""
    with db.reading() as session:
        return holding(session, role, org, dept, day)


def holding(session: Session, role: str, org: str, dept: str | None, day: date) -> list[Person]:
    """谁担任 · As `holders`, inside the caller's transaction: holders first, then deputies, also deputies' deputies."""
    place = (Post.role == role, Post.org == org, Post.dept.is_(None) if dept is None else Post.dept == dept)
    held = select(Person).join(Post, Post.person == Person.id).where(*place, *lasting(Post, day)).order_by(Person.id)
    found = list(dict.fromkeys(p for p in session.scalars(held) if _there(p, day)))
    for person in found:  # the list grows while it is read: a deputy may be away too
        away = select(Person).join(Deputy, Deputy.deputy == Person.id).where(Deputy.person == person.id, *lasting(Deputy, day))
        found += [p for p in session.scalars(away.order_by(Person.id)) if p not in found and _there(p, day)]
    return found


def person_of(session: Session, login: str) -> Person:
    """按账号找人 · The person of a login, inside the caller's transaction; DeskError when there is none."""
    person = session.scalar(select(Person).where(Person.login == spelt(login)))
    if person is None:
        raise DeskError(f"没有账号 {login}", f"there is no login {login}", where="person", mend=("请看账号是否写对", "see how it is spelt"))
    return person


def present(session: Session, login: str) -> Person:
    """在职的人 · The person of a login who has not gone; DeskError otherwise."""
    person = person_of(session, login)
    if person.ended is not None:
        raise DeskError(f"{login} 已离开", f"{login} has gone", where="person", mend=("请另选一人", "choose another person"))
    return person


def not_oneself(person: Person, by: str, action: str) -> None:
    """不能给自己办 · Nobody decides for herself."""
    if person.login == by:
        raise AccessError(
            f"{by} 不能给自己办这件事",
            f"{by} may not do this for herself",
            where=action,
            mend=("请另一位管理员来办", "ask another administrator"),
        )


def in_order(since: date, until: date | None) -> None:
    """先开始后结束 · What ends must have begun before."""
    if until is not None and until <= since:
        raise DeskError(
            f"{since} 开始，{until} 就已结束",
            f"it begins on {since} and ends on {until}",
            where="since until",
            mend=("结束日是不再有效的第一天", "the end is the first day on which it holds no longer"),
        )


def lasting(kind: type[Post | Deputy | Partner | Grant], day: date) -> tuple[ColumnElement[bool], ...]:
    """那天有效 · What holds on a day."""
    return (kind.since <= day, or_(kind.until.is_(None), kind.until > day))


def _meets(kind: type[Post | Deputy], new: NewPost | NewDeputy) -> tuple[ColumnElement[bool], ...]:
    return (kind.since < (new.until or date.max), or_(kind.until.is_(None), kind.until > new.since))


def _administers(session: Session, person: Person, new: NewPost | NewDeputy) -> set[str]:
    """Which administrator's posts a person holds in that time, herself or for another."""
    others = session.scalars(select(Deputy.person).where(Deputy.deputy == person.id, *_meets(Deputy, new)))
    held = select(Post.role).where(Post.person.in_([person.id, *others]), Post.role.in_(APART), *_meets(Post, new))
    return set(session.scalars(held))


def _apart(*held: Iterable[str]) -> None:
    roles = sorted(set[str]().union(*held))
    if len(roles) > 1:
        raise DeskError(
            f"{', '.join(roles)} 不能由一人担任或代理：三员分立",
            f"{', '.join(roles)} cannot be held, or stood in for, by one person: the administrators are kept apart",
            where="post",
            mend=("请另派人", "choose another person"),
        )


def _there(person: Person, day: date) -> bool:
    return person.ended is None or day_of(person.ended) > day
