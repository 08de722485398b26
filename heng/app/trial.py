"""不用区域文件夹，只用给定的行跑能力 · Run capabilities on given rows, without a region folder: golden cases and checks."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import polars as pl

from heng.app.execute import execute, output_types
from heng.app.inputs import Cell, Inputs
from heng.core.capability import Capability, order
from heng.core.errors import TableError
from heng.core.params import Params, Policy
from heng.core.period import last_day
from heng.core.table import Table, quoted
from heng.store.engine import DuckDB, Engine
from heng.store.policy_files import read_policy

Rows = Sequence[Mapping[str, Any]] | pl.DataFrame


class Trial:
    """一家医院一个月的小算例 · A small case of one hospital and month: rows in, rows out."""

    def __init__(
        self,
        given: Mapping[type[Table], Rows],
        policy: Policy | None = None,
        cells: Sequence[Cell] = (("H01", "2026-03"),),
        engine: Engine | None = None,
    ) -> None:
        """给定各表的行 · `given` rows by table; what is left out is filled in: org, month, file, row, and an open leaf since 2000."""
        self.engine, self.policy, self.cells = engine or DuckDB(), policy or read_policy(), list(cells)
        self.has: dict[type[Table], str] = {}
        for table, rows in given.items():
            self._keep(table, rows if isinstance(rows, pl.DataFrame) else _frame(table, rows, self.cells[0]))

    def compute(self, wanted: type[Table]) -> pl.DataFrame:
        """算出一张表，缺的先算 · Work out one table, and before it whatever it needs and was not given."""
        for cap in order([wanted], given=self.has):
            if cap.writes not in self.has:
                self._keep(cap.writes, execute(self._inputs(), cap, self._rules(cap)))
        return self.engine.rows(f"select * from {self.has[wanted]}")

    def faults(self, cap: Capability) -> list[str]:
        """不用数据核对一项能力 · Bind a capability; what its output types promise wrongly.

        A money column must come as a decimal of the same scale: a float or a hidden rounding is a fault. A carried one
        comes exact, with any scale.
        """
        found = output_types(self._given, cap, self._rules(cap))
        owed = {n: c for n, c in cap.writes.columns.items() if c.type.startswith("decimal") and not c.derived}
        given = {n: found.get(n, c.type) for n, c in owed.items()}
        kept = {n: g.startswith("decimal") if owed[n].carried else _scale(g) == _scale(owed[n].type) for n, g in given.items()}
        return [f"{cap.name}.{n}: {g} → {owed[n].type}" for n, g in given.items() if not kept[n]]

    def _rules(self, cap: Capability) -> dict[str, Params]:
        org, month = self.cells[0]
        return {n: r(self.policy, last_day(month), org) for n, r in cap.rules.items()}

    @cached_property
    def _given(self) -> Inputs:
        # To bind capabilities nothing is worked out: one set of views serves them all.
        return self._inputs()

    def _inputs(self) -> Inputs:
        return Inputs(self.engine, self.cells, lambda t: f"select * from {self.has[t]}" if t in self.has else t.empty())

    def _keep(self, table: type[Table], rows: pl.DataFrame) -> None:
        name = f"given_{table.__name__}"
        self.engine.table(name, rows)
        self.has[table] = name


def _scale(type_: str) -> str:
    return type_.rpartition(",")[2]


def _frame(table: type[Table], rows: Sequence[Mapping[str, Any]], cell: Cell) -> pl.DataFrame:
    """按表的列类型写成数据表 · Rows as a frame of the table's types; org, month, file and row are filled in when left out."""
    lead = {"org": cell[0], "month": cell[1], "file": "given", "since": "2000-01-01", "disabled": False, "leaf": True}
    unknown = {k for r in rows for k in r} - set(table.columns)
    if unknown:
        raise TableError(f"没有列 {sorted(unknown)}", f"there are no columns {sorted(unknown)}", where=table.__name__)
    whole = [{n: _text(r[n] if n in r else lead.get(n, i if n == "row" else None)) for n in table.columns} for i, r in enumerate(rows, 1)]
    engine = _typist()
    engine.table("raw", pl.DataFrame(whole, schema=dict.fromkeys(table.columns, pl.String)))
    typed = ", ".join(f"{quoted(n)}::{c.type} as {quoted(n)}" for n, c in table.columns.items())
    return engine.rows(f"select {typed} from raw")


@cache
def _typist() -> DuckDB:
    # One for all trials: to open an engine takes longer than most small cases.
    return DuckDB()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
