"""机器的表 · The tables of machines that call: their tokens, and what was asked and answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from heng.desk.schema import Desk


class Token(Desk):
    """接口令牌 · A machine's token, of which only the hash is kept: it acts as an account, in one of its roles, and no further.

    `actions` are words separated by spaces; `orgs` codes of hospitals, or * for all that the role reaches.
    """

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    role: Mapped[str]
    actions: Mapped[str]
    orgs: Mapped[str] = mapped_column(String(2000))
    purpose: Mapped[str]
    made: Mapped[datetime]
    until: Mapped[datetime]
    used: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    by: Mapped[str]


class Request(Desk):
    """请求 · A change that a machine asked for under a key of its own: what was asked, and the answer once there is one."""

    __tablename__ = "request"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(400), unique=True)
    asked: Mapped[str]  # hash of what was asked
    at: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None]
