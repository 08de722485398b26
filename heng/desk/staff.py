"""人员表 · People from the staff file of a hospital: read it every month, and it says what changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from heng.core.errors import DeskError
from heng.desk.audit import Deed, acting
from heng.desk.database import Database
from heng.desk.people import NewPerson, enter, sound
from heng.desk.schema import Person
from heng.desk.standing import SYSTEM


@dataclass(frozen=True, order=True)
class StaffRow:
    """人员表的一行 · One row of the staff file; `where` it stands there, for who has to mend it."""

    org: str
    staff_no: str
    name: str
    dept: str | None = None
    where: str = field(default="staff", compare=False)


@dataclass(frozen=True)
class Imported:
    """装入的结果 · What the file changed: added; changed (which, from, to); gone but in the file; on the desk but not in the file.

    Nobody is ended or called back by a file: a person does that.
    """

    added: tuple[StaffRow, ...] = ()
    changed: tuple[tuple[StaffRow, StaffRow], ...] = ()
    ended: tuple[StaffRow, ...] = ()
    missing: tuple[StaffRow, ...] = ()
    unchanged: int = 0


def import_staff(db: Database, rows: Iterable[StaffRow], by: str) -> Imported:
    """装入人员表 · Add who is new and note who moved or is called otherwise. The same file again changes nothing."""
    wanted = _by_number(rows)
    orgs = {row.org for row in wanted.values()}
    for row in wanted.values():
        _placed(row, sound)
    with acting(db, by, (SYSTEM,), Deed("staff.import", " ".join(sorted(orgs)), rows=len(wanted))) as session:
        known = {(p.org, p.staff_no): p for p in session.scalars(select(Person).where(Person.org.in_(orgs), Person.staff_no.is_not(None)))}
        added, changed, ended = [], [], []
        for key, row in sorted(wanted.items()):
            person = known.get(key)
            if person is None:
                _placed(row, partial(enter, session))
                added.append(row)
            elif person.ended is not None:
                ended.append(row)
            elif (before := _row(person)) != row:
                person.name, person.dept = row.name, row.dept
                changed.append((before, row))
        missing = sorted(_row(p) for key, p in known.items() if key not in wanted and p.ended is None)
        unchanged = len(wanted) - len(added) - len(changed) - len(ended)
        return Imported(tuple(added), tuple(changed), tuple(ended), tuple(missing), unchanged)


def _placed(row: StaffRow, step: Callable[[NewPerson], object]) -> None:
    """A step with one of the file; what cannot be is told with its place there."""
    try:
        step(NewPerson(f"{row.org}-{row.staff_no}", row.name, row.org, row.dept, row.staff_no))
    except DeskError as e:
        raise DeskError(e.zh, e.en, where=row.where, mend=e.mend) from e


def _by_number(rows: Iterable[StaffRow]) -> dict[tuple[str, str], StaffRow]:
    found: dict[tuple[str, str], StaffRow] = {}
    for row in rows:
        if not (row.org and row.staff_no and row.name):
            raise DeskError(
                f"缺少机构、工号或姓名：{row.org} {row.staff_no} {row.name}",
                f"hospital, staff number or name is missing: {row.org} {row.staff_no} {row.name}",
                where=row.where,
                mend=("请在文件中补上", "fill it in in the file"),
            )
        before = found.setdefault((row.org, row.staff_no), row)
        if before != row:
            raise DeskError(
                f"{row.org} 的工号 {row.staff_no} 有两行，内容不同；另一行在 {before.where}",
                f"{row.org} has two rows for staff number {row.staff_no} that differ; the other: {before.where}",
                where=row.where,
                mend=("请只留一行；一人多科室请写主要科室", "leave one; of several departments write the main one"),
            )
    return found


def _row(person: Person) -> StaffRow:
    return StaffRow(person.org, person.staff_no or "", person.name, person.dept)
