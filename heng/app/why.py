"""为什么：公式→参数及依据→逐笔→来源文件与行 · Why: formula → params with documents → leg by leg → files and rows.

For every cost figure the rows listed add up to the figure, to the fen: booked lines behind a department's cost, fee lines
behind a patient's. The chain stops where the scope of who asks stops, and says what part of the figure lies beyond.
"""

import inspect
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from heng.app.charge_lines import CHARGED, COLUMNS, charge_lines
from heng.app.compute import rules_at
from heng.app.inputs import condition
from heng.app.opened import Opened
from heng.app.reader import Reader
from heng.core.capability import Capability, find, order, sql, writer
from heng.core.errors import HengError
from heng.core.table import Table, quoted
from heng.rooms.costing.trace import Trace, build_trace, given, held, in_scope, to_fen
from heng.store.policy_files import as_yaml
from heng.tables.costing import Allocation, CommonShare, CostLine, DeptCost, DeptResult, DirectCost, ScopeCost, UnitCost
from heng.tables.patients import Charge
from heng.tables.quality import SourceFile

SCOPED: tuple[type[Table], ...] = (ScopeCost, UnitCost, DeptResult)
TRACED: tuple[type[Table], ...] = (CostLine, DirectCost, Allocation, DeptCost, *SCOPED)
NOTHING = pl.DataFrame(
    schema={"name": pl.String, "sheet": pl.String, "row": pl.Int32, "contribution": pl.Decimal(18, 2), "file": pl.String}
)
"""没有来源行 · No source rows."""


def charged(table: type[Table]) -> bool:
    """是否追到收费行 · Whether rows of a table are followed to fee lines, and not to booked ones."""
    return table in CHARGED


@dataclass(frozen=True)
class Why:
    """一个数的来历 · Where a figure comes from.

    `figure`: the sum in yuan, None when the table is not a cost. `formula`: in words. `sql`: the query, empty for a
    Python capability. `params`: key, value, since, scope, source, of this capability and those before it. `rows`: the
    rows of the table that make the figure. `legs`: the rows of the allocation that reached the figure.
    `sources`: name, sheet, row, department, subject (or service), amount booked (or charged), its contribution, and the file's id.
    `beyond`: how much of the figure comes from rows that are not the asker's to see.
    """

    capability: Capability
    figure: Decimal | None
    formula: str
    sql: str
    params: pl.DataFrame
    rows: pl.DataFrame
    legs: pl.DataFrame
    sources: pl.DataFrame
    beyond: Decimal


class Asked:
    """一家医院一个月的追问 · Questions about one hospital's month; what they share is read once."""

    def __init__(self, reader: Reader, org: str, month: str) -> None:
        """打开这个月 · Open the month; HengError when nothing is held for it, AccessError when the hospital is out of scope."""
        self.reader, self.policy, self.cell = reader, reader.region.policy, (reader.hospital(org).code, month)
        if not reader.region.cells([org], [month]):
            raise HengError(f"{org} {month} 没有数据", f"nothing is held for {org} {month}", mend=("先装入再运行", "load it and run first"))
        self._opened = Opened(reader, [self.cell])
        self._trace: Trace | None = None
        self._lines = pl.DataFrame()

    def why(self, name: str, where: dict[str, str]) -> Why:
        """为什么 · Explain the figure that a capability's (or table's) rows add up to, for the columns given in `where`.

        Where the table holds several scopes and none is said, 医疗成本 is meant: rows of two scopes never add up.
        """
        cap = find(name)
        if cap.writes in SCOPED:
            where = {"scope": "medical", **where}
        rows = self.rows(cap.writes, where)
        if not self._followed(cap.writes):
            return self._told(cap, None, rows, (Allocation.schema().to_frame(), NOTHING))
        if cap.writes in CHARGED:
            return self._charged(cap, rows)
        behind = self._in_scope(rows, where["scope"]) if cap.writes in SCOPED else rows
        contributions = self._contributions(cap.writes, behind) if cap.writes in TRACED else {}
        figure = Decimal(sum(contributions.values())).scaleb(-2) if cap.writes in TRACED else None
        return self._told(cap, figure, rows, (self._legs(cap.writes, behind), self._booked(contributions)))

    def _charged(self, cap: Capability, rows: pl.DataFrame) -> Why:
        lines = self._from_files(charge_lines(rows, self._whole).filter("seen"), Charge)
        return self._told(cap, Decimal(rows["amount"].sum()), rows, (Allocation.schema().to_frame(), lines.select(COLUMNS)))

    def _told(self, cap: Capability, figure: Decimal | None, rows: pl.DataFrame, behind: tuple[pl.DataFrame, pl.DataFrame]) -> Why:
        doc = inspect.getdoc(inspect.getmodule(cap.run)) or ""
        beyond = Decimal(0) if figure is None else figure - Decimal(behind[1]["contribution"].sum())
        return Why(cap, figure, doc, self._sql(cap), self._params(cap), rows, *behind, beyond)

    def rows(self, table: type[Table], where: dict[str, str]) -> pl.DataFrame:
        """表中符合条件的行 · The rows of a table that meet the conditions, in key order; TableError for an unknown column."""
        sight = self.reader.sight(table, [self.cell[0]])
        sight.refuse(where)
        met, values = condition(table, where.items())
        shown = ", ".join(map(quoted, sight.columns))
        return self._opened.rows(sight, f"select {shown} from source where {met} order by {table.order()}", values)

    def _followed(self, table: type[Table]) -> bool:
        # Where some column of a row may not be seen, what stands behind the row is not told either.
        return self.reader.sees(table, self.cell[0]) and self.reader.sight(table, [self.cell[0]]).full

    def _seen(self, table: type[Table]) -> pl.DataFrame:
        return self.rows(table, {}) if self._followed(table) else table.schema().to_frame()

    def _whole(self, table: type[Table]) -> pl.DataFrame:
        return self._opened.unscoped(table, self.reader.sight(table, [self.cell[0]]) if self._followed(table) else None)

    def _contributions(self, table: type[Table], rows: pl.DataFrame) -> dict[int, int]:
        """各成本明细行的贡献（分） · Contribution of every booked line, by its place among the month's cost lines, in fen.

        `rows` are rows of the table itself; of full cost, where the table is a view of it in a scope.
        """
        trace = self._traced()
        if table is CostLine:
            wanted = set(rows.select("feed", "file", "row", "subject").iter_rows())
            keys = self._lines.select("feed", "file", "row", "subject").iter_rows()
            return {n: to_fen(a) for n, (k, a) in enumerate(zip(keys, self._lines["amount"], strict=True)) if k in wanted}
        return trace.rows(given(rows) if table is Allocation else held(rows))

    def _legs(self, table: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
        # What reached these rows out of the allocation; of a table that is no cost of departments, nothing.
        if table not in (Allocation, DeptCost, *SCOPED):
            return Allocation.schema().to_frame()
        if table is Allocation:
            return rows
        same = ["receiver", "item", "fund", "behaviour", "bucket"]
        return self._seen(Allocation).join(rows.rename({"dept": "receiver"}), on=same, how="semi")

    def _in_scope(self, rows: pl.DataFrame, scope: str) -> pl.DataFrame:
        # What a table shows in a scope is a part of full cost: the same departments and items, and the scope's rule.
        rule = rules_at(find(ScopeCost.__name__), self.policy, self.cell)["rule"].values()["scopes"]
        keys = rows.select([c for c in ("dept", "item") if c in rows.columns]).unique()
        return in_scope(self._whole(DeptCost).join(keys, on=keys.columns, how="semi"), [r for r in rule if r["scope"] == scope])

    def _traced(self) -> Trace:
        if self._trace is None:
            self._lines = self._whole(CostLine)
            self._trace = build_trace(self._lines, self._whole(CommonShare), self._whole(Allocation))
        return self._trace

    def _booked(self, contributions: dict[int, int]) -> pl.DataFrame:
        if not contributions:
            return NOTHING
        place = sorted(contributions)
        part = pl.Series("contribution", [Decimal(contributions[n]).scaleb(-2) for n in place], dtype=pl.Decimal(18, 2))
        lines = self._from_files(self._lines[place].with_columns(part).filter("seen"), CostLine)
        shown = ["name", "sheet", "row", "feed", "dept", "subject", "item", "fund", "amount", "contribution", "file"]
        return lines.select(shown).sort(["name", "sheet", "row"], nulls_last=True)

    def _from_files(self, lines: pl.DataFrame, table: type[Table]) -> pl.DataFrame:
        self.reader.note(table.__name__, lines.height)
        files = self._seen(SourceFile).select("file", "name", "sheet")
        return lines.join(files.unique("file", keep="first", maintain_order=True), on="file", how="left", maintain_order="left")

    def _params(self, cap: Capability) -> pl.DataFrame:
        rules = [r for c in _before(cap) for r in rules_at(c, self.policy, self.cell).values()]
        used = {v.key: v for r in rules for v in r.used.values()}
        meanings = self.policy.meanings
        schema = ["key", "zh", "en", "value", "since", "scope", "source"]
        rows = [(v.key, meanings[v.key].zh, meanings[v.key].en, as_yaml(v.value), str(v.since), v.scope, v.source) for v in used.values()]
        return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")

    def _sql(self, cap: Capability) -> str:
        unread = {n: t(_unread) for n, t in cap.reads.items()}
        try:
            out = cap.run(**unread, **rules_at(cap, self.policy, self.cell))
        except _UnreadError:
            return ""
        return str(out).strip() if isinstance(out, sql) else ""


def _before(cap: Capability) -> list[Capability]:
    # A gate stops a month but gives no figure: what only a gate reads says nothing about where a figure comes from.
    todo, seen = [cap.writes], set[type[Table]]()
    while todo:
        table = todo.pop()
        made = writer(table)
        if made and table not in seen and not table.gate:
            seen.add(table)
            todo += made.reads.values()
    return [c for c in order([cap.writes]) if c.writes in seen]


class _UnreadError(Exception):
    """能力要读数据，说明它不是 SQL · Raised when a capability opens the door to Python: it is not an SQL one."""


def _unread() -> pl.DataFrame:
    raise _UnreadError
