"""案头的表升级与退回 · Bring the tables of the desk up to date, or back: all steps in one transaction, on SQLite and PostgreSQL.

What fails half-way leaves everything as it was. On SQLite a changed table is rebuilt; that no row points at nothing is
checked before the end.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from heng.core.errors import DeskError
from heng.desk.database import Database

Move = Callable[[Config, str], None]
PLACE = {"script_location": "heng.desk:migrations", "path_separator": "newline"}
"""各步所在 · Where the steps are, as Alembic names it."""


def upgrade(db: Database, to: str = "head") -> str | None:
    """升级 · Make the tables or bring them up to a step (the newest); gives the step they were at."""
    _private(db)
    with db.migrating() as connection:
        return _move(connection, command.upgrade, to)


def downgrade(db: Database, to: str) -> str | None:
    """退回 · Take the tables back to a step, `base` for none; what only the newer tables could hold is lost."""
    with db.migrating() as connection:
        return _move(connection, command.downgrade, to)


def current(db: Database) -> str | None:
    """现在是哪一版 · The step the tables are at; None before the first."""
    with db.reading() as session:
        return _current(session.connection())


def newest() -> str | None:
    """程序知道的最新一版 · The newest step this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _private(db: Database) -> None:
    """A new file is its owner's alone: it holds hashes of passwords and the secrets of one-time codes."""
    if db.url.get_backend_name() == "sqlite" and db.url.database and (file := Path(db.url.database)).parent.is_dir():
        file.touch(0o600)


def _config() -> Config:
    config = Config()
    for key, value in PLACE.items():
        config.set_main_option(key, value)
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _move(connection: Connection, step: Move, to: str) -> str | None:
    config, before = _config(), _current(connection)
    config.attributes["connection"] = connection
    try:
        step(config, to)
    except CommandError as error:
        raise _unknown(before, str(error)) from error
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("pragma foreign_key_check").fetchall()):
        raise DeskError(
            f"有 {len(lost)} 行指向不存在的行，表没有改动",
            f"{len(lost)} rows would point at nothing; the tables are as they were",
            where=", ".join(sorted({str(row[0]) for row in lost})),
        )
    return before


def _unknown(before: str | None, said: str) -> DeskError:
    return DeskError(
        f"案头数据库在第 {before} 步，这个程序不知道这一步：{said}",
        f"the desk's database is at step {before}, which this program does not know: {said}",
        where="desk",
        mend=("请用较新的程序打开，或从备份恢复", "open it with the newer program, or restore a backup"),
    )
