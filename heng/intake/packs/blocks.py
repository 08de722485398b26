"""按表头文字取行 · Rows of an official workbook under headers that are found by their text, wherever they stand.

A sheet may begin with titles, its columns may have moved since the last edition, and it may hold several blocks, each
with its own header.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.packs.folding import tidy
from heng.intake.sheet import Cell, Sheet, Source
from heng.intake.vocabulary import header

Places = dict[str, int]


@dataclass(frozen=True)
class Layout:
    """一种工作表 · `columns`: name → the headers it may have. `needed`: names without which a row is no header."""

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def places(self, line: tuple[Cell, ...]) -> Places:
        """各列在哪 · Where each column stands, as far as this line names it."""
        said = [header(cell) for cell in line]
        accepted = {name: {header(h) for h in texts} for name, texts in self.columns.items()}
        return {name: next(i for i, h in enumerate(said) if h in some) for name, some in accepted.items() if some & set(said)}

    def lacking(self, places: Places) -> list[str]:
        """缺哪些必需的列 · The needed headers that were not found."""
        return ["|".join(self.columns[name]) for name in self.needed if name not in places]


@dataclass(frozen=True)
class Row:
    """一行 · One row: where it stands as a person sees it, and its cells as they are written."""

    sheet: str
    number: int
    raw: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """一格 · The text of a cell, tidied; "" where there is none."""
        return tidy(self.raw.get(name))

    @property
    def where(self) -> str:
        """在哪 · Sheet and row, the same in both languages."""
        return f"{self.sheet}!{self.number}"


def found(source: Source, name: str) -> Sheet:
    """按名称找工作表 · The sheet whose name this is, blanks and width aside; FileError when there is none."""
    for sheet in source.sheets:
        if header(sheet.name) == header(name):
            return sheet
    has = "、".join(s.name for s in source.sheets)
    raise FileError(
        f"缺少工作表「{name}」，只有：{has}",
        f"the sheet {name!r} is missing; there are only: {has}",
        where=source.name,
        mend=("请用官方发布的原文件，不要改工作表名", "use the file as it was published, with the names of its sheets unchanged"),
    )


def titles(sheet: Sheet, layout: Layout) -> list[str]:
    """表头之上的文字 · What stands above the header of a sheet."""
    lines = sheet.top.head(limits.HEADER_ROWS).rows()
    end = next((i for i, line in enumerate(lines) if not layout.lacking(layout.places(line))), len(lines))
    return [tidy(cell) for line in lines[:end] for cell in line if cell]


def rows(sheet: Sheet, layout: Layout, file: str) -> Iterator[Row]:
    """逐行 · The rows below the headers, empty ones left out; FileError when no header is found."""
    lines, numbers = sheet.grid.rows(), sheet.rows.to_list()
    begin, places = _header(lines, layout, f"{file} {sheet.name}")
    mark = layout.needed[0]
    again = {header(text) for text in layout.columns[mark]}
    for number, line in zip(numbers[begin + 1 :], lines[begin + 1 :], strict=True):
        if header(line[places[mark]]) in again:
            places = layout.places(line)
            continue
        if raw := {name: cell for name, i in places.items() if (cell := line[i])}:
            yield Row(sheet.name, number, raw)


def _header(lines: list[tuple[Cell, ...]], layout: Layout, where: str) -> tuple[int, Places]:
    tried = [(i, layout.places(line)) for i, line in enumerate(lines[: limits.HEADER_ROWS])]
    for i, places in tried:
        if not layout.lacking(places):
            return i, places
    nearest = max((places for _, places in tried), key=len, default=Places())
    lacking = "、".join(layout.lacking(nearest))
    raise FileError(
        f"前 {limits.HEADER_ROWS} 行没有表头，缺少：{lacking}",
        f"there is no header in the first {limits.HEADER_ROWS} rows; missing: {lacking}",
        where=where,
        mend=("请补上这些表头，或用官方发布的原文件", "add these headers, or use the file as it was published"),
    )
