"""断电：随时杀掉正在服务的网站 · The server killed at any moment under load: what it acknowledged is there, and there once.

A machine answers steps of cases and hands in files; the server dies with SIGKILL in the midst of it and is started again. The
request that got no answer is sent again under its key.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx2 as http
import pytest
from sqlalchemy import select, text

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.case import CASE_TYPES
from heng.core.scope import OWNER
from heng.desk.cases import About, open_case
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.schema import Audit, Case, Job, Notice, Step
from heng.desk.tokens import NewToken, make
from heng.serve.api.answers import AT

HENG = Path(sys.executable).with_name("heng")
SAID = {"cause": "漏记", "correction": "补录", "owner": "记账系统"}
HANDS = 3
"""几台机器同时在做 · Machines at work at once."""


@dataclass
class Ledger:
    """What was acknowledged: cases answered and files handed in, by number, with the job that the answer named."""

    steps: set[int] = field(default_factory=set)
    jobs: dict[int, int] = field(default_factory=dict)
    next: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> int:
        with self.lock:
            self.next += 1
            return self.next


@dataclass(frozen=True)
class Site:
    """A region that is served, with cases that wait for a machine, and the machine's token."""

    folder: Path
    port: int
    told: str
    cases: tuple[int, ...]

    def start(self) -> "subprocess.Popen[bytes]":
        words = [str(HENG), "--region", str(self.folder), "serve", "--port", str(self.port)]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return server
            assert server.poll() is None, "the server did not start again"
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def work(self, ledger: Ledger, over: threading.Event) -> None:
        """One machine: a step answered and a file handed in, each until it is acknowledged."""
        while not over.is_set():
            number = ledger.take()
            if number > len(self.cases):
                return
            for way in (self.answer, self.hand_in):
                while not way(number, ledger):
                    if over.wait(0.05):
                        return  # never acknowledged: it may be there or not

    def answer(self, number: int, ledger: Ledger) -> bool:
        body = {"step": 1, "outcome": "corrected", "said": SAID}
        answer = self.post(f"/cases/{self.cases[number - 1]}/answers", f"answer-{number:05}", json=body)
        if answer is not None:
            assert answer.status_code == 200, answer.text
            ledger.steps.add(number)
        return answer is not None

    def hand_in(self, number: int, ledger: Ledger) -> bool:
        files = {"files": (f"{number}.csv", f"甲,乙\n{number},2\n".encode(), "text/csv")}
        answer = self.post("/loads", f"load-{number:05}", data={"org": "H01"}, files=files)
        if answer is not None:
            assert answer.status_code == 202, answer.text
            ledger.jobs[number] = answer.json()["id"]
        return answer is not None

    def post(self, way: str, key: str, **said: object) -> http.Response | None:
        """The answer, None where the server died before it came."""
        headers = {"Authorization": f"Bearer {self.told}", "Idempotency-Key": key}
        with suppress(http.TransportError):
            return http.post(f"http://127.0.0.1:{self.port}{AT}{way}", headers=headers, timeout=30, trust_env=False, **said)  # type: ignore[arg-type]
        return None


@pytest.fixture
def site(served: Path) -> Iterator[Callable[[int], Site]]:
    """Make the site with so many cases."""

    def made(many: int) -> Site:
        desk = Desk(Region(served))
        add(desk.db, NewPerson("jiekou", "接口", "H01"), OWNER.login)
        give(desk.db, find(desk.db, "jiekou"), NewPost("accountant", "H01", None, desk.db.today, None, "接口"), OWNER.login)
        until = desk.db.today + timedelta(days=9)
        _, told = make(desk.db, "anquan", NewToken("jiekou", "接口", "accountant", ("see", "answer", "load"), until))
        about = [About(f"断电/{n}", "H01", None, "2026-03", ("数据不平", "data"), {"line": "1"}) for n in range(many)]
        cases = tuple(open_case(desk.db, CASE_TYPES["correction"], a, desk.workdays).id for a in about)
        desk.db.close()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return Site(served, free.getsockname()[1], told, cases)

    yield made
    shutil.rmtree(served, ignore_errors=True)


def sound(site: Site, ledger: Ledger) -> None:
    """Everything acknowledged is there once, with its notices, its audit and its files; nothing stands half."""
    desk = Desk(Region(site.folder))
    with desk.db.reading() as session:
        assert session.execute(text("pragma integrity_check")).all() == [("ok",)]
        done = Counter(session.scalars(select(Step.case).where(Step.done.is_not(None), Step.name == "correct")))
        noted = Counter(o.split(" ")[0] for o in session.scalars(select(Audit.object).where(Audit.action == "case.answer")))
        told = Counter((c, p) for c, p in session.execute(select(Notice.case, Notice.person).where(Notice.key.like("case/%/step/2/%"))))
        jobs = {job.id: job for job in session.scalars(select(Job).where(Job.kind == "load"))}
        keys = {c.id: c.key for c in session.scalars(select(Case))}
    desk.db.close()
    for number in ledger.steps:
        case = site.cases[number - 1]
        assert (done[case], noted[keys[case]]) == (1, 1), f"step {number} lost or doubled"
        assert any(about == case for about, _ in told), f"notice of step {number} lost"
    assert set(done.values()) <= {1}
    assert set(told.values()) <= {1}, "notice doubled"
    assert {case for case, _ in told} <= set(done), "notice of a step that is not there"
    for number, job in ledger.jobs.items():
        held = jobs[job]
        folder = site.folder / "uploads" / held.asked["folder"]
        assert held.state in ("done", "failed", "working") or [p.name for p in folder.iterdir()] == [f"{number}.csv"], (
            f"upload {number} lost"
        )
    assert len(set(ledger.jobs.values())) == len(ledger.jobs), "two uploads became one"
    assert len(jobs) - len(ledger.jobs) <= HANDS, "upload doubled: at most what each hand had under way was not acknowledged"


def killed(site: Site, times: int) -> Ledger:
    ledger, over, chance = Ledger(), threading.Event(), random.Random(times)  # noqa: S311 - moments, no secret
    server = site.start()
    hands = [threading.Thread(target=site.work, args=(ledger, over)) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    try:
        for _ in range(times):
            before = len(ledger.jobs)
            while len(ledger.jobs) == before and any(h.is_alive() for h in hands):
                time.sleep(0.01)
            time.sleep(chance.random() / 5)
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
            sound(site, ledger)
            server = site.start()
    finally:
        over.set()
        for hand in hands:
            hand.join()
        server.kill()
        server.wait()
    sound(site, ledger)
    return ledger


def test_a_server_killed_twice_has_lost_nothing(site: Callable[[int], Site]) -> None:
    ledger = killed(site(60), 2)
    assert ledger.steps
    assert ledger.jobs


@pytest.mark.nightly
def test_a_server_killed_a_hundred_times_has_lost_nothing(
    site: Callable[[int], Site], record_property: Callable[[str, object], None]
) -> None:
    ledger = killed(site(5000), 100)
    record_property("web_kills_acknowledged", len(ledger.steps) + len(ledger.jobs))
    assert len(ledger.jobs) > 100
