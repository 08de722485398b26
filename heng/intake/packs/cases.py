"""待分组的病例文件 · The file of cases to be grouped: text, plain or gzip, a workbook or Parquet; columns by name, cells as written.

Columns: index, gender, age, age_days, weight, dx, proc; other columns are not read. Codes of a cell are joined by `|`.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.delimited import delimiter, encoding, grids, texts
from heng.intake.kind import damaged, is_packed, kind, read, read_start
from heng.intake.packs.table import PACKED
from heng.intake.pieces import parquet_grids
from heng.intake.workbook import read_workbook

COLUMNS = {
    "index": ("index", "seq", "id", "序号", "病案号"),
    "gender": ("gender", "sex", "性别"),
    "age": ("age", "age_years", "年龄"),
    "age_days": ("age_days", "ageday", "不足一岁年龄", "年龄天数", "天龄"),
    "weight": ("weight", "weight_g", "体重", "新生儿体重", "出生体重"),
    "dx": ("dx", "diagnosis", "icd10_drgs", "诊断编码", "诊断"),
    "proc": ("proc", "op", "procedure", "icd9_drgs", "手术操作编码", "手术操作"),
}
"""列与它的写法 · The columns and how files write them; what stands in brackets is not looked at."""
BEYOND = "beyond"
"""表头之外还有内容的行 · Whether a row has cells that no header stands over: then nobody knows which cell is which."""


def cases(path: Path) -> Iterator[pl.DataFrame]:
    """逐块读病例 · The cases block after block as text, with `beyond`; blank lines are no cases. FileError for what cannot be read."""
    places: dict[str, int] | None = None
    width = 0
    for grid in _grids(path):
        block = grid.filter(~pl.all_horizontal(pl.all().is_null())) if grid.height else grid
        if not block.height:
            continue
        if places is None:
            header = [str(cell or "") for cell in block.row(0)]
            width = max(n for n, cell in enumerate(header, 1) if cell)
            places, block = _places(header, path.name), block.slice(1)
        yield _named(block, places, width)
    if places is None:
        raise _empty(path.name)


def _named(block: pl.DataFrame, places: dict[str, int], width: int) -> pl.DataFrame:
    names = block.columns
    beyond = pl.any_horizontal(pl.col(n).is_not_null() for n in names[width:]) if len(names) > width else pl.lit(value=False)
    wanted = [(pl.col(names[at]) if at < len(names) else pl.lit(None, pl.String)).alias(name) for name, at in places.items()]
    return block.select(*wanted, beyond.alias(BEYOND))


def _grids(path: Path) -> Iterator[pl.DataFrame]:
    start = read_start(path)
    if start.startswith(PACKED):
        return _text(path, packed=True)
    if is_packed(start):
        content = read(path)
        return iter([read_workbook(content, kind(content, path.name), path.name)[0].grid])
    return parquet_grids(path) if kind(start, path.name) == "parquet" else _text(path, packed=False)


def _text(path: Path, *, packed: bool) -> Iterator[pl.DataFrame]:
    with _opened(path, packed=packed) as file:
        if not file.read(limits.BLOCK).strip(b"\0 \t\r\n\xef\xbb\xbf"):
            raise _empty(path.name)
        file.seek(0)
        written = encoding(file, path.name)
        file.seek(0)
        sample = next(texts(file, written, path.name), "")
        file.seek(0)
        yield from grids(texts(file, written, path.name), delimiter(sample.partition("\n")[0].replace("|", "")), path.name)


@contextmanager
def _opened(path: Path, *, packed: bool) -> Iterator[BinaryIO]:
    if not packed:
        with path.open("rb") as file:
            yield file
        return
    try:
        with gzip.open(path, "rb") as unpacked:
            yield cast("BinaryIO", unpacked)
    except (gzip.BadGzipFile, EOFError, zlib.error) as e:
        raise damaged(path.name, e) from e


def _places(header: list[str], name: str) -> dict[str, int]:
    said = [re.sub(r"[（(].*", "", cell).strip().lower() for cell in header]
    found: dict[str, int] = {}
    for column, ways in COLUMNS.items():
        at = [n for n, cell in enumerate(said) if cell in ways]
        if len(at) > 1:
            raise FileError(
                f"列 {column} 出现两次",
                f"the column {column} occurs twice",
                where=f"{name}!1",
                mend=("只留一列", "keep one of the two"),
            )
        if at:
            found[column] = at[0]
    if missing := [c for c in COLUMNS if c not in found]:
        raise FileError(
            f"缺少列 {'、'.join(missing)}",
            f"columns are missing: {', '.join(missing)}",
            where=f"{name}!1",
            mend=(f"第一行写上 {','.join(COLUMNS)}", f"the first row must name {','.join(COLUMNS)}"),
        )
    return found


def _empty(name: str) -> FileError:
    return FileError("文件是空的", "the file is empty", where=name, mend=("请重新导出", "please export it again"))
