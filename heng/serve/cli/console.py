"""写到终端 · Writing to the terminal: data to stdout, progress and errors to stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heng.serve.cli.session import session

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Report = Callable[[str, int, int], None]
WIDE = 400
"""不是终端时每行不折 · Where nobody looks (a pipe, a file) lines are not folded."""


def out() -> "Console":
    """标准输出 · Standard output."""
    from rich.console import Console

    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(file=sys.stdout, highlight=False, width=None if known else WIDE, emoji=False, markup=False)


def tell(*lines: str) -> None:
    """写几行 · Write lines, folded by the terminal and not by us, so that paths can be copied."""
    console = out()
    for line in lines:
        console.print(line, soft_wrap=True)


def say(key: str, **values: object) -> None:
    """说一句界面用语 · Say a phrase in the chosen language."""
    tell(session().say(key, **values))


def warn(key: str, **values: object) -> None:
    """提醒一句 · Say a phrase on stderr: a caution that is no part of the data."""
    sys.stderr.write(f"{session().say(key, **values)}\n")


def show(what: "RenderableType") -> None:
    """画出一张表 · Draw a table."""
    out().print(what)


@contextmanager
def progress() -> Iterator[Report]:
    """进度条：画在 stderr，做完就抹去 · A progress bar on stderr that goes away when done; silent where no one looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, emoji=False, markup=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total)

        yield report
