"""建立案头 · A desk begins with three administrators or none; whoever was cut off begins again and gets codes that work."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, select

from heng.core.errors import DeskError
from heng.core.scope import OWNER
from heng.desk import account, people
from heng.desk.audit import Sought, trail
from heng.desk.database import Database
from heng.desk.founding import Administrator, found
from heng.desk.schema import Person, Post
from tests.desk.conftest import someone

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
THREE = [
    Administrator("system_admin", "Wang", "王"),
    Administrator("security_admin", "li", "李"),
    Administrator("audit_admin", "zhao", "赵"),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 takes long on purpose; here it need not."""
    monkeypatch.setattr(account, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def there(db: Database) -> list[tuple[str, str]]:
    """Who holds which post."""
    with db.reading() as session:
        joined = select(Person.login, Post.role).join(Post, Post.person == Person.id).order_by(Post.id)
        return [(login, role) for login, role in session.execute(joined)]


def test_three_people_three_posts_three_codes_and_their_audit(database: Database) -> None:
    codes = found(database, THREE)
    assert there(database) == [("wang", "system_admin"), ("li", "security_admin"), ("zhao", "audit_admin")]
    for one in THREE:
        account.set_password(database, one.login, codes[one.role], PASSWORD)
        assert account.log_in(database, one.login, PASSWORD)
    told = [(a.action, a.role) for a in trail(database, OWNER.login, Sought(login=OWNER.login), limit=9)]
    assert sorted(told) == sorted([("people.add", "owner"), ("people.give", "owner"), (account.RESET, "owner")] * 3)


def test_begun_again_before_anybody_set_a_password_it_makes_new_codes_and_nobody_twice(database: Database) -> None:
    first, again = found(database, THREE), found(database, THREE)
    assert there(database) == [("wang", "system_admin"), ("li", "security_admin"), ("zhao", "audit_admin")]
    for one in THREE:
        with pytest.raises(Exception, match="is wrong"):
            account.set_password(database, one.login, first[one.role], PASSWORD)
        account.set_password(database, one.login, again[one.role], PASSWORD)


@pytest.mark.parametrize("how", ["a password is set", "others", "another name", "another administrator"])
def test_a_desk_that_has_administrators_is_set_up(database: Database, how: str) -> None:
    codes, three = found(database, THREE), list(THREE)
    match how:
        case "a password is set":
            account.set_password(database, "li", codes["security_admin"], PASSWORD)
        case "others":
            three[0] = Administrator("system_admin", "sun", "孙")
        case "another name":
            three[0] = Administrator("system_admin", "wang", "汪")
        case _:
            someone(database, "sun", "audit_admin", "")
    before = there(database)
    with pytest.raises(DeskError, match="set up already") as told:
        found(database, three)
    assert "heng desk people code" in told.value.mend[1]
    assert there(database) == before


@pytest.mark.parametrize("login", ["wang", "ＷＡＮＧ"])
def test_three_administrators_are_three_people(database: Database, login: str) -> None:
    with pytest.raises(DeskError, match="three different people"):
        found(database, [THREE[0], Administrator("security_admin", login, "李"), THREE[2]])
    assert there(database) == []


def child(work: Callable[[], object]) -> bool:
    """Do something in a process of its own; whether it came to its end alive."""
    if not (pid := os.fork()):
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def found_until(place: Path | str, last: int) -> None:
    """Begin a desk, and be killed before the statement of this number."""
    db, heard = Database(place), iter(range(10**6))

    def count(*_: Any) -> None:
        if next(heard) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(db.engine, moment, count)
    found(db, THREE)


@pytest.mark.parametrize("stride", [9, pytest.param(1, marks=pytest.mark.nightly)])
def test_killed_before_any_statement_it_is_whole_or_not_begun(place: Path | str, stride: int) -> None:
    """Each time a little later, on the same desk: nothing half is left behind, and beginning again is always possible."""
    last = 0
    while not child(partial(found_until, place, last)):
        db = Database(place)
        assert there(db) in ([], [(people.spelt(a.login), a.role) for a in THREE])
        db.close()
        last += stride
    assert last > 20
    db = Database(place)
    codes = found(db, THREE)
    for one in THREE:
        account.set_password(db, one.login, codes[one.role], PASSWORD)
    assert len(there(db)) == 3
    db.close()
