"""把编码写成人看的话 · Codes as people read them: departments and hospitals by name, codes by their words, numbers with commas."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from heng.app.held import in_force
from heng.app.reader import Reader
from heng.core.table import Column, Table
from heng.serve.voice import Voice
from heng.tables.codes import DRIVER
from heng.tables.organisation import Department
from heng.tables.quality import SourceFile

ABSENT = "—"


class Labels:
    """一个区域在若干月里的叫法 · What things are called in a region, over some months."""

    def __init__(self, reader: Reader, now: Voice, months: Iterable[str] = ()) -> None:
        """`months`：按哪些月的字典叫 · the months whose dictionary counts; the latest name wins."""
        self.reader, self.now, self.months = reader, now, tuple(months)

    @cached_property
    def departments(self) -> dict[str, dict[str, str]]:
        """各院的科室名 · Department names by hospital and code."""
        names = dict[str, dict[str, str]]()
        for row in self._rows(Department, self.months or self._latest()):
            names.setdefault(row["org"], {})[row["dept"]] = row["name"]
        return names

    @cached_property
    def files(self) -> dict[str, str]:
        """来源文件名 · Names of the source files with their sheets."""
        rows = self._rows(SourceFile, self._latest())
        return {r["file"]: f"{r['name']} › {r['sheet']}" if r["sheet"] else r["name"] for r in rows}

    def _rows(self, table: type[Table], months: Iterable[str]) -> list[dict[str, Any]]:
        # What cannot be named for the asker is told by its code.
        orgs = [org for org in self.reader.region.hospitals if self.reader.sees(table, org)]
        return in_force(self.reader, table, [(org, m) for org in orgs for m in months]).to_dicts() if orgs else []

    def _latest(self) -> list[str]:
        return sorted({m for _, m in self.reader.region.cells()})[-1:]

    def dept(self, code: str, org: str = "") -> str:
        """科室：编码 + 名称 · A department: code and name; the name alone tells which hospital when `org` is not given."""
        known = [self.departments.get(org, {})] if org else self.departments.values()
        names = {names[code] for names in known if code in names}
        return f"{code} {names.pop()}" if len(names) == 1 else code

    def org(self, code: str) -> str:
        """医院：编码 + 名称 · A hospital: code and name."""
        hospital = self.reader.region.hospitals.get(code)
        return f"{code} {hospital.name}" if hospital else code

    def driver(self, code: str) -> str:
        """分摊参数 · A driver in words; a hospital's own driver is its own word."""
        base, colon, service = code.partition(":")
        return self.now.pick(*DRIVER.get(base, (base, base))) + colon + service

    def named(self, of: str, value: str, org: str) -> str:
        """字典里的叫法 · What a dictionary calls a code."""
        match of:
            case "dept":
                return self.dept(value, org)
            case "org":
                return self.org(value)
            case "driver":
                return self.driver(value)
            case _:
                return self.files.get(value, value)

    def text(self, column: Column, value: Any, org: str = "") -> str:
        """一格 · One cell as people read it; an absent value is a dash, never zero."""
        if value is None:
            return ABSENT
        if column.codes:
            return self.now.pick(*column.codes.get(str(value), (str(value), str(value))))
        if column.of:
            return self.named(column.of, str(value), org)
        return plain(value, column, self.now)


def plain(value: Any, column: Column, now: Voice) -> str:
    """不查字典的一格 · A cell that needs no dictionary: yes and no, dates, numbers."""
    if isinstance(value, bool):
        return now.pick("是", "yes") if value else now.pick("否", "no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return decimal(value, column)
    if isinstance(value, int) and column.type == "bigint":
        return f"{value:,}"
    return str(value)


def decimal(value: Decimal, column: Column) -> str:
    """小数：钱两位，比率写成百分数 · A decimal: money with two places, a share as a percentage, quantities without idle zeros."""
    if column.unit == "1":
        return f"{_rounded(value * 100, 1)}%"
    if column.type == "decimal(18,4)":
        whole, _, part = _rounded(value, 4).partition(".")
        return f"{whole}.{part.rstrip('0')}".rstrip(".")
    return _rounded(value, 2)


def _rounded(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
