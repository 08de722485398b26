"""文本文件 → 文字网格 · Text files to grids: the encoding and the delimiter are found in the content."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.kind import damaged, too_large
from heng.intake.sheet import Cell, Sheet, grid, too_wide

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS = "\t,;|"
SAMPLE = 200
END = "\x03"
PROBE = 4096


def decode(content: bytes, name: str) -> tuple[str, str]:
    """解码 · Text and its encoding: by byte order mark, else UTF-8 if it is, else GB18030; FileError when neither fits."""
    told = next((e for bom, e in BOMS.items() if content.startswith(bom)), "")
    if not told and b"\0" in content:
        raise _unmarked(name) if _is_wide(content[:PROBE]) else damaged(name, "NUL")
    for encoding in [told] if told else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise damaged(name, "NUL")
        return text.lstrip("\ufeff"), encoding
    raise FileError(
        "认不出文字编码",
        "the encoding of this text is unknown",
        where=name,
        mend=("请另存为 UTF-8 或 GB18030（GBK）编码的 csv", "save it as csv in UTF-8 or GB18030 (GBK)"),
    )


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


def delimiter(text: str) -> str:
    """分隔符 · The delimiter that gives most lines of the sample the same number of cells, more than one."""
    lines = [x for x in text[: limits.LINE].splitlines()[:SAMPLE] if x.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        widths = Counter(line.count(mark) for line in lines if mark in line)
        return max(((n, w) for w, n in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement) if any(m in text for m in DELIMITERS) else ","


def read_delimited(text: str, name: str) -> tuple[list[Sheet], str]:
    """读分隔文本 · The one sheet of a text file and its delimiter; FileError on a line without end."""
    mark = delimiter(text)
    if max(map(len, StringIO(text, newline="")), default=0) > limits.LINE:
        raise too_large(name, f"{limits.LINE:,} 字符/行 characters a line")
    try:
        # After an unclosed quote the reader takes all that follows for one cell; then the last line is not seen as a line.
        rows = list(_rows(csv.reader(chain(StringIO(text, newline=""), [END]), delimiter=mark), name))
    except csv.Error as why:
        raise damaged(name, why) from why
    if rows.pop() != [END]:
        raise damaged(name, f"第 {len(rows) + 1} 行起引号不成对 quotes do not match from row {len(rows) + 1}")
    return [Sheet(name, 1, grid(rows, name))], mark


def _rows(lines: Iterable[list[str]], name: str) -> Iterator[list[Cell]]:
    left = limits.TEXT_CELLS
    for line in lines:
        left -= len(line)
        if left < 0:
            raise too_large(name, f"{limits.TEXT_CELLS:,} 单元格 cells")
        if len(line) > limits.COLUMNS:
            raise too_wide(name)
        yield [cell or None for cell in line]
