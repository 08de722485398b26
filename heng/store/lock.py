"""一个区域同一时刻只有一个写者 · One writer per region at a time, and the other is told who it is.

The operating system holds the lock, so it is free again the moment its owner dies.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from heng.core.errors import StoreError
from heng.store.files import write_whole


class HeldError(StoreError):
    """别人正在写 · Another writer holds the region; wait for it, or come back."""


@contextmanager
def writing(folder: Path, owner: str, doing: str) -> Iterator[None]:
    """在此期间独占写入 · Hold the region for writing; StoreError naming the owner when another holds it."""
    lock = FileLock(folder / ".writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as e:
        raise _held(folder) from e
    try:
        write_whole(folder / ".writer.json", json.dumps({"owner": owner, "pid": os.getpid(), "doing": doing}, ensure_ascii=False).encode())
        yield
    finally:
        (folder / ".writer.json").unlink(missing_ok=True)
        lock.release()


def writer_now(folder: Path) -> dict[str, Any] | None:
    """现在谁在写 · Who holds the region for writing: owner, pid, doing; None when it is free (a killed writer's note is stale)."""
    note, lock = folder / ".writer.json", FileLock(folder / ".writer.lock")
    if not note.exists():
        return None
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return dict(json.loads(note.read_text("utf8"))) if note.exists() else None


def _held(folder: Path) -> HeldError:
    note = folder / ".writer.json"
    who = json.loads(note.read_text("utf8")) if note.exists() else {"owner": "?", "pid": "?", "doing": "?"}
    return HeldError(
        f"{who['owner']}（进程 {who['pid']}）正在执行 {who['doing']}",
        f"{who['owner']} (process {who['pid']}) is running {who['doing']}",
        where=folder.name,
        mend=("等它结束后再试", "try again when it has finished"),
    )
