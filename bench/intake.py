"""二十万行的 xlsx、一千万行的 csv · A 200,000-row xlsx beside openpyxl; 10 M fee lines as csv into a region, in bounded memory.

Reader: the file as Heng opens it, its guard against hostile archives included. Intake: until declared rows and
findings, every cell checked. Both against openpyxl walking the same cells once, in the same run. Stream: `heng load` of
fee lines in a process of its own, every cell checked and every row stored, with its peak memory.
"""

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter
from intake_stream import streamed

from heng.intake.delivery import Place, read_delivery
from heng.intake.opened import opened
from heng.tables.activity import Income

ROWS = 200_000
HEADERS = ("统计年月", "开单科室编码", "开单科室名称", "执行科室编码", "执行科室名称", "收费类别", "收费项目", "单价", "数量", "金额")
TARGETS = {
    "reader_over_openpyxl": "≥ 8: reader alone, times as fast as openpyxl read-only",
    "intake_over_openpyxl": "≥ 3: whole intake with checks, times as fast as openpyxl reading alone",
    "stream_lines_per_s": "≥ 100,000: fee lines of 12 columns loaded into a region, with checks, a second",
    "stream_peak_mib": "≤ 2,048: peak memory of loading them, MiB",
    "stream_peak_growth": "≤ 2: peak at 10 M lines over peak at 1 M",
}


def run(lines: int = 10_000_000) -> dict[str, object]:
    """跑一遍 · Read the workbook with openpyxl, with the reader alone and with the whole intake; load that many fee lines."""
    with tempfile.TemporaryDirectory() as scratch:
        path = _written(Path(scratch) / "收入.xlsx")
        peer = _timed(lambda: _walk(path))
        reader = min(_timed(lambda: opened(path)) for _ in range(3))
        intake = min(_timed(lambda: _taken(path)) for _ in range(3))
        return {
            "rows": ROWS,
            "columns": len(HEADERS),
            "bytes": path.stat().st_size,
            "openpyxl_s": round(peer, 2),
            "reader_s": round(reader, 2),
            "intake_s": round(intake, 2),
            "reader_over_openpyxl": round(peer / reader, 1),
            "intake_over_openpyxl": round(peer / intake, 1),
            **streamed(lines),
        }


def _written(path: Path) -> Path:
    chance = random.Random(2026)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet("收入")
        page.write_row(0, 0, HEADERS)
        for i in range(1, ROWS + 1):
            price, times = chance.randint(100, 99_999), chance.randint(1, 9)
            page.write_row(i, 0, ("2026-03", f"{chance.randint(101, 199)}", "内科门诊", f"{chance.randint(201, 299)}", "检验科"))
            page.write_row(i, 5, ("检查费", f"项目{chance.randint(1, 500)}", price / 100, times, price * times / 100))
    return path


def _walk(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True)
    seen = sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    if seen != (ROWS + 1) * len(HEADERS):
        raise AssertionError(seen)


def _taken(path: Path) -> None:
    rows = read_delivery(path, Place("H01")).tables[Income].height
    if rows != ROWS:
        raise AssertionError(rows)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(run())
