"""预算标准 · What some departments may spend per visit, bed-day, unit of work or month, and which document says so."""

from datetime import date
from typing import Any

import polars as pl

from heng.demo.hospitals import Hospital

SINCE = date(2025, 1, 1)
WATCHED = {
    "骨科住院": ("InpatientWork", "bed_days", "bed_day"),
    "外科住院": ("InpatientWork", "bed_days", "bed_day"),
    "内科住院": ("InpatientWork", "bed_days", "bed_day"),
    "内科门诊": ("OutpatientWork", "visits", "visit"),
    "急诊科门诊": ("OutpatientWork", "visits", "visit"),
    "检验科": ("MedtechWork", "work", "work"),
}
"""设有预算标准的科室及其业务量 · Departments with a standard, and where their volume stands."""
DETAILED = ("骨科住院", "检验科")
COLUMNS = ["dept", "item", "detail", "basis", "planned_volume", "standard", "document", "since"]


def budgets(hospital: Hospital, names: dict[str, str], feeds: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """预算标准 · Columns of Budget, set from the first month's use; `names`: department name to code."""
    first = feeds["LedgerBalance"]["month"].min()
    month = {name: frame.filter(pl.col("month") == first) for name, frame in feeds.items() if "month" in frame.columns}
    document = f"{hospital.name}2025—2026年度科室成本预算（院财〔2024〕{60 + int(hospital.code[1:])}号）"
    rows: list[tuple[Any, ...]] = []
    for name, (table, column, basis) in WATCHED.items():
        code = names[name]
        volume = int(month[table].filter(pl.col("dept") == code)[column].sum()) // (100 if basis == "work" else 1)
        for item, detail, spent in _spending(month, name, code):
            rows.append((code, item, detail, basis, volume * 100, spent // volume * 98 // 100, document, SINCE))
        pay = int(month["Salary"].filter(pl.col("dept") == code)["amount"].sum())
        rows.append((code, "staff", "", "month", 100, pay // 10_000 * 10_200, document, SINCE))
    return pl.DataFrame([r for r in rows if r[5] > 0], schema=COLUMNS, orient="row", infer_schema_length=None)


def _spending(month: dict[str, pl.DataFrame], name: str, code: str) -> list[tuple[str, str, int]]:
    material = month["Material"].filter(pl.col("dept") == code)
    drug = month["DrugUse"].filter(pl.col("dept") == code)
    whole = [("material", "", int(material["amount"].sum())), ("drug", "", int(drug["amount"].sum()))]
    if name not in DETAILED:
        return whole
    classes = material.group_by("material_class").agg(pl.col("amount").sum()).sort("material_class")
    return [*whole, *(("material", str(kind), int(spent)) for kind, spent in classes.iter_rows())]
