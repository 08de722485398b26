"""装入的问题 · What is wrong with the files of a hospital, through the scope of who looks, and what has been mended since."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import polars as pl

from heng.app.held import held
from heng.app.inputs import Cell
from heng.app.load import part_name
from heng.app.reader import Reader
from heng.intake.returned import safe_name
from heng.serve.labels import ABSENT
from heng.serve.voice import Voice
from heng.serve.web.on_page import on_page
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.visit import Visit
from heng.tables.codes import SEVERITY
from heng.tables.quality import Finding, SourceFile

EVER = "2000-01"
"""任一月 · Any month: what is kept of a hospital's files belongs to none."""
RANK = {"error": 0, "warning": 1, "note": 2}
SIGNS = {"error": "red", "warning": "yellow"}


@dataclass(frozen=True)
class Amiss:
    """不对的地方 · Findings, the gravest first, and the sheets that were loaded."""

    findings: pl.DataFrame
    sheets: pl.DataFrame

    @property
    def names(self) -> dict[str, str]:
        """文件与工作表的名称 · What files and sheets are called."""
        told = self.sheets.select("file", "name", "sheet").iter_rows()
        return {f: f"{n} › {s}" if s and s != n else n for f, n, s in told}

    def of(self, files: Iterable[str]) -> "Amiss":
        """只看这些 · Only what is wrong with these files and sheets."""
        return Amiss(self.findings.filter(pl.col("file").is_in(list(files))), self.sheets)

    @property
    def standing(self) -> "Amiss":
        """还没改的 · What is left to mend: not what came back and was handed in again since."""
        there = {part_name(Path(n)) for n in self.sheets["name"]}
        mended = [f for f, n, s in self.sheets.select("file", "name", "sheet").iter_rows() if came_back(n, s) in there]
        return Amiss(self.findings.filter(~pl.col("file").is_in(mended)), self.sheets)

    @property
    def back(self) -> Counter[tuple[str, str]]:
        """退回了几行 · How many rows are sent back, by table and month."""
        found = Counter[tuple[str, str]]()
        wrong = self.findings.filter((pl.col("severity") == "error") & (pl.col("row") > 0)).select("file", "row").unique()
        many = dict(wrong.group_by("file").len().iter_rows())
        for file, table, months in self.sheets.select("file", "table", "months").iter_rows():
            for month in filter(None, months.split(",")):
                found[table, month] += many.get(file, 0)
        return found

    def returned(self, names: Iterable[str]) -> list[str]:
        """退回的文件 · Of the files that came back, those that are still to be mended."""
        wrong = set(self.findings.filter(pl.col("severity") == "error")["file"])
        kept = {came_back(n, s) for f, n, s in self.sheets.select("file", "name", "sheet").iter_rows() if f in wrong}
        return [n for n in names if PurePath(n).stem in kept]

    def told(self, voice: Voice, first: int, many: int) -> list[dict[str, Any]]:
        """逐条 · Some of the findings in words."""
        pick, names = voice.pick, self.names
        return [
            {
                "file": names.get(row["file"], row["file"]),
                "row": row["row"] or pick("整表", "whole sheet"),
                "column": row["column"],
                "value": row.get("value") or ABSENT,
                "level": SIGNS.get(row["severity"], "none"),
                "severity": pick(*SEVERITY[row["severity"]]),
                "reason": row[f"reason_{voice.lang}"],
                "mend": on_page(row[f"mend_{voice.lang}"], voice),
            }
            for row in self.findings.slice(first, many).iter_rows(named=True)
        ]


def amiss(visit: Visit, org: str) -> Amiss:
    """一家医院的 · What is wrong with the files of a hospital; read once a generation and scope."""
    return REMEMBERED.of(visit.reader(), ("amiss", org), lambda reader: _read(reader, [(org, EVER)]))


def _read(reader: Reader, cells: list[Cell]) -> Amiss:
    sheets, found = held(reader, SourceFile, cells), held(reader, Finding, cells)
    rank = found["severity"].replace_strict(RANK, default=3, return_dtype=pl.Int64)
    return Amiss(found.with_columns(rank.alias("rank")).sort("rank", "file", "row", maintain_order=True), sheets)


def came_back(name: str, sheet: str) -> str:
    """退回时叫什么 · How the rows of a sheet are called when they are sent back, without the ending (`heng.intake.returned`)."""
    return f"{safe_name(PurePath(name).stem)[:48]}{safe_name(f'-{sheet}') if sheet != name else ''}-退回"
