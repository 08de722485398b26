"""做任务的人 · The worker of a server: one job of the region after another, so that no request waits for one.

It tells the desk every second how far it is, which is also how its lease lasts and how it hears that it shall stop. Where another
writer holds the region (a command line, say) the job waits and says who it is. What is stopped leaves nothing behind.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from heng.app.asking import acting_as
from heng.app.desk import Desk
from heng.app.region import Region
from heng.app.working import KINDS, Kind, Task
from heng.core.errors import HengError, Say
from heng.desk import jobs
from heng.desk.jobs import LEASE, Outcome, Progress
from heng.desk.rights import Asking
from heng.desk.schema import Job
from heng.serve.web.house import House
from heng.serve.web.trying import SCENARIO
from heng.serve.web.uploads import removed, swept
from heng.store.lock import HeldError, writer_now

LOG = logging.getLogger("heng.web")
PAUSE = 0.5
"""多久看一次有没有事 · Seconds between looks into the queue."""
BEAT = 1.0
"""多久报一次 · Seconds between words to the desk."""
EVERY: dict[str, Kind] = {**KINDS, "scenario": SCENARIO}
"""会做的任务 · Every kind of job."""
UNEXPECTED: Say = ("出了意外，没有做成；请把时间告诉信息科", "something unexpected happened; tell your IT department when")


class Stopping(Exception):  # noqa: N818 - not a fault: somebody wants the work stopped
    """不做了 · The work is to be left where it stands; nothing of it is published."""


class Worker:
    """一个服务器的做事人 · The one thread of a server that does jobs, one at a time."""

    def __init__(self, house: House, lease: timedelta = LEASE) -> None:
        """为哪个区域 · For which region; another lease than usual is for tests."""
        self._house, self._lease = house, lease
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._home = threading.Event()
        self._thread = threading.Thread(target=self._work, name="heng-jobs", daemon=True)

    def start(self) -> None:
        """上班 · Begin."""
        self._thread.start()

    def go_home(self, patience: float = 15) -> None:
        """下班 · End; the job under way is put back at the next point where nothing is half, and begun again by the next server."""
        self._home.set()
        self._thread.join(patience)

    def once(self) -> Job | None:
        """做一件 · Do the oldest job there is; which it was, None when there was none."""
        desk = self._house.desk()
        job = jobs.take(desk.db, self.name, self._lease) if desk else None
        if desk and job:
            _Hand(self, desk, job).do()
            self._tidied(desk, jobs.job_of(desk.db, job.id))
        return job

    def _tidied(self, desk: Desk, job: Job) -> None:
        # Files that were taken as a whole need not be sent again; those that were refused may be asked for in another way.
        region, waiting = desk.region.path, [j for j, _ in jobs.jobs(desk.db, ("load",)) if j.state in jobs.OPEN]
        if job.kind == "load" and job.state == "done" and not job.result["refused"]:
            removed(region, job.asked["folder"])
        swept(region, {j.asked["folder"] for j in waiting})

    def _work(self) -> None:
        with ThreadPoolExecutor(1) as hands:
            while not self._home.is_set():
                done: Future[Job | None] = hands.submit(self.once)
                if error := done.exception():  # the desk's database is away, say: look again later
                    LOG.error("jobs", exc_info=error)
                if error or done.result() is None:
                    self._home.wait(PAUSE)

    @property
    def leaving(self) -> bool:
        """要下班了 · Whether the server is being shut down."""
        return self._home.is_set()

    @property
    def lease(self) -> timedelta:
        """租期 · How long a job is held at a time."""
        return self._lease


class _Hand:
    """正在做的一件 · The job under way: what is done in one thread is told to the desk by another."""

    def __init__(self, worker: Worker, desk: Desk, job: Job) -> None:
        self.worker, self.desk, self.job = worker, desk, job
        self.far, self.wanted, self.over = Progress(), True, threading.Event()

    def do(self) -> None:
        """Do it, and write down how it ended."""
        telling = threading.Thread(target=self._telling, name="heng-job-lease", daemon=True)
        telling.start()
        with ThreadPoolExecutor(1) as hands:
            done = hands.submit(self._done)
            error = done.exception()
        self.over.set()
        telling.join()
        if isinstance(error, Stopping) and self.worker.leaving:
            jobs.hand_back(self.desk.db, self.job.id, self.worker.name)
        else:
            jobs.end(
                self.desk.db, self.job.id, self.worker.name, _ended(self.job, error) if error else Outcome("done", result=done.result())
            )

    def _done(self) -> dict[str, Any]:
        kind = EVERY[self.job.kind]
        while True:
            if kind.writes:
                self._wait_for_the_writer()
            try:
                return self._begun(kind)
            except HeldError as held:
                self.tell((held.zh, held.en), 0, 0)

    def _begun(self, kind: Kind) -> dict[str, Any]:
        region = Region(self.desk.region.path)  # its newest generation, and nobody else's
        who = jobs.asked_by(self.desk.db, self.job)
        asking = Asking(who.login, self.job.role, self.job.purpose, kind.action)
        self.tell((kind.zh, kind.en), 0, 0)
        return kind.work(Task(acting_as(self.desk.at(region), asking), self.job.asked, self.tell))

    def _wait_for_the_writer(self) -> None:
        while held := writer_now(self.desk.region.path):
            who, pid, doing = (str(held[n]) for n in ("owner", "pid", "doing"))
            self.tell((f"等 {who}（进程 {pid}）做完 {doing}", f"waiting for {who} (process {pid}) to finish {doing}"), 0, 0)
            self.over.wait(BEAT / 2)

    def tell(self, said: Say, done: int, total: int) -> None:
        """How far it is; Stopping when it shall stop."""
        self.far = Progress(said, done, total)
        if not self.wanted or self.worker.leaving:
            raise Stopping

    def _telling(self) -> None:
        while not self.over.wait(BEAT):
            self.wanted = jobs.keep(self.desk.db, self.job.id, self.worker.name, self.far, self.worker.lease)


def _ended(job: Job, error: BaseException) -> Outcome:
    if isinstance(error, Stopping):
        return Outcome("stopped")
    if isinstance(error, HengError):
        return Outcome("failed", ("\n".join(error.told("zh")), "\n".join(error.told("en"))))
    LOG.error("job/%s %s", job.id, job.kind, exc_info=error)
    return Outcome("failed", UNEXPECTED)


@contextmanager
def working(house: House) -> Iterator[Worker]:
    """有人做事 · A worker for as long as the block lasts."""
    worker = Worker(house)
    worker.start()
    try:
        yield worker
    finally:
        worker.go_home()
