"""监测的试验场 · The books of the pretended region as tables, without files, and what its watches say of them."""

from datetime import date
from typing import Any

import polars as pl
import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import TABLES
from heng.demo.books import books
from heng.demo.hospitals import hospitals
from heng.demo.region import MONTHS
from heng.store.policy_files import read_policy
from heng.tables.cases import CaseCost

LAST_DAY = date(2026, 9, 30)
SEED = 2026


@pytest.fixture(scope="session")
def region() -> Trial:
    """Four hospitals, twelve months: everything that the demo's books say of departments; patients are left out."""
    given: dict[Any, list[pl.DataFrame]] = {}
    for hospital in hospitals():
        for name, rows in books(hospital, MONTHS, SEED).items():
            given.setdefault(TABLES[name], []).append(_typed(hospital.code, name, rows))
    cells = [(h.code, m) for h in hospitals() for m in MONTHS]
    known = {t: pl.concat(frames) for t, frames in given.items()}
    return Trial(known | {CaseCost: pl.DataFrame(schema=CaseCost.schema())}, read_policy(), cells)


def _typed(org: str, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the books in the types of their table; decimals stand there in hundredths."""
    columns, hidden = TABLES[name].columns, {"org": pl.lit(org), "file": pl.lit(name), "row": pl.int_range(1, pl.len() + 1)}
    given = {n: pl.col(n) / 100 if columns[n].type.startswith("decimal") else pl.col(n) for n in rows.columns}
    exact = rows.with_columns(pl.col(n).cast(pl.Decimal(38, 4)) for n in rows.columns if columns[n].type.startswith("decimal"))
    return exact.select(({**given, **hidden}.get(n, pl.lit(None))).cast(t).alias(n) for n, t in TABLES[name].schema().items())
