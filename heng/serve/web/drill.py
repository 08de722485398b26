"""下钻 · One path, the same everywhere: region → hospital → department → item or group → encounter → line → row of a file.

What comes next is read off a table's columns, not written page by page. Where the scope of who asks ends, the path says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from heng.app.period import View
from heng.app.reader import Reader
from heng.app.why import charged
from heng.core.capability import writer
from heng.core.errors import HengError
from heng.core.indicator import Indicator
from heng.core.table import TABLES, Table
from heng.serve.labels import Labels
from heng.serve.question import CONDITION, Asked, dept_column, view
from heng.serve.voice import Voice
from heng.serve.web.remembered import REMEMBERED
from heng.tables.cases import CaseCost
from heng.tables.grouping import Grouping
from heng.tables.patients import EncounterCost

Subject = type[Table] | Indicator
LEAD = ("org", "month")
PLACED = ("dept", "receiver", "ordering")
"""一行属于哪个科室 · The columns that say to which department a row belongs."""


@dataclass(frozen=True)
class Place:
    """站在哪一层 · Where on the path one stands, as the address says it."""

    period: str = ""
    org: str = ""
    dept: str = ""
    where: tuple[str, ...] = ()

    @property
    def asked(self) -> Asked:
        """问题 · The same as a question of the command line."""
        return Asked((self.org,) if self.org else (), self.period, self.dept, self.where)

    @property
    def query(self) -> str:
        """地址的后半 · The query of an address, with its question mark; empty for the whole region, newest month."""
        held = [(n, v) for n in ("org", "period", "dept") if (v := getattr(self, n))] + [("where", w) for w in self.where]
        return f"?{urlencode(held)}" if held else ""


def place(
    period: str = "",
    month: str = "",
    org: str = "",
    dept: str = "",
    where: Annotated[list[str] | None, Query()] = None,
) -> Place:
    """从地址读出 · Read off the address; `month` is another word for a period of one month."""
    return Place(period or month, org, dept, tuple(where or ()))


Placing = Annotated[Place, Depends(place)]
"""每页都有的位置 · The parameter of pages that stand somewhere on the path."""


@dataclass(frozen=True)
class Step:
    """一步 · A level of the path: what it is called and where it leads; without `href` it ends here, and `reason` says why."""

    label: str
    href: str = ""
    reason: str = ""


def address(found: Subject) -> str:
    """在哪一页 · The page of an indicator, a capability or a table: path is meaning."""
    if isinstance(found, Indicator):
        return f"/indicator/{found.key}"
    made = writer(found)
    return "/" + made.name.replace(".", "/") if made else f"/table/{found.__name__}"


def trail(found: Subject, at: Place, labels: Labels) -> list[Step]:
    """来路 · The levels above, each a link, and the present one last."""
    page, region = address(found), Place(at.period)
    steps = [Step(labels.reader.region.name, page + region.query)]
    if at.org:
        steps.append(Step(labels.org(at.org), page + replace(region, org=at.org).query))
    if at.dept:
        steps.append(Step(labels.dept(at.dept, at.org), page + replace(region, org=at.org, dept=at.dept).query))
    for n, text in enumerate(at.where, 1):
        steps.append(Step(condition_told(found, text, labels, at.org), page + replace(at, where=at.where[:n]).query))
    return [*steps[:-1], replace(steps[-1], href="")]


def looked_at(reader: Reader, found: Subject, at: Place) -> View:
    """怎么看 · The view of a place; HengError for a condition that a level of the path cannot be: it says a column and its value."""
    table = found.of if isinstance(found, Indicator) else found
    seen = REMEMBERED.of(reader, ("view", table, at.asked), lambda r: view(r, table, at.asked))
    if seen.limits:
        name, how, value = seen.limits[0]
        raise HengError(
            f"这里的条件只能写「列=值」，不能写 {name}{how}{value}",
            f"a condition here says column=value, not {name}{how}{value}",
            where="where",
            mend=("在表的页面上筛选", "filter on the page of the table"),
        )
    return seen


def condition_told(found: Subject, text: str, labels: Labels, org: str) -> str:
    """条件的话 · A condition `item=staff` as people read it: 人员经费."""
    asked = CONDITION.fullmatch(text)
    name, how, value = (part.strip() for part in asked.groups()) if asked else (text, "", "")
    table = found.of if isinstance(found, Indicator) else found
    column = table.columns.get(name)
    if column is None:
        return text
    if how == "=" and (column.codes or column.of):
        return labels.text(column, value, org)
    between = {">=": "≥ ", "<=": "≤ ", "~": labels.now.pick("含 ", "contains ")}.get(how, "")
    return f"{labels.now.pick(column.zh, column.en.partition(';')[0])} {between}{value}"


def next_level(table: type[Table], at: Place) -> str:
    """下一层是哪一列 · The column that tells the next level apart; empty where a row is the end."""
    pinned = {w.partition("=")[0].strip() for w in at.where}
    if "org" in table.columns and not at.org:
        return "org"
    if not at.dept and (dept := next((n for n in PLACED if n in table.columns), "")):
        return dept
    return next((n for n in table.key if n not in (*LEAD, *PLACED) and n not in pinned), "")


def down(table: type[Table], row: Mapping[str, Any], at: Place) -> str:
    """这一行的下一层 · Where a row of a table leads: its hospital, else what stands behind it; empty where it is the row of a file."""
    org, dept = str(row.get("org") or at.org), _dept(table, row)
    if "org" in table.columns and not at.org and org and table.grain != "region_month" and dept:
        return address(table) + replace(at, org=org).query
    return why(table, row, at)


def why(found: Subject, row: Mapping[str, Any], at: Place) -> str:
    """追问这一行 · The `why` of a row: everything that tells it apart, said in the address; empty where there is nothing behind it."""
    table = found.of if isinstance(found, Indicator) else found
    org, month = str(row.get("org") or at.org), str(row.get("month") or at.period)
    if table.source or not org or writer(table) is None:
        return ""
    if table is Grouping and row.get("encounter") is not None:  # its reasons are told in words, beside those of other schemes
        return f"/group?{urlencode({'org': org, 'month': month, 'encounter': row['encounter']})}"
    if "encounter" in table.key and not charged(table):
        table = EncounterCost
        row = {"encounter": row.get("encounter")}
    pinned = [f"{n}={_written(row[n])}" for n in table.key if n not in LEAD and row.get(n) is not None]
    return f"/why/{table.__name__}{Place(month, org, '', tuple(pinned)).query}"


def _dept(table: type[Table], row: Mapping[str, Any]) -> str:
    return next((str(row[n]) for n in PLACED if n in table.columns and row.get(n)), "")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def source_row(feed: type[Table], at: Place, file: str, row: int) -> str:
    """文件里的那一行 · The stored row of a file: the end of the path."""
    return f"/table/{feed.__name__}{Place(at.period, at.org, '', (f'file={file}', f'row={row}')).query}"


def below(reader: Reader, found: Subject, at: Place, now: Voice) -> list[Step]:
    """往下的路 · The ways down from where one stands; those that are closed say why."""
    if not at.org:
        return []
    return [*_behind(reader, found, at, now), _patients(reader, at, now)]


def _behind(reader: Reader, found: Subject, at: Place, now: Voice) -> Iterator[Step]:
    table = found.of if isinstance(found, Indicator) else found
    name = found.key if isinstance(found, Indicator) else table.__name__
    yield Step(now.pick("逐笔追到文件的行", "line by line, to the row of the file"), f"/why/{name}{at.query}")
    made = writer(table)
    for read in dict.fromkeys(made.reads.values()) if made else ():
        if any(n in read.columns for n in PLACED) and not read.gate:
            label = now.pick(f"依据：{read.zh}", f"ground: {read.en}")
            yield _open(reader, read, at, label, now)


def _patients(reader: Reader, at: Place, now: Voice) -> Step:
    label = now.pick("患者与病例", "patients and cases")
    if not any(p.rows and p.org == at.org for p in reader.region.manifest.of(CaseCost.__name__)):
        reason = now.pick(
            "到此为止：本院没有装入收费明细和病案首页", "the path ends here: the hospital has loaded no fee lines and discharge records"
        )
        return Step(label, reason=reason)
    return _open(reader, CaseCost, at, label, now)


def _open(reader: Reader, table: type[Table], at: Place, label: str, now: Voice) -> Step:
    if reaches(reader, table, at):
        return Step(label, address(table) + replace(at, where=()).query)
    single = "encounter" in table.key or any(c.private for c in table.columns.values())
    end = now.pick("到此为止：", "the path ends here: ")
    if single:
        return Step(label, reason=end + now.pick("没有查看病例的权限", "you have no right to see single cases"))
    return Step(label, reason=end + now.pick(f"{table.zh}不在你的范围内", f"{table.en} is out of your scope"))


def reaches(reader: Reader, table: type[Table], at: Place) -> bool:
    """够不够得着 · Whether anything of a table is seen of a hospital, and of the department where one is named."""
    if not reader.sees(table, at.org):
        return False
    kept = [[values for names, values in rows if names != ("org",)] for rows in reader.sight(table, [at.org]).rows]
    return not at.dept or any(all(at.dept in values for values in limits) for limits in kept)


def table_of(name: str) -> type[Table]:
    """按来源表名找表 · The table of that name; HengError when there is none."""
    if name not in TABLES:
        raise HengError(f"没有表 {name}", f"there is no table {name}")
    return TABLES[name]


def dept_of(table: type[Table]) -> str:
    """哪一列是科室 · The department column of a table, empty where it has none."""
    return dept_column(table) if any(c.of == "dept" for c in table.columns.values()) else ""
