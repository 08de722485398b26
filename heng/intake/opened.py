"""打开一个文件 · Opens any file that people hand in, as what its content says it is."""

from hashlib import blake2b
from io import BytesIO
from pathlib import Path

import polars as pl

from heng.intake import limits
from heng.intake.delimited import decode, read_delimited
from heng.intake.kind import damaged, kind, read, too_large
from heng.intake.markup import is_markup, read_markup
from heng.intake.sheet import Sheet, Source, too_wide
from heng.intake.workbook import read_workbook


def opened(path: Path) -> Source:
    """打开 · All sheets of a file with how it was written; FileError when it is refused as a whole."""
    content = read(path)
    digest = blake2b(content).hexdigest()[:12]
    found = kind(content, path.name)
    if found == "text":
        return _text(content, path.name, digest)
    sheets = [_parquet(content, path.name)] if found == "parquet" else read_workbook(content, found, path.name)
    return Source(path.name, digest, "workbook", sheets, content=b"" if found == "parquet" else content)


def _text(content: bytes, name: str, digest: str) -> Source:
    text, encoding = decode(content, name)
    if is_markup(text):
        return Source(name, digest, "workbook", read_markup(text, name))
    sheets, delimiter = read_delimited(text, name)
    return Source(name, digest, "text", sheets, encoding, delimiter)


def _parquet(content: bytes, name: str) -> Sheet:
    """Parquet 也当作网格 · A Parquet file as a grid whose first row is its column names."""
    try:
        shape = pl.scan_parquet(BytesIO(content))
        names = shape.collect_schema().names()
        if len(names) > limits.COLUMNS:
            raise too_wide(name)
        if len(names) * int(shape.select(pl.len()).collect().item()) > limits.CELLS:
            raise too_large(name, f"{limits.CELLS:,} 单元格 cells")
        body = shape.select(pl.all().cast(pl.String)).collect()
    except (pl.exceptions.PolarsError, OSError) as why:
        raise damaged(name, str(why).splitlines()[0][:120]) from why
    head = pl.DataFrame({n: [n] for n in names}, schema=dict.fromkeys(names, pl.String))
    grid = pl.concat([head, body])
    return Sheet(name, 1, grid.rename({n: f"c{i}" for i, n in enumerate(names)}))
