"""一直写的人 · Writes to a desk without end and says each thing that is acknowledged; started to be killed (test_kill_desk).

It stays warm: for every line `PLACE FIRST` it forks one who writes from number FIRST on, and says `gone` when that one is dead.
"""

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from heng.core.case import CaseType, StepType
from heng.core.scope import OWNER, Level
from heng.desk import people, staff
from heng.desk.audit import Deed, note
from heng.desk.cases import About, Answer, answer, open_case
from heng.desk.database import Database
from heng.desk.grants import Given, grant
from heng.desk.notices import Message, notify
from heng.desk.people import NewPost
from heng.desk.rights import SEE, Rights
from heng.methods.workdays import Workdays
from heng.store.policy_files import read_policy

DAY = date(2026, 3, 2)
EVERY_DAY = Workdays(frozenset(), frozenset())
CHECK = CaseType(
    key="kill",
    zh="断电试验",
    en="power cut",
    steps=(
        StepType(key="self_check", zh="自查", en="self-check", role="head", days=3, escalate_to=("finance",), outcomes={"done": "review"}),
        StepType(key="review", zh="复核", en="review", role="finance", days=3, escalate_to=(), outcomes={"fine": "closed"}),
    ),
    words={"done": ("已查", "checked"), "fine": ("可以", "fine")},
)


def deeds(db: Database, rights: Rights, number: int) -> Iterator[str]:
    """What is done about one number, each under its own key; doing it again must change nothing."""
    name, dept = f"{number:06}", f"D{number:06}"
    staff.import_staff(db, [staff.StaffRow("H01", name, name, dept)], OWNER.login)
    yield "person"
    person = people.find(db, f"H01-{name}")
    people.give(db, person, NewPost("head", "H01", dept, DAY), OWNER.login)
    yield "post"
    grant(db, rights, OWNER.login, Given("accountant", SEE, "own", Level.HOSPITAL, name))
    yield "grant"
    case = open_case(db, CHECK, About(name, "H01", dept, "2026-02", (name, name)), EVERY_DAY)
    yield "case"
    answer(db, case.id, Answer(person.id, 1, "done", {}, name), EVERY_DAY)
    yield "answer"
    with db.writing() as session:
        if notify(session, [person.id], Message(name, name, name)):
            note(session, person.login, Deed("told", name))
    yield "notice"


def write(place: str, first: int) -> None:
    """Write until killed."""
    db = Database(place if "://" in place else Path(place))
    rights = Rights(read_policy(), DAY)
    for number in range(first, 10**6):
        for deed in deeds(db, rights, number):
            os.write(1, f"{deed} {number}\n".encode())


def main() -> None:
    """Fork one writer for every line of orders."""
    for line in sys.stdin:
        place, first = line.rsplit(maxsplit=1)
        if not (child := os.fork()):
            os.write(1, f"pid {os.getpid()}\n".encode())
            write(place, int(first))
        os.waitpid(child, 0)
        os.write(1, b"gone 0\n")


if __name__ == "__main__":
    main()
