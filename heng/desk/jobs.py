"""任务：排队、租期、进度、结果 · Jobs: a queue with leases, progress and results, in the desk's database.

A worker takes the oldest job that is free and holds it by a lease that it renews. When a worker dies its lease runs out and the
job is taken again, a few times at most: what jobs do is done whole or not at all, so doing it again is harmless. The writing
transaction of the desk lets one worker choose at a time, on both databases alike.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from heng.core.errors import DeskError, Say
from heng.desk.audit import Deed, note
from heng.desk.database import Database, now
from heng.desk.schema import Job, Person

LEASE = timedelta(seconds=30)
"""租期 · How long a worker that says nothing holds a job."""
TRIES = 3
"""至多做几次 · How often a job is begun whose workers die; one that kills every worker would kill them for ever."""
STATE: dict[str, Say] = {
    "waiting": ("排队", "waiting"),
    "working": ("进行中", "under way"),
    "done": ("完成", "done"),
    "failed": ("没有做成", "failed"),
    "stopped": ("已取消", "stopped"),
}
"""任务的状态 · The states of a job."""
OPEN = ("waiting", "working")
"""还没做完 · The states of a job that is not over."""


@dataclass(frozen=True)
class Order:
    """要做什么 · What is asked for, by whom (her number) in which role; `key`: the same sent again is the same job."""

    key: str
    kind: str
    person: int
    role: str
    asked: dict[str, Any] = field(default_factory=dict)
    purpose: str = ""


@dataclass(frozen=True)
class Progress:
    """做到哪里 · How far a job is, and in words what is being done."""

    said: Say = ("", "")
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Outcome:
    """怎样结束 · How a job ended: done, failed or stopped, in words, and what came of it."""

    state: str
    said: Say = ("", "")
    result: dict[str, Any] = field(default_factory=dict)


def put(db: Database, order: Order) -> Job:
    """排上 · Put a job in the queue; the same order again is the job that is there."""
    key = f"{order.person}/{order.key}"
    with db.writing() as session:
        held = session.scalars(select(Job).where(Job.key == key)).one_or_none()
        if held is not None:
            return held
        at = now(session)
        job = Job(key=key, kind=order.kind, person=order.person, role=order.role, purpose=order.purpose, asked=order.asked)
        job.made, job.state, job.until, job.result = at, "waiting", at, {}
        job.worker = job.began = job.ended = job.stopping = None
        session.add(job)
        session.flush()
        note(session, _login(session, job), Deed(f"job.{job.kind}", f"job/{job.id}", job.role, job.purpose))
        return job


def take(db: Database, worker: str, lease: timedelta = LEASE) -> Job | None:
    """领一件 · The oldest job that is free, now held by this worker; None when there is none.

    A job whose worker died is given up where somebody wants it stopped, or where it was begun too often.
    """
    with db.reading() as session:
        if session.scalars(_free(session).limit(1)).first() is None:
            return None  # nothing to do, as mostly: nobody has to wait for that
    with db.writing() as session:
        for job in session.scalars(_free(session)):
            if job.stopping:
                _end(session, job, Outcome("stopped"))
            elif job.attempts >= TRIES:
                _end(session, job, Outcome("failed", (f"中断了 {TRIES} 次，不再重试", f"broken off {TRIES} times, not tried again")))
            else:
                at = now(session)
                job.state, job.worker, job.until, job.attempts = "working", worker, at + lease, job.attempts + 1
                job.began = job.began or at
                return job
    return None


def keep(db: Database, job: int, worker: str, far: Progress, lease: timedelta = LEASE) -> bool:
    """续租并报进度 · Renew the lease and tell how far the job is; False when it is to be stopped, or is no longer this worker's."""
    with db.writing() as session:
        mine = _mine(session, job, worker)
        if mine is None:
            return False
        mine.until, mine.done, mine.total = now(session) + lease, far.done, far.total
        mine.said_zh, mine.said_en = far.said[0][:1000], far.said[1][:1000]
        return mine.stopping is None


def end(db: Database, job: int, worker: str, outcome: Outcome) -> bool:
    """结束 · The job is over; False, and nothing changes, when another worker has it by now."""
    with db.writing() as session:
        mine = _mine(session, job, worker)
        if mine is not None:
            _end(session, mine, outcome)
        return mine is not None


def hand_back(db: Database, job: int, worker: str) -> None:
    """放回去 · A worker that goes home puts its job back: it is begun again by the next."""
    with db.writing() as session:
        mine = _mine(session, job, worker)
        if mine is not None:
            mine.state, mine.worker, mine.until, mine.attempts = "waiting", None, now(session), mine.attempts - 1


def stop(db: Database, job: int, by: str, role: str) -> Job:
    """取消 · Have a job stopped: at once while it waits, else at the next point where nothing is half. DeskError when it is over."""
    with db.writing() as session:
        found = _there(session, job)
        if found.state not in OPEN:
            raise DeskError(
                "这个任务已经结束",
                "this job is over",
                where=f"job/{job}",
                mend=("已经装入或算出的不会因此撤回", "what it did is not taken back by this"),
            )
        found.stopping = by
        note(session, by, Deed("job.stop", f"job/{job}", role))
        if found.state == "waiting":
            _end(session, found, Outcome("stopped"))
        return found


def job_of(db: Database, number: int) -> Job:
    """一件任务 · A job by its number; DeskError when there is none."""
    with db.reading() as session:
        return _there(session, number)


def jobs(db: Database, kinds: tuple[str, ...] = (), limit: int = 200) -> list[tuple[Job, str]]:
    """最近的任务 · The newest jobs (of these kinds), each with the name of who asked for it."""
    with db.reading() as session:
        query = select(Job, Person.name).join(Person, Person.id == Job.person).order_by(Job.id.desc()).limit(limit)
        return [(job, name) for job, name in session.execute(query.where(Job.kind.in_(kinds)) if kinds else query)]


def asked_by(db: Database, job: Job) -> Person:
    """谁要的 · Who asked for a job."""
    with db.reading() as session:
        return session.get_one(Person, job.person)


def ahead(db: Database, job: Job) -> int:
    """前面还有几件 · How many jobs are before one that waits."""
    with db.reading() as session:
        return len(session.scalars(select(Job.id).where(Job.state.in_(OPEN), Job.id < job.id)).all())


def _free(session: Session) -> Select[Job]:
    return select(Job).where(Job.state.in_(OPEN), Job.until <= now(session)).order_by(Job.id)


def _mine(session: Session, job: int, worker: str) -> Job | None:
    return session.scalars(select(Job).where(Job.id == job, Job.state == "working", Job.worker == worker)).one_or_none()


def _end(session: Session, job: Job, outcome: Outcome) -> None:
    job.state, job.ended, job.worker, job.result = outcome.state, now(session), None, outcome.result
    job.said_zh, job.said_en = outcome.said[0][:1000], outcome.said[1][:1000]


def _there(session: Session, number: int) -> Job:
    found = session.get(Job, number)
    if found is None:
        raise DeskError(f"没有第 {number} 号任务", f"there is no job {number}", where="jobs", mend=("看任务清单", "see the list of jobs"))
    return found


def _login(session: Session, job: Job) -> str:
    return session.get_one(Person, job.person).login
