"""表的升级与退回 · The tables of the desk step by step, with rows in them, on both databases; and the audit that only grows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from heng.core.errors import DeskError
from heng.desk import migration
from heng.desk.audit import Deed, note
from heng.desk.database import Database
from heng.desk.migrations import first_step
from heng.desk.schema import Audit, Desk, Person, Post
from tests.desk.conftest import someone

LATER = """
revision, down_revision = "later", "0001"

import sqlalchemy as sa
from alembic import op

def upgrade():
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("title", sa.String(50)))
        person.alter_column("mail", existing_type=sa.String(200), type_=sa.String(300))
    op.execute("update person set title = '主任' where login = 'wang'")
    {then}

def downgrade():
    with op.batch_alter_table("person") as person:
        person.drop_column("title")
"""
Later = Callable[[str], None]


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Add a step of a later release, with what it does at its end."""

    def add(then: str = "") -> None:
        (tmp_path / "steps").mkdir()
        (tmp_path / "steps" / "later.py").write_text(LATER.format(then=then), "utf8")
        here = Path(migration.__file__).with_name("migrations") / "versions"
        monkeypatch.setitem(migration.PLACE, "version_locations", f"{here}\n{tmp_path / 'steps'}")

    return add


def rows(db: Database) -> list[tuple[str, str, date]]:
    """People with their posts."""
    with db.reading() as session:
        joined = session.execute(select(Person.login, Post.role, Post.since).join(Post, Post.person == Person.id))
        return [(login, role, since) for login, role, since in joined]


def shape(db: Database, table: str = "person") -> set[str]:
    """The columns of a table."""
    return {c["name"] for c in inspect(db.engine).get_columns(table)}


def test_the_steps_make_what_the_schema_says(database: Database) -> None:
    with database.migrating() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        difference = produce_migrations(found, Desk.metadata).upgrade_ops
        assert difference is not None
        assert difference.is_empty(), f"a step must do this:\n{render_python_code(difference)}"


@pytest.mark.parametrize("name", first_step.DATABASES)
def test_the_first_step_is_written_out_from_the_schema(name: str) -> None:
    """Until a release holds it: run `python -m heng.desk.migrations.first_step` after a change of the schema."""
    assert first_step.kept(name).read_text("utf8") == first_step.written(name)


def test_up_twice_changes_nothing_and_down_leaves_nothing(database: Database) -> None:
    someone(database, "wang", "head")
    assert migration.upgrade(database) == migration.newest() == migration.current(database)
    assert rows(database) == [("wang", "head", database.today)]
    migration.downgrade(database, "base")
    assert inspect(database.engine).get_table_names() in (["alembic_version"], [])
    assert migration.upgrade(database) is None
    assert rows(database) == []
    someone(database, "wang")


def test_a_later_step_up_and_down_keeps_the_rows(database: Database, later: Later) -> None:
    someone(database, "wang", "head")
    someone(database, "li")
    before = rows(database)
    later("")
    assert migration.upgrade(database) == "0001"
    with database.reading() as session:
        assert session.execute(text("select login, title from person order by login")).all() == [("li", None), ("wang", "主任")]
    assert rows(database) == before
    migration.downgrade(database, "0001")
    assert (rows(database), "title" in shape(database), migration.current(database)) == (before, False, "0001")
    someone(database, "zhao", "it")  # keys, links and numbers still work
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("update post set person = 999"))


@pytest.mark.parametrize("then", ["raise ValueError('power cut')", "op.execute('no such sentence')"])
def test_a_step_that_fails_half_way_leaves_everything_as_it_was(database: Database, later: Later, then: str) -> None:
    someone(database, "wang", "head")
    before = rows(database), shape(database), migration.current(database)
    later(then)
    with pytest.raises((ValueError, DBAPIError)):
        migration.upgrade(database)
    assert (rows(database), shape(database), migration.current(database)) == before


def test_a_step_may_not_leave_rows_that_point_at_nothing(database: Database, later: Later) -> None:
    someone(database, "wang", "head")
    later("op.execute('delete from person')")
    with pytest.raises((DeskError, DBAPIError)):
        migration.upgrade(database)
    assert rows(database) == [("wang", "head", database.today)]


def test_a_desk_of_a_newer_program_is_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DeskError, match="does not know") as told:
        migration.upgrade(database)
    assert "较新的程序" in told.value.mend[0]


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    made = Database(tmp_path / "desk.db")
    migration.upgrade(made)
    someone(made, "wang")
    assert {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == dict.fromkeys(("desk.db", "desk.db-wal", "desk.db-shm"), 0o600)
    made.close()


ATTACKS = [
    "update audit set login = 'somebody else'",
    "delete from audit",
    "update audit set allowed = true where id = 1",
    "insert into audit select * from audit",
    "insert or replace into audit select * from audit",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_audit_only_grows(database: Database, attack: str) -> None:
    with database.writing() as session:
        note(session, "wang", Deed("look", allowed=False))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text(attack))
    with database.reading() as session:
        assert [(a.login, a.allowed) for a in session.scalars(select(Audit))] == [("wang", False)]


def test_the_audit_cannot_be_emptied_at_a_stroke(database: Database) -> None:
    someone(database, "wang")
    stroke = "delete from audit" if database.engine.dialect.name == "sqlite" else "truncate audit"
    with pytest.raises(DBAPIError, match="only grows"), database.writing() as session:
        session.execute(text(stroke))


def test_what_is_done_and_its_row_of_audit_are_one_transaction(database: Database) -> None:
    def look() -> None:
        with database.writing() as session:
            note(session, "wang", Deed("look"))
            session.flush()
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        look()
    with database.reading() as session:
        assert session.scalars(select(Audit)).all() == []
