"""有什么、缺什么 · What is there and what is missing: of every table the months held, the hospitals without its newest month, its state."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from heng.app.compute import outdated
from heng.app.reader import Reader
from heng.core.capability import Capability, writer
from heng.core.table import TABLES, Table
from heng.serve.web.drill import address
from heng.serve.web.remembered import REMEMBERED

STATES = {
    "held": ("green", "齐全", "complete"),
    "part": ("yellow", "部分医院没有", "some hospitals lack it"),
    "late": ("yellow", "最新一月还没有", "not yet of the newest month"),
    "stale": ("yellow", "数据或规则改了，待重算", "to be run again: data or rules have changed"),
    "empty": ("", "算过，没有行", "worked out: no rows"),
    "none": ("", "还没有", "none yet"),
}
"""状态 · How a table stands: its sign, and in words."""


@dataclass(frozen=True)
class Stock:
    """一张表的存货 · A table: who writes it, the months held, its newest month, the hospitals that lack it then, how it stands."""

    table: type[Table]
    made: Capability | None
    months: tuple[str, ...]
    newest: str
    missing: tuple[str, ...]
    state: str

    @property
    def href(self) -> str:
        """在哪一页 · Its page."""
        return address(self.table)


def stock(reader: Reader) -> dict[str, Stock]:
    """看得到的各表 · Every table of which something is in scope, by name; worked out once a generation and scope."""
    return REMEMBERED.of(reader, "stock", _stock)


def _stock(reader: Reader) -> dict[str, Stock]:
    held: dict[str, set[tuple[str, str]]] = {}
    filled = {(p.table, p.org) for p in reader.region.manifest.parts if p.rows}
    for part in reader.region.manifest.parts:
        held.setdefault(part.table, set()).add((part.org, part.month))
    newest = max((m for _, m in reader.region.cells()), default="")
    found = dict[str, Stock]()
    for name, table in TABLES.items():
        orgs = [o for o in reader.region.hospitals if reader.sees(table, o)]
        if orgs and table.__module__.startswith("heng."):
            one = _one(table, held.get(name, set()), orgs, newest)
            found[name] = one if one.state == "none" or any((name, o) in filled for o in ("", *orgs)) else replace(one, state="empty")
    cells = [(o, newest) for o in reader.region.hospitals if any(o == org and m == newest for org, m in reader.region.cells())]
    stale = _stale(reader, cells, found.values())
    return {n: s if n not in stale or s.state == "none" else replace(s, state="stale") for n, s in found.items()}


def _one(table: type[Table], held: set[tuple[str, str]], orgs: list[str], newest: str) -> Stock:
    near = {c for c in held if c[0] in orgs or not c[0]}
    months = tuple(sorted({m for _, m in near if m}))
    last = months[-1] if months else ""
    if table.grain in ("region", "region_month"):
        missing: tuple[str, ...] = ()
    else:  # a hospital lacks what it has not in the month that the region has come to, or has not at all
        now = {o for o, m in near if m == newest} if table.grain == "month" else {o for o, _ in near}
        missing = tuple(o for o in orgs if o not in now)
    lacking = "late" if len(missing) == len(orgs) else "part"
    state = "none" if not near else lacking if missing else "held"
    return Stock(table, writer(table), months, last, missing, state)


def _stale(reader: Reader, cells: list[tuple[str, str]], found: Iterable[Stock]) -> set[str]:
    seen = {s.table.__name__ for s in found if s.made}
    stale = set[str]()
    for cell in cells:
        if not reader.region.manifest.is_closed(*cell) and any(reader.sees(TABLES[n], cell[0]) for n in seen):
            stale |= {c.writes.__name__ for c in outdated(reader.region, cell)} & seen
    return stale
