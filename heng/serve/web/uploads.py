"""收下交来的文件 · Files that people hand in: kept whole on the disk before they are acknowledged, until they are loaded.

A file keeps its name, by which it is known again; each hand-in has a folder of its own. What has been loaded, and what nobody
asked for again in a week, is removed.
"""

import os
import re
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile
from starlette.types import Message

from heng.app.working import UPLOADS
from heng.core.errors import FileError
from heng.serve.web.visit import visit
from heng.store.files import BLOCK, sync_folder

MOST = 2**30
"""一次至多交多少字节 · Bytes that are handed in at a time at most: more of them go by the command line."""
FILES = 200
"""一次至多几个文件 · Files that are handed in at a time at most."""
A_WEEK = 7 * 24 * 3600
NAMELESS = re.compile(r"[\x00-\x1f<>:\"|?*]+")


class Bounded(APIRoute):
    """收得下的请求 · A route whose requests are refused as soon as they are too large, whatever they say of their size."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """处理 · The handler, behind a receiver that counts."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            if int(request.headers.get("content-length") or 0) > MOST:
                raise too_large()
            receive, taken = request.receive, 0

            async def counted() -> Message:
                nonlocal taken
                message = await receive()
                taken += len(message.get("body", b""))
                if taken > MOST:
                    raise too_large()
                return message

            inner = Request(request.scope, counted)
            try:
                return await handle(inner)
            finally:
                await inner.close()  # what was received lies on the disk until now

        return bounded


class Known(Bounded):
    """认得的人才收 · A bounded route that takes nothing in before it knows who sends it."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """处理 · The handler, behind the log-in."""
        handle = super().get_route_handler()

        async def known(request: Request) -> Response:
            if request.method == "POST":
                await run_in_threadpool(visit, request)
            return await handle(request)

        return known


async def form_of(request: Request) -> Any:
    """提交的表单 · The form as it was sent, with its files, which lie on the disk while they are read."""
    return await request.form(max_files=FILES)


def kept(region: Path, files: Iterable[UploadFile]) -> str:
    """收下 · Keep the files of one hand-in; the name of their folder. FileError for none, for two of one name, for a name that is none."""
    given = [(named(f.filename or ""), f) for f in files if f.filename]
    if not given:
        raise FileError("没有选文件", "no file was chosen", mend=("选一个或几个文件再交", "choose one file or several"))
    names = [name for name, _ in given]
    if twice := next((n for n in names if names.count(n) > 1), ""):
        raise FileError(
            f"有两个「{twice}」", f"there are two {twice!r}", mend=("改个名字，或分两次交", "rename one, or hand them in one by one")
        )
    folder = region / UPLOADS / secrets.token_hex(8)
    folder.mkdir(parents=True)
    for name, file in given:
        with (folder / name).open("xb") as out:
            shutil.copyfileobj(file.file, out, BLOCK)
            out.flush()
            os.fsync(out.fileno())
    sync_folder(folder)
    sync_folder(folder.parent)
    return folder.name


def named(written: str) -> str:
    """文件名 · A file's own name, without folders and odd characters; FileError when nothing is left of it."""
    name = NAMELESS.sub("_", written.replace("\\", "/").rpartition("/")[2]).strip()
    if name.strip("._ ") == "" or name.startswith(".") or len(name.encode()) > 200:
        raise FileError("文件名不能用", "this file name cannot be used", where=written[:80], mend=("改个名字再交", "rename it"))
    return name


def there(region: Path, folder: str) -> bool:
    """还在不在 · Whether the files of a hand-in are still kept."""
    return bool(re.fullmatch(r"[0-9a-f]{16}", folder)) and (region / UPLOADS / folder).is_dir()


def fingerprint(region: Path, folder: str) -> str:
    """内容 · What tells the files of a hand-in from those of another: their names and what they hold."""
    found = sha256()
    for path in sorted((region / UPLOADS / folder).iterdir()):
        with path.open("rb") as file:
            found.update(f"{path.name}\0{file_digest(file, 'sha256').hexdigest()}\n".encode())
    return found.hexdigest()


def removed(region: Path, folder: str) -> None:
    """不再留 · Remove the files of a hand-in."""
    if there(region, folder):
        shutil.rmtree(region / UPLOADS / folder)


def swept(region: Path, wanted: Iterable[object]) -> None:
    """清扫 · Remove what was handed in a week ago and is not waiting to be loaded."""
    kept_on = set(wanted)
    for folder in (region / UPLOADS).glob("*") if (region / UPLOADS).is_dir() else ():
        if folder.name not in kept_on and time.time() - folder.stat().st_mtime > A_WEEK:
            removed(region, folder.name)


def too_large() -> FileError:
    """太大 · The error for more than is taken at a time."""
    return FileError(
        f"一次至多交 {MOST // 2**20:,} MiB",
        f"at most {MOST // 2**20:,} MiB can be handed in at a time",
        mend=("分几次交；更大的文件用 heng load 装入", "hand them in in parts; load larger files with heng load"),
    )
