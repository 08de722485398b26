"""人员表文件 · The staff file of a hospital: an Excel or CSV file with staff number, name and department."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heng.app.departments import Departments
from heng.core.errors import FileError, HengError, Say
from heng.desk.staff import StaffRow
from heng.intake.opened import opened
from heng.intake.sheet import Sheet

HEADERS = {
    "staff_no": ("工号", "职工编码", "职工号", "人员编码", "staff_no", "staff number"),
    "name": ("姓名", "职工姓名", "人员姓名", "name"),
    "dept": ("科室编码", "所在科室编码", "部门编码", "科室", "科室名称", "所在科室", "部门", "dept", "department", "department code"),
}
"""表头的写法 · How the columns are headed; a department is written as a code or as a name."""
WORDS = {"staff_no": ("工号", "staff number"), "name": ("姓名", "name"), "dept": ("科室", "department")}
DEEPEST = 20
"""表头至多在第几行 · The row in which the header stands at the latest."""
TOLD = 5
"""至多说几处 · How many faulty cells are told at once."""


@dataclass(frozen=True)
class Wrong:
    """一处错 · A cell that cannot be used: where it stands, and what is wrong."""

    where: str
    what: Say
    mend: Say


@dataclass(frozen=True)
class Header:
    """表头 · In which row of a sheet the header stands, and in which column each thing is written."""

    row: int
    columns: dict[str, int]

    def where(self, name: str, row: int) -> str:
        """在哪一格 · A cell as people find it: `第 3 行 C 列 · row 3 column C`."""
        letter = _letter(self.columns[name])
        return f"第 {row} 行 {letter} 列（{WORDS[name][0]}） row {row} column {letter}"


def read_staff(path: Path, departments: Departments) -> list[StaffRow]:
    """读人员表 · The rows of every sheet that has a header of staff number and name, departments as codes.

    FileError when no sheet has one; or for all cells at once that are empty or name no department.
    """
    source = opened(path)
    rows, wrong, head = list[StaffRow](), list[Wrong](), None
    for sheet in source.again() if source.again else source.sheets:
        begin = 0
        if sheet.above == 0:  # the first piece of a sheet, or all of it
            head = _header(sheet)
            begin = head.row if head else 0
        place = f"{path.name} · {sheet.name}" if len(source.sheets) > 1 else path.name
        for found in _rows(sheet, head, begin, departments) if head else ():
            if isinstance(found, StaffRow):
                rows.append(StaffRow(found.org, found.staff_no, found.name, found.dept, f"{place} {found.where}"))
            else:
                wrong.append(Wrong(f"{place} {found.where}", found.what, found.mend))
    if wrong:
        raise _told(wrong)
    if not rows:
        raise FileError(
            "没有找到人员：表头要有工号、姓名",
            "no staff found: the header needs staff number and name",
            where=path.name,
            mend=("表头写：工号，姓名，科室编码", "write the header: 工号, 姓名, 科室编码 (staff_no, name, dept)"),
        )
    return rows


def _header(sheet: Sheet) -> Header | None:
    for n, row in enumerate(sheet.top.head(DEEPEST).iter_rows()):
        cells = [str(c or "").strip().casefold() for c in row]
        found = {k: next((cells.index(name) for name in names if name in cells), -1) for k, names in HEADERS.items()}
        if found["staff_no"] >= 0 and found["name"] >= 0:
            return Header(n + 1, {k: i for k, i in found.items() if i >= 0})
    return None


def _rows(sheet: Sheet, head: Header, begin: int, departments: Departments) -> Iterator[StaffRow | Wrong]:
    for number, row in zip(sheet.rows.slice(begin), sheet.grid.slice(begin).iter_rows(), strict=True):
        told = {k: str(row[i] or "").strip() for k, i in head.columns.items() if i < len(row)}
        if not any(told.values()):
            continue
        for name in ("staff_no", "name"):
            if not told.get(name):
                zh, en = WORDS[name]
                yield Wrong(head.where(name, number), (f"没有{zh}", f"no {en}"), ("请在文件中补上", "fill it in in the file"))
        dept = told.get("dept", "")
        try:
            code = departments.code(dept) if dept else None
        except HengError as e:
            yield Wrong(head.where("dept", number), (e.zh, e.en), e.mend)
            continue
        if told.get("staff_no") and told.get("name"):
            yield StaffRow(departments.org, told["staff_no"], told["name"], code, head.where("staff_no", number))


def _told(wrong: list[Wrong]) -> FileError:
    first, more = wrong[0], wrong[1:]
    zh = "；".join([first.what[0], *(f"{w.where}: {w.what[0]}" for w in more[: TOLD - 1])])
    en = "; ".join([first.what[1], *(f"{w.where}: {w.what[1]}" for w in more[: TOLD - 1])])
    if len(more) >= TOLD:
        zh, en = f"{zh}；另有 {len(more) - TOLD + 1} 处", f"{en}; and {len(more) - TOLD + 1} more"
    return FileError(zh, en, where=first.where, mend=first.mend)


def _letter(column: int) -> str:
    """A column as a sheet names it: A, B, …, Z, AA."""
    return (_letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
