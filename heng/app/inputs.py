"""能力看到的输入：按月展开有效期、把本地科室编码换成核算单元 · What a capability sees of the tables it reads.

Rows valid over a span of days appear once for every month of the run. Department codes and names as a system wrote
them are resolved to cost centres: a person's mapping first, then the code itself, then a name that occurs once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from heng.core.errors import Say, TableError, did_you_mean
from heng.core.period import last_day
from heng.core.table import Column, Table, quoted
from heng.store.engine import Engine
from heng.store.manifest import Manifest, Part
from heng.store.parts import select_parts
from heng.tables.organisation import Department, DepartmentMap

Cell = tuple[str, str]


class Inputs:
    """一批（医院, 月）的输入 · The inputs of one batch of (hospital, month) cells, as views of the engine."""

    def __init__(self, engine: Engine, cells: Iterable[Cell], raw: Callable[[type[Table]], str]) -> None:
        """准备月份视图 · Prepare the view of the months of the batch; `raw` gives the SQL of a table's stored rows."""
        self.engine, self.raw = engine, raw
        self.cells = sorted(set(cells))
        self.made: set[str] = set()
        self.kept: set[str] = set()
        self.named: dict[str, type[Table]] = {}
        rows = ", ".join(f"('{o}', '{m}', date '{m}-01', date '{last_day(m)}')" for o, m in self.cells)
        engine.keep("run_month", f"select * from (values {rows}) as t(org, month, first_day, last_day)")

    def view(self, table: type[Table]) -> str:
        """这张表的视图名 · The name of the view of a table, made on first use."""
        name = f"input_{table.__name__}"
        if name not in self.made:
            self.made.add(name)
            self.engine.view(name, self.select(table))
        return name

    def name(self, tables: Mapping[str, type[Table]]) -> None:
        """按能力的叫法命名 · Name the tables as a capability calls them; what is called so already stays."""
        for name, table in tables.items():
            if self.named.get(name) is not table:
                self.engine.view(name, f"select * from {self.view(table)}")
                self.named[name] = table

    def select(self, table: type[Table]) -> str:
        """取这批行的 SQL · SQL of the rows of this batch."""
        raw = self.raw(table)
        if raw == table.empty():  # nothing to resolve: plans stay small
            return f"select *, null::varchar as month from ({raw})" if table.dated() else raw
        if table.dated():
            raw = _in_force(table, raw)
        return self._resolved(table, raw)

    def _resolved(self, table: type[Table], raw: str) -> str:
        written = [n for n, c in table.columns.items() if c.of == "dept"]
        monthly = table.grain == "month" or table.dated()
        if not (table.source and written and monthly) or table in (Department, DepartmentMap):
            return raw
        if "resolve" not in self.kept:
            self.kept.add("resolve")
            self.engine.keep("resolve", RESOLVE.format(map=self.view(DepartmentMap), department=self.view(Department)))
        named = [*table.columns, *(["month"] if table.dated() else [])]
        resolved = {n: f"coalesce(r{i}.dept, t.{n}) as {n}" for i, n in enumerate(written)}
        columns = ", ".join(resolved.get(n, f"t.{quoted(n)}") for n in named)
        joins = " ".join(
            f"left join resolve r{i} on r{i}.org = t.org and r{i}.month = t.month and r{i}.written = t.{n}" for i, n in enumerate(written)
        )
        return f"select {columns} from ({raw}) t {joins}"


RESOLVE = """
    with known as (
        select org, month, local as written, dept, 1 as rank from {map} union all
        select org, month, dept, dept, 2 from {department} union all
        select org, month, name, min(dept), 3 from {department} group by all having count(*) = 1)
    select org, month, written, dept from known
    qualify row_number() over (partition by org, month, written order by rank, dept) = 1"""


def stored(engine: Engine, folder: Path, manifest: Manifest, cells: Iterable[Cell]) -> Inputs:
    """一代数据中的输入 · Inputs out of one generation of a region folder."""
    wanted = list(cells)
    return Inputs(engine, wanted, lambda t: select_parts(folder, t, parts_of(manifest, t, wanted)))


def parts_of(manifest: Manifest, table: type[Table], cells: Iterable[Cell]) -> list[Part]:
    """这些（医院, 月）用到的分区 · The parts of a table that these cells read."""
    name, wanted = table.__name__, sorted(set(cells))
    if table.grain == "month":
        return [p for org, month in wanted for p in manifest.of_month(name, org, month)]
    orgs, months = {org for org, _ in wanted}, {month for _, month in wanted}
    reads: dict[str, Callable[[Part], bool]] = {
        "region": lambda _: True,
        "region_month": lambda p: p.month in months,
        "org": lambda p: p.org in orgs,
    }
    return [p for p in manifest.of(name) if reads[table.grain](p)]


def condition(table: type[Table], where: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """条件「列=值」 · SQL that holds where every column equals its value, and the values to bind; TableError for an unknown column."""
    met, values = ["true"], dict[str, str]()
    for n, (name, value) in enumerate(where):
        if name not in table.columns:
            raise TableError(f"没有列 {name}", f"there is no column {name}", where=table.__name__, mend=did_you_mean(name, table.columns))
        met.append(f"{quoted(name)} = try_cast($value_{n} as {table.columns[name].type})")
        values[f"value_{n}"] = _written(table.columns[name], value, name)
    return " and ".join(met), values


LIMIT = {
    ">=": "{name} >= try_cast({value} as {type})",
    "<=": "{name} <= try_cast({value} as {type})",
    "~": "contains(lower({name}::varchar), lower({value}))",
}
"""范围的写法 · How a limit is written, and what it means in SQL: from, to, contains."""


def limited(columns: Mapping[str, Column], limits: Iterable[tuple[str, str, str]]) -> tuple[str, dict[str, str]]:
    """范围「列>=值」「列<=值」「列~含」 · SQL that holds where every column lies within its limits, and the values to bind."""
    met, values = ["true"], dict[str, str]()
    for n, (name, how, value) in enumerate(limits):
        met.append(LIMIT[how].format(name=quoted(name), value=f"$limit_{n}", type=columns[name].type))
        values[f"limit_{n}"] = value if how == "~" else _written(columns[name], value, name)
    return " and ".join(met), values


def _written(column: Column, value: str, name: str) -> str:
    # What can never be a value of the column is told, not answered with no rows; numbers may have the commas they are shown with.
    read, said = READ.get(column.type, READ["decimal"] if column.type.startswith("decimal") else (str, ("", "")))
    try:
        return str(read(value))
    except (ValueError, ArithmeticError, KeyError) as e:
        raise TableError(
            f"列 {column.zh} 没有「{value}」这样的值", f"{column.en} can have no value {value!r}", where=name, mend=said
        ) from e


def _number(text: str) -> str:
    found = Decimal(text.replace(",", ""))
    if not found.is_finite():
        raise ValueError(text)
    return format(found, "f")


def _yes_or_no(text: str) -> str:
    return {"true": "true", "false": "false"}[text.lower()]


READ: dict[str, tuple[Callable[[str], object], Say]] = {
    "decimal": (_number, ("写一个数，如 1234.50", "write a number, such as 1234.50")),
    "bigint": (lambda text: int(_number(text)), ("写一个整数，如 12", "write a whole number, such as 12")),
    "integer": (lambda text: int(_number(text)), ("写一个整数，如 12", "write a whole number, such as 12")),
    "date": (date.fromisoformat, ("写成 2026-03-31", "write 2026-03-31")),
    "boolean": (_yes_or_no, ("写 是 或 否", "write true or false")),
}
"""各种列的值怎样读，读不懂时怎样写 · How a value of each kind of column is read, and how to write one that cannot be."""


def _in_force(table: type[Table], raw: str) -> str:
    # Within a month the latest version of a row counts: a department that changed class has one class in a month.
    key = ", ".join(["t.org", "m.month", *(f"t.{k}" for k in table.key if k != "since")])
    ends = "and (t.until is null or t.until >= m.first_day)" if "until" in table.columns else ""
    return (
        f"select t.*, m.month from ({raw}) t join run_month m on m.org = t.org and t.since <= m.last_day {ends} "
        f"qualify row_number() over (partition by {key} order by t.since desc) = 1"
    )
