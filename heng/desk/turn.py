"""案头的轮次与记忆 · The turn of a desk, a mark that is another after every change, and what is remembered for as long as it stays.

Who holds which post, who reaches what, which steps are open: asked with every page, changed seldom. An answer is found once
in a turn and given again while the mark, read in the same transaction, is the same. Sessions and the audit are no change.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import String, event, insert, select, update
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from heng.desk.schema import Audit, Desk, Job
from heng.desk.schema import Session as SignedIn

Answer = TypeVar("Answer")
UNCHANGING = (Audit, SignedIn, Job)
"""不算改动的 · What is written down often and never remembered: it is asked for anew each time."""
MOST = 4096
"""至多记几个答案 · Answers of a turn that are kept at most."""


class Turn(Desk):
    """轮次 · One row: a mark that is another after every change of the desk."""

    __tablename__ = "turn"
    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))


class Memory:
    """一个案头的记忆 · The memory of one desk: the answers of one turn, the one asked for longest ago forgotten first."""

    def __init__(self) -> None:
        """起初什么也不记得 · Nothing at first."""
        self._mark, self._held, self._lock = "", OrderedDict[Hashable, Any](), threading.Lock()

    def get(self, mark: str, key: Hashable) -> tuple[Any] | None:
        """记得吗 · The answer of this turn, in a tuple; None when there is none."""
        with self._lock:
            if mark != self._mark:
                self._mark, self._held = mark, OrderedDict()
            return (self._held[key],) if key in self._held else None

    def put(self, mark: str, key: Hashable, answer: Any) -> None:
        """记住 · Keep an answer of this turn."""
        with self._lock:
            if mark == self._mark:
                self._held[key] = answer
                if len(self._held) > MOST:
                    self._held.popitem(last=False)


class Sitting(Session):
    """一次读或写 · A session of the desk; whatever it changes begins a new turn, in the same transaction."""


def remembered(session: Session, key: Hashable, find: Callable[[], Answer]) -> Answer:
    """这一轮里只找一次 · What `find` gives, found once a turn; only inside `reading`. Whoever is given it does not change it."""
    memory: Memory = session.info["memory"]
    mark = session.info.get("mark") or session.scalar(select(Turn.mark))
    if mark is None:  # nothing was ever written
        return find()
    session.info["mark"] = mark
    if held := memory.get(mark, key):
        answer: Answer = held[0]
        return answer
    found = find()
    memory.put(mark, key, found)
    return found


@event.listens_for(Sitting, "before_flush")
def _flushed(session: Session, _context: object, _instances: object) -> None:
    if any(not isinstance(o, UNCHANGING) for o in (*session.new, *session.dirty, *session.deleted)):
        _next(session)


@event.listens_for(Sitting, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (state.is_insert or state.is_update or state.is_delete) and not (mapper and issubclass(mapper.class_, UNCHANGING)):
        _next(state.session)


def _next(session: Session) -> None:
    if session.info.get("turned"):
        return
    session.info["turned"] = True
    mark, connection = secrets.token_hex(8), session.connection()
    if not connection.execute(update(Turn).values(mark=mark)).rowcount:
        connection.execute(insert(Turn).values(id=1, mark=mark))
