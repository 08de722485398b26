"""紧急查看：打破玻璃 · Break-glass: one patient of one hospital, with a reason, for an hour at most; nobody is asked first.

The hospital whose data they are is told at once. A second person approves within a day; whoever's breaking nobody approved
of in time is locked out until it is. While a glass is broken the purpose `emergency` opens that patient, and nothing else.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError
from heng.desk.audit import Deed, note
from heng.desk.database import CHINA, Database, day_of, now
from heng.desk.grants import must, scope_of
from heng.desk.notices import Message, notify
from heng.desk.people import SECURITY, holding, lasting
from heng.desk.refusal import refusal_noted
from heng.desk.rights import EMERGENCY, Asking, Rights
from heng.desk.schema import Emergency, Person, Post

LONGEST = 60
"""最多几分钟 · The longest a glass may be broken, in minutes."""
OWNERS = ("president", "medical")
"""数据所有方由谁知悉 · Who is told, at the hospital whose data they are."""


@dataclass(frozen=True)
class Glass:
    """要打破的玻璃 · What is to be seen at once: a patient of a hospital, and why (with the number of the occurrence)."""

    org: str
    subject: str
    reason: str
    minutes: int = LONGEST


def begin(db: Database, rights: Rights, asking: Asking, glass: Glass) -> Emergency:
    """打破玻璃 · Break it; AccessError for who may not, DeskError without subject or reason, or for more than an hour."""
    deed = Deed("emergency.begin", f"{glass.org}: {glass.reason}", asking.role, EMERGENCY, glass.subject, rows=1)
    with refusal_noted(db, asking.login, deed):
        must(scope_of(db, rights, replace(asking, purpose="", action=EMERGENCY), db.today), glass.org)
    if not (glass.subject.strip() and glass.reason.strip() and 0 < glass.minutes <= LONGEST):
        raise DeskError(
            f"紧急查看须写明患者与理由，至多 {LONGEST} 分钟",
            f"a broken glass needs a patient and a reason, and lasts {LONGEST} minutes at most",
            where="emergency.begin",
            mend=("写明患者编号、理由与分钟数", "give the patient's number, the reason and the minutes"),
        )
    with db.writing() as session:
        began = now(session)
        row = Emergency(
            org=glass.org, subject=glass.subject.strip(), reason=glass.reason, began=began, until=began + timedelta(minutes=glass.minutes)
        )
        row.person = session.scalars(select(Person.id).where(Person.login == asking.login)).one()
        row.approved_by = row.approved_at = None
        session.add(row)
        session.flush()
        note(session, asking.login, replace(deed, object=f"emergency/{row.id} {deed.object}"))
        notify(session, _owners(session, row), _message(row, asking))
        return row


def approve(db: Database, rights: Rights, asking: Asking, number: int) -> Emergency:
    """第二人核准 · Approve of a broken glass, also late. AccessError for who broke it, and for who may not."""
    deed = Deed("emergency.approve", f"emergency/{number}", asking.role, asking.purpose)
    with db.reading() as session:
        found = session.get(Emergency, number)
    if found is None:
        raise DeskError(
            f"没有紧急查看 {number}",
            f"there is no broken glass {number}",
            where="emergency.approve",
            mend=("号码在通知里", "the notice tells its number"),
        )
    with refusal_noted(db, asking.login, deed):
        must(scope_of(db, rights, replace(asking, action="approve"), db.today), found.org)
        _second(db, asking, found)
    with db.writing() as session:
        row = session.get_one(Emergency, number)
        if row.approved_at is None:
            row.approved_by, row.approved_at = asking.login, now(session)
            note(session, asking.login, deed)
        return row


def _second(db: Database, asking: Asking, found: Emergency) -> None:
    with db.reading() as session:
        if session.get_one(Person, found.person).login == asking.login:
            raise AccessError(
                "自己的紧急查看须由别人核准",
                "a broken glass is approved by another person",
                where="emergency.approve",
                mend=("请院长或安全管理员核准", "ask the president or a security administrator"),
            )


def _owners(session: Session, row: Emergency) -> list[int]:
    """Who is told: those who answer for the hospital's data, else every security administrator."""
    day = day_of(row.began)
    told = [p.id for role in OWNERS for p in holding(session, role, row.org, None, day)]
    admins = select(Post.person).where(Post.role == SECURITY, *lasting(Post, day)).order_by(Post.person)
    return [p for p in told if p != row.person] or list(session.scalars(admins))


def _message(row: Emergency, asking: Asking) -> Message:
    # A notice leaves the house: it names no patient.
    words = f"{asking.login}（{asking.role}）查看本院一名患者，至 {row.until + CHINA:%H:%M}；须在 24 小时内由第二人核准"
    body = f"{words} · {asking.login} ({asking.role}) sees one patient of yours until {row.until + CHINA:%H:%M}; approve within 24 hours"
    return Message(f"emergency/{row.id}", f"紧急查看 {row.org} · broken glass {row.id}", body)
