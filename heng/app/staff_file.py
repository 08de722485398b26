"""人员表文件 · The staff file of a hospital: an Excel or CSV file with staff number, name and department."""

from collections.abc import Iterator
from pathlib import Path

from heng.core.errors import FileError
from heng.desk.staff import StaffRow
from heng.intake.opened import opened
from heng.intake.sheet import Sheet

HEADERS = {
    "staff_no": ("工号", "职工编码", "职工号", "人员编码", "staff_no", "staff number"),
    "name": ("姓名", "职工姓名", "人员姓名", "name"),
    "dept": ("科室编码", "所在科室编码", "部门编码", "dept", "department code"),
}
DEEPEST = 20
"""表头至多在第几行 · The row in which the header stands at the latest."""


def read_staff(path: Path, org: str) -> list[StaffRow]:
    """读人员表 · The rows of every sheet that has a header of staff number and name; FileError when none has, or a name is missing."""
    source = opened(path)
    sheets = list(source.again()) if source.again else source.sheets
    rows, head = list[StaffRow](), dict[str, int]()
    for sheet in sheets:
        begin = 0
        if sheet.above == 0:  # the first piece of a sheet, or all of it
            head, begin = _header(sheet)
        rows += _rows(sheet, head, begin, org) if head else []
    if not rows:
        raise FileError(
            "没有找到人员：表头要有工号、姓名",
            "no staff found: the header needs staff number and name",
            where=path.name,
            mend=("表头写：工号，姓名，科室编码", "write the header: 工号, 姓名, 科室编码 (staff_no, name, dept)"),
        )
    return rows


def _header(sheet: Sheet) -> tuple[dict[str, int], int]:
    for n, row in enumerate(sheet.top.head(DEEPEST).iter_rows()):
        cells = [str(c or "").strip().casefold() for c in row]
        found = {k: next((i for i, c in enumerate(cells) if c in names), -1) for k, names in HEADERS.items()}
        if found["staff_no"] >= 0 and found["name"] >= 0:
            return {k: i for k, i in found.items() if i >= 0}, n + 1
    return {}, 0


def _rows(sheet: Sheet, head: dict[str, int], begin: int, org: str) -> Iterator[StaffRow]:
    for row in sheet.grid.slice(begin).iter_rows():
        told = {k: str(row[i] or "").strip() for k, i in head.items() if i < len(row)}
        if any(told.values()):
            yield StaffRow(org, told.get("staff_no", ""), told.get("name", ""), told.get("dept") or None)
