"""给一个文件的病例分组 · Grouping the cases of a file: every row comes out once, grouped or with the reason why not."""

import gc
import gzip
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import polars as pl

from heng.intake.packs.cases import BEYOND, cases
from heng.methods.grouping.engine import UNGROUPED, Grouped, Record

HEADER = ("index", "status", "mdc", "adrg", "drg", "why")
MOST = {"age": 150, "age_days": 150 * 366, "weight": 300_000}
"""还算是数的上限 · Above these a number is a slip of the pen, not an age or a weight."""
SEX = {"1": 1, "2": 2, "男": 1, "男性": 1, "女": 2, "女性": 2, "m": 1, "f": 2, "male": 1, "female": 2}
PIECE = 10_000
"""一次写出的病例 · Cases that are grouped and written at a time: what is kept for longer only burdens the memory."""
Explain = Callable[[str], str]


class Groups(Protocol):
    """会分组的 · What groups a case: the grouper of a pack, or another one in its place."""

    def group(self, record: Record) -> Grouped:
        """分组 · The group of a case."""


def group_file(path: Path, out: BinaryIO, grouper: Groups, explain: Explain | None = None) -> Counter[str]:
    """逐块分组写出 · Group the cases of a file and write CSV, block after block; how many cases have which status.

    `explain`: turns reason codes into words, for a column `trace`. FileError when the file cannot be read as cases.
    """
    counted: Counter[str] = Counter()
    first = True
    with _uncollected():
        for block in cases(path):
            for piece in block.iter_slices(PIECE) if block.height else [block]:
                found = list(_grouped(piece, grouper))
                counted.update(g.status for g in found)
                out.write(_written(piece, found, explain).write_csv(include_header=first).encode())
                first = False
    return counted


@contextmanager
def _uncollected() -> Iterator[None]:
    # Cases hold no cycles: looking for some among the rules and lists of a scheme, again and again, takes a sixth of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _grouped(block: pl.DataFrame, grouper: Groups) -> Iterator[Grouped]:
    read = block.select(pl.col("dx").fill_null(""), pl.col("proc").fill_null(""), *_read(), bad=_bad())
    for dx, ops, sex, age, days, weight, bad in zip(*(read[name].to_list() for name in read.columns), strict=True):
        if bad:
            yield Grouped("invalid", "", "", UNGROUPED, "none", bad)
        else:
            yield grouper.group(Record(dx.split("|"), ops.split("|") if ops else None, sex, age, days, weight))


def _read() -> Iterable[pl.Expr]:
    yield pl.col("gender").str.strip_chars().str.to_lowercase().replace_strict(SEX, default=None, return_dtype=pl.Int64).alias("gender")
    for name in MOST:
        # Adults come with a weight of 0: nobody weighed them.
        whole = _number(name).cast(pl.Int64, strict=False)
        yield (pl.when(whole > 0).then(whole) if name == "weight" else whole).alias(name)


def _number(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)


def _bad() -> pl.Expr:
    """读不懂的格 · The cells of a row that cannot be read, as a reason; null where all can."""
    strange = [
        pl.when(pl.col(n).str.strip_chars().str.len_bytes() > 0, ~_number(n).is_between(0, most).fill_null(value=False)).then(pl.lit(n))
        for n, most in MOST.items()
    ]
    cells = pl.concat_str(strange, separator="/", ignore_nulls=True)
    return pl.when(BEYOND).then(pl.lit("CELLS")).when(cells != "").then("BAD=" + cells)


def _written(block: pl.DataFrame, found: list[Grouped], explain: Explain | None) -> pl.DataFrame:
    columns = list(zip(*found, strict=True)) or [()] * 6
    status, mdc, adrg, drg, _, why = columns
    told = dict(zip(HEADER, (block["index"], status, mdc, adrg, drg, why), strict=True))
    if explain:
        told["trace"] = [explain(reason) for reason in why]
    written = pl.DataFrame(told, schema=dict.fromkeys(told, pl.String))
    return written.select(pl.when(pl.all() != "").then(pl.all()))  # an empty cell, not a quoted nothing


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """写完才有的文件 · A file that is there only once all of it is written; packed when its name ends in .gz, alike on every run."""
    path.parent.stat()  # a folder that is missing is told by its own name, not by that of the temporary file
    if path.exists() and not path.is_file():
        with path.open("wb") as device:  # nothing may take the place of a device; a folder refuses by itself
            yield device
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", 6, file, 0) as packed:
                    yield cast("BinaryIO", packed)
            else:
                yield file
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
