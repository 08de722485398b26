"""患者数据文件 · Writes the patient feeds the way each hospital exports them, with the mistakes of the first delivery."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from heng.core.table import table
from heng.demo.catalogue import catalogue
from heng.demo.hospitals import Hospital
from heng.demo.local import as_his_writes
from heng.demo.mistakes import Mistake, mistakes
from heng.demo.patients import feed
from heng.demo.records import settlements
from heng.demo.scene import Scene
from heng.demo.sheets import Sheet
from heng.demo.writing import write_xlsx

ENCODINGS = {"csv": ("gb18030", b""), "bom": ("utf-8", b"\xef\xbb\xbf")}
CORRECTED = "更正"


@dataclass(frozen=True)
class Written:
    """写好的一个文件 · One file; `correction` is the right one when the first has mistakes, of which there are `wrong`."""

    path: Path
    correction: Path | None = None
    wrong: int = 0


def write_patients(folder: Path, hospital: Hospital, months: tuple[str, ...], seed: int) -> Iterator[Written]:
    """写出一家医院的患者数据 · Write the patient files of a hospital, as far as they fall into the months."""
    known = catalogue("patients")
    rules = known["hospitals"].get(hospital.code, [])
    for name, parts in groupby(rules, key=lambda rule: rule["name"]):
        sheets = list(parts)
        within = tuple(m for m in sheets[0].get("months", known["months"]) if m in months)
        for part in _parts(sheets[0]["every"], within):
            path = folder / name.format(year=part[0][:4], month=int(part[0][5:]))
            yield _write(path, sheets, hospital, (part, seed))


def _parts(every: str, months: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [(m,) for m in months] if every == "month" else [months] if months else []


def _write(path: Path, rules: list[dict[str, Any]], hospital: Hospital, drawn: tuple[tuple[str, ...], int]) -> Written:
    months, seed = drawn
    if rules[0]["kind"] == "json":
        path.write_bytes(settlements(Scene(hospital, months[0], seed)))
        return Written(path)
    texts = [(rule, _texts(rule, feed(hospital, rule["table"], months, seed), hospital)) for rule in rules]
    wrong = mistakes(hospital.code, path.name)
    _put(path, [(rule, _spoiled(rule, text, wrong)) for rule, text in texts])
    if not wrong:
        return Written(path)
    again = path.parent / CORRECTED / path.name
    again.parent.mkdir(exist_ok=True)
    _put(again, texts)
    return Written(path, again, len(wrong))


def _texts(rule: dict[str, Any], frame: pl.DataFrame, hospital: Hospital) -> pl.DataFrame:
    """The cells of an export as text, under the names of our columns and in the order of its headers."""
    for column in rule.get("his", []):
        frame = as_his_writes(hospital, frame, column)
    words, wanted = rule.get("words", {}), list(rule["columns"].values())
    for column, said in words.items():
        frame = frame.with_columns(pl.col(column).replace(said))
    lack = [c for c in wanted if c not in frame.columns]
    times = pl.selectors.temporal()
    texts = frame.with_columns(times.dt.strftime(rule.get("date", "%Y-%m-%d"))).with_columns(pl.lit(None).alias(c) for c in lack)
    return texts.select(pl.col(c).cast(pl.String).fill_null(rule.get("blank", "")) for c in wanted)


def _spoiled(rule: dict[str, Any], texts: pl.DataFrame, wrong: list[Mistake]) -> pl.DataFrame:
    for mistake in wrong:
        if mistake["table"] == rule["table"]:
            at = pl.int_range(pl.len()) == mistake["row"] % texts.height
            texts = texts.with_columns(pl.when(at).then(pl.lit(cell)).otherwise(c).alias(c) for c, cell in mistake["cells"].items())
    return texts


def _put(path: Path, sheets: list[tuple[dict[str, Any], pl.DataFrame]]) -> None:
    if sheets[0][0]["kind"] == "xlsx":
        write_xlsx(path, [Sheet(table(r["table"]).zh, t.columns, [list(r["columns"])], [list(row) for row in t.rows()]) for r, t in sheets])
        return
    ((rule, texts),) = sheets
    encoding, mark = ENCODINGS[rule["kind"]]
    texts.columns = list(rule["columns"])
    path.write_bytes(mark + texts.write_csv(line_terminator="\r\n").encode(encoding))
