"""工作簿 → 文字网格 · Workbooks to grids of text, by calamine: it reads what stops other readers and runs no macro."""

from io import BytesIO

import fastexcel
import polars as pl
from python_calamine import CalamineWorkbook

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.archive import Faults, inspect
from heng.intake.kind import Kind, damaged, locked, too_large
from heng.intake.sheet import Sheet, too_wide


def read_workbook(content: bytes, kind: Kind, name: str) -> list[Sheet]:
    """读工作簿 · All sheets of an xlsx, xlsm or xls as text; FileError when it is locked, damaged or hostile."""
    faults = inspect(content, name) if kind == "xlsx" else []
    try:
        book = fastexcel.read_excel(content)
        return _sheets(book, faults, name)
    except FileError:
        raise
    except Exception as why:  # every reader's own error types, and what malformed bytes bring up
        said = str(why).splitlines()[0][:120]
        raise (locked(name) if "password" in str(why).lower() else damaged(name, said)) from why


def _sheets(book: fastexcel.ExcelReader, faults: list[Faults], name: str) -> list[Sheet]:
    if len(book.sheet_names) > limits.SHEETS:
        raise too_large(name, f"{limits.SHEETS} 工作表 sheets")
    return [_read(book, i, sheet, faults[i] if i < len(faults) else {}, name) for i, sheet in enumerate(book.sheet_names)]


def typed_as_number(content: bytes, index: int, column: int) -> set[int]:
    """哪些单元格是数字 · Rows (from 1) whose cell in this column is typed as a number; read only on suspicion."""
    sheet = CalamineWorkbook.from_object(BytesIO(content)).get_sheet_by_index(index - 1)
    rows = sheet.to_python(skip_empty_area=False)
    return {i for i, row in enumerate(rows, 1) if column < len(row) and isinstance(row[column], int | float)}


def _read(book: fastexcel.ExcelReader, index: int, sheet: str, faults: Faults, name: str) -> Sheet:
    # skip_rows=0 keeps the empty rows above the title, so that row numbers are those a person sees.
    loaded = book.load_sheet(index, header_row=None, skip_rows=0, dtypes="string")
    frame = loaded.to_polars() if loaded.width else pl.DataFrame()
    if frame.width > limits.COLUMNS:
        raise too_wide(name)
    grid = frame.rename({c: f"c{i}" for i, c in enumerate(frame.columns)}).cast(pl.String)
    return Sheet(sheet, index + 1, _with_faults(grid, faults))


def _with_faults(grid: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """公式错误写回网格 · The reader gives #REF! as blank; absence and error are not the same, so it is put back."""
    for column in sorted({c for _, c in faults if c < grid.width}):
        told = {r - 1: text for (r, c), text in faults.items() if c == column and r <= grid.height}
        grid = grid.with_columns(grid[f"c{column}"].scatter(list(told), list(told.values())))
    return grid
