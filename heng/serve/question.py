"""问的是什么：名字、期间、科室、条件 · What is asked: a name, a period, a department, conditions, as people write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from heng.app.inputs import Cell
from heng.app.period import COMPARED, View
from heng.app.reader import Reader
from heng.core.capability import CAPABILITIES
from heng.core.errors import HengError, did_you_mean
from heng.core.indicator import INDICATORS, Indicator
from heng.core.period import Period, period
from heng.core.table import TABLES, Column, Table
from heng.serve.columns import COMPARISON
from heng.serve.labels import Labels
from heng.serve.voice import Voice


@dataclass(frozen=True)
class Asked:
    """用户的写法 · What the user wrote: hospitals, period, department, conditions, comparisons.

    A condition is `column=value`, or `column>=value`, `column<=value`, `column~part` of what is shown.
    """

    orgs: tuple[str, ...] = ()
    period: str = ""
    dept: str = ""
    where: tuple[str, ...] = ()
    group: bool = False
    compare: str = ""


def subject(name: str) -> type[Table] | Indicator:
    """名字指什么 · A capability (its table), a table, or an indicator; Chinese names are understood; else HengError with the nearest."""
    if name in INDICATORS:
        return INDICATORS[name]
    known: dict[str, type[Table]] = {t.zh: t for t in TABLES.values()} | {c.zh: c.writes for c in CAPABILITIES.values()}
    known |= dict(TABLES) | {c.name: c.writes for c in CAPABILITIES.values()}
    if name in known:
        return known[name]
    indicators = {i.zh: i for i in INDICATORS.values()}
    if name in indicators:
        return indicators[name]
    raise HengError(
        f"没有名为 {name} 的能力、表或指标",
        f"there is no capability, table or indicator {name}",
        mend=_near(name, [*known, *INDICATORS, *indicators]),
    )


def view(reader: Reader, table: type[Table], asked: Asked) -> View:
    """怎么看 · The view that is asked for; the period is by default the latest month that the table holds."""
    orgs = tuple(reader.hospital(o).code for o in asked.orgs)
    when = period(asked.period) if asked.period else latest(reader, table, orgs)
    said = [condition(table, text, reader) for text in asked.where]
    where = tuple((name, value) for name, how, value in said if how == "=")
    if asked.dept:
        where += (department(reader, table, asked, when),)
    compare = tuple(c.strip() for c in asked.compare.split(",") if c.strip())
    if strange := [c for c in compare if c not in COMPARED]:
        raise HengError(
            f"不会比较 {strange[0]}",
            f"cannot compare with {strange[0]}",
            where="--compare",
            mend=("写 yoy（同比）或 mom（环比）", "write yoy or mom"),
        )
    return View(when, orgs, asked.group, where, compare, tuple(c for c in said if c[1] != "="))


def latest(reader: Reader, table: type[Table], orgs: tuple[str, ...] = ()) -> Period:
    """默认期间：有数据的最近一月 · The latest month held, of this table if it is monthly; HengError when there is none."""
    own = {month for org, month in reader.held(table) if month and (not orgs or org in orgs)}
    months = own or {m for _, m in reader.cells(table, orgs)}
    if not months:
        reader.sight(table, orgs)  # what is out of scope is told as that
        raise HengError(
            "区域里还没有数据",
            "the region holds no data yet",
            where=reader.region.name,
            mend=("先用 heng load 装入文件", "load files first: heng load"),
        )
    return period(max(months))


def months_held(reader: Reader, table: type[Table], seen: View) -> list[Cell]:
    """期间内有数据的（医院, 月） · The (hospital, month) pairs of a view that hold data."""
    return reader.cells(table, seen.orgs, seen.period.months)


CONDITION = re.compile(r"([^=<>~]*)(>=|<=|=|~)(.*)", re.DOTALL)


def condition(table: type[Table], text: str, reader: Reader) -> tuple[str, str, str]:
    """一个条件 · `成本项目=人员经费` or `item=staff` → ("item", "=", "staff"); HengError naming the nearest column."""
    found = CONDITION.fullmatch(text)
    name, how, value = (part.strip() for part in found.groups()) if found else (text, "", "")
    for key, column in table.columns.items():
        if how == "=" and name in (key, column.zh):
            return key, how, _code(column, value, reader)
        if how and how != "=" and (own := _compared(name, key, column)):
            return own, how, value
    raise HengError(f"表里没有列 {name}", f"there is no column {name}", where="--where", mend=_near(name, table.columns))


def _compared(name: str, key: str, column: Column) -> str:
    # A limit may be put on a comparison, too: `cost_yoy_change>=0`.
    return next((key + end for end in ("", *COMPARISON) if name in (key + end, column.zh + end)), "")


def _code(column: Column, value: str, reader: Reader) -> str:
    if column.of == "org":
        return reader.hospital(value).code
    if column.type == "boolean":
        return {"是": "true", "否": "false"}.get(value, value)
    known = {zh: code for code, (zh, _) in column.codes.items()} | {en: code for code, (_, en) in column.codes.items()}
    return known.get(value, value)


def department(reader: Reader, table: type[Table], asked: Asked, when: Period) -> tuple[str, str]:
    """科室条件 · The condition for a department given by code or name; HengError when it is unknown, or means several."""
    column = dept_column(table)
    names = Labels(reader, Voice(), when.months).departments
    orgs = [reader.hospital(o).code for o in asked.orgs] or list(names)
    codes = {code for org in orgs for code, name in names.get(org, {}).items() if asked.dept in (code, name)}
    if len(codes) == 1:
        return column, codes.pop()
    if codes:
        raise HengError(
            f"科室「{asked.dept}」在各医院编码不同",
            f"the department {asked.dept!r} has several codes",
            where="--dept",
            mend=("用 --org 指明医院，或写科室编码", "name the hospital with --org, or give the code"),
        )
    known = [text for org in orgs for pair in names.get(org, {}).items() for text in pair]
    raise HengError(f"没有科室「{asked.dept}」", f"there is no department {asked.dept!r}", where="--dept", mend=_near(asked.dept, known))


def dept_column(table: type[Table]) -> str:
    """哪一列是科室 · The column that `--dept` speaks of: its own, else the receiver (an allocation receipt), else the first one."""
    columns = [n for n, c in table.columns.items() if c.of == "dept"]
    if not columns:
        raise HengError(f"{table.zh} 没有科室列", f"{table.__name__} has no department column", where="--dept")
    return next((n for n in ("dept", "receiver") if n in columns), columns[0])


def _near(name: str, known: Iterable[str]) -> tuple[str, str]:
    found = did_you_mean(name, known)
    return found if found[0] else ("不带名字运行 heng show 可列出全部", "heng show without a name lists everything")
