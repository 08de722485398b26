"""案头的数据库：SQLite 内嵌，PostgreSQL 用于生产 · The desk's database: SQLite in the region folder, or PostgreSQL.

Every write is one transaction: acknowledged when `writing` has ended, or not there at all. On both databases one writer is
at work at a time (SQLite by its own lock, PostgreSQL by an advisory one) and each statement sees all that earlier writers did.
So no writing block can fail for another's sake, and none needs to be tried again: the next one waits. Readers see one
moment, wait for nobody and hold up nobody.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from heng.desk import faults
from heng.desk.turn import Memory, Sitting

Clock = Callable[[], datetime]
PATIENCE = 30
"""写入者最多等另一个写入者多少秒 · How many seconds a writer waits for another before it gives up."""
CHINA = timezone(timedelta(hours=8))
EARLIEST = date(1900, 1, 1)
"""比哪天早都一样 · Before this day nothing can have been written down."""
OPENING = {
    ("sqlite", "reading"): ("pragma query_only=on", "begin"),
    ("sqlite", "writing"): ("pragma query_only=off", "pragma foreign_keys=on", "begin immediate"),
    # A table that is rebuilt goes for a moment, with rows that point at it: the migration checks them at its end.
    ("sqlite", "migrating"): ("pragma query_only=off", "pragma foreign_keys=off", "begin immediate"),
    ("postgresql", "reading"): ("set transaction isolation level repeatable read, read only",),
    ("postgresql", "writing"): ("select pg_advisory_xact_lock(1751477863)",),  # the letters of `heng`
    ("postgresql", "migrating"): ("select pg_advisory_xact_lock(1751477863)",),
}
"""每种事务如何开始 · How each kind of transaction begins on each database."""
ON_CONNECT = {
    # The driver's own transactions are off: the openings above take the writer's lock at once, so no write fails half-way.
    "sqlite": (f"pragma busy_timeout={PATIENCE}000", "pragma journal_mode=wal", "pragma synchronous=full"),
    "postgresql": (f"set lock_timeout='{PATIENCE}s'",),
}


def utc() -> datetime:
    """现在（UTC，不带时区） · Now, in UTC, without zone: how moments are stored."""
    return datetime.now(UTC).replace(tzinfo=None)


def day_of(moment: datetime) -> date:
    """中国的日子 · The day in China of a moment in UTC."""
    return in_china(moment).date()


def in_china(moment: datetime) -> datetime:
    """中国的时刻 · A moment as the clocks in China show it."""
    return moment.replace(tzinfo=UTC).astimezone(CHINA)


def begins(day: date) -> datetime:
    """一天何时开始（UTC） · The moment at which a day begins in China, in UTC as the desk keeps moments."""
    midnight = datetime.combine(max(day, EARLIEST), time.min, CHINA)
    return midnight.astimezone(UTC).replace(tzinfo=None)


def now(session: Session) -> datetime:
    """案头的时钟 · The moment by the clock of the desk that the session belongs to."""
    moment: datetime = session.info["clock"]()
    return moment


class Database:
    """一个案头 · One desk. `place` is a file (SQLite) or a URL (`postgresql://…`); `clock` gives the present, UTC."""

    def __init__(self, place: Path | str, clock: Clock = utc) -> None:
        """打开 · Open; the tables are made or brought up to date by `heng.desk.migration.upgrade`."""
        self.url = _url(place)
        self.clock = clock
        self.engine = _engine(self.url)
        self.memory = Memory()

    @property
    def today(self) -> date:
        """今天 · The day in China."""
        return day_of(self.clock())

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """读：一个时刻的样子 · A session to read with: one moment's state; it cannot change anything."""
        with self._session("reading") as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """写：全成或全不成 · One transaction: all of it is there when the block ends, or nothing."""
        with self._session("writing") as session, session.begin():
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """改表：全成或全不成 · One transaction that changes the tables themselves."""
        with self.engine.execution_options(opening="migrating").begin() as connection:
            yield connection

    def copy(self, to: Path) -> None:
        """复制一份 · Copy an SQLite desk to a file as it is at one moment, while others go on working."""
        with closing(self.engine.raw_connection()) as mine, closing(sqlite3.connect(to)) as copied:
            mine.driver_connection.backup(copied)  # type: ignore[union-attr]  # the driver's own connection

    def close(self) -> None:
        """关闭 · Close every connection."""
        self.engine.dispose()

    def _session(self, opening: str) -> Session:
        told = {"clock": self.clock, "memory": self.memory}
        return Sitting(self.engine.execution_options(opening=opening), expire_on_commit=False, info=told)


def _url(place: Path | str) -> URL:
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        raise faults.wrong_place() from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+pg8000")
    if url.drivername not in ("sqlite", "postgresql+pg8000"):
        raise faults.wrong_place()
    return url


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ModuleNotFoundError as missing:
        raise faults.no_driver(url) from missing
    event.listen(engine, "connect", partial(_connect, url))
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", faults.told)
    return engine


def _connect(url: URL, connection: Any, _: Any) -> None:
    backend = url.get_backend_name()
    if backend == "sqlite":
        connection.isolation_level = None
    try:
        cursor = connection.cursor()
        for setting in ON_CONNECT[backend]:
            cursor.execute(setting)
        connection.commit()
    except Exception as error:
        raise faults.cannot_open(url, error) from error


def _begin(connection: Connection) -> None:
    opening = connection.get_execution_options().get("opening", "writing")
    for phrase in OPENING[connection.dialect.name, opening]:
        connection.exec_driver_sql(phrase)
