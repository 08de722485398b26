"""案头的表 · The tables of the desk, one schema on SQLite and PostgreSQL.

Moments are UTC without zone. `since` is the first day something holds, `until` the first day it holds no longer.
A row is never deleted: what ends gets an end. `key` columns are unique and make a repeated
write harmless: what a caller sends twice is there once.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, MetaData, String, UniqueConstraint, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from heng.desk.faults import fits


class Desk(DeclarativeBase):
    """案头的全部表 · All tables of the desk."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name
        str: String(200),
        int: BigInteger().with_variant(Integer(), "sqlite"),  # there every whole number has 64 bits
        dict[str, Any]: JSON,
    }
    # What has a name can be changed by a later step. These are the names that PostgreSQL would give.
    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
        }
    )


for _moment in ("before_insert", "before_update"):
    event.listen(Desk, _moment, fits, propagate=True)


class Person(Desk):
    """人：账号、口令、动态码 · A person with an account. Wrong attempts at it stand in the audit."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    org: Mapped[str]  # hospital code; "" for people of the region: commission, bureau, supervisors
    dept: Mapped[str | None]
    staff_no: Mapped[str | None]
    mail: Mapped[str | None]
    password: Mapped[str | None]  # argon2; None until the first is set
    reset: Mapped[str | None]  # hash of the one-time code for a new password
    reset_until: Mapped[datetime | None]
    totp: Mapped[str | None]
    totp_used: Mapped[int] = mapped_column(default=0)  # the last time step a code was accepted for: none twice
    made: Mapped[datetime]
    ended: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("org", "staff_no"),)


class Post(Desk):
    """任职：谁在哪里是什么角色 · A person holds a role in a hospital, or in a department of it, from a day to a day."""

    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    org: Mapped[str]
    dept: Mapped[str | None]
    since: Mapped[date]
    until: Mapped[date | None]
    by: Mapped[str]  # login of who gave it
    reason: Mapped[str]


class Deputy(Desk):
    """代理：不在时由谁代 · Who stands in for a person from a day to a day."""

    __tablename__ = "deputy"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date]
    by: Mapped[str]
    reason: Mapped[str]


class Partner(Desk):
    """合作关系 · Two hospitals work together: each sees what its grants give for partners."""

    __tablename__ = "partner"
    id: Mapped[int] = mapped_column(primary_key=True)
    org: Mapped[str]
    partner: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    by: Mapped[str]
    reason: Mapped[str]


class Grant(Desk):
    """授权：某角色可对某些表做什么 · What a role may do with which tables of which hospitals, down to which level of data.

    `relation` is own, dept, partner, region or named; `org` names the hospital of a named one. `holder` is the hospital whose
    people hold it (None: every one's), `purpose` the only one it serves (empty: any). `tables` and `columns` are names separated
    by spaces, or *. `level` is the deepest level of data, 0 to 4.
    """

    __tablename__ = "grant_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    action: Mapped[str]
    relation: Mapped[str]
    org: Mapped[str | None]
    holder: Mapped[str | None]
    purpose: Mapped[str]
    tables: Mapped[str] = mapped_column(String(2000))
    columns: Mapped[str] = mapped_column(String(2000))
    level: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
    by: Mapped[str]
    reason: Mapped[str]


class Emergency(Desk):
    """紧急查看 · Break-glass: one patient of one hospital, with a reason, for an hour at most, approved by a second person."""

    __tablename__ = "emergency"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    org: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    began: Mapped[datetime]
    until: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]


class Session(Desk):
    """登录会话 · A session on the server; only the hash of its token is kept."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    began: Mapped[datetime]
    seen: Mapped[datetime]
    ended: Mapped[datetime | None]


class Case(Desk):
    """事项 · A piece of work with steps, owners and deadlines. `key` says what it is about: the same is never opened twice."""

    __tablename__ = "case_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    org: Mapped[str]
    dept: Mapped[str | None]
    month: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    state: Mapped[str]  # open, closed
    step: Mapped[str]
    opened: Mapped[datetime]
    closed: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]]


class Step(Desk):
    """事项的一步 · One step of a case: whose, until when, what was answered, when it was passed up."""

    __tablename__ = "step"
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column("case_id", ForeignKey("case_row.id"))
    number: Mapped[int]
    name: Mapped[str]
    role: Mapped[str]
    org: Mapped[str]
    dept: Mapped[str | None]
    began: Mapped[datetime]
    due: Mapped[date]
    escalated: Mapped[datetime | None]
    done: Mapped[datetime | None]
    person: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None]
    data: Mapped[dict[str, Any]]  # what the person wrote: cause, plan, evidence
    __table_args__ = (UniqueConstraint("case_id", "number"),)


class Decision(Desk):
    """对信号的决定 · What a person decided about a watched figure: acknowledged, muted, real or not, baseline confirmed."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    watch: Mapped[str]
    org: Mapped[str]
    dept: Mapped[str | None]
    kind: Mapped[str]
    month: Mapped[str]
    until: Mapped[date | None]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class Form(Desk):
    """填报的一行 · One row of a form that people fill in."""

    __tablename__ = "form"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    form: Mapped[str]
    org: Mapped[str]
    dept: Mapped[str | None]
    month: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class Notice(Desk):
    """通知 · A notice to a person; it stands in the page, and goes out by the channels set up."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # of the message: the same to several people, once to each
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case: Mapped[int | None] = mapped_column("case_id", ForeignKey("case_row.id"))
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(String(4000))
    made: Mapped[datetime]
    read: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("key", "person"),)


class Delivery(Desk):
    """投递 · One attempt to bring a notice out by a channel, and how it went."""

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))  # None for a test
    channel: Mapped[str]
    attempt: Mapped[int]  # the first is 1; two that deliver at once cannot both make it
    address: Mapped[str] = mapped_column(String(400))
    tried: Mapped[datetime]
    outcome: Mapped[str]  # sending (claimed), sent, failed, given_up
    said: Mapped[str] = mapped_column(String(1000))
    __table_args__ = (UniqueConstraint("notice", "channel", "attempt"),)


class Job(Desk):
    """任务 · Work that takes long, done in the order it was asked for. `key` makes asking twice harmless."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    person: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    purpose: Mapped[str]
    asked: Mapped[dict[str, Any]]
    made: Mapped[datetime]
    state: Mapped[str]  # waiting, working, done, failed, stopped
    worker: Mapped[str | None]
    until: Mapped[datetime]  # the lease: after it a job that is still working has lost its worker
    attempts: Mapped[int] = mapped_column(default=0)
    began: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    stopping: Mapped[str | None]  # login of who wants it stopped
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    said_zh: Mapped[str] = mapped_column(String(1000), default="")
    said_en: Mapped[str] = mapped_column(String(1000), default="")
    result: Mapped[dict[str, Any]]
    __table_args__ = (Index("job_state", "state", "id"),)


class Audit(Desk):
    """审计 · Every access and every change: who, as what, for what, which data, how many rows, allowed or not."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    login: Mapped[str]
    role: Mapped[str]
    purpose: Mapped[str]
    action: Mapped[str]
    scope: Mapped[str] = mapped_column(String(1000))
    object: Mapped[str] = mapped_column(String(400))
    rows: Mapped[int]
    allowed: Mapped[bool]
    __table_args__ = (Index("audit_at", "at"),)
