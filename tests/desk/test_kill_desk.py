"""断电：随时杀掉正在写的案头 · Killed at any moment, a desk has lost nothing that was acknowledged, and holds nothing twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from heng.desk.database import Database
from heng.desk.schema import Audit, Case, Grant, Notice, Person, Post, Step
from tests.desk.conftest import someone

ROOT = Path(__file__).resolve().parents[2]
Told = dict[str, set[int]]
KEPT: dict[str, tuple[InstrumentedAttribute[str], tuple[ColumnElement[bool], ...]]] = {
    "person": (Person.staff_no, (Person.staff_no.is_not(None),)),
    "post": (Post.dept, (Post.role == "head",)),
    "grant": (Grant.reason, ()),
    "case": (Case.key, ()),
    "answer": (Case.key, (Case.id == Step.case, Step.outcome == "done")),
    "notice": (Notice.key, (Notice.case.is_(None),)),
}
"""每一件事落在哪一列 · The column in which each thing that is acknowledged can be found again."""
AUDITED = {"case": "case.open", "answer": "case.answer", "notice": "told"}
"""有一笔审计的事 · What has exactly one row of audit."""


@pytest.fixture(scope="module")
def clerk() -> Iterator[subprocess.Popen[str]]:
    """One who stays warm and sends a writer on order."""
    words = [sys.executable, "-m", "tests.desk.clerk"]
    running = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield running
    running.communicate()


@dataclass(frozen=True)
class Moment:
    """动手的时刻 · When to kill: at once after so many words of the writer, or a little later, in the midst of what it does next."""

    words: int
    seconds: float


def killed(clerk: subprocess.Popen[str], place: Path | str, first: int, moment: Moment) -> Told:
    """Let one write from a number on, and kill it; what it had acknowledged, also after the last word that was waited for."""
    assert clerk.stdin
    assert clerk.stdout
    clerk.stdin.write(f"{place} {first}\n")
    clerk.stdin.flush()
    told: Told = defaultdict(set)
    writer = 0
    for heard, line in enumerate(clerk.stdout):
        what, number = line.split()
        if what == "gone":
            return told
        if what == "pid":
            writer = int(number)
        else:
            told[what].add(int(number))
        if heard == moment.words:
            time.sleep(moment.seconds)
            os.kill(writer, signal.SIGKILL)
    raise AssertionError("the clerk is gone")


def numbers(session: Session, what: str) -> list[int]:
    """The numbers of which a thing is there, as often as it is there."""
    column, where = KEPT[what]
    return [int(found.removeprefix("D")) for found in session.scalars(select(column).where(*where))]


def sound(place: Path | str, told: Told) -> None:
    """Everything acknowledged is there, once; at most the one thing under way is there besides; nothing is half."""
    db = Database(place)
    with db.reading() as session:
        for what in KEPT:
            found = numbers(session, what)
            assert len(found) == len(set(found)), f"{what} doubled"
            assert told[what] <= set(found), f"{what} lost"
            assert len(set(found) - told[what]) <= 1, f"{what} there without having been told"
            if what in AUDITED:
                logged = session.scalars(select(Audit.object).where(Audit.action == AUDITED[what]))
                assert sorted(int(o.split()[0]) for o in logged) == sorted(found), f"{what} without its audit"
        steps = select(Step.case, func.count()).where(Step.done.is_(None)).group_by(Step.case)
        assert {n for _, n in session.execute(steps)} <= {1}  # an open case waits at one step
        if isinstance(place, Path):
            assert session.execute(text("pragma integrity_check")).all() == [("ok",)]
            assert session.execute(text("pragma foreign_key_check")).all() == []
    db.close()


def trial(clerk: subprocess.Popen[str], place: Path | str, moments: int) -> int:
    """Kill again and again; each writer first repeats the last number. How many things were acknowledged in all."""
    db = Database(place)
    someone(db, "caiwu", "finance")
    db.close()
    told: Told = defaultdict(set)
    chance = random.Random(moments)  # noqa: S311 - moments, no secret
    for _ in range(moments):
        first = max(told["person"], default=0)
        for what, found in killed(clerk, place, first, Moment(chance.randrange(14), chance.choice((0, chance.random() / 30)))).items():
            told[what] |= found
        sound(place, told)
    return sum(map(len, told.values()))


def test_killed_at_ten_moments(clerk: subprocess.Popen[str], place: Path | str) -> None:
    assert trial(clerk, place, 10) > 10


@pytest.mark.nightly
def test_killed_at_a_hundred_moments(
    clerk: subprocess.Popen[str], place: Path | str, record_property: Callable[[str, object], None]
) -> None:
    acknowledged = trial(clerk, place, 100)
    record_property("acknowledged", acknowledged)
    assert acknowledged > 250
