"""读与写 · Readers wait for nobody, writers for each other; and what goes wrong is told so that a person can mend it."""

import builtins
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from heng.core.errors import DeskError
from heng.desk import database as place_of
from heng.desk.audit import Deed, note
from heng.desk.database import Database
from heng.desk.schema import Audit, Partner


def count(db: Database) -> int:
    """How many rows the audit has."""
    with db.reading() as session:
        return session.scalars(select(func.count()).select_from(Audit)).one()


def test_a_reader_sees_one_moment_and_waits_for_no_writer(database: Database) -> None:
    with database.reading() as early, database.writing() as writer:
        note(writer, "wang", Deed("look"))
        writer.flush()
        assert early.scalars(select(Audit)).all() == []
        assert count(database) == 0  # a second reader, while the writer is at work
        writer.commit()
        assert count(database) == 1
        assert early.scalars(select(Audit)).all() == []


def test_a_reader_cannot_write(database: Database) -> None:
    for order in ("update partner set org = 'H09'", "create table mine (x int)"):
        with pytest.raises((DeskError, DBAPIError), match=r"read-only|cannot be written"), database.reading() as session:
            session.execute(text(order))


def test_writers_that_read_first_lose_no_number(database: Database) -> None:
    """Each reads the highest number and writes the next: the classical lost update, with no caller taking care."""
    begun = threading.Barrier(4)

    def writer() -> None:
        begun.wait()
        for _ in range(10):
            with database.writing() as session:
                last = session.scalar(select(func.count()).select_from(Partner)) or 0
                session.add(Partner(org=f"{last:03}", partner="", since=database.today, until=None, by="", reason=""))

    writers = [threading.Thread(target=writer) for _ in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    with database.reading() as session:
        assert session.scalars(select(Partner.org).order_by(Partner.id)).all() == [f"{n:03}" for n in range(40)]


def test_who_waits_too_long_for_another_writer_is_told(place: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    short = {"sqlite": ("pragma busy_timeout=50",), "postgresql": ("set lock_timeout='50ms'",)}
    monkeypatch.setattr(place_of, "ON_CONNECT", short)
    one, other = Database(place), Database(place)
    with one.writing() as session:
        note(session, "wang", Deed("look"))
        session.flush()
        with pytest.raises(DeskError, match="another writer"), other.writing() as waiting:
            waiting.connection()
    with other.writing() as session:
        note(session, "wang", Deed("look"))
    assert count(one) == 2
    one.close()
    other.close()


@pytest.mark.parametrize(
    "address", ["desk", "mysql://wang:secret@host/desk", "postgresql+psycopg://host/desk", "postgresql://host:port/desk"]
)
def test_an_address_that_is_none_is_not_repeated(address: str) -> None:
    with pytest.raises(DeskError, match="地址看不懂") as told:
        Database(address)
    assert "secret" not in str(told.value)


def test_a_missing_driver_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "pg8000":
            raise ModuleNotFoundError(name)
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(DeskError, match=r"pip install 'heng\[postgresql\]'"):
        Database("postgresql://host/desk")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with (
        pytest.raises(DeskError, match="see that the server runs") as told,
        Database("postgresql://wang:secret@127.0.0.1:1/desk").reading() as s,
    ):
        s.connection()
    assert "secret" not in str(told.value)


def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear colleague, " * 99)
    for path in (tmp_path / "letter", tmp_path / "no folder" / "desk.db"):
        with pytest.raises(DeskError, match="see that the folder is there") as told, Database(path).reading() as session:
            session.connection()
        assert path.name in told.value.where


def test_a_file_is_named_as_people_write_it(tmp_path: Path) -> None:
    (tmp_path / "示范 区域").mkdir()
    path = tmp_path / "示范 区域" / "案 头.db"
    path.write_text("Dear colleague, " * 99)
    with pytest.raises(DeskError, match="see that the folder is there") as told, Database(path).reading() as session:
        session.connection()
    assert told.value.where == str(path)
    path.unlink()
    with pytest.raises(DeskError, match="heng desk upgrade") as told:
        count(Database(path))
    assert told.value.where == str(path)


def test_an_address_is_named_as_people_write_it_without_its_password() -> None:
    url = "postgresql://王:secret@127.0.0.1:1/示范 库"
    with pytest.raises(DeskError) as told, Database(url).reading() as session:
        session.connection()
    assert told.value.where == "postgresql+pg8000://王:***@127.0.0.1:1/示范 库"


def test_a_desk_that_can_only_be_read_is_read_and_says_how_to_write(tmp_path: Path, pattern_file: Path) -> None:
    shutil.copy(pattern_file, tmp_path / "案头.db")
    locked = Database(f"sqlite:///file:{tmp_path / '案头.db'}?mode=ro&uri=true")
    assert count(locked) == 0
    with pytest.raises(DeskError, match="read-only") as told, locked.writing() as session:
        note(session, "wang", Deed("look"))
    assert "chmod u+w" in told.value.mend[1]
    assert "案头.db" in told.value.where
    locked.close()


def test_a_desk_without_tables_says_how_to_make_them(tmp_path: Path) -> None:
    empty = Database(tmp_path / "desk.db")
    with pytest.raises(DeskError, match="heng desk upgrade"):
        count(empty)
    empty.close()
