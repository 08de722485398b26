"""请求只办一次 · A request is done once: the same key again is given the same answer, another request under it is refused.

What was asked is kept before it is done, and the answer afterwards. Where a server died in between, the request is done again
under the same key: what the desk does under a key is there once.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from heng.core.errors import DeskError
from heng.desk.database import Database, now
from heng.desk.machines import Request

Answer = tuple[int, dict[str, Any]]
"""回答 · The status of an answer, and what it says."""


class ReusedError(DeskError):
    """同一个键，另一个请求 · Another request under a key that is taken."""


def once(db: Database, key: str, asked: bytes, do: Callable[[], Answer]) -> tuple[Answer, bool]:
    """只办一次 · The answer to what is asked under a key, and whether it was given before. ReusedError for another request under it.

    What fails leaves the key to the same request, so that it can be sent again.
    """
    content = sha256(asked).hexdigest()
    with db.writing() as session:
        row = session.scalar(select(Request).where(Request.key == key))
        if row is None:
            session.add(Request(key=key, asked=content, at=now(session), status=None, answer=None))
    if row is not None and row.asked != content:
        raise ReusedError(
            "这个 Idempotency-Key 已用于另一个请求",
            "this Idempotency-Key belongs to another request",
            where="Idempotency-Key",
            mend=("每个新请求用一个新键", "take a new key for each new request"),
        )
    if row is not None and row.status is not None and row.answer is not None:
        return (row.status, row.answer), True
    status, answer = do()
    with db.writing() as session:
        kept = session.scalars(select(Request).where(Request.key == key)).one()
        if kept.status is None:
            kept.status, kept.answer = status, answer
        return (kept.status, kept.answer or {}), False
