"""先看压缩包，再打开工作簿 · Looks through a workbook's zip before any reader opens it, in bounded memory.

A workbook may lie about its size in three places: the central directory, the declared dimension, and a lone far cell
that makes a reader keep a huge empty rectangle. So every sheet is unpacked once, in pieces, and its real cells are seen.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - zlib names its exception in lower case

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.kind import damaged, locked, not_a_table, too_large
from heng.intake.sheet import too_wide

PIECE = 1 << 20
ENDLESS = 16 * PIECE
"""没有标签的长文 · Text without a tag beyond this is no sheet."""
FAR = re.compile(rb'<c r="(?:[A-Za-z]{2}|[A-Za-z][0-9]{7})')
NEAR = (999_999, 26)
"""没有 FAR 的一块 · How far cells of a piece reach when none is beyond column Z or has a row of seven digits."""
WIDE = re.compile(rb'<c r="([A-Za-z]{2,9})[0-9]')
DEEP = re.compile(rb'<c r="[A-Za-z]{1,9}([0-9]{1,12})')
ODD_ROW = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]{0,9}([0-9]{1,12})")
ODD_WIDE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{2,9})[0-9]")
ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s/>]")
CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]")
FAULT = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"[^<>]{0,100}\bt="e"[^<>]*>(?:<f[^<]*</f>|<f[^<>]*/>)?<v>(#[^<]{1,20})<')
SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*>")
Faults = dict[tuple[int, int], str]


def inspect(content: bytes, name: str) -> list[Faults]:
    """查看工作簿 · The error cells of every sheet, in workbook order; FileError when it must not be opened."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            _members(archive, name)
            return [_sheet(archive, part, name) for part in _parts(archive)]
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, KeyError, ValueError, UnicodeDecodeError) as why:
        raise damaged(name, why) from why
    except RuntimeError as why:  # zipfile's word for an encrypted member
        raise locked(name) from why


def position(letters: str) -> int:
    """列字母的位置 · The position of a column by its letters: A is 0, AA is 26."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def _members(archive: ZipFile, name: str) -> None:
    members = archive.infolist()
    names = {m.filename for m in members}
    if "xl/workbook.xml" not in names:
        raise not_a_table(name, _other(names))
    bounded(members, name)


def bounded(members: list[ZipInfo], name: str) -> None:
    """不过大、不越界 · FileError for a zip whose members are too many or too large, or whose names point outside it."""
    if len(members) > limits.MEMBERS or sum(m.file_size for m in members) > limits.UNPACKED_BYTES:
        raise too_large(name, f"{limits.UNPACKED_BYTES >> 20} MiB")
    if any(m.file_size > limits.RATIO_FROM and m.file_size > limits.RATIO * max(m.compress_size, 1) for m in members):
        raise too_large(name, f"1:{limits.RATIO}")
    if any(_escapes(m) for m in members):
        raise FileError(
            "压缩包或工作簿内的文件名指向外部",
            "a member's name in the zip or workbook points outside it",
            where=name,
            mend=("这不是常用程序写出的文件，请勿使用", "no usual program wrote this file; do not use it"),
        )


def _escapes(member: ZipInfo) -> bool:
    path = member.filename.replace("\\", "/")
    return path.startswith("/") or ":" in path or ".." in path.split("/") or (member.external_attr >> 28) == 0o12


def _other(names: set[str]) -> str:
    known = {"xl/workbook.bin": "xlsb", "word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint", "content.xml": "ODS"}
    return next((said for member, said in known.items() if member in names), "ZIP")


def _parts(archive: ZipFile) -> list[str]:
    """工作表所在的成员 · The member that holds each sheet, in the order of the workbook."""
    rels = archive.read("xl/_rels/workbook.xml.rels")
    found = dict(_pair(tag) for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^<>]*>", rels))
    ids = [_attribute(tag, b"r:id") or _attribute(tag, b"id") for tag in SHEET.findall(archive.read("xl/workbook.xml"))]
    targets = [found.get(i, "") for i in ids]
    return [t.lstrip("/") if t.startswith("/") else f"xl/{t}" for t in targets]


def _pair(tag: bytes) -> tuple[str, str]:
    return _attribute(tag, b"Id"), _attribute(tag, b"Target")


def _attribute(tag: bytes, name: bytes) -> str:
    space, _, own = name.rpartition(b":")
    prefix = rb"\s(?:\w+:)?" if space else rb"\s"  # a name space may be written with any prefix, or be the one in force
    found = re.search(prefix + own + rb"""\s*=\s*["']([^"']*)""", tag)
    return found.group(1).decode() if found else ""


def _sheet(archive: ZipFile, part: str, name: str) -> Faults:
    if part not in archive.namelist():
        return {}
    (rows, columns), faults = _reach(archive, part, name, exact=False)
    if rows * columns > limits.CELLS:
        (rows, columns), faults = _reach(archive, part, name, exact=True)
    if rows > 1_048_576 or rows * columns > limits.CELLS:
        raise too_large(name, f"{limits.CELLS:,} 单元格 cells")
    return faults


def _reach(archive: ZipFile, part: str, name: str, *, exact: bool) -> tuple[tuple[int, int], Faults]:
    """表有多大 · The rows and columns that the cells of a sheet reach, at most (or exactly), and its error cells."""
    rows, columns, counted, faults = 0, 0, 0, Faults()
    for piece in _pieces(archive, part, name):
        if b"\0" in piece:
            raise damaged(name, "NUL")
        odd = _is_odd(piece)
        far = _odd_extent(piece) if odd else _extent(piece) if exact or FAR.search(piece) else NEAR
        counted += len(ROW_TAG.findall(piece)) if odd else 0
        rows, columns = max(rows, far[0], counted), max(columns, far[1])
        if columns > limits.COLUMNS:
            raise too_wide(name)
        if b't="e"' in piece:
            faults |= {(int(r), position(c.decode())): v.decode() for c, r, v in FAULT.findall(piece)}
    return (rows, columns), faults


def _extent(piece: bytes) -> tuple[int, int]:
    """最远的行与列 · The last row and column that the cells of a piece name, as Excel writes them."""
    wide = max((position(w.decode()) + 1 for w in set(WIDE.findall(piece))), default=NEAR[1])
    return max(map(int, set(DEEP.findall(piece))), default=0), wide


def _is_odd(piece: bytes) -> bool:
    """是否别样写法 · Whether XML is written unlike Excel's, which begins every cell with its place."""
    prefixed = b":" in piece and (b":c" in piece or b":row" in piece)
    return piece.count(b"<c") != piece.count(b'<c r="') or prefixed or b"<!" in piece


def _odd_extent(piece: bytes) -> tuple[int, int]:
    """最远的行与列（慢） · The same for any XML: rows and cells without a reference are counted."""
    counted = max(len(CELL_TAG.findall(line)) for line in ROW_TAG.split(piece))
    return max(map(int, ODD_ROW.findall(piece)), default=0), max(
        [counted, *(position(w.decode()) + 1 for w in set(ODD_WIDE.findall(piece)))]
    )


def _pieces(archive: ZipFile, part: str, name: str) -> Iterator[bytes]:
    """分块解压 · The member in pieces that end before a cell, so that none is cut in two; never more than it declares."""
    left, rest = limits.UNPACKED_BYTES, b""
    with archive.open(part) as member:
        while piece := member.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise too_large(name, f"{limits.UNPACKED_BYTES >> 20} MiB")
            piece = rest + piece
            end = max(piece.rfind(b"<c"), piece.rfind(b"<row"), piece.rfind(b"<", 0, -ENDLESS))
            if end < 0 and len(piece) > ENDLESS:
                raise damaged(name, "XML")
            yield piece[: max(end, 0)]
            rest = piece[max(end, 0) :]
    yield rest
