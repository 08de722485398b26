"""案头的轮次 · The turn: every change begins another, looks and signs of life do not; what is remembered is never of an earlier one."""

import pytest
from sqlalchemy import delete, select, update

from heng.core.errors import AccessError, DeskError
from heng.desk.account import log_in, reset, set_password, signed
from heng.desk.audit import Deed, looked
from heng.desk.database import Database
from heng.desk.grants import scope_of
from heng.desk.people import NewPerson, NewPost, add, find, give, take
from heng.desk.rights import Asking, Rights
from heng.desk.schema import Person, Post
from heng.desk.turn import Turn, remembered
from heng.store.policy_files import read_policy
from tests.desk.conftest import someone

PASSWORD = "一个够长的口令 42"  # noqa: S105 - of an invented person


def mark(database: Database) -> str | None:
    with database.reading() as session:
        return session.scalar(select(Turn.mark))


def test_every_change_begins_another_turn_and_a_look_does_not(database: Database) -> None:
    seen = {mark(database)}
    wang = someone(database, "wang", "head", dept="D01").id
    seen.add(mark(database))
    with database.writing() as session:  # in bulk, past the objects
        session.execute(update(Person).where(Person.id == wang).values(name="王"))
    seen.add(mark(database))
    with database.writing() as session:
        session.query(Post).filter_by(person=wang).update({"dept": "D02"})
    seen.add(mark(database))
    with database.writing() as session:
        session.execute(delete(Post).where(Post.person == wang))
    seen.add(mark(database))
    assert len(seen) == 5
    looked(database, "wang", Deed("see", "DeptCost", rows=7))
    assert mark(database) in seen


def test_a_change_that_is_undone_begins_no_turn(database: Database) -> None:
    someone(database, "wang", "head", dept="D01")
    before = mark(database)
    with pytest.raises(DeskError):
        add(database, NewPerson("li", "李" * 300, "H01"), "")
    assert mark(database) == before


def test_what_is_remembered_is_found_once_a_turn(database: Database) -> None:
    someone(database, "wang", "head", dept="D01")
    asked = list[int]()

    def find_out() -> int:
        asked.append(1)
        return len(asked)

    def answer() -> int:
        with database.reading() as session:
            return remembered(session, "how many", find_out)

    assert [answer(), answer()] == [1, 1]
    someone(database, "li", "head", dept="D02")
    assert [answer(), answer()] == [2, 2]


def test_a_post_given_or_taken_counts_with_the_next_request(database: Database) -> None:
    someone(database, "wang", "head", dept="D01")
    set_password(database, "wang", reset(database, "wang", ""), PASSWORD)
    token, asking, rights = log_in(database, "wang", PASSWORD), Asking("wang", "finance"), Rights(read_policy(), database.today)
    for _ in range(2):  # also when the first answer is remembered
        with pytest.raises(AccessError):
            scope_of(database, rights, asking, database.today)
    post = give(database, find(database, "wang"), NewPost("finance", "H01", None, database.today, None, "试验"), "")
    assert scope_of(database, rights, asking, database.today).reaches
    assert {p.role for p in signed(database, token).posts} == {"head", "finance"}
    take(database, post.id, database.today, "")
    with pytest.raises(AccessError):
        scope_of(database, rights, asking, database.today)
    assert scope_of(database, rights, Asking("wang", "head"), database.today).reaches
