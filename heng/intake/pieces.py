"""长文件分块 · A long file in pieces: grids of any height become pieces of an even number of rows, the same on every reading."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from heng.intake import limits
from heng.intake.kind import damaged, too_large
from heng.intake.sheet import Sheet, Source, too_wide

HEAD = limits.HEADER_ROWS + 10
"""记住的开头 · Rows of the first piece that every other one remembers: the header and what stands above it."""


def in_pieces(source: Source, read: Callable[[], Iterator[pl.DataFrame]]) -> Source:
    """短则整张，长则分块 · A source whose one sheet is what `read` gives: whole when it is one piece, else read again by pieces."""

    def again() -> Iterator[Sheet]:
        above, head = 0, None
        for grid in _even(read()):
            yield Sheet(source.name, 1, grid, above, head)
            above, head = above + grid.height, grid.head(HEAD) if head is None else head

    found = again()
    first = next(found, Sheet(source.name, 1, pl.DataFrame()))
    return replace(source, sheets=[first], again=again if next(found, None) else None)


def _even(grids: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    held = pl.DataFrame()
    for grid in grids:
        if held.height and (held.height + grid.height) * max(held.width, grid.width) > limits.PIECE_CELLS:
            yield held
            held = held.clear()
        held = pl.concat([held, grid], how="diagonal") if held.height else grid
        while held.height >= limits.PIECE_ROWS:
            yield held[: limits.PIECE_ROWS]
            held = held[limits.PIECE_ROWS :]
    if held.height:
        yield held


def parquet_grids(path: Path) -> Iterator[pl.DataFrame]:
    """Parquet 也当作网格 · A Parquet file as grids whose first row is its column names; FileError when it is damaged or a bomb."""
    name = path.name
    try:
        shape = pl.scan_parquet(path)
        names = shape.collect_schema().names()
        if len(names) > limits.COLUMNS:
            raise too_wide(name)
        rows = int(shape.select(pl.len()).collect().item())
        if rows > limits.STREAM_ROWS:
            raise too_large(name, f"{limits.STREAM_ROWS:,} 行 rows")
        cells = {n: f"c{i}" for i, n in enumerate(names)}
        yield pl.DataFrame({c: [n] for n, c in cells.items()}, schema=dict.fromkeys(cells.values(), pl.String))
        height = max(1, min(limits.PIECE_ROWS, limits.PIECE_CELLS // max(1, len(names))))
        for start in range(0, rows, height):
            yield _bounded(shape.slice(start, height).select(pl.all().cast(pl.String)).collect().rename(cells), name)
    except (pl.exceptions.PolarsError, OSError) as why:
        raise damaged(name, str(why).splitlines()[0][:120]) from why


def _bounded(grid: pl.DataFrame, name: str) -> pl.DataFrame:
    sizes = grid.select(pl.all().str.len_bytes().fill_null(0))
    if (sizes.select(pl.max_horizontal(pl.all().max())).item() or 0) > limits.LINE:
        raise too_large(name, f"{limits.LINE:,} 字符/格 characters a cell")
    if sizes.select(pl.sum_horizontal(pl.all().cast(pl.Int64).sum())).item() > limits.PIECE_BYTES:
        raise too_large(name, f"{limits.PIECE_BYTES >> 20} MiB/块 a piece")
    return grid
