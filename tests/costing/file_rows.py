"""外来文件的行 · Rows of foreign files as rows of tables, and what tests ask of whole tables."""

from datetime import date
from typing import Any

import polars as pl

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import Table
from heng.tables.patients import Encounter, EncounterCost

CELL = ["org", "month"]


def loaded(table: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a file as rows of a table: what the file does not say stays empty."""
    told = {"file": pl.lit("file"), "row": pl.int_range(1, pl.len() + 1), "since": pl.lit(date(1900, 1, 1)), "leaf": pl.lit(value=True)}
    names = {n: pl.col(n) if n in rows.columns else told.get(n, pl.lit(None)) for n in table.columns}
    return rows.select(e.cast(table.schema()[n]).alias(n) for n, e in names.items())


def month_of(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m")


def total(rows: pl.DataFrame, column: str) -> Any:
    return rows[column].sum()


def after_the_end(trial: Trial) -> pl.DataFrame:
    """Cost of what was charged to a visit after it had ended: it is in no case."""
    found = trial.compute(Encounter)
    ended = found.filter(pl.col("status") == "finished").group_by("org", "visit").agg(ended=pl.col("month").max())
    late = found.join(ended, on=["org", "visit"]).filter(pl.col("month") > pl.col("ended"))
    return trial.compute(EncounterCost).join(late, on=[*CELL, "encounter"], how="semi")
