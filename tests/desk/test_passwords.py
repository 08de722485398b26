"""口令 · Passwords: how they are hashed, which are refused, and who gets no code to set one."""

import pytest
from argon2 import PasswordHasher

from heng.core.errors import DeskError
from heng.core.scope import OWNER
from heng.desk import account, people
from heng.desk.database import Database
from tests.desk.conftest import someone

NEW = "another long enough one"


def test_argon2_is_as_slow_as_rfc_9106_advises() -> None:
    asked = PasswordHasher()
    assert (asked.time_cost, asked.memory_cost, asked.parallelism) >= (3, 64 * 1024, 4)


@pytest.mark.parametrize(("password", "said"), [("short", "only 5"), ("wang-the-first", "is the login"), ("x" * 1001, "longer than")])
def test_a_weak_password_is_refused_and_said_why(database: Database, password: str, said: str) -> None:
    someone(database, "wang-the-first")
    code = account.reset(database, "wang-the-first", OWNER.login)
    with pytest.raises(DeskError, match=said):
        account.set_password(database, "wang-the-first", code, password)
    account.set_password(database, "wang-the-first", code, NEW)  # the code is still good


def test_who_has_gone_gets_no_code(database: Database) -> None:
    someone(database, "wang")
    people.end(database, "wang", OWNER.login)
    with pytest.raises(DeskError, match="has gone"):
        account.reset(database, "wang", OWNER.login)
