"""本地科室编码 · A hospital whose HIS has department codes of its own, and other ones since it was replaced."""

from datetime import date, timedelta

import polars as pl

from heng.demo.books import Books
from heng.demo.departments import Dept, departments
from heng.demo.hospitals import Hospital

NEW_SYSTEM = date(2026, 4, 1)
"""换用新 HIS 之日 · The day on which the HIS was replaced, and with it its department codes."""
WRITTEN_BY_HIS = {"Income": ("ordering", "performing"), "OutpatientWork": ("dept",), "InpatientWork": ("dept",), "MedtechWork": ("dept",)}


def localised(hospital: Hospital, found: Books) -> Books:
    """按 HIS 的写法 · The books as the HIS writes them, with the map that a person keeps from its codes to cost centres."""
    known = {"DepartmentMap": _codes(departments(hospital)), **found}
    for table, columns in WRITTEN_BY_HIS.items():
        for column in columns:
            known[table] = as_his_writes(hospital, known[table], column)
    return known


def as_his_writes(hospital: Hospital, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """把一列科室换成 HIS 的编码 · A column of departments in the codes that the HIS had in each month."""
    mapped, cut = _codes(departments(hospital)), NEW_SYSTEM.isoformat()[:7]
    old, new = (dict(mapped.filter(rule).select("dept", "local").iter_rows()) for rule in _sides())
    before, after = (pl.col(column).replace_strict(codes) for codes in (old, new))
    return frame.with_columns(pl.when(pl.col("month") < cut).then(before).otherwise(after).alias(column))


def _sides() -> tuple[pl.Expr, pl.Expr]:
    return pl.col("since") < NEW_SYSTEM, pl.col("since") >= NEW_SYSTEM


def _codes(known: tuple[Dept, ...]) -> pl.DataFrame:
    """Codes before and after; the first new code is an old one that now means something else."""
    seen = [d for d in known if d.leaf and d.category in ("clinical", "medtech")]
    old = [f"M{n:03}" for n in range(1, len(seen) + 1)]
    new = [old[-1], *(f"Y{n:03}" for n in range(2, len(seen) + 1))]
    ends = NEW_SYSTEM - timedelta(days=1)
    rows: list[tuple[str, str, str, date, date | None]]
    rows = [(c, "HIS", d.code, d.since, ends) for c, d in zip(old, seen, strict=True)]
    rows += [(c, "HIS", d.code, NEW_SYSTEM, None) for c, d in zip(new, seen, strict=True)]
    return pl.DataFrame(rows, schema=["local", "system", "dept", "since", "until"], orient="row", infer_schema_length=None)
