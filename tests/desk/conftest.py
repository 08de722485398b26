"""案头的试验场 · Where the desk is tried: every test on SQLite and on a real PostgreSQL, each on a fresh database.

The PostgreSQL is Debian's, started once, by a user without privileges, on a socket in a folder of its own. `make test`
leaves its half out (marker `postgresql`); `make postgresql` runs it and fails where the binaries are missing.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import InterfaceError

from heng.core.scope import OWNER
from heng.desk import migration, people
from heng.desk.database import Database
from heng.desk.people import NewPerson, NewPost
from heng.desk.schema import Person

MORNING = datetime(2026, 3, 2, 1)  # noqa: DTZ001 - UTC without zone; Monday, nine o'clock in China
NUMBERS = count(1)


@dataclass
class Hands:
    """可以拨的钟 · A clock that only a test moves."""

    moment: datetime = field(default=MORNING)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        """Let time pass: `pass_by(minutes=15)`."""
        self.moment += timedelta(**span)


class Server:
    """PostgreSQL on a socket · A running server: how a desk on it is addressed, and a connection to give it orders."""

    def __init__(self, folder: Path) -> None:
        self.socket = f"unix_sock={folder}/.s.PGSQL.5432"
        self.engine = create_engine(self.address("postgres").replace("postgresql:", "postgresql+pg8000:"), isolation_level="AUTOCOMMIT")

    def address(self, name: str) -> str:
        return f"postgresql://desk@/{name}?{self.socket}"

    def tell(self, order: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(order))

    def wait(self) -> None:
        """Until it answers, half a minute at most."""
        for _ in range(600):
            with suppress(InterfaceError):
                return self.tell("select 1")
            time.sleep(0.05)
        return self.tell("select 1")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of this session, with a migrated desk as the pattern of all others."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not found:
        missing = "没有 PostgreSQL：apt-get install postgresql · no PostgreSQL binaries: apt-get install postgresql"
        (pytest.fail if os.environ.get("HENG_REQUIRE_POSTGRESQL") == "1" else pytest.skip)(missing)
    folder, binaries = Path(tempfile.mkdtemp(prefix="heng-pg-")), found[-1].parent
    prefix = ["setpriv", "--pdeathsig=INT"]  # it never outlives the tests
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = pwd.getpwnam("nobody")
        shutil.chown(folder, user.pw_uid, user.pw_gid)
        prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data, quick = str(folder / "data"), ("fsync=off", "full_page_writes=off", "listen_addresses=", f"unix_socket_directories={folder}")
    begin = [*prefix, str(binaries / "initdb"), "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(begin, check=True, capture_output=True, cwd=folder)
    settings = [word for setting in quick for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([*prefix, str(binaries / "postgres"), "-D", data, *settings], stdout=log, stderr=log, cwd=folder)
    started = Server(folder)
    try:
        started.wait()
        started.tell("create database pattern")
        pattern = Database(started.address("pattern"))
        migration.upgrade(pattern)
        pattern.close()
        yield started
    finally:
        started.engine.dispose()
        running.send_signal(signal.SIGINT)  # a fast shutdown
        running.wait(30)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pattern_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite desk that is copied for each test."""
    path = tmp_path_factory.mktemp("pattern") / "desk.db"
    made = Database(path)
    migration.upgrade(made)
    made.close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a fresh, migrated desk is: a file or a URL."""
    if request.param == "sqlite":
        yield shutil.copy(request.getfixturevalue("pattern_file"), tmp_path / "desk.db")
        return
    server, name = request.getfixturevalue("server"), f"desk{next(NUMBERS)}"
    server.tell(f"create database {name} template pattern")
    yield server.address(name)
    server.tell(f"drop database {name} with (force)")


@pytest.fixture
def hands() -> Hands:
    """The clock of the test's desk: Monday 2026-03-02, 09:00 in China."""
    return Hands()


@pytest.fixture
def database(place: Path | str, hands: Hands) -> Iterator[Database]:
    """A fresh desk on either database, by the clock `hands`."""
    opened = Database(place, hands)
    if isinstance(place, Path):  # no test here pulls the plug; those that do open the place themselves
        event.listen(opened.engine, "connect", lambda connection, _: connection.execute("pragma synchronous=off"))
    yield opened
    opened.close()


def someone(db: Database, login: str, role: str = "", org: str = "H01", dept: str | None = None) -> Person:
    """A person, with a post if a role is named; made by the owner of the folder."""
    person = people.add(db, NewPerson(login, login, org, dept), OWNER.login)
    if role:
        people.give(db, person, NewPost(role, org, dept, db.today), OWNER.login)
    return person
