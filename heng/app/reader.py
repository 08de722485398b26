"""带着范围看一个区域 · A region seen through the scope of one request: rows reach a person by no other way.

What may be seen of a table is decided in one place, `Reader.sight`: rows of the hospitals, departments and cases in scope,
columns as deep as the scope goes, and private columns of one hospital alone, whoever asks. Computation is no person: it
reads without scope, and only inside `heng.app`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from heng.app.inputs import Cell
from heng.app.region import Hospital, Region
from heng.core.errors import AccessError, HengError, TableError
from heng.core.scope import Scope
from heng.core.table import Column, Table, quoted
from heng.tables.access import Allowed, Rows, allowed

Note = Callable[[str, int | None], None]
"""记一次查看 · Keeps a record of one read: which table (or hospital), and how many rows; None when it was refused."""


def unrecorded(_table: str, _rows: int | None) -> None:
    """不记 · Nothing is kept of what the owner of the folder reads: it is hers."""
    return


@dataclass(frozen=True)
class Sight:
    """一张表看得到什么 · What is seen of a table: these rows, of these columns; `apart` are the private ones that left.

    Private columns leave where several hospitals stand together.
    """

    table: type[Table]
    rows: tuple[Rows, ...]
    columns: tuple[str, ...]
    apart: frozenset[str]

    @property
    def where(self) -> str:
        """行的条件 · The SQL condition that the rows seen meet."""
        return " or ".join(f"({_met(rows)})" for rows in self.rows)

    @property
    def narrow(self) -> bool:
        """医院之内还有看不到的行 · Whether some rows of a hospital are seen and others are not."""
        return any(names != ("org",) for rows in self.rows for names, _ in rows)

    @property
    def full(self) -> bool:
        """除不出本院的列外全看得到 · Whether every column is seen, but for private ones."""
        return all(n in self.columns or c.private for n, c in self.table.columns.items())

    def refuse(self, asked: Iterable[str]) -> None:
        """看不到的列也不能问 · TableError or AccessError when a column that is not seen is asked for, by its name or in Chinese."""
        names = set(asked)
        for name, column in self.table.columns.items():
            if name not in self.columns and names & {name, column.zh}:
                raise _private(name, column) if name in self.apart else _deeper(name, column)


@dataclass(frozen=True)
class Reader:
    """谁在看：区域与范围 · Who reads: a region, and the scope of the request."""

    region: Region
    scope: Scope
    note: Note = unrecorded

    def at(self, region: Region) -> "Reader":
        """同一个人看另一代或另一个情景 · The same person before another generation or scenario of the region."""
        return replace(self, region=region)

    def hospital(self, code: str) -> Hospital:
        """按编码或名称找医院 · A hospital by code or name; AccessError when nothing of it is in scope."""
        found = self.region.hospital(code)
        if all(r.orgs is not None and found.code not in r.orgs for r in self.scope.reaches):
            self.note(f"hospital {found.code}", None)
            raise beyond(f"{found.code} {found.name}", f"hospital {found.code}")
        return found

    def sees(self, table: type[Table], org: str) -> bool:
        """看不看得到 · Whether anything is seen of a table of a hospital."""
        try:
            return bool(allowed(self.scope, table, frozenset({org})).columns)
        except AccessError:
            return False

    def orgs(self, table: type[Table]) -> list[str]:
        """看得到这张表的医院 · The hospitals of which something is seen of a table, in the order of the region; AccessError for none."""
        known = dict.fromkeys([*self.region.hospitals, *self.region.manifest.orgs])
        found = [org for org in known if self.sees(table, org)]
        if known and not found:
            self._allowed(table)
        return found

    def cells(self, table: type[Table], orgs: Iterable[str] = (), months: Iterable[str] = ()) -> list[Cell]:
        """有数据的（医院, 月） · The (hospital, month) pairs with data of which a table is seen, filtered when asked."""
        near = set(self.orgs(table))
        return [c for c in self.region.cells(orgs, months) if c[0] in near]

    def held(self, table: type[Table]) -> set[Cell]:
        """这张表存着哪些（医院, 月） · The (hospital, month) pairs of which rows of a table are stored; "" stands for the region."""
        near = {"", *self.orgs(table)}
        return {cell for cell in self.region.manifest.held(table.__name__) if cell[0] in near}

    def sight(self, table: type[Table], orgs: Iterable[str] = (), *, group: bool = False) -> Sight:
        """看得到什么 · What is seen of a table, of these hospitals (all by default); AccessError when something asked for is not."""
        asked = frozenset(orgs)
        found = self._allowed(table, asked or None)
        if missing := [org for org in sorted(asked) if not self.sees(table, org)]:
            self.note(table.__name__, None)
            raise beyond(f"{missing[0]} 的{table.zh}", f"{table.__name__} of {missing[0]}")
        together = group or len(asked or self.orgs(table)) > 1
        apart = frozenset(n for n in found.columns if table.columns[n].private and together)
        return Sight(table, found.rows, tuple(n for n in found.columns if n not in apart), apart)

    def _allowed(self, table: type[Table], orgs: frozenset[str] | None = None) -> Allowed:
        try:
            return allowed(self.scope, table, orgs)
        except AccessError:
            self.note(table.__name__, None)
            raise


def _met(rows: Rows) -> str:
    # A row whose department is not known is nobody's: where the scope is of departments, NULL meets nothing.
    each = (" or ".join(f"{quoted(n)} in ({_listed(values)})" for n in names) for names, values in rows)
    return " and ".join(f"({one})" for one in each) or "true"


def _listed(values: Iterable[str]) -> str:
    return ", ".join("'" + v.replace("'", "''") + "'" for v in sorted(values))


def beyond(zh: str, en: str) -> AccessError:
    """不在范围内 · The error for what is out of scope."""
    return AccessError(f"{zh} 不在你的范围内", f"{en} is out of your scope", mend=ASK)


ASK = ("需要时请安全管理员授权", "if you need it, ask the security administrator for a grant")


def _deeper(name: str, column: Column) -> HengError:
    return beyond(f"「{column.zh}」", name)


def _private(name: str, column: Column) -> HengError:
    return TableError(
        f"「{column.zh}」不出本院，几家医院一起看时不能用",
        f"{name} never leaves its hospital: it cannot be used where several are seen together",
        mend=("用 --org 指明一家医院，不加 --group", "name one hospital with --org, without --group"),
    )
