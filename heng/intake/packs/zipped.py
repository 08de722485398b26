"""压缩的方案文件夹 · Packs that are handed in as one zip, as browsers hand in no folders: what is in it, and unpacked within bounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Literal
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - zlib names its exception in lower case

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.archive import bounded
from heng.intake.kind import damaged, too_large
from heng.intake.packs.manifest import NAME
from heng.intake.packs.reading import is_pack

LISTS = {"mdc.csv", "adrg.csv", "drg.csv"}
SHEETS = (('"MDC"', '"ADRG"', '"DRG"'), ("先期分组", "基础规则下的核心病种"))
"""官方工作簿里必有的表 · The sheets by which the official workbooks of DRG and DIP are known."""
TAKEN = (".csv", ".gz", ".yaml")
UTF8 = 0x800
"""名字写作 UTF-8 的标记 · The mark of a member whose name is in UTF-8; others are written by Windows in Chinese, as GBK."""
PIECE = 2**20
LONGEST = 200
"""名字至多多长 · Bytes of a name at most."""
DEEPEST = 20
"""文件夹至多套几层 · How many folders may lie in each other."""
LOCKED = 0x1
"""加了密码的标记 · The mark of a member that is encrypted."""


def scheme_in(path: Path) -> Literal["", "folder", "workbook"]:
    """里面是不是方案 · Whether a file is a zip with the folder of a pack, or an official workbook; by the names inside it alone."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return ""
    try:
        with ZipFile(path) as archive:
            names = {PurePosixPath(_named(m)).name for m in archive.infolist()[: limits.MEMBERS]}
            if "xl/workbook.xml" in archive.namelist():
                with archive.open("xl/workbook.xml") as file:
                    written = unescape(file.read(PIECE).decode("utf8", "replace"))
                return "workbook" if any(all(sheet in written for sheet in known) for known in SHEETS) else ""
            return "folder" if NAME in names or {n.removesuffix(".gz") for n in names} >= LISTS else ""
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, KeyError):
        return ""  # whoever reads it next says what is wrong with it


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(path) as archive:
            yield archive
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as why:
        raise _broken(path.name, "ZIP") from why  # a name is a file and a folder at once
    except (BadZipFile, ZlibError, EOFError, RuntimeError, KeyError) as why:
        raise _broken(path.name, why) from why


def unpacked(path: Path, into: Path) -> list[Path]:
    """解开 · The folders of packs in a zip, those that others are laid over first; FileError when there is none, or it is a bomb.

    A pack's files lie at the top of the zip, or in a folder of it; what is no file of a pack is left where it is.
    """
    home = into / path.stem
    with _opened(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        bounded(members, path.name)
        _flat_and_open(members, path.name)
        left = limits.UNPACKED_BYTES
        for member in members:
            place = PurePosixPath(_named(member))
            odd = any(p.startswith((".", "__")) or len(p.encode()) > LONGEST for p in place.parts)
            if place.suffix.lower() in TAKEN and not odd:
                left -= _written(archive, member, home.joinpath(*place.parts), left)
    folders = sorted({p.parent for p in home.rglob("*") if p.is_file() and is_pack(p.parent)}, key=lambda f: (_laid(f), f))
    if not folders:
        raise FileError(
            "压缩包里没有分组方案",
            "the zip holds no grouping scheme",
            where=path.name,
            mend=(
                "把方案的文件夹压缩后交来：mdc.csv、adrg.csv、drg.csv 等",
                "zip the folder of the scheme: mdc.csv, adrg.csv, drg.csv and so on",
            ),
        )
    return folders


def _flat_and_open(members: list[ZipInfo], name: str) -> None:
    """不太深、没有密码 · FileError for a zip whose folders lie too deep in each other, or whose members are encrypted."""
    if any(m.flag_bits & LOCKED for m in members):
        raise FileError("压缩包有密码", "the zip is protected by a password", where=name, mend=("不设密码，重新压缩", "zip it without one"))
    if (deep := max((_named(m).count("/") for m in members), default=0)) > DEEPEST:
        raise FileError(
            f"压缩包里的文件夹套了 {deep:,} 层，至多 {DEEPEST} 层",
            f"{deep:,} folders lie in each other in the zip; at most {DEEPEST} may",
            where=name,
            mend=("直接压缩方案的文件夹", "zip the folder of the scheme itself"),
        )


def _broken(name: str, why: object) -> FileError:
    error = damaged(name, why)
    error.mend = ("重新压缩后再交", "zip the folder again")
    return error


def _laid(folder: Path) -> bool:
    """是否铺在别的方案上 · Whether a pack is laid over another one."""
    manifest = folder / NAME
    return manifest.is_file() and manifest.stat().st_size < PIECE and b"\nover:" in b"\n" + manifest.read_bytes()


def _named(member: ZipInfo) -> str:
    if member.flag_bits & UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return member.filename


def _written(archive: ZipFile, member: ZipInfo, to: Path, most: int) -> int:
    """写出一个文件 · Write a member out piece by piece; the bytes it took, never more than `most`, whatever it declares."""
    to.parent.mkdir(parents=True, exist_ok=True)
    taken = 0
    with archive.open(member) as packed, to.open("wb") as out:
        while piece := packed.read(PIECE):
            taken += len(piece)
            if taken > most:
                raise too_large(member.filename, f"{limits.UNPACKED_BYTES >> 20} MiB")
            out.write(piece)
    return taken
