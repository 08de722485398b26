"""示范医联体 · Writes the source files of a pretended region, and says in which order a person would load them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from heng.core.period import span
from heng.core.table import table
from heng.demo.books import Books, books
from heng.demo.catalogue import catalogue
from heng.demo.departments import departments
from heng.demo.effort import LABORATORY, SCANNER
from heng.demo.hospitals import Hospital, hospitals, region_name
from heng.demo.local import localised
from heng.demo.mistakes import mistakes, spoil
from heng.demo.patient_files import CORRECTED, write_patients
from heng.demo.payment import payment_policy
from heng.demo.scene import FIRST
from heng.demo.sheets import style
from heng.demo.writing import write_csv, write_html, write_xlsx

MONTHS = tuple(span(FIRST, "2026-09"))
WRITERS = {
    "xlsx": write_xlsx,
    "csv": write_csv("gb18030"),
    "bom": write_csv("utf-8-sig"),
    "tsv": write_csv("gb18030", "\t"),
    "html": write_html,
}
QUARTERS = "一二三四"
LEGACY_CHART = """# 本院仍按 2010 年医院会计制度的科目记账 · This hospital still books by the chart of 2010.
chart:
  values:
    2019-01-01: {value: legacy, source: "%s会计科目表（沿用财会〔2010〕27号 医院会计制度）"}
"""
ITEM_METHODS = """# 检验科用估时作业成本法，CT室用作业成本法 · The laboratory by time equations, the scanner by activities.
by_department:
  values:
    2026-09-01: {value: {%s: tdabc, %s: abc}, source: "%s成本核算方法选用记录（2026年9月）"}
"""


@dataclass
class DemoRegion:
    """写好的示范区域 · What was written.

    `hospitals`: code, name, level. `files`: (hospital, path) in loading order. `corrections`: files of the same names to
    load after the first findings. `policy`: path under the region's policy folder to YAML text; drivers need none,
    because the hospitals write them in their department dictionaries. `wrong`: mistakes in the first delivery.
    """

    name: str
    hospitals: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[tuple[str, Path]] = field(default_factory=list)
    corrections: list[tuple[str, Path]] = field(default_factory=list)
    policy: dict[str, str] = field(default_factory=dict)
    wrong: int = 0


Each = Callable[[Callable[[Hospital], DemoRegion], Iterable[Hospital]], Iterable[DemoRegion]]


@dataclass(frozen=True)
class _Export:
    """One file to be: its name and kind, the tables in it, its months, and its period as a title says it."""

    name: str
    kind: str
    tables: list[str]
    months: list[str]
    when: str


def write_region(folder: Path, *, months: tuple[str, ...] = MONTHS, seed: int = 2026, each: Each = map) -> DemoRegion:
    """写出全区的来源文件 · Write every hospital's files under `folder`; the same arguments give the same bytes.

    `each`: goes through the hospitals as `map` does, perhaps side by side.
    """
    parts = each(partial(_hospital, folder, months, seed), hospitals())
    made = DemoRegion(region_name())
    for part in parts:
        made.hospitals += part.hospitals
        made.files += part.files
        made.corrections += part.corrections
        made.policy |= part.policy
        made.wrong += part.wrong
    return made


def _hospital(folder: Path, months: tuple[str, ...], seed: int, hospital: Hospital) -> DemoRegion:
    """Write the files of one hospital."""
    made = DemoRegion(region_name(), [(hospital.code, hospital.name, hospital.level)], policy=payment_policy(hospital))
    known = books(hospital, months, seed)
    if hospital.code == "H02":
        known = localised(hospital, known)
    if hospital.charts == "legacy":
        made.policy[f"{hospital.code}/standards/subject_standard.yaml"] = LEGACY_CHART % hospital.name
    if hospital.code == "H02":
        codes = {d.name: d.code for d in departments(hospital)}
        named = (codes[LABORATORY], codes[SCANNER], hospital.name)
        made.policy[f"{hospital.code}/costing/item_method_choice.yaml"] = ITEM_METHODS % named
    place = folder / f"{hospital.code} {hospital.name}"
    place.mkdir(parents=True, exist_ok=True)
    for export in _exports(hospital, known, months):
        _write(made, hospital, place / export.name, (export, known))
    for written in write_patients(place, hospital, months, seed):
        made.files.append((hospital.code, written.path))
        made.corrections += [(hospital.code, written.correction)] if written.correction else []
        made.wrong += written.wrong
    return made


def _exports(hospital: Hospital, known: Books, months: tuple[str, ...]) -> Iterator[_Export]:
    for rule in catalogue("habits")[hospital.code]["files"]:
        for tables in _bundles(rule, known):
            zh = table(_shown(hospital, tables[0])).zh
            for part in _spans(rule["every"], months):
                year, month = part[0][:4], int(part[0][5:])
                quarter = QUARTERS[(month - 1) // 3]
                titles = {"month": f"{year}年{month}月", "quarter": f"{year}年第{quarter}季度", "year": ""}
                name = rule["name"].format(table=zh, year=year, month=month, quarter=quarter)
                yield _Export(name, rule["kind"], tables, part, titles[rule["every"]])


def _shown(hospital: Hospital, name: str) -> str:
    return str(catalogue("habits")[hospital.code].get("rename", {}).get(name, name))


def _bundles(rule: dict[str, Any], known: Books) -> list[list[str]]:
    names = [t for t in rule.get("tables", known) if t in known]
    return [[t] for t in names] if "{table}" in rule["name"] else [names]


def _spans(every: str, months: tuple[str, ...]) -> list[list[str]]:
    if every == "quarter":
        return [list(part) for _, part in groupby(months, key=lambda m: (m[:4], (int(m[5:]) - 1) // 3))]
    return [[m] for m in months] if every == "month" else [list(months)]


def _write(made: DemoRegion, hospital: Hospital, path: Path, content: tuple[_Export, Books]) -> None:
    export, known = content
    frames = {t: _within(known[t], export.months) for t in export.tables}
    made.files.append((hospital.code, path))
    if export.kind == "parquet":
        _parquet(path, *frames.items())
        return
    writing = style(hospital, text=export.kind != "xlsx")
    sheets = [writing.sheet(t, frame, export.when) for t, frame in frames.items() if frame.height]
    wrong = mistakes(hospital.code, export.name)
    WRITERS[export.kind](path, spoil(sheets, wrong))
    if wrong:
        again = path.parent / CORRECTED / path.name
        again.parent.mkdir(exist_ok=True)
        WRITERS[export.kind](again, sheets)
        made.corrections.append((hospital.code, again))
        made.wrong += len(wrong)


def _within(frame: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    return frame.filter(pl.col("month").is_in(months)) if "month" in frame.columns else frame


def _parquet(path: Path, named: tuple[str, pl.DataFrame]) -> None:
    """A columnar export under the Chinese names, money as decimals."""
    name, frame = named
    columns = table(name).columns
    money = [c for c in frame.columns if columns[c].type.startswith("decimal")]
    exact = frame.with_columns((pl.col(c).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)) for c in money)
    exact.rename({c: columns[c].zh for c in frame.columns}).write_parquet(path, statistics=False)
