"""错误 · The mistakes that people make in a first delivery, put into sheets that are right."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from heng.core.table import table
from heng.demo.catalogue import catalogue
from heng.demo.sheets import Cell, Sheet

Mistake = dict[str, Any]


def mistakes(org: str, file: str) -> list[Mistake]:
    """这个文件里的错误 · What is wrong in the first delivery of a file; empty for most."""
    return [m for m in catalogue("mistakes") if (m["org"], m["file"]) == (org, file)]


def spoil(sheets: Iterable[Sheet], wrong: list[Mistake]) -> list[Sheet]:
    """放进错误 · The sheets with the mistakes in them."""
    made = list(sheets)
    for mistake in wrong:
        name = table(mistake["table"]).zh
        made = [_spoiled(s, mistake) if s.name == name else s for s in made]
    return made


def _spoiled(sheet: Sheet, mistake: Mistake) -> Sheet:
    if extra := mistake.get("total"):
        return replace(sheet, total=[_more(c, extra) for c in sheet.total or []])
    at = mistake["row"] % len(sheet.rows)
    row = list(sheet.rows[at])
    for name, cell in mistake.get("cells", {}).items():
        if name in sheet.columns:
            row[sheet.columns.index(name)] = cell
    if name := mistake.get("number"):
        place = sheet.columns.index(name)
        row[place] = int(str(row[place]))
    kept = [*sheet.rows[:at], row, *sheet.rows[at + (0 if mistake.get("again") else 1) :]]
    return replace(sheet, rows=kept)


def _more(cell: Cell, fen: int) -> Cell:
    return cell + fen / 100 if isinstance(cell, float) else cell
