"""并行的进程：长活分给几个核 · Worker processes: long work is shared among the cores of the machine.

Work that takes a moment is done where it is asked for: only what has lasted for a while is worth the seconds that the
processes need to begin. Results are the same either way.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Thread
from time import monotonic
from typing import ParamSpec, TypeVar

from heng.core.errors import HengError
from heng.store.engine import THREADS

AT_MOST = min(THREADS, 4)
"""至多几个进程 · Processes at most: each of them may hold a batch in memory."""
PATIENCE = 2.0
"""先独自做几秒 · Seconds that work lasts before other processes are called."""
UNSAID = "ignore:resource_tracker"
"""进程之间的锁由系统收走，不必说 · Python's word, after a process was killed, for locks that it clears away itself; no news to a user."""

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Workers:
    """几个工作进程 · Some worker processes; they begin with the first work that they are given."""

    def __init__(self, patience: float) -> None:
        """从现在起等 `patience` 秒 · From now on it takes `patience` seconds until they are called; with none they are waited for."""
        self._since, self._patience = monotonic() + patience, patience
        self._pool: ProcessPoolExecutor | None = None
        self._coming = list[Future[str]]()

    def at_hand(self, work: Callable[..., object]) -> bool:
        """来了没有 · Whether they are there for this work. They are called when it has lasted long; until they come it goes on here."""
        if AT_MOST == 1 or monotonic() < self._since:
            return False
        if self._patience and not self._coming:
            self._coming = [self.submit(_know, work) for _ in range(AT_MOST)]
        return all(f.done() for f in self._coming)

    def submit(self, work: Callable[P, R], *args: P.args, **named: P.kwargs) -> "Future[R]":
        """交出一件活 · Hand over one piece of work: a function of a module, and what it works on."""
        if not self._pool:  # a fork would copy threads that the engines have begun
            if UNSAID not in sys.warnoptions:
                sys.warnoptions.append(UNSAID)
            self._pool = ProcessPoolExecutor(AT_MOST, multiprocessing.get_context("spawn"), _begin)
        with _undisturbed():
            return self._pool.submit(work, *args, **named)

    def each(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """逐个交出，按次序收回 · One piece of work an item; the results in the order of the items. Done here, while none are at hand."""
        if not self.at_hand(work):
            return [work(item) for item in items]
        return [done.result() for done in [self.submit(work, item) for item in items]]

    def close(self) -> None:
        """散了 · Let them go; what has not begun is not begun any more."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


_CALLED: ContextVar[Workers | None] = ContextVar("workers", default=None)


@contextmanager
def workers(patience: float | None = None) -> Iterator[Workers]:
    """请来工作进程 · Worker processes for a while (after `PATIENCE` by default); those of an outer `with` serve the inner one, too.

    Raises HengError when one of them is ended from outside, as a machine does that is short of memory.
    """
    if called := _CALLED.get():
        yield called
        return
    made = Workers(PATIENCE if patience is None else patience)
    token = _CALLED.set(made)
    try:
        yield made
    except BrokenProcessPool as e:
        raise _ended() from e
    finally:
        _CALLED.reset(token)
        made.close()


def _know(work: Callable[..., object]) -> str:
    """认得这件活 · Its name: whoever is told of a piece of work has read the modules that it needs."""
    return work.__name__


@contextmanager
def _undisturbed() -> Iterator[None]:
    # Processes that begin now have Ctrl-C wait from their first moment on: they are still reading modules when `_begin` comes.
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    # Ctrl-C is the business of the process that called; when that one is killed, nobody waits for the work any more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    if caller := multiprocessing.parent_process():
        caller.join()
        os._exit(1)


def _ended() -> HengError:
    return HengError(
        "一个工作进程中途被结束，没有发布任何结果",
        "a worker process was ended in the middle of its work; nothing was published",
        mend=(
            "多半是内存不够：关掉别的程序再来；装入时总停在同一处，就逐个文件装，看是哪一个",
            "memory was probably short: close other programs and begin again; where loading stops again and again, load file by file",
        ),
    )
