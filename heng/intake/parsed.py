"""读出的一列 · One column that was read: its values, and what is wrong or odd in which cells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

Reader = Callable[[str], tuple[Any, str]]


@dataclass(frozen=True)
class Parsed:
    """值与问题 · `values`: one per row, NULL where absent or refused. `problems`: a key of problems.py or NULL per row."""

    values: pl.Series
    problems: pl.Series | None = None


def each(text: pl.Series, read: Reader, kind: pl.DataType) -> Parsed:
    """逐个不同的写法读一遍 · Reads every distinct text once with `read`, which gives a value and a problem ("" for none)."""
    distinct = text.drop_nulls().unique().sort()
    read_ones = [read(t) for t in distinct.to_list()]
    if not read_ones:
        return Parsed(pl.Series(text.name, [None] * len(text), dtype=kind))
    told = pl.DataFrame(
        {"text": distinct, "value": pl.Series([v for v, _ in read_ones], dtype=kind), "problem": [p or None for _, p in read_ones]},
        schema_overrides={"problem": pl.String},
    )
    found = pl.DataFrame({"text": text}).join(told, on="text", how="left", maintain_order="left")
    return Parsed(found["value"], found["problem"] if told["problem"].null_count() < told.height else None)
