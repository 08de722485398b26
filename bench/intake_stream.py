"""长文件装入 · Loads of fee lines that are far longer than what is kept in memory: lines a second and peak memory.

Each load runs in a process of its own, which tells its own peak. The file: 12 columns as a hospital's system exports
them, about 100 bytes a line, items and departments in realistic numbers, one line in 5,000 wrong.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from heng.app.load import load
from heng.app.region import Hospital, Region, new_region
from heng.intake.delivery import Place

HEADERS = "就诊号,就诊类型,收费时间,项目编码,项目名称,收费类别,数量,单价,金额,开单科室编码,开单医生编码,执行科室编码"
CLASSES = ("检查费", "化验费", "治疗费", "西药费", "材料费", "护理费")
AT_ONCE = 500_000
FEW = 1_000_000


def streamed(lines: int) -> dict[str, object]:
    """装入一百万行与这么多行 · Loads a million lines and then this many; the figures of both."""
    with TemporaryDirectory() as scratch:
        few = _one(Path(scratch) / "few", FEW)
        many = _one(Path(scratch) / "many", lines)
    return {
        "stream_lines": lines,
        "stream_s": many["seconds"],
        "stream_lines_per_s": round(lines / many["seconds"]),
        "stream_lines_per_s_few": round(FEW / few["seconds"]),
        "stream_peak_mib": many["peak_mib"],
        "stream_peak_mib_few": few["peak_mib"],
        "stream_peak_growth": round(many["peak_mib"] / few["peak_mib"], 2),
    }


def _one(folder: Path, lines: int) -> dict[str, Any]:
    path = written(folder / "收费明细.csv", lines)
    new_region(folder / "region", "测量", [Hospital("H01", "测量医院", "三级")])
    run = subprocess.run(  # noqa: S603 - this file itself
        [sys.executable, __file__, str(folder / "region"), str(path), str(lines)], check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


def written(path: Path, lines: int) -> Path:
    """写出收费明细 · Write a file of fee lines of March 2026; the same number of lines gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(f"{HEADERS}\n".encode())
        for start in range(0, lines, AT_ONCE):
            _lines(start, min(AT_ONCE, lines - start)).write_csv(file, include_header=False, quote_style="never")
    return path


def _lines(start: int, n: int) -> pl.DataFrame:
    chance = np.random.default_rng(start)
    item, fen = chance.integers(1, 20_000, n), chance.integers(10, 50_000, n)
    times, second = chance.integers(1, 6, n), chance.integers(0, 31 * 86_400, n)
    plain = pl.DataFrame({"line": np.arange(start, start + n), "item": item, "fen": fen, "times": times, "second": second})
    wrong = pl.col("line") % 5_000 == 4_999
    return plain.select(
        visit=pl.format("ZY26{}", _padded(pl.col("line") // 40, 8)),
        care=pl.when(pl.col("line") % 3 == 0).then(pl.lit("门诊")).otherwise(pl.lit("住院")),
        charged=(pl.datetime(2026, 3, 1) + pl.duration(seconds="second")).dt.strftime("%Y-%m-%d %H:%M:%S"),
        item=_padded(pl.col("item"), 6),
        name=pl.format("收费项目{}", "item"),
        fee_class=(pl.col("item") % 6).replace_strict(dict(enumerate(CLASSES))),
        times=pl.col("times"),
        price=_yuan(pl.col("fen")),
        amount=pl.when(wrong).then(pl.lit("见附件")).otherwise(_yuan(pl.col("fen") * pl.col("times"))),
        ordering=pl.col("item") % 60 + 401,
        doctor=pl.format("D{}", _padded(pl.col("line") % 700, 4)),
        performing=pl.col("item") % 90 + 301,
    )


def _padded(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def _yuan(fen: pl.Expr) -> pl.Expr:
    return pl.format("{}.{}", fen // 100, _padded(fen % 100, 2))


def _loaded(region: str, path: str, lines: int) -> None:
    begun = time.perf_counter()
    report = load(Region(Path(region)), [("H01", Path(path))], Place("H01"))
    seconds = time.perf_counter() - begun
    rows = sum(report.rows.values())
    if report.refused or rows != lines - lines // 5_000:
        raise AssertionError((rows, report.refused))
    print(json.dumps({"seconds": round(seconds, 1), "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))


if __name__ == "__main__":
    _loaded(sys.argv[1], sys.argv[2], int(sys.argv[3]))
