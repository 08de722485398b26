"""像会计那样读回工作簿 · Read a workbook back as an accountant does: by sheet, row name and column heading."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

TOP = 3  # rows of titles


class Page:
    """One written sheet; `deep` rows of header."""

    def __init__(self, path: Path, name: str, deep: int = 1) -> None:
        self.cells = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
        self.titles = [str(v) for row in self.cells[:TOP] for v in row if v != ""]
        self.headings = headings(self.cells[TOP : TOP + deep])
        self.body = self.cells[TOP + deep :]
        self.text = "\n".join(str(v) for row in self.cells for v in row if v != "")

    def row(self, name: str) -> dict[str, Any]:
        return dict(zip(self.headings, next(r for r in self.body if r[0] == name), strict=True))

    def amount(self, name: str, heading: str) -> Decimal:
        return fen(self.row(name)[heading])

    def block(self, first: str, last: str) -> list[list[Any]]:
        """The rows between two names, neither included."""
        names = [r[0] for r in self.body]
        start = names.index(first) + 1
        return self.body[start : names.index(last, start)]


def headings(head: list[list[Any]]) -> list[str]:
    """A name per column: the groups over it and its own text, notes on numbering left out."""
    found: list[list[str]] = []
    for column in range(len(head[0])):
        texts = [str(row[column]).split("\n")[0] for row in head]
        for level, text in enumerate(texts):
            if not text and found and not any(str(row[column]) for row in head[: level + 1]):
                texts[level] = found[-1][level]
        found.append(texts)
    return ["/".join(t for t in texts if t) for texts in found]


def fen(value: Any) -> Decimal:
    """What a cell shows, to the fen."""
    return Decimal(repr(value)).quantize(Decimal("0.01"))


def dates(path: Path) -> set[str]:
    """Every day that a workbook mentions as its own: of its members, and in its properties."""
    with ZipFile(path) as book:
        members = {f"{m.date_time[0]}-{m.date_time[1]:02}-{m.date_time[2]:02}" for m in book.infolist()}
        return members | {d.decode() for d in re.findall(rb"\d{4}-\d{2}-\d{2}(?=T)", book.read("docProps/core.xml"))}
