"""打开一个文件 · Opens any file that people hand in, as what its content says it is."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

import polars as pl

from heng.intake.delimited import delimiter, encoding, grids, texts
from heng.intake.kind import is_packed, kind, read, read_start
from heng.intake.markup import is_markup, read_markup
from heng.intake.pieces import in_pieces, parquet_grids
from heng.intake.settlement import is_json, read_settlements
from heng.intake.sheet import Source
from heng.intake.workbook import read_workbook


def opened(path: Path) -> Source:
    """打开 · All sheets of a file with how it was written; FileError when it is refused as a whole.

    A workbook or page is read whole; text and Parquet in pieces, of which a short file is one.
    """
    start = read_start(path)
    content = read(path) if is_packed(start) else b""
    found = kind(content or start, path.name)
    with path.open("rb") as file:
        digest = file_digest(file, "blake2b").hexdigest()[:12]
    if found == "text":
        return _text(path, digest, json=is_json(start))
    if found == "parquet":
        return in_pieces(Source(path.name, digest, "workbook", []), lambda: parquet_grids(path))
    return Source(path.name, digest, "workbook", read_workbook(content, found, path.name), content=content)


def _text(path: Path, digest: str, *, json: bool) -> Source:
    name = path.name
    with path.open("rb") as file:
        written = encoding(file, name)
    if json:
        return Source(name, digest, "workbook", read_settlements(read(path), written, name))
    first = next(_blocks(path, written), "")
    if is_markup(first):
        read(path)  # refuses a page that is too large to be read whole
        return Source(name, digest, "workbook", read_markup("".join(_blocks(path, written)), name))
    mark = delimiter(first)
    source = Source(name, digest, "text", [], written, mark)
    return in_pieces(source, lambda: _grids(path, written, mark))


def _blocks(path: Path, written: str) -> Iterator[str]:
    with path.open("rb") as file:
        yield from texts(file, written, path.name)


def _grids(path: Path, written: str, mark: str) -> Iterator[pl.DataFrame]:
    return grids(_blocks(path, written), mark, path.name)
