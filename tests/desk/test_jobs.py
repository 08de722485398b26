"""任务的队列 · The queue of jobs: oldest first, held by a lease, taken again when a worker dies, each order once."""

import threading
from pathlib import Path

import pytest

from heng.core.errors import DeskError
from heng.desk import jobs
from heng.desk.database import Database
from heng.desk.jobs import TRIES, Order, Outcome, Progress
from heng.desk.schema import Job
from tests.desk.conftest import Hands, someone


def put(db: Database, *keys: str) -> list[Job]:
    """Orders of one accountant."""
    who = someone(db, "kuaiji", "accountant").id
    return [jobs.put(db, Order(key, "run", who, "accountant", {"orgs": ["H01"]})) for key in keys]


def test_the_oldest_is_taken_first_and_by_one_only(database: Database) -> None:
    first, second = put(database, "a", "b")
    assert jobs.ahead(database, second) == 1
    taken = [jobs.take(database, worker) for worker in ("one", "two", "three")]
    assert [j.id if j else None for j in taken] == [first.id, second.id, None]


def test_the_same_order_again_is_the_same_job_for_the_same_person_only(database: Database) -> None:
    first, again = put(database, "a", "a")
    assert first.id == again.id
    other = jobs.put(database, Order("a", "run", someone(database, "wang").id, "it", {"orgs": ["H01"]}))
    assert other.id != first.id


def test_a_lease_that_is_renewed_lasts_and_one_that_runs_out_is_taken_over(database: Database, hands: Hands) -> None:
    (job,) = put(database, "a")
    jobs.take(database, "one")
    hands.pass_by(seconds=20)
    assert jobs.keep(database, job.id, "one", Progress(("读", "reading"), 1, 3))
    hands.pass_by(seconds=20)
    assert jobs.take(database, "two") is None
    hands.pass_by(seconds=20)
    taken = jobs.take(database, "two")
    assert taken
    assert (taken.id, taken.attempts, taken.said_en) == (job.id, 2, "reading")
    assert not jobs.keep(database, job.id, "one", Progress())  # who comes back too late
    assert not jobs.end(database, job.id, "one", Outcome("done", result={"by": "one"}))
    assert jobs.end(database, job.id, "two", Outcome("done", result={"by": "two"}))
    assert jobs.job_of(database, job.id).result == {"by": "two"}
    hands.pass_by(days=1)
    assert jobs.take(database, "three") is None


def test_a_job_that_kills_its_workers_is_given_up(database: Database, hands: Hands) -> None:
    (job,) = put(database, "a")
    for _ in range(TRIES):
        assert jobs.take(database, "one")
        hands.pass_by(minutes=1)
    assert jobs.take(database, "one") is None
    assert jobs.job_of(database, job.id).state == "failed"


def test_who_goes_home_puts_it_back_without_counting(database: Database) -> None:
    (job,) = put(database, "a")
    for _ in range(TRIES + 2):
        assert jobs.take(database, "one")
        jobs.hand_back(database, job.id, "one")
    assert jobs.job_of(database, job.id).attempts == 0


def test_stopped_at_once_while_it_waits_and_by_the_worker_while_it_works(database: Database) -> None:
    waiting, working = put(database, "a", "b")
    jobs.stop(database, waiting.id, "kuaiji", "accountant")
    assert jobs.job_of(database, waiting.id).state == "stopped"
    assert jobs.take(database, "one")
    jobs.stop(database, working.id, "kuaiji", "accountant")
    assert jobs.job_of(database, working.id).state == "working"
    assert not jobs.keep(database, working.id, "one", Progress())
    jobs.end(database, working.id, "one", Outcome("stopped"))
    with pytest.raises(DeskError, match="已经结束"):
        jobs.stop(database, working.id, "kuaiji", "accountant")


def test_stopped_when_its_worker_died(database: Database, hands: Hands) -> None:
    (job,) = put(database, "a")
    jobs.take(database, "one")
    jobs.stop(database, job.id, "kuaiji", "accountant")
    hands.pass_by(minutes=1)
    assert jobs.take(database, "two") is None
    assert jobs.job_of(database, job.id).state == "stopped"


def test_many_workers_at_once_take_every_job_once(place: Path | str) -> None:
    db = Database(place)
    orders, taken = put(db, *map(str, range(12))), list[int]()

    def work(name: str) -> None:
        while job := jobs.take(db, name):
            taken.append(job.id)
            jobs.end(db, job.id, name, Outcome("done"))

    hands = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    db.close()
    assert sorted(taken) == [j.id for j in orders]
