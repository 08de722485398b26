"""人、任职与代理 · People of the desk, the posts they hold, and who stands in for them.

`since` is the first day, `until` the first day no longer. System administrators keep the people, security administrators
the posts; nobody gives himself anything, and nobody holds two of the three administrators' posts at a time.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError, did_you_mean
from heng.desk.audit import Deed, acting, note
from heng.desk.database import Database, day_of, now
from heng.desk.schema import Deputy, Person, Post
from heng.desk.schema import Session as SignedIn
from heng.desk.standing import APART, SECURITY, SYSTEM, holding, lasting, posts_of, stand_ins, stood_in_for
from heng.tables.codes import ROLE


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
    login = sound(new)
    if session.scalar(select(Person).where(Person.login == login)):
        raise DeskError(f"账号 {login} 已有人用", f"the login {login} is taken", where="person", mend=("请换一个", "take another"))
    if new.staff_no and session.scalar(select(Person).where(Person.org == new.org, Person.staff_no == new.staff_no)):
        raise DeskError(
            f"{new.org} 的工号 {new.staff_no} 已有人",
            f"{new.org} has staff number {new.staff_no} already",
            where="person",
            mend=("heng desk people list --all 列出各人的工号", "heng desk people list --all tells everybody's staff number"),
        )
    person = Person(login=login, name=new.name, org=new.org, dept=new.dept, staff_no=new.staff_no, mail=new.mail, made=now(session))
    session.add(person)
    session.flush()
    return person


def sound(new: NewPerson) -> str:
    """写得对不对 · The login of a new person as it is kept; DeskError when it, the name, staff number or mail cannot be used."""
    login = spelt(new.login)
    if not re.fullmatch(r"[\w.@-]{2,100}", login):
        raise DeskError(
            f"账号「{shown(new.login)}」不能用",
            f"{shown(new.login)} cannot be a login",
            where="person",
            mend=("用 2 至 100 个字母、数字或汉字，可带 . _ - @", "use 2 to 100 letters or digits, with . _ - @ if you like"),
        )
    said = {("姓名", "name"): new.name, ("工号", "staff number"): new.staff_no or "", ("邮箱", "mail address"): new.mail or ""}
    for (zh, en), text in said.items():
        if len(text) > 200 or not text.isprintable() or (text is new.name and not text.strip()):
            raise DeskError(
                f"{login} 的{zh}「{shown(text)}」不能用",
                f"the {en} of {login} cannot be used: {shown(text)}",
                where="person",
                mend=("姓名要写；每项至多 200 个字，不换行", "a name is needed; each at most 200 characters on one line"),
            )
    return login


def shown(text: str) -> str:
    """照样写，但不换行、不过长 · A text that is told in an error: on one line, and no longer than a glance."""
    line = "".join(c if c.isprintable() else "�" for c in text)
    return f"{line[:40]}…" if len(line) > 40 else line


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
        person, today = person_of(session, login), day_of(now(session))
        not_oneself(person, by, "people.end")
        person.ended = person.ended or now(session)
        sign_off(session, person)
        for post in session.scalars(select(Post).where(Post.person == person.id, *lasting(Post, today, date.max))):
            post.until = max(post.since, today)


def sign_off(session: Session, person: Person) -> None:
    """全部退出 · Every session of a person ends, wherever it is."""
    for signed in session.scalars(select(SignedIn).where(SignedIn.person == person.id, SignedIn.ended.is_(None))):
        signed.ended = now(session)


def give(db: Database, person: Person, new: NewPost, by: str) -> Post:
    """任职 · Give a person a post. The same again changes nothing."""
    with acting(db, by, (SECURITY,), given(person.login, new)) as session:
        return appoint(session, present(session, person.login), new, by)


def given(login: str, new: NewPost, role: str = "") -> Deed:
    """任职的审计 · What the audit keeps of a post that is given, by whoever gives it in a role."""
    return Deed("people.give", f"{login} {new.role} {new.org} {new.dept or ''} {new.since}–{new.until or ''}", role)


def appoint(session: Session, person: Person, new: NewPost, by: str) -> Post:
    """任命 · As `give`, inside the caller's transaction."""
    not_oneself(person, by, "people.give")
    if new.role not in ROLE:
        near = did_you_mean(new.role, ROLE)
        listed = (f"角色有：{'、'.join(ROLE)}", f"the roles are {', '.join(ROLE)}")
        raise DeskError(f"没有角色 {new.role}", f"there is no role {new.role}", where="post", mend=near if near[0] else listed)
    in_order(new.since, new.until)
    if new.role in APART:
        for who in stand_ins(session, [person], new.since, _last(new)):
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
            raise DeskError(
                f"没有任职 {post}，或早已结束",
                f"there is no post {post}, or it ended before",
                where="post",
                mend=("heng desk posts list 列出号码", "heng desk posts list tells the numbers"),
            )
        row.until = max(row.since, day)


def posts(db: Database, login: str, day: date) -> list[Post]:
    """任职一览 · The posts a person holds on a day."""
    with db.reading() as session:
        return posts_of(session, person_of(session, login), day)


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
        raise DeskError(
            f"{login} 不能代理自己",
            f"{login} cannot stand in for herself",
            where="deputy",
            mend=("请另选一人", "choose another person"),
        )
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


def _last(new: NewPost | NewDeputy) -> date:
    return new.until - timedelta(days=1) if new.until else date.max


def _administers(session: Session, person: Person, new: NewPost | NewDeputy) -> set[str]:
    """Which administrator's posts a person holds in that time, herself or for another."""
    whose = [p.id for p in stood_in_for(session, person, new.since, _last(new))]
    held = select(Post.role).where(Post.person.in_(whose), Post.role.in_(APART), *lasting(Post, new.since, _last(new)))
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
