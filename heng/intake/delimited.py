"""文本文件 → 文字网格，一块接一块 · Text files to grids, block after block: encoding and delimiter are found in the content.

A block of plain lines is read as a whole; one with quotes or other line ends goes line by line. Both give the same cells.
"""

import csv
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from typing import BinaryIO

import numpy as np
import polars as pl

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.kind import damaged, too_large
from heng.intake.sheet import Cell, grid, too_wide

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS = "\t,;|"
SAMPLE = 200
PROBE = 4096
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Places = np.ndarray[tuple[int], np.dtype[np.int64]]
CERTAIN = 1_000
"""足以断定是 UTF-8 的字节 · Bytes beyond ASCII that were UTF-8: what follows and is not cannot be GB18030, it is damaged."""
FIELD = csv.field_size_limit()
"""一格的字符 · Characters of a cell, as the line-by-line reader allows them."""


def encoding(file: BinaryIO, name: str) -> str:
    """文字编码 · By byte order mark, else UTF-8 if all of it is, else GB18030; FileError when it is UTF-16 without mark."""
    block = file.read(limits.BLOCK)
    if told := next((e for bom, e in BOMS.items() if block.startswith(bom)), ""):
        return told
    if b"\0" in block:
        raise _unmarked(name) if _is_wide(block[:PROBE]) else damaged(name, "NUL")
    decoder, beyond = getincrementaldecoder("utf-8")(), 0
    while True:
        try:
            beyond += len(block) - len(decoder.decode(block, final=not block))
        except UnicodeDecodeError as why:
            if beyond > CERTAIN:
                raise _undecodable(name) from why
            return "gb18030"
        if not block:
            return "utf-8"
        block = file.read(limits.BLOCK)


def texts(file: BinaryIO, encoding: str, name: str) -> Iterator[str]:
    """逐块解码 · The text, block after block, cut at ends of lines; FileError where it cannot be decoded or a line has no end."""
    decoder, held, fresh = getincrementaldecoder(encoding)(), "", True
    while block := file.read(limits.BLOCK):
        held += _decoded(decoder.decode, block, name)
        cut = held.rfind("\n") + 1 or held.rfind("\r", 0, -1) + 1
        if cut:
            yield held[:cut].lstrip("\ufeff") if fresh else held[:cut]
            held, fresh = held[cut:], False
        if len(held) > limits.LINE:
            raise too_large(name, f"{limits.LINE:,} 字符/行 characters a line")
    held += _decoded(lambda rest: decoder.decode(rest, final=True), b"", name)
    if held:
        yield held.lstrip("\ufeff") if fresh else held


def delimiter(text: str) -> str:
    """分隔符 · The delimiter that gives most lines of the sample the same number of cells, more than one."""
    lines = [x for x in text[: limits.LINE].splitlines()[:SAMPLE] if x.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        widths = Counter(line.count(mark) for line in lines if mark in line)
        return max(((n, w) for w, n in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement) if any(m in text for m in DELIMITERS) else ","


def grids(blocks: Iterator[str], mark: str, name: str) -> Iterator[pl.DataFrame]:
    """逐块成网格 · The grid of every block; FileError on cells or lines without end, quotes that do not match, too many columns."""
    above, width = 0, 1
    for text in blocks:
        found = _plain(text, mark, width, name)
        if found is None:
            found = grid(_quoted(_Lines(text, blocks, name), mark, above), name)
        above, width = above + found.height, found.width
        if above > limits.STREAM_ROWS:
            raise too_large(name, f"{limits.STREAM_ROWS:,} 行 rows")
        yield found


def _plain(text: str, mark: str, width: int, name: str) -> pl.DataFrame | None:
    """快路：整块 · A block of tidy lines, ending alike and none of them too long for its cells; else None.

    `width`: of the block before, which most blocks have too.
    """
    lines = text.replace("\r\n", "\n") if "\r" in text else text
    if "\r" in lines:
        return None
    raw = lines.encode() if lines.endswith("\n") else f"{lines}\n".encode()
    codes = np.frombuffer(raw, np.uint8)
    ends = np.flatnonzero(codes == ord("\n"))
    if np.diff(ends, prepend=-1).max() > FIELD or ('"' in lines and not _is_tidy(codes, ends, mark)):
        return None
    try:
        found = _split(raw, mark, width if width * len(ends) <= limits.PIECE_CELLS else _width(raw, mark, name))
    except pl.exceptions.ComputeError:  # a line with more cells
        found = _split(raw, mark, _width(raw, mark, name))
    return found if found.height == len(ends) else None


def _is_tidy(codes: Bytes, ends: Places, mark: str) -> bool:
    """引号是否规整 · Whether all quotes stand around whole cells of one line, with no quote in them."""
    quotes = np.flatnonzero(codes == ord('"'))
    if len(quotes) % 2:
        return False
    first, last, edges = quotes[::2], quotes[1::2], (ord(mark), ord("\n"))
    around = np.isin(codes[first - 1], edges) & np.isin(codes[last + 1], edges)  # before the first byte comes the last one, a line's end
    return bool((around & (np.searchsorted(ends, first) == np.searchsorted(ends, last))).all())


def _width(raw: bytes, mark: str, name: str) -> int:
    lines = raw.splitlines()
    width = 1 + max(line.count(mark.encode()) for line in lines)
    if width > limits.COLUMNS:
        raise too_wide(name)
    if width * len(lines) > limits.CELLS:
        raise too_large(name, f"{limits.CELLS:,} 单元格 cells")
    return width


def _split(raw: bytes, mark: str, width: int) -> pl.DataFrame:
    full = mark.join("x" * width).encode() + b"\n"  # the reader takes the width from the first line
    columns = {f"c{i}": pl.String for i in range(width)}
    quote = '"' if b'"' in raw else None
    found = pl.read_csv(full + raw, has_header=False, separator=mark, quote_char=quote, schema=columns).slice(1)
    return found.select(pl.when(pl.all() != "").then(pl.all())) if quote else found  # "" is a blank cell, too


class _Lines:
    """慢路的行 · The lines of a block, and of those after it for as long as a cell goes on."""

    def __init__(self, text: str, blocks: Iterator[str], name: str) -> None:
        self.blocks, self.name, self.begun = blocks, name, 0
        self.ahead = self._split(text)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.ahead:
            text = next(self.blocks, None)
            if text is None:
                raise damaged(self.name, f"第 {self.begun} 行起引号不成对 quotes do not match from row {self.begun}")
            self.ahead = self._split(text)
        return self.ahead.pop()

    def _split(self, text: str) -> list[str]:
        lines = list(StringIO(text, newline=""))[::-1]
        if max(map(len, lines)) > limits.LINE:
            raise too_large(self.name, f"{limits.LINE:,} 字符/行 characters a line")
        return lines


def _quoted(lines: _Lines, mark: str, above: int) -> Iterator[list[Cell]]:
    """慢路：逐行 · Row after row until the lines at hand are used up; a row is never cut in two."""
    reader = csv.reader(lines, delimiter=mark)
    lines.begun = above
    while lines.ahead:
        lines.begun += 1
        try:
            row = next(reader)
        except csv.Error as why:
            raise damaged(lines.name, f"第 {lines.begun} 行 row {lines.begun}: {why}") from why
        if len(row) > limits.COLUMNS:
            raise too_wide(lines.name)
        yield [cell or None for cell in row] or [None]  # a blank line is a row of the sheet, too


def _decoded(decode: Callable[[bytes], str], block: bytes, name: str) -> str:
    try:
        text = decode(block)
    except UnicodeDecodeError as why:
        raise _undecodable(name) from why
    if "\0" in text:
        raise damaged(name, "NUL")
    return text


def _is_wide(start: bytes) -> bool:
    """像不像无标记的 UTF-16 · Whether NULs stand beside plain letters and marks, on one side of them but for a rare 一 (4E 00)."""
    few, many = sorted((start[0::2].count(0), start[1::2].count(0)))
    return few * 8 <= many and many * 20 > len(start)


def _unmarked(name: str) -> FileError:
    return FileError(
        "文本是 UTF-16 编码，但开头没有字节序标记（BOM）",
        "the text is UTF-16 without a byte order mark (BOM)",
        where=name,
        mend=(
            "请另存为 UTF-8，或带 BOM 的 UTF-16（Excel 的「Unicode 文本」）",
            "save it as UTF-8, or as UTF-16 with BOM (Excel's Unicode Text)",
        ),
    )


def _undecodable(name: str) -> FileError:
    return FileError(
        "认不出文字编码",
        "the encoding of this text is unknown",
        where=name,
        mend=("请另存为 UTF-8 或 GB18030（GBK）编码的 csv", "save it as csv in UTF-8 or GB18030 (GBK)"),
    )
