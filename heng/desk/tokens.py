"""令牌：机器凭它来问、来报 · Tokens: what a machine shows to ask and to send; the security administrator makes and withdraws them.

A token acts as an account that nobody logs in with (it has no password), in one of its roles, for some actions, at some
hospitals: never further than the account. It is shown once, ends on a day, and ends with the account or its post.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError, Say, did_you_mean
from heng.desk.audit import Deed, acting
from heng.desk.database import Database, begins, day_of, now
from heng.desk.lock import not_locked
from heng.desk.machines import Token
from heng.desk.people import not_oneself, present, spelt
from heng.desk.rights import ACTION, EMERGENCY, Asking
from heng.desk.schema import Person, Post
from heng.desk.standing import APART, SECURITY, posts_of

PREFIX = "heng_"
"""令牌的开头 · What every token begins with: who finds one in a file knows what it is."""
LONGEST, SEEN = 366, timedelta(minutes=1)
EVERY = "*"
MAKE = "tokens.make"


@dataclass(frozen=True)
class NewToken:
    """要做的令牌 · For which account, called what, in which role and for what, at which hospitals (none: all it reaches), until when."""

    login: str
    name: str
    role: str
    actions: tuple[str, ...]
    until: date
    orgs: tuple[str, ...] = ()
    purpose: str = ""


@dataclass(frozen=True)
class Machine:
    """机器 · Which machine calls: the number of its token, its account and the post it acts in, what it may do, and where (None: all)."""

    token: int
    person: Person
    posts: tuple[Post, ...]
    role: str
    purpose: str
    actions: frozenset[str]
    orgs: frozenset[str] | None

    def asking(self, action: str) -> Asking:
        """问的人 · Who asks, to do this; AccessError for what the token is not for."""
        if action not in self.actions:
            raise AccessError(
                f"这个令牌不能用来{ACTION[action][0]}（{action}）",
                f"this token is not for {action}",
                where=action,
                mend=("请安全管理员另做一个令牌", "ask the security administrator for another token"),
            )
        return Asking(self.person.login, self.role, self.purpose, action, self.orgs)


def make(db: Database, by: str, new: NewToken) -> tuple[int, str]:
    """做令牌 · A new token and its number, by a security administrator; it is told here and never again.

    AccessError for who may not; DeskError for an account that people log in with, a role it does not hold, or a wrong end.
    """
    words = f"{new.login} {new.name} {new.role} {' '.join(new.actions)} {' '.join(new.orgs) or EVERY} {new.until}"
    with acting(db, by, (SECURITY,), Deed(MAKE, words)) as session:
        person = present(session, spelt(new.login))
        not_oneself(person, by, MAKE)
        _sound(session, person, new)
        told = PREFIX + secrets.token_urlsafe(32)
        row = Token(token=_hash(told), person=person.id, name=new.name.strip(), role=new.role, purpose=new.purpose.strip())
        row.actions, row.orgs = " ".join(dict.fromkeys(new.actions)), " ".join(dict.fromkeys(new.orgs)) or EVERY
        row.made, row.until, row.used, row.ended, row.by = now(session), begins(new.until), None, None, by
        session.add(row)
        session.flush()
        return row.id, told


def withdraw(db: Database, by: str, number: int) -> None:
    """收回令牌 · A token ends at once; DeskError when there is none of that number. One that has ended stays so."""
    with acting(db, by, (SECURITY,), Deed("tokens.withdraw", str(number))) as session:
        row = session.get(Token, number)
        if row is None:
            raise _unsound(f"没有第 {number} 号令牌", f"there is no token {number}", ("先看令牌名册", "see the register of tokens"))
        row.ended = row.ended or now(session)


def tokens(db: Database, by: str, *, every: bool = False) -> list[dict[str, Any]]:
    """令牌名册 · The tokens that work, all that ever were when asked; never what they say. For security administrators."""
    with acting(db, by, (SECURITY,), Deed("tokens.list")) as session:
        moment, who = now(session), {p.id: p.login for p in session.scalars(select(Person))}
        columns = "id name role actions orgs purpose made until used ended by"
        return [
            {"login": who[t.person], **{n: getattr(t, n) for n in columns.split()}}
            for t in session.scalars(select(Token).order_by(Token.id))
            if every or not _over(t, moment)
        ]


def machine(db: Database, told: str) -> Machine:
    """是哪台机器 · Which machine shows this token; AccessError when it is none, has ended, or its account or post has."""
    with db.reading() as session:
        moment = now(session)
        row = session.scalar(select(Token).where(Token.token == _hash(told)))
        if row is None or _over(row, moment):
            raise _unknown()
        person = session.get_one(Person, row.person)
        not_locked(session, person.id)
        posts = tuple(p for p in posts_of(session, person, day_of(moment)) if p.role == row.role)
        if person.ended is not None or person.password is not None or not posts:
            raise _unknown()
        unwritten = row.used is None or moment - row.used >= SEEN
    if unwritten:
        with db.writing() as session:
            session.get_one(Token, row.id).used = moment
    orgs = None if row.orgs == EVERY else frozenset(row.orgs.split())
    return Machine(row.id, person, posts, row.role, row.purpose, frozenset(row.actions.split()), orgs)


def _sound(session: Session, person: Person, new: NewToken) -> None:
    today = day_of(now(session))
    if person.password is not None:
        raise _unsound(
            f"{person.login} 是人用口令登录的账号",
            f"people log in as {person.login} with a password",
            ("为机器另开一个账号，不设口令", "give the machine an account of its own, and set no password"),
        )
    held = [p.role for p in posts_of(session, person, today) if p.role not in APART]
    if new.role not in held:
        raise _unsound(
            f"{person.login} 今天不担任 {new.role}，或这个身份不能给机器",
            f"{person.login} does not hold {new.role} today, or no machine may act in it",
            did_you_mean(new.role, held) if held else ("先任命：heng desk posts give", "give it the post first: heng desk posts give"),
        )
    if strange := [a for a in new.actions if a not in ACTION or a == EMERGENCY] or [""] * (not new.actions):
        known = [a for a in ACTION if a != EMERGENCY]
        choose = f"可选：{'、'.join(known)}", f"of: {', '.join(known)}"
        raise _unsound(f"没有动作「{strange[0]}」", f"there is no action {strange[0]!r}", choose)
    if not today < new.until <= today + timedelta(days=LONGEST):
        zh, en = f"截止日不能是 {new.until}", f"a token cannot last until {new.until}"
        raise _unsound(zh, en, (f"写明天起 {LONGEST} 天以内的一天", f"choose a day from tomorrow on, within {LONGEST} days"))
    if not new.name.strip() or max(len(new.name), len(new.purpose), len(" ".join(new.orgs)) // 10) > 200:
        zh, en = "令牌要有名字，至多 200 个字", "a token needs a name, of 200 characters at most"
        raise _unsound(zh, en, ("写明给哪台机器", "say for which machine"))


def _over(row: Token, moment: datetime) -> bool:
    return row.ended is not None or moment >= row.until


def _hash(told: str) -> str:
    return sha256(told.encode("utf8", "replace")).hexdigest()


def _unsound(zh: str, en: str, mend: Say) -> DeskError:
    return DeskError(zh, en, where="tokens", mend=mend)


def _unknown() -> AccessError:
    return AccessError(
        "没有这个令牌，或已失效",
        "there is no such token, or it has ended",
        where="token",
        mend=("请安全管理员查看令牌名册", "ask the security administrator to look at the register of tokens"),
    )
