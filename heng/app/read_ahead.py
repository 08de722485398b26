"""提前读：前一个文件还在装，后几个已在别的进程里读 · Reading ahead: while one file is taken, other processes read the next ones."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from heng.core.errors import FileError, HengError
from heng.core.table import Table
from heng.intake.delivery import Delivery, read_delivery
from heng.intake.delivery import Place as Where
from heng.intake.kind import read_start
from heng.intake.reading import Taker
from heng.store.files import copy_whole, digests
from heng.store.workers import AT_MOST, Workers

AHEAD = 2 * AT_MOST
"""提前读几个 · Files that may lie read before their turn comes."""
SHORT = 16 << 20
"""短文件的字节数 · Bytes up to which a file is read ahead, for it is held in memory until its turn; a longer one is taken as it is read."""


class Gathered(list[tuple[type[Table], pl.DataFrame, int]]):
    """攒下的各块 · The pieces of a file that were taken while it was read."""

    def take(self, table: type[Table], rows: pl.DataFrame, piece: int) -> None:
        """收下一块 · Keep a piece."""
        self.append((table, rows, piece))

    def anew(self) -> None:
        """从头再来 · Forget what was kept: the file is read again from its first piece."""
        self.clear()


@dataclass
class Handed:
    """交来的一个文件 · A file that was handed in: for which hospital, of which feed, and what its content is known by."""

    path: Path
    where: Where
    feed: str
    content: str = ""
    mark: str = ""
    short: bool = False
    wanted: bool = True
    reading: Future[tuple[Delivery, Gathered]] | None = None
    fault: HengError | None = None

    @property
    def place(self) -> str:
        """来源的份名 · The part under which its source stands in the manifest: its feed, and the mark of its content."""
        return f"{self.feed}#{self.mark}"

    def look(self) -> None:
        """看一眼 · Look what its content is; the fault of what is no file is kept for its turn."""
        try:
            with _readable(self.path):
                read_start(self.path)
                self.short = self.path.stat().st_size <= SHORT
                self.content, self.mark = digests(self.path, repr(self.where).encode())
        except HengError as e:
            self.fault = e

    def read(self, taker: Taker) -> Delivery:
        """读 · Read it, or take what was read ahead; the same either way. HengError when it is refused."""
        if self.fault:
            raise self.fault
        with _readable(self.path):
            if not self.reading:
                return read_delivery(self.path, self.where, taker)
            delivery, pieces = self.reading.result()
        for piece in pieces:
            taker.take(*piece)
        return delivery

    def keep(self, folder: Path) -> None:
        """留底 · Copy it into a folder under its content's name; HengError when it is no longer what was read."""
        with _readable(self.path):
            copied = copy_whole(self.path, folder)
        if copied != self.content:
            raise FileError(
                "装入时文件被改动了",
                "the file was changed while it was being loaded",
                where=self.path.name,
                mend=("等导出完成后再装一次", "load it again when its export has finished"),
            )


def read_ahead(others: Workers, files: Iterable[Handed], wants: Callable[[Handed], bool]) -> Iterator[Handed]:
    """按次序给出文件 · The files in their order; of those that are wanted the next few are being read already."""
    waiting = deque[Handed]()
    for file in files:
        file.look()
        file.wanted = bool(file.fault) or wants(file)
        if file.wanted and file.short and not file.fault and others.at_hand(_gathered):
            file.reading = others.submit(_gathered, file.path, file.where)
        waiting.append(file)
        if len(waiting) > AHEAD:
            yield waiting.popleft()
    yield from waiting


def _gathered(path: Path, where: Where) -> tuple[Delivery, Gathered]:
    pieces = Gathered()
    return read_delivery(path, where, pieces), pieces


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Where the file itself cannot be read it is refused, and the others load; a disk that is full stops them all."""
    try:
        yield
    except OSError as e:
        if str(e.filename) != str(path):
            raise
        raise FileError(
            "读不到这个文件：已经移走，或没有权限",
            "the file cannot be read: it was moved away, or permission is denied",
            where=path.name,
            mend=("看看它还在不在、准不准您读，再装一次", "see that it is there and that you may read it, and load it again"),
        ) from e
