"""紧急查看：打破玻璃 · Break-glass: one patient of one hospital, with a reason, for an hour at most; nobody is asked first.

The hospital whose data they are is told at once. While a glass is broken the purpose `emergency` opens that patient, and
nothing else; every read is in the audit with the reason. When it has ended a second person looks at what was read and approves,
within a day; whoever's breaking nobody approved of in time is locked out until it is.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError
from heng.desk.audit import Deed, looked, note, refusal_noted
from heng.desk.database import Database, day_of, in_china, now
from heng.desk.grants import reached, scope_of
from heng.desk.notices import Message, notify
from heng.desk.rights import EMERGENCY, SEE, Asking, Rights, lacking
from heng.desk.schema import Audit, Emergency, Person, Post
from heng.desk.standing import SECURITY, holding, lasting

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
    """打破玻璃 · Break it; the same again while it lasts is the same glass, and nobody is told twice.

    AccessError for who may not, DeskError without subject or reason, or for more than an hour.
    """
    deed = Deed("emergency.begin", f"{glass.org}: {glass.reason}", asking.role, EMERGENCY, glass.subject, rows=1)
    with refusal_noted(db, asking.login, deed):
        _must(db, rights, replace(asking, purpose="", action=EMERGENCY), glass.org)
    if not (glass.subject.strip() and glass.reason.strip() and 0 < glass.minutes <= LONGEST):
        raise DeskError(
            f"紧急查看须写明患者与理由，至多 {LONGEST} 分钟",
            f"a broken glass needs a patient and a reason, and lasts {LONGEST} minutes at most",
            where="emergency.begin",
            mend=("写明患者编号、理由与分钟数", "give the patient's number, the reason and the minutes"),
        )
    with db.writing() as session:
        began, lasts = now(session), timedelta(minutes=glass.minutes)
        person = session.scalars(select(Person.id).where(Person.login == asking.login)).one()
        said = {"person": person, "org": glass.org, "subject": glass.subject.strip(), "reason": glass.reason.strip()}
        for same in session.scalars(select(Emergency).filter_by(**said).where(Emergency.until > began)):
            if same.until - same.began == lasts:
                return same
        row = Emergency(**said, began=began, until=began + lasts)
        row.approved_by = row.approved_at = None
        session.add(row)
        session.flush()
        note(session, asking.login, replace(deed, object=f"emergency/{row.id} {deed.object}"))
        notify(session, _owners(session, row), _message(row, asking))
        return row


def approve(db: Database, rights: Rights, asking: Asking, number: int) -> Emergency:
    """第二人核准 · Approve of a broken glass and what was read under it, also late.

    AccessError for who broke it, and for who may not; DeskError while it lasts: more may yet be read.
    """
    deed = Deed("emergency.approve", f"emergency/{number}", asking.role, asking.purpose)
    seen = len(_reads(db, rights, asking, deed, number))
    with db.writing() as session:
        row = session.get_one(Emergency, number)
        if row.until > now(session):
            raise DeskError(
                f"紧急查看 {number} 到 {in_china(row.until):%H:%M} 才结束",
                f"broken glass {number} lasts until {in_china(row.until):%H:%M}",
                where=f"emergency/{number}",
                mend=("结束后看过读了什么再核准", "approve when it has ended, of all that was read under it"),
            )
        if row.approved_at is None:
            row.approved_by, row.approved_at = asking.login, now(session)
            note(session, asking.login, replace(deed, rows=seen))
        return row


def reads(db: Database, rights: Rights, asking: Asking, number: int) -> list[Audit]:
    """看了什么 · What was read under a broken glass, in order, for who may approve of it; AccessError for others."""
    deed = Deed("emergency.review", f"emergency/{number}", asking.role, asking.purpose)
    found = _reads(db, rights, asking, deed, number)
    looked(db, asking.login, replace(deed, rows=len(found)))
    return found


def reason_of(db: Database, login: str) -> str:
    """现在凭什么紧急查看 · The numbers and reasons of the glasses that a person has broken and that last: what each read is kept under."""
    with db.reading() as session:
        wanted = select(Emergency).join(Person, Person.id == Emergency.person).where(Person.login == login)
        found = list(session.scalars(wanted.where(Emergency.until > now(session)).order_by(Emergency.id)))
    return " ".join([*(f"emergency/{e.id}" for e in found), *(e.reason for e in found)]) or EMERGENCY


def _reads(db: Database, rights: Rights, asking: Asking, deed: Deed, number: int) -> list[Audit]:
    with db.reading() as session:
        found = session.get(Emergency, number)
        if found is None:
            raise DeskError(
                f"没有紧急查看 {number}",
                f"there is no broken glass {number}",
                where=deed.action,
                mend=("号码在通知里", "the notice tells its number"),
            )
        under = select(Audit).where(Audit.login == session.get_one(Person, found.person).login, Audit.action == SEE)
        rows = list(session.scalars(under.where(Audit.purpose.contains(f"emergency/{number} ", autoescape=True)).order_by(Audit.id)))
    with refusal_noted(db, asking.login, deed):
        _must(db, rights, replace(asking, action="approve"), found.org)
        _second(db, asking, found)
    return rows


def _must(db: Database, rights: Rights, asking: Asking, org: str) -> None:
    if not reached(scope_of(db, rights, asking, db.today), org):
        raise lacking(rights, asking, org)


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
    words = f"{asking.login}（{asking.role}）查看本院一名患者，至 {in_china(row.until):%H:%M}；须在 24 小时内由第二人核准"
    body = f"{words} · {asking.login} ({asking.role}) sees one patient of yours until {in_china(row.until):%H:%M}; approve within 24 hours"
    return Message(f"emergency/{row.id}", f"紧急查看 {row.org} · broken glass {row.id}", body)
