"""会话 · The sessions of a person: where she is logged in, ending one of them, and one that her house's identity provider vouches for."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError
from heng.desk.account import IDLE, LIFE, hashed, signed
from heng.desk.audit import Deed, note
from heng.desk.database import Database, now
from heng.desk.people import spelt
from heng.desk.schema import Person
from heng.desk.schema import Session as SignedIn

VOUCHED = "account.vouched"


@dataclass(frozen=True)
class Live:
    """还开着的会话 · A session that has not ended: since when, last used when, and whether it is the one that asks."""

    number: int
    purpose: str
    began: datetime
    seen: datetime
    this: bool


def live_sessions(db: Database, token: str) -> list[Live]:
    """我的会话 · The sessions of the person whom a token belongs to, the newest first; AccessError when it belongs to nobody."""
    person = signed(db, token).person.id
    with db.reading() as session:
        found = session.scalars(select(SignedIn).where(*_live(session, person)).order_by(SignedIn.id.desc()))
        return [Live(s.id, s.purpose, s.began, s.seen, s.token == hashed(token)) for s in found]


def end_session(db: Database, token: str, number: int) -> None:
    """结束一个会话 · End one of one's own sessions; DeskError when there is none of that number."""
    person = signed(db, token).person
    with db.writing() as session:
        found = session.scalar(select(SignedIn).where(SignedIn.id == number, *_live(session, person.id)))
        if found is None:
            raise DeskError("这个会话已经结束", "that session has ended", where=f"session {number}")
        found.ended = now(session)
        note(session, person.login, Deed("account.end_session", f"session {number}"))


def vouched(db: Database, login: str, issuer: str) -> str:
    """由身份提供方证明 · The token of a new session for whom the house's own identity provider has let in.

    AccessError where it names nobody who has an account here: what a person may do is decided by her posts, not there.
    """
    token, named = secrets.token_urlsafe(32), spelt(login)
    with db.writing() as session:
        person = session.scalar(select(Person).where(Person.login == named, Person.ended.is_(None)))
        note(session, named, Deed(VOUCHED, issuer, allowed=person is not None))
        if person is not None:
            moment = now(session)
            session.add(SignedIn(token=hashed(token), person=person.id, purpose="", began=moment, seen=moment))
    if person is None:
        raise AccessError(
            f"衡里没有账号 {named}",
            f"Heng has no account {named}",
            where=issuer,
            mend=(
                "请系统管理员加上您的账号，再请安全管理员任职",
                "ask the system administrator for an account, then the security administrator for a post",
            ),
        )
    return token


def _live(session: Session, person: int) -> tuple[ColumnElement[bool], ...]:
    moment = now(session)
    return (SignedIn.person == person, SignedIn.ended.is_(None), SignedIn.seen > moment - IDLE, SignedIn.began > moment - LIFE)
