"""二十万个病例入组 · 200,000 cases grouped under CHS-DRG 1.1, reading the CSV and writing reason codes included, beside drgpy.

Cases are drawn from the lists of the pack, every diagnosis as likely as any other: no two are alike, so nothing is gained by
remembering. drgpy groups the statements of its own tests under MS-DRG; it takes lists in memory, no file. One core.
"""

import csv
import importlib.util
import io
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from heng.app.group_file import group_file
from heng.intake.packs.reading import read_pack
from heng.methods.grouping.engine import Grouper
from heng.methods.grouping.pack import Pack

T = TypeVar("T")
CASES = 200_000
SHARED = Path(os.environ.get("HENG_SHARED") or Path(__file__).parents[2] / "shared") / "data" / "drg"
TARGETS = {
    "cases_per_second": "≥ 50,000: cases of a CSV file grouped and written with their reason codes, a second on one core",
    "start_s": "≤ 1: from the pack's files to a grouper that is ready",
    "drgpy_cases_per_second": "for comparison: MS-DRG by drgpy in the same run, from memory; absent without the extra msdrg",
}


def run(lines: int = CASES) -> dict[str, object]:
    """跑一遍 · Read the pack, group the cases three times, group the statements with drgpy; the fastest of each counts."""
    start, grouper = _timed(lambda: Grouper(read_pack(SHARED / "chs-drg-1.1")))
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "cases.csv"
        written(path, grouper.pack, lines)
        taken = [_timed(lambda: group_file(path, io.BytesIO(), grouper)) for _ in range(3)]
    counted = taken[0][1]
    best = min(seconds for seconds, _ in taken)
    return {
        "cases": lines,
        "cases_per_second": round(lines / best),
        "start_s": round(start, 2),
        **{f"status_{status}": n for status, n in sorted(counted.items())},
        **_drgpy(),
    }


def written(path: Path, pack: Pack, lines: int) -> None:
    """写出病例 · Write cases drawn from the lists of a pack, the same on every run."""
    chance = random.Random(2026)
    dx = sorted(frozenset().union(*(codes for name, codes in pack.sets.items() if name.endswith(".D"))))
    severe, ops = sorted(pack.severity), sorted(pack.sets["OP_ALL"])
    with path.open("w", encoding="utf8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("index", "gender", "age", "age_days", "weight", "los", "leaving_type", "dx", "proc"))
        for n in range(1, lines + 1):
            age = chance.choices((0, chance.randint(1, 95)), (5, 95))[0]
            days = chance.randint(0, 364) if not age else age * 365 + chance.randint(0, 364)
            weight = chance.randint(900, 4500) if days < 29 else ""
            others = chance.sample(severe, chance.randint(0, 3)) + chance.sample(dx, chance.randint(0, 3))
            procedures = chance.sample(ops, chance.choice((0, 0, 1, 1, 2)))
            codes = ("|".join((chance.choice(dx), *others)), "|".join(procedures))
            out.writerow((n, chance.randint(1, 2), age, days, weight, chance.randint(1, 30), 1, *codes))


def _drgpy() -> dict[str, object]:
    if not importlib.util.find_spec("drgpy"):
        return {"drgpy_cases_per_second": None}
    from drgpy.msdrg import DRGEngine  # noqa: PLC0415 - an extra

    with (SHARED / "ms-drg" / "ms_drg_test_cases.csv").open(encoding="utf8") as file:
        statements = [(r["dx"].split("|"), [p for p in r["proc"].split("|") if p]) for r in csv.DictReader(file)]
    start, engine = _timed(DRGEngine)
    best = min(_timed(lambda: [engine.get_drg(dx, ops) for dx, ops in statements])[0] for _ in range(3))
    return {"drgpy_cases_per_second": round(len(statements) / best), "drgpy_start_s": round(start, 2)}


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    made = work()
    return time.perf_counter() - begun, made


if __name__ == "__main__":
    print(run())
