"""账号锁：紧急查看过期未核准即锁 · A broken glass that nobody approved of within a day locks its account until somebody does.

The lock is nothing that is set or lifted: it follows from what stands there, at every request. Sessions do not outlive it.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError
from heng.desk.database import now
from heng.desk.schema import Emergency

REVIEW = timedelta(hours=24)
"""紧急查看须在多久内由第二人核准 · Within how long a second person must have approved of a broken glass."""


def unreviewed(session: Session, person: int | None = None) -> list[Emergency]:
    """过期未核准的紧急查看 · Broken glasses (of a person, or of all) that nobody approved of in time, the oldest first."""
    late = select(Emergency).where(Emergency.approved_at.is_(None), Emergency.began <= now(session) - REVIEW).order_by(Emergency.id)
    return list(session.scalars(late if person is None else late.where(Emergency.person == person)))


def not_locked(session: Session, person: int) -> None:
    """账号没有被锁 · AccessError while a broken glass of the person waits for approval too long."""
    if late := unreviewed(session, person):
        raise AccessError(
            f"账号已锁：紧急查看 {late[0].id} 超过 24 小时未经第二人核准",
            f"the account is locked: broken glass {late[0].id} was not approved of by a second person within 24 hours",
            where=f"emergency/{late[0].id}",
            mend=("请院长或安全管理员核准", "ask the president or a security administrator to approve of it"),
        )


def locked_since(session: Session, person: int, moment: datetime) -> bool:
    """从那时起锁过没有 · Whether the account of a person has been locked at any time since a moment, also if it no longer is."""
    broken = select(Emergency).where(Emergency.person == person, Emergency.began <= now(session) - REVIEW)
    return any(e.approved_at is None or e.approved_at > max(e.began + REVIEW, moment) for e in session.scalars(broken))
