"""按内容认文件 · What a file is, told by its content and never by its suffix."""

import re
from pathlib import Path
from typing import Literal

from heng.core.errors import FileError
from heng.intake import limits

Kind = Literal["xlsx", "xls", "parquet", "text"]

OTHERS: dict[bytes, str] = {
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"BM": "BMP",
    b"{\\rtf": "RTF",
    b"SQLite format 3": "SQLite",
    b"MIME-Version:": "MHTML",
    b"\x09\x00\x04\x00": "Excel 2",
    b"\x09\x02\x06\x00": "Excel 3",
    b"\x09\x04\x06\x00": "Excel 4",
}
PASSWORD = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00.{4,12}(?:\x86\x00\x00\x00)?\x2f\x00[\x04\x06\x36\xc8]", re.DOTALL)
"""BIFF 的密码记录 · An old workbook's first record (BOF) with the record of a password (FILEPASS) next to it."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
START = 2**20
"""足以认出种类的字节 · Bytes from the start of a file that tell what it is."""


def kind(content: bytes, name: str) -> Kind:
    """认出种类 · The kind of a file by its first bytes; FileError when it is empty or nothing that holds a table."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileError("文件是空的", "the file is empty", where=name, mend=("请重新导出", "please export it again"))
    for start, found in OTHERS.items():
        # BM and MZ are also how systems abbreviate 编码 and 门诊: a picture or a program holds NUL bytes near its start.
        if content.startswith(start) and (not start.isalpha() or b"\0" in content[:64]):
            raise not_a_table(name, found)
    if content.startswith(b"PK"):
        return "xlsx"
    if content.startswith(OLE):
        return _ole(content, name)
    return "parquet" if content.startswith(b"PAR1") else "text"


def is_packed(start: bytes) -> bool:
    """是否须整个读入 · Whether a file that starts so is a workbook, which is read whole; the others are read in pieces."""
    return start.startswith((b"PK", OLE))


def read_start(path: Path) -> bytes:
    """读开头 · The start of a file; FileError when it is not there, not a file, or too large."""
    if not path.is_file():
        raise FileError("没有这个文件", "there is no such file", where=path.name, mend=("请检查路径", "please check the path"))
    if path.stat().st_size > limits.STREAM_BYTES:
        raise too_large(path.name, f"{limits.STREAM_BYTES >> 30} GiB")
    with path.open("rb") as file:
        return file.read(START)


def read(path: Path) -> bytes:
    """整个读入 · The content of a file; FileError when it is too large to be read whole."""
    if path.stat().st_size > limits.FILE_BYTES:
        raise too_large(path.name, f"{limits.FILE_BYTES >> 20} MiB")
    return path.read_bytes()


def not_a_table(name: str, found: str) -> FileError:
    """不是表格 · The refusal of a file that is really something else."""
    return FileError(
        f"这其实是 {found} 文件，不是表格",
        f"this is really {found}, not a table",
        where=name,
        mend=("请从原系统导出为 xlsx 或 csv 再装入", "export it as xlsx or csv from its system and load that"),
    )


def too_large(name: str, most: str) -> FileError:
    """太大 · The refusal of a file beyond a limit."""
    return FileError(
        f"文件过大或被做了手脚（上限 {most}）",
        f"the file is too large or tampered with (limit {most})",
        where=name,
        mend=("请按月或按科室分开导出", "please export it in parts, by month or by department"),
    )


def locked(name: str) -> FileError:
    """有密码 · The refusal of a password-protected workbook."""
    return FileError(
        "文件有打开密码",
        "the workbook is protected by a password",
        where=name,
        mend=("请在 Excel 中去掉打开密码后另存", "remove the password in Excel and save it again"),
    )


def damaged(name: str, why: object) -> FileError:
    """损坏 · The refusal of a file that cannot be read to its end; `why` is the reader's own word."""
    return FileError(
        f"文件损坏，读不出来（{why}）",
        f"the file is damaged and cannot be read ({why})",
        where=name,
        mend=("请在 Excel 中打开并另存为 xlsx，或重新导出", "open it in Excel and save it as xlsx, or export it again"),
    )


def _ole(content: bytes, name: str) -> Kind:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage") or PASSWORD.search(content):
        raise locked(name)
    if holds("WordDocument") or holds("PowerPoint Document"):
        raise not_a_table(name, "Word/PowerPoint")
    if not (holds("Workbook") or holds("Book")):
        raise not_a_table(name, "OLE")
    return "xls"
