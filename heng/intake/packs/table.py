"""读方案文件夹里的 CSV · Reading the CSV files of a pack's folder, plain or gzip, with bounds on what they may unpack to.

Codes, names of sets and rules are folded as they are in official workbooks, whatever file they stand in.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from heng.core.errors import FileError, Say
from heng.intake.delimited import encoding
from heng.intake.kind import damaged, too_large
from heng.intake.packs import corrections, folding
from heng.methods.grouping.spelling import PLAIN
from heng.tables.codes import INSURANCE_OF

MOST = 256 * 2**20
"""解压后的上限 · The most a file of a pack may unpack to; the largest of the national scheme has 8 MiB."""
PACKED = b"\x1f\x8b"


def _insurance(text: str) -> str:
    return INSURANCE_OF.get(folding.name(text), text)


FOLDED: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("code", "parent", "mdc", "adrg", "drg", "group", "to", "level", "dx", "op", "principal_dx"), folding.code),
    **dict.fromkeys(("set", "table", "exclusion_table"), folding.name),
    "insurance": _insurance,
    "rule": folding.rule,
}
"""按列名折叠 · How the cells of a column are folded, by its header; those of others stay as they are written."""


@dataclass(frozen=True, slots=True)
class Line:
    """一行 · A row: where it stands, and its cells by header."""

    where: str
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """一格 · The text of a cell, "" where the file has no such column."""
        return self.cells.get(name, "")

    def whole(self, name: str) -> int:
        """整数 · A cell as a whole number; FileError when it is none."""
        found = self[name]
        if not re.fullmatch(r"-?[0-9]{1,9}", found):
            raise FileError(
                f"{name} 应为整数，现为「{found[:20]}」",
                f"{name} must be a whole number, not {found[:20]!r}",
                where=self.where,
                mend=NUMBER,
            )
        return int(found)


NUMBER = ("改成整数，至多九位", "write a whole number of nine digits at most")


class Folder:
    """方案文件夹 · The folder of a pack, its files known by name with or without .gz."""

    def __init__(self, path: Path) -> None:
        """打开 · Open a folder."""
        self.path = path
        self.read = dict[str, str]()
        self.notes = list[Say]()

    def has(self, name: str) -> bool:
        """有没有这个文件 · Whether a file is there."""
        return self._find(name) is not None

    def _find(self, name: str) -> Path | None:
        return next((p for p in (self.path / name, self.path / f"{name}.gz") if p.is_file()), None)

    def lines(self, name: str, needed: str) -> list[Line]:
        """逐行 · The rows of a file that has the needed columns; FileError when it is missing, damaged or lacks one."""
        text, file = self._text(name)
        found, folds = list[Line](), 0
        for line in _lines(text, file, needed.split()):
            folded = {n: FOLDED[n](cell) if n in FOLDED else cell for n, cell in line.cells.items()}
            folds += folded.get("rule", "") != " ".join(line["rule"].split())
            found.append(Line(line.where, folded))
        self.notes += corrections.folded(folds, name)
        return found

    def columns(self, name: str, needed: str) -> Iterator[Any]:
        """逐行的几格 · The needed cells of every row of a long list, in this order; FileError as for `lines`."""
        cells = self._cells(name, needed.split())
        return zip(*(cells[n].to_list() for n in cells.columns), strict=True)

    def sets(self, name: str, by: str, code: str) -> dict[tuple[str, ...], frozenset[str]]:
        """分组的编码 · The codes of a long list by the cells that name their set; FileError as for `lines`."""
        cells = self._cells(name, [*by.split(), code])
        cells = cells.filter(pl.any_horizontal(pl.all() != ""))
        if cells.filter(pl.any_horizontal(pl.col(by.split(maxsplit=1)[0], code) == "")).height:
            raise FileError(
                "有的行缺少集合名或编码",
                "a row lacks the name of its set or its code",  # an empty code would be that of every case without one
                where=name,
                mend=("补上，或删去这一行", "add it, or remove the row"),
            )
        return {tuple(key): frozenset(codes) for *key, codes in cells.group_by(by.split(), maintain_order=True).agg(code).iter_rows()}

    def _cells(self, name: str, needed: list[str]) -> pl.DataFrame:
        text, file = self._text(name)
        try:
            header = [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")))]
            _complete(header, needed, file)
            read = pl.read_csv(text.replace("\r\n", "\n").replace("\r", "\n").encode(), infer_schema=False)
        except csv.Error as e:
            raise _unread(f"{file}!1", e) from e
        except pl.exceptions.PolarsError as e:
            raise damaged(file, str(e).partition("\n")[0]) from e
        cells = read.select(pl.nth(header.index(n)).fill_null("").str.strip_chars().alias(n) for n in needed)
        return cells.with_columns(_folded(cells[n]) for n in needed if n in FOLDED)

    def _text(self, name: str) -> tuple[str, str]:
        found = self._find(name)
        if not found:
            raise FileError(
                f"方案文件夹里没有 {name}",
                f"the folder of the pack has no {name}",
                where=self.path.name,
                mend=("补上这个文件（可以是 .csv.gz）", "add this file (it may be .csv.gz)"),
            )
        content = content_of(found)
        self.read[found.name] = sha256(content).hexdigest()
        return text_of(content, found.name), found.name

    def digest(self) -> str:
        """指纹 · The fingerprint of all files read so far, by their content, packed or not."""
        said = "".join(f"{name.removesuffix('.gz')} {mark}\n" for name, mark in sorted(self.read.items()))
        return sha256(said.encode()).hexdigest()


def _folded(cells: pl.Series) -> pl.Series:
    fold = FOLDED[cells.name]
    odd = cells.filter(~cells.str.contains(f"^(?:{PLAIN.pattern})$")) if fold is folding.code else cells  # most codes are not
    changed = {cell: to for cell in odd.unique().to_list() if (to := fold(cell)) != cell}
    return cells.replace(changed) if changed else cells


def content_of(path: Path) -> bytes:
    """内容，解压后 · The content of a file, unpacked; FileError when it is broken or far too large."""
    if path.stat().st_size > MOST:
        raise too_large(path.name, f"{MOST >> 20} MiB")
    content = path.read_bytes()
    if not content.startswith(PACKED):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            unpacked = file.read(MOST + 1)
    except (OSError, EOFError, zlib.error) as e:
        raise damaged(path.name, e) from e
    if len(unpacked) > MOST:
        raise too_large(path.name, f"{MOST >> 20} MiB")
    return unpacked


def text_of(content: bytes, name: str) -> str:
    """文字 · The text of a file in UTF-8 or GB18030; FileError when it is neither or empty."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileError("文件是空的", "the file is empty", where=name, mend=("请重新导出", "please export it again"))
    try:
        return content.decode(encoding(io.BytesIO(content), name)).lstrip("\ufeff")
    except UnicodeDecodeError as e:
        raise damaged(name, e) from e


def _lines(text: str, name: str, needed: list[str]) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip() for cell in next(reader)]
        _complete(header, needed, name)
        for row in reader:
            if any(row[len(header) :]):
                raise FileError(
                    "这一行比表头多出内容",
                    "the row has more cells than the header",
                    where=f"{name}!{reader.line_num}",
                    mend=("有逗号的文字加上双引号", "put text that holds a comma in double quotes"),
                )
            if any(cell.strip() for cell in row):
                yield Line(f"{name}!{reader.line_num}", dict(zip(header, map(str.strip, row), strict=False)))
    except csv.Error as e:
        raise _unread(f"{name}!{reader.line_num}", e) from e


def _unread(where: str, why: csv.Error) -> FileError:
    if not str(why).startswith("field larger"):
        return damaged(where, why)
    most = csv.field_size_limit()
    return FileError(
        f"一格超过 {most:,} 个字符",
        f"a cell has more than {most:,} characters",
        where=where,
        mend=(
            "看看引号是否成对；规则里的编码写进 sets.csv，规则只写集合名",
            "see that quotes come in pairs; list the codes of a rule in sets.csv, and name the set in the rule",
        ),
    )


def _complete(header: list[str], needed: list[str], name: str) -> None:
    if missing := [n for n in needed if n not in header]:
        raise FileError(
            f"缺少列 {'、'.join(missing)}",
            f"columns are missing: {', '.join(missing)}",
            where=f"{name}!1",
            mend=(f"第一行写上 {','.join(needed)}", f"the first row must read {','.join(needed)}"),
        )
    if twice := [n for n in needed if header.count(n) > 1]:
        raise FileError(
            f"列 {'、'.join(twice)} 出现两次",
            f"columns occur twice: {', '.join(twice)}",
            where=f"{name}!1",
            mend=("只留一列", "keep one of the two"),
        )
