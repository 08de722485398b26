"""附件：随答复交来的文件 · Attachments: files that come with an answer, each kept once under the hash of its content.

They lie apart from the files that were loaded, so that naming one never leads to the other; a backup holds them, and the
examination of a region hashes them again. A text that has one ends in a line with its name and where it lies.
"""

import re
import threading
from pathlib import Path, PurePath
from typing import NamedTuple

from heng.app.region import Region
from heng.core.errors import HengError
from heng.store.files import digest, write_whole

FOLDER = Path("files") / "evidence"
KINDS = (".pdf", ".png", ".jpg", ".jpeg", ".xlsx", ".xls", ".csv", ".docx", ".doc", ".txt")
"""收哪些文件 · Which kinds of files are taken."""
LARGEST = 10 * 2**20
"""一份至多多大（字节） · The bytes of one file at most."""
LINE = re.compile(r"(?P<name>[^\n]+) \[(?P<file>[0-9a-f]{32}\.[a-z]{3,4})\]")
ONE_WRITES = threading.Lock()


class Attached(NamedTuple):
    """文字与附件 · A text without its last line, and the name of the file and where it lies; both empty where it has none."""

    text: str
    name: str = ""
    file: str = ""


def attach(region: Region, text: str, name: str, content: bytes) -> str:
    """附上 · Keep a file, and give the text with it; HengError for what is empty, too large, or of another kind."""
    plain = " ".join(PurePath(name.replace("\\", "/")).name.split())[-100:]
    ending = PurePath(plain).suffix.lower()
    if ending not in KINDS or not 0 < len(content) <= LARGEST:
        most = LARGEST // 2**20
        raise HengError(
            f"不能附「{plain}」：空的、超过 {most} MB，或不是收的文件",
            f"{plain!r} cannot be attached: it is empty, larger than {most} MB, or of another kind",
            where="evidence",
            mend=(f"收 {'、'.join(KINDS)}", f"one of {', '.join(KINDS)}"),
        )
    file = f"{digest(content)}{ending}"
    path = region.path / FOLDER / file
    with ONE_WRITES:
        if not path.exists():
            write_whole(path, content)
    return f"{text.strip()}\n{plain} [{file}]".strip()


def parted(text: str) -> Attached:
    """分开文字与附件 · A text and the file that goes with it."""
    before, _, last = text.rpartition("\n")
    found = LINE.fullmatch(last)
    return Attached(before, found["name"], found["file"]) if found else Attached(text)


def content_of(region: Region, file: str) -> bytes:
    """附件的内容 · What an attached file holds; HengError where it is not there."""
    path = region.path / FOLDER / file
    if not LINE.fullmatch(f"x [{file}]") or not path.is_file():
        raise HengError(
            f"没有附件 {file}", f"there is no attached file {file}", where="evidence", mend=("请交的人再交", "ask for it again")
        )
    return path.read_bytes()
