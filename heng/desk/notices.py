"""通知：写进发件箱，也在页面上读 · Notices: an outbox beside the page. They are part of the transaction that they tell of.

A message goes once to each person: its key and the person are unique, so what is told twice is there once. A notice leaves
the house by mail or a group's robot, so what is about a single patient or employee (levels 3 and 4) is struck out of it;
it is not refused, for what it tells of must happen all the same.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import heng.tables
from heng.core.errors import AccessError, DeskError
from heng.core.table import TABLES
from heng.desk.database import Database, now
from heng.desk.schema import Case, Notice

IDENTITY = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[0-9Xx]|1[3-9]\d{9})(?![0-9A-Za-z])")
"""身份证号、手机号 · How a citizen's number and a mobile number are written: neither belongs into a notice."""
STRUCK = "＊＊"
SUBJECT, BODY = 200, 4000
"""字数上限 · Longest subject and body, in characters."""


@dataclass(frozen=True)
class Message:
    """要说的话 · What is told: `key` names the occasion (`case/12/step/1`), so that it is told once to each person."""

    key: str
    subject: str
    body: str


def notify(session: Session, person_ids: Iterable[int], message: Message, case: int | None = None) -> list[Notice]:
    """通知 · Tell people, inside the caller's transaction; gives the notices that are new.

    What is private is struck out. DeskError when the message is empty or too long.
    """
    _whole(message)
    data = session.get_one(Case, case).data if case is not None else None
    subject, body = (struck_out(text, data) for text in (message.subject, message.body))
    told = set(session.scalars(select(Notice.person).where(Notice.key == message.key)))
    at = now(session)
    made = [
        Notice(key=message.key, person=p, case=case, subject=subject, body=body, made=at, read=None)
        for p in dict.fromkeys(person_ids)
        if p not in told
    ]
    session.add_all(made)
    session.flush()
    return made


def notices_of(db: Database, person: int, *, unread: bool = False, limit: int = 100) -> list[Notice]:
    """某人的通知，新的在前 · A person's notices, the newest first; only those not yet read when asked."""
    wanted = select(Notice).where(Notice.person == person).order_by(Notice.id.desc()).limit(limit)
    with db.reading() as session:
        return list(session.scalars(wanted.where(Notice.read.is_(None)) if unread else wanted))


def mark_read(db: Database, person: int, notices: Iterable[int]) -> int:
    """读过 · Mark notices as read by the person they are for; gives how many were unread. AccessError for another's."""
    with db.writing() as session:
        rows = [session.get(Notice, n) for n in dict.fromkeys(notices)]
        if any(row is None or row.person != person for row in rows):
            raise AccessError(
                "没有这条通知，或不是您的",
                "there is no such notice, or it is not yours",
                where="notice",
                mend=("heng desk notices list 列出您的通知", "heng desk notices list lists yours"),
            )
        fresh = [row for row in rows if row and row.read is None]
        for row in fresh:
            row.read = db.clock()
        return len(fresh)


def _whole(message: Message) -> None:
    faulty = not message.key or not message.subject.strip() or len(message.subject) > SUBJECT or len(message.body) > BODY
    if faulty or len(message.key) > SUBJECT or any(ord(c) < 32 for c in message.subject):
        raise DeskError(
            f"通知须有键与标题，标题一行、至多 {SUBJECT} 字，正文至多 {BODY} 字",
            f"a notice needs a key and a subject of one line, at most {SUBJECT} characters, and a body of at most {BODY}",
            where=message.key or "notice",
            mend=("请写短一些，标题不换行", "write it shorter, the subject on one line"),
        )


def struck_out(text: str, data: Any = None) -> str:
    """涂去私密 · A text without numbers of citizens and mobiles, and without what the data of its case keep under a private name."""
    # A name is struck out wherever it is written. A number or a code where it stands alone (301 is not said by 2301), and from
    # three characters on: `12` is said by every second sentence.
    for value in sorted(set(_private_values(data)), key=len, reverse=True):
        if value.isascii() and len(value) > 2:
            text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])", STRUCK, text)
        elif not value.isascii() and len(value) > 1:
            text = text.replace(value, STRUCK)
    return IDENTITY.sub(STRUCK, text)


@cache
def private_columns() -> frozenset[str]:
    """总是私密的列 · Names of columns that are private in every table that has them."""
    for module in pkgutil.iter_modules(heng.tables.__path__, f"{heng.tables.__name__}."):
        importlib.import_module(module.name)  # a table that nobody has imported is not declared yet
    columns = [(name, c.private) for t in TABLES.values() for name, c in t.columns.items()]
    return frozenset(n for n, private in columns if private) - {n for n, private in columns if not private}


def _private_values(data: Any, *, private: bool = False) -> Iterator[str]:
    # What stands below a private name is private however deep it lies.
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _private_values(value, private=private or name in private_columns())
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _private_values(value, private=private)
    elif private and data is not None:
        yield str(data).strip()
