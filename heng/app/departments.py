"""科室怎样认 · Which department of a hospital is meant by what a person or a personnel system writes: a code, or a name."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from heng.app.held import in_force
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.errors import HengError, Say, did_you_mean
from heng.core.scope import OWNER
from heng.core.table import Table
from heng.desk.people import shown
from heng.tables.organisation import Department, DepartmentMap

LISTED = 8
"""至多列出几个科室 · How many departments are listed where none is near."""


class Departments:
    """一家医院那天开着的科室 · The departments of a hospital that are open on a day: names by code, and codes by what is written.

    As in computing: a mapping that the hospital gave comes first, then the code itself, then the name.
    """

    def __init__(self, region: Region, org: str, day: date) -> None:
        """读科室字典 · Read the dictionary; a hospital may have none yet."""
        self.org, reader = org, Reader(region, OWNER)
        self.names: dict[str, str] = {row["dept"]: row["name"] for row in _open(reader, Department, org, day) if not row["disabled"]}
        self._mapped: dict[str, str] = {row["local"]: row["dept"] for row in _open(reader, DepartmentMap, org, day)}

    def __bool__(self) -> bool:
        """有没有字典 · Whether there is a dictionary: without one a department is kept as it is written."""
        return bool(self.names)

    def code(self, written: str) -> str:
        """科室编码 · The code of what is written; HengError when that is no department of the hospital, or several."""
        said = written.strip()
        for code in (self._mapped.get(said, said), said):
            if code in self.names or not self:
                return code
        named = sorted(code for code, name in self.names.items() if name == said)
        if len(named) == 1:
            return named[0]
        told = shown(said)
        if named:
            raise HengError(
                f"{self.org} 有几个科室叫「{told}」",
                f"{self.org} has several departments named {told}",
                where="--dept",
                mend=(f"写编码：{'、'.join(named)}", f"write the code: {', '.join(named)}"),
            )
        raise HengError(f"{self.org} 没有科室「{told}」", f"{self.org} has no department {told}", where="--dept", mend=self._near(said))

    def _near(self, said: str) -> Say:
        inside = [f"{code} {name}" for code, name in self.names.items() if said and (said in name or name in said)]
        near = did_you_mean(said, [*self.names, *self.names.values()])
        if near[0] and not inside:
            return near
        listed = "、".join((inside or [f"{code} {name}" for code, name in self.names.items()])[:LISTED])
        return f"科室有：{listed}", f"there are {listed}"


def _open(reader: Reader, table: type[Table], org: str, day: date) -> Iterable[dict[str, Any]]:
    # The dictionary is no patient's and nobody's figure: who may write a post may know what departments are called.
    found = in_force(reader, table, [(org, day.isoformat()[:7])])
    return (row for row in found.iter_rows(named=True) if row["until"] is None or row["until"] > day)
