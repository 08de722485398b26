"""断电也不会写一半的文件 · Files that are written whole or not at all."""

import os
from hashlib import blake2b, file_digest
from pathlib import Path

BLOCK = 4 * 2**20
"""一次读写的字节 · Bytes that are read and written at a time, so that files of any size take little memory."""


def write_whole(path: Path, content: bytes) -> None:
    """先写临时文件，落盘后改名 · Temporary name, fsync, os.replace, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except OSError:  # a full disk must not be filled further by what could not be written
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """让改名落盘 · Make a rename in this folder survive a power cut."""
    if os.name == "nt":  # Windows keeps directory entries itself and cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_whole(source: Path, folder: Path) -> str:
    """整份抄入，按内容命名 · Copy a file of any size into a folder under its content's hash and its suffix; returns the hash."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary, mark = folder / f".{source.name}.{os.getpid()}.part", hasher()
    try:
        with source.open("rb") as file, temporary.open("wb") as out:
            while block := file.read(BLOCK):
                mark.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(folder / f"{mark.hexdigest()}{source.suffix.lower()}")
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return mark.hexdigest()


def files_below(root: Path, folder: str) -> set[str]:
    """文件夹里的全部文件 · Every file in a folder of `root`, by its path from there."""
    return {p.relative_to(root).as_posix() for p in (root / folder).rglob("*") if p.is_file()}


def digest(content: bytes) -> str:
    """内容指纹（32 个十六进制字符） · Content hash, 32 hexadecimal characters."""
    mark = hasher()
    mark.update(content)
    return mark.hexdigest()


def digests(path: Path, more: bytes = b"") -> tuple[str, str]:
    """文件的内容指纹 · The content hash of a file of any size, and that of the content with `more` after it."""
    with path.open("rb") as file:
        mark = file_digest(file, hasher)
    alone = mark.hexdigest()
    mark.update(more)
    return alone, mark.hexdigest()


def hasher() -> blake2b:
    """算内容指纹 · What works out a content hash, block after block."""
    return blake2b(digest_size=16)
