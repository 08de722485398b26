"""审计：谁、以何身份、为何、做了什么、准不准 · The audit: who, as what, for what, did what to which data, and whether it was allowed.

A row is written inside the transaction of what it tells of: both are there or neither. What is refused is undone, so its row
is a transaction of its own. Triggers in the database refuse to change or delete one (`heng.desk.migrations`). The empty login
is the owner of the region's folder, who works without log-in.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError
from heng.core.scope import OWNER
from heng.desk.database import Database, day_of, now
from heng.desk.schema import Audit, Person, Post


@dataclass(frozen=True)
class Deed:
    """一件事 · What was done or asked for: action and object, as which role, for which purpose, how far, how many rows, allowed or not."""

    action: str
    object: str = ""
    role: str = ""
    purpose: str = ""
    scope: str = ""
    rows: int = 0
    allowed: bool = True


@dataclass(frozen=True)
class Sought:
    """要找的审计记录 · Which rows of the audit: what is None does not matter; `since` is in, `until` is out."""

    login: str | None = None
    role: str | None = None
    action: str | None = None  # the beginning of it: `people.` finds people.add and people.end
    object: str | None = None
    allowed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


Look = tuple[Database, str, Deed]
LOOKS: ContextVar[list[Look] | None] = ContextVar("looks", default=None)
"""攒着的查看 · Looks of one request that are kept together before its answer leaves; None: each is kept at once."""


def note(session: Session, login: str, deed: Deed) -> None:
    """记一笔 · Write it down inside the caller's transaction; texts longer than the column are cut, never refused."""
    row = Audit(at=now(session), login=login[:200], rows=deed.rows, allowed=deed.allowed, action=deed.action[:200])
    row.role, row.purpose = deed.role[:200], deed.purpose[:200]
    row.scope, row.object = deed.scope[:1000], deed.object[:400]
    session.add(row)


@contextmanager
def refusal_noted(db: Database, login: str, deed: Deed) -> Iterator[None]:
    """不准就记 · Write the deed down as refused where the block raises AccessError, which goes on."""
    try:
        yield
    except AccessError:
        with db.writing() as session:
            note(session, login, replace(deed, allowed=False))
        raise


@contextmanager
def acting(db: Database, login: str, roles: tuple[str, ...], deed: Deed) -> Iterator[Session]:
    """准才做，做了就记 · A writing transaction for who holds one of these roles today, with its row of audit.

    AccessError for who holds none, or whom the block refuses; that is written down too.
    """
    with refusal_noted(db, login, deed), db.writing() as session:
        held = role_of(session, login, roles)
        if held is None:
            raise refused(login, roles, deed.action)
        yield session
        note(session, login, replace(deed, role=held))


def looked(db: Database, login: str, deed: Deed) -> None:
    """看了就记 · A row of audit for a read, at once or with the other `looks`; none for the owner of the folder, whose it is."""
    look = (db, login, deed)
    if login != OWNER.login:
        if (together := LOOKS.get()) is None:
            keep([look])
        else:
            together.append(look)


def keep(looks: list[Look]) -> None:
    """一并记下 · Write looks down in one transaction: those that differ in nothing but the rows as one, with all of them."""
    rows = Counter[Look]()
    for db, login, deed in looks:
        rows[db, login, replace(deed, rows=0)] += deed.rows
    for db in dict.fromkeys(db for db, _, _ in rows):
        with db.writing() as session:
            for (of, login, deed), seen in rows.items():
                if of is db:
                    note(session, login, replace(deed, rows=seen))


def role_of(session: Session, login: str, roles: tuple[str, ...]) -> str | None:
    """凭什么身份 · The first of these roles that a person holds today; the owner of the folder may do everything."""
    if login == OWNER.login:
        return OWNER.role
    day = day_of(now(session))
    held = set(
        session.scalars(
            select(Post.role)
            .join(Person, Person.id == Post.person)
            .where(Person.login == login, Person.ended.is_(None), Post.since <= day, (Post.until.is_(None)) | (Post.until > day))
        )
    )
    return next((r for r in roles if r in held), None)


def refused(login: str, roles: tuple[str, ...], action: str) -> AccessError:
    """不准 · The error for who may not."""
    needed = ", ".join(roles)
    return AccessError(
        f"{login} 今天不担任 {needed}，不能做 {action}",
        f"{login} does not hold {needed} today and may not do {action}",
        where=action,
        mend=("请担任此职的人来做", "ask a person who holds that post"),
    )


def trail(db: Database, by: str, sought: Sought, limit: int = 1000, before: int | None = None) -> list[Audit]:
    """查审计 · The newest rows first; `before` is the id of the last row of the page above. For audit administrators, and noted."""
    with acting(db, by, ("audit_admin",), Deed("audit.trail", repr(sought))) as session:
        query = select(Audit).order_by(Audit.id.desc()).limit(limit)
        for column in ("login", "role", "object", "allowed"):
            if (value := getattr(sought, column)) is not None:
                query = query.where(getattr(Audit, column) == value)
        if sought.action is not None:
            query = query.where(Audit.action.startswith(sought.action, autoescape=True))
        if sought.since is not None:
            query = query.where(Audit.at >= sought.since)
        if sought.until is not None:
            query = query.where(Audit.at < sought.until)
        if before is not None:
            query = query.where(Audit.id < before)
        return list(session.scalars(query))
