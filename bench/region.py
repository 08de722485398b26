"""一个区域一年 · A region-year: four hospitals, twelve months, every method, from loaded tables to all results.

Beside it, in the same run: a bare scan that sums every money column of the loaded tables, a second run in which
nothing changed, and the binding of every capability against empty tables.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from heng.app.compute import run as compute
from heng.app.inputs import stored
from heng.app.load import load
from heng.app.load_pack import load_pack
from heng.app.region import Hospital, Region, new_region
from heng.app.trial import Trial
from heng.core.capability import CAPABILITIES, order
from heng.core.table import TABLES, Table
from heng.demo.payment import packs
from heng.demo.region import write_region
from heng.intake.delivery import Place
from heng.store.engine import DuckDB
from heng.store.workers import workers

TARGETS = {
    "books_s": "≤ 20 s: department costing of the demo region-year, all methods",
    "rerun_s": "≤ 1 s: nothing changed",
    "check_s": "≤ 3 s: every capability bound against empty tables",
}


def run() -> dict[str, object]:
    """跑一遍 · Make the demo region in a scratch folder, load it, run it twice, and measure beside a bare scan."""
    with tempfile.TemporaryDirectory() as scratch:
        region, load_s = _loaded(Path(scratch))
        scan_s = _timed(lambda: _scan(region))
        with workers():  # the two runs are one that is looked at half way
            books_s = _timed(lambda: compute(region, region.cells(), _books()))
            run_s = books_s + _timed(lambda: compute(region, region.cells()))
        rerun_s = _timed(lambda: compute(Region(region.path), region.cells()))
        check_s = _timed(_bind)
        return {
            "hospital_months": len(region.cells()),
            "load_s": round(load_s, 2),
            "scan_s": round(scan_s, 3),
            "books_s": round(books_s, 2),
            "run_s": round(run_s, 2),
            "run_over_scan": round(run_s / scan_s, 1),
            "rerun_s": round(rerun_s, 2),
            "check_s": round(check_s, 2),
            "rows_loaded": sum(p.rows for p in region.manifest.parts if TABLES[p.table].source),
            "rows_written": sum(p.rows for p in region.manifest.parts if not TABLES[p.table].source),
        }


def _books() -> list[type[Table]]:
    """What department costing writes: all that follows from the books, without a patient's row."""
    deep = {t for t in TABLES.values() if t.source and t.__module__.rpartition(".")[2] in ("visits", "fees", "effort", "returns")}
    return [c.writes for c in CAPABILITIES.values() if not deep & {t for one in order([c.writes]) for t in one.reads.values()}]


def _loaded(folder: Path) -> tuple[Region, float]:
    demo = write_region(folder / "source")
    region = new_region(folder / "region", demo.name, [Hospital(*h) for h in demo.hospitals])
    for name, text in demo.policy.items():
        path = region.path / "policy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    region = Region(region.path)
    begun = time.perf_counter()
    for files in (demo.files, demo.corrections):
        load(region, files, Place(org=""))
    for path in packs():
        load_pack(region, path)
    return region, time.perf_counter() - begun


def _scan(region: Region) -> None:
    engine = DuckDB(region.path)
    inputs = stored(engine, region.path, region.manifest, region.cells())
    for table in TABLES.values():
        money = [f"sum({n})" for n, c in table.columns.items() if c.unit == "元" and not c.derived]
        if table.source and money:
            engine.rows(f"select {', '.join(money)} from ({inputs.raw(table)})")  # noqa: S608 - declared names only
    engine.close()


def _bind() -> None:
    trial = Trial({})
    for cap in CAPABILITIES.values():
        trial.faults(cap)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
