"""外来文件的行 · Rows of foreign files as rows of tables, and what tests ask of whole tables."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from heng.app.held import held
from heng.app.load import load
from heng.app.region import Hospital, new_region
from heng.app.trial import Trial
from heng.core.table import Table
from heng.intake.place import Place
from heng.tables.patients import Encounter, EncounterCost
from heng.tables.quality import Finding, SourceFile
from tests.reading import owner

CELL = ["org", "month"]


def loaded(table: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a file as rows of a table: what the file does not say stays empty."""
    told = {"file": pl.lit("file"), "row": pl.int_range(1, pl.len() + 1), "since": pl.lit(date(1900, 1, 1)), "leaf": pl.lit(value=True)}
    names = {n: pl.col(n) if n in rows.columns else told.get(n, pl.lit(None)) for n in table.columns}
    return rows.select(e.cast(table.schema()[n]).alias(n) for n, e in names.items())


def handed_in(folder: Path, frames: dict[type[Table], pl.DataFrame]) -> dict[type[Table], pl.DataFrame]:
    """The same rows, as a hospital hands them in: a file for each table with Chinese headings, loaded, and read back as held."""
    region = new_region(folder / "region", "试验区域", [Hospital("H01", "试验医院")])
    for table, rows in frames.items():
        told = {n: c.zh for n, c in table.columns.items() if n in rows.columns and n not in ("org", "month")}
        moments = [pl.col(n).dt.strftime("%Y-%m-%d %H:%M:%S") for n, t in rows.schema.items() if t == pl.Datetime]
        month = [] if moments else [pl.col("month").alias("统计年月")]  # a file without a moment says its month
        path = folder / f"{table.zh}.csv"
        rows.with_columns(moments).select(*month, *(pl.col(n).alias(zh) for n, zh in told.items())).write_csv(path)
        report = load(region, [("H01", path)], Place("H01", as_table=table.__name__))
        assert not report.refused, report.refused
        assert held(owner(region), SourceFile, region.cells())["rejected"].sum() == 0, held(owner(region), Finding, region.cells())
    return {t: held(owner(region), t, region.cells()) for t in frames}


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
