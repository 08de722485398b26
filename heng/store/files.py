"""断电也不会写一半的文件 · Files that are written whole or not at all."""

import os
from hashlib import blake2b
from pathlib import Path


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


def files_below(root: Path, folder: str) -> set[str]:
    """文件夹里的全部文件 · Every file in a folder of `root`, by its path from there."""
    return {p.relative_to(root).as_posix() for p in (root / folder).rglob("*") if p.is_file()}


def digest(content: bytes) -> str:
    """内容指纹（32 个十六进制字符） · Content hash, 32 hexadecimal characters."""
    return blake2b(content, digest_size=16).hexdigest()
