"""患者成本 · Patient-level costing from stored charge lines to stored tables: one hospital, twelve months, seven cost items.

The capabilities run through the real runner on partitions made for the bench. Beside them, in the same run: a bare scan
of the same columns of the same files, and the same work in Polars (and pandas up to 2 M lines, in floats). What is
written adds up to the cost given, to the fen, or the bench fails. Every part runs in a process of its own.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from costing_peers import pandas_like, polars_like, took
from costing_rows import make

from heng.app.compute import run as compute
from heng.app.inputs import Cell, stored
from heng.app.region import Region
from heng.core.capability import writer
from heng.core.table import Table
from heng.store.engine import DuckDB
from heng.tables.codes import ITEM
from heng.tables.patients import (
    Charge,
    DoctorCost,
    EncounterCost,
    EncounterFee,
    EncounterStep,
    EncounterTotal,
    OrderingCost,
    StepCost,
)
from heng.tables.services import MatchedCost

TARGETS = {
    "patient_over_scan": "≤ 15 at 20 M lines: EncounterCost worked out and written, against a bare scan of the columns it reads",
    "patient_over_polars": "≤ 1.0 at 20 M lines: the same against the same work in Polars, in its decimals",
    "patient_over_polars_integers": "told beside it: against Polars in 128-bit integers scaled by hand",
    "peak_mib": "≤ 4096 at 20 M lines; with one month of the same size about the same",
    "per_line_ns": "100 M against 5 M lines: ≤ 1.15",
}
SIDES: dict[str, type[Table]] = {
    "step_s": EncounterStep,  # first: it also pays for reading the code once, as any run does
    "patient_s": EncounterCost,
    "total_s": EncounterTotal,
    "fee_s": EncounterFee,
    "step_cost_s": StepCost,
    "ordering_s": OrderingCost,
    "doctor_s": DoctorCost,
}
PANDAS_LINES = 2_000_000

SCAN = """
select sum(c.encounter), sum(c.service), sum(c.quantity), max(length(c.org)), max(length(c.month)), any_value(m.cost)
from {charges} c, (
    select sum(service) + sum(patient_quantity) + sum(staff) + sum(material) + sum(drug) + sum(depreciation) + sum(amortisation)
        + sum(risk) + sum(other) + max(length(org)) + max(length(month)) as cost from {matched}) m
"""
TOTAL = """
with rate as (select service, fine(amount, patient_quantity)::decimal(24,12) as rate from {matched})
select c.encounter, sum(c.quantity * r.rate) as amount
from {charges} c join rate r on r.service = c.service where c.encounter > 0 group by c.encounter
"""


def run(lines: int = 2_000_000) -> dict[str, object]:
    """跑一遍 · Make the region in a scratch folder, then run us and the peers on it, each in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        made = _apart("rows", scratch, str(lines))
        ours = _apart("ours", scratch)
        peer = _apart("polars", scratch)
        floats = _apart("pandas", scratch) if lines <= PANDAS_LINES else {}
        one = _apart("one_month", scratch)
    patient = ours["patient_s"]
    return {
        **made,
        **ours,
        **peer,
        **floats,
        **one,
        "encounter_over_scan": round(ours["encounter_total_s"] / ours["scan_s"], 1),
        "patient_over_scan": round(patient / ours["scan_s"], 1),
        "patient_over_polars": round(patient / peer["patient_polars_s"], 2),
        "patient_over_polars_integers": round(patient / peer["patient_polars_integers_s"], 2),
        "per_line_ns": round(patient * 1e9 / lines, 1),
    }


def ours(path: Path) -> dict[str, Any]:
    """我们的 · Scan, total of each encounter without writing, then every table through the runner."""
    region = Region(path)
    cells = region.cells()
    scan = min(took(lambda: _each_month(region, cells, SCAN)) for _ in range(3))
    total = min(took(lambda: _each_month(region, cells, TOTAL)) for _ in range(3))
    figures = {"scan_s": round(scan.wall, 3), "scan_cpu_s": round(scan.cpu, 3), "encounter_total_s": round(total.wall, 3)}
    for key, table in SIDES.items():
        spent = took(lambda table=table: _worked_out(region, cells, table))  # type: ignore[misc]
        figures[key] = round(spent.wall, 2)
        if table is EncounterCost:
            figures |= {"patient_cpu_s": round(spent.cpu, 2), "peak_mib": _peak()}
    _tied_out(Region(path), cells)
    return figures


def one_month(path: Path) -> dict[str, Any]:
    """只一个月 · One month alone: what memory a year takes must not be more."""
    region = Region(path)
    cells = region.cells()[-1:]
    with region.writing("bench"):
        region.publish("again", drop=[(EncounterCost.__name__, *c, "") for c in cells])
    _worked_out(region, cells, EncounterCost)
    return {"peak_one_month_mib": _peak()}


def _worked_out(region: Region, cells: list[Cell], table: type[Table]) -> None:
    made = writer(table)
    report = compute(region, cells, [table])
    if not made or report.written != {made.name: len(cells)}:
        raise AssertionError(report)


def _each_month(region: Region, cells: list[Cell], select: str) -> None:
    engine = DuckDB(region.path)
    for cell in cells:
        inputs = stored(engine, region.path, region.manifest, [cell])
        engine.rows(select.format(charges=inputs.view(Charge), matched=inputs.view(MatchedCost)))
    engine.close()


def _tied_out(region: Region, cells: list[Cell]) -> None:
    """Every side adds up to the cost that was to reach patients, per month and cost item, to the fen."""
    for cell in cells:
        matched, costs = _stored(region, MatchedCost, cell), _stored(region, EncounterCost, cell)
        if any(matched[i].sum() != costs[i].sum() for i in (*ITEM, "amount")):
            raise AssertionError(cell)
        for table in SIDES.values():
            if _stored(region, table, cell)["amount"].sum() != matched["amount"].sum():
                raise AssertionError((cell, table))


def _stored(region: Region, table: type[Table], cell: Cell) -> pl.DataFrame:
    part = region.manifest.part(table.__name__, *cell)
    if not part:
        raise AssertionError(cell)
    return pl.read_parquet(region.path / part.file)


def _apart(part: str, *words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, part, *words], capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise AssertionError(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "rows": lambda path, lines: make(path / "region", int(lines)),
    "ours": lambda path: ours(path / "region"),
    "one_month": lambda path: one_month(path / "region"),
    "polars": lambda path: polars_like(path / "region"),
    "pandas": lambda path: pandas_like(path / "region"),
}

if __name__ == "__main__":
    part, folder, *more = sys.argv[1:]
    print(json.dumps(PARTS[part](Path(folder), *more)))
