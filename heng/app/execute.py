"""运行一项能力并核对它的承诺 · Run one capability and hold it to its table's promise."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import polars as pl

from heng.app.carried import carried, exact, rounded
from heng.app.inputs import Inputs
from heng.core.capability import Capability, sql
from heng.core.errors import TableError
from heng.core.params import Params
from heng.core.table import Table
from heng.store.engine import Engine
from heng.store.sandbox import Sandbox


def execute(inputs: Inputs, cap: Capability, rules: dict[str, Params]) -> pl.DataFrame:
    """跑一批，得到整形并排好序的行 · Run one batch; the rows come shaped, in full-key order, and checked.

    Raises TableError when a column is missing, empty where it must not be, or holds a code outside its list.
    """
    engine = inputs.engine
    inputs.name(cap.reads)
    with _told(cap):
        out = cap.run(**{n: _rows(engine, t, n) for n, t in cap.reads.items()}, **rules)
    values = {k: v for r in rules.values() for k, v in r.values().items()}
    if isinstance(out, pl.DataFrame):
        engine.table("result", out)
    if isinstance(out, list):
        with closing(_sandbox(inputs, cap, "\n".join(out))) as sandbox:
            return _shaped(sandbox, cap, _one_by_one(sandbox, cap.writes, out, values), {})
    return _shaped(engine, cap, str(out) if isinstance(out, sql) else "select * from result", values)


@contextmanager
def _told(cap: Capability) -> Iterator[None]:
    # A number too large for its column is a fault of the data, in Python as in SQL.
    try:
        yield
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError, ArithmeticError) as e:
        said = str(e).strip().splitlines()[0]
        raise TableError(f"算不出：{said}", f"cannot be worked out: {said}", where=cap.name, mend=TOO_LARGE) from e


TOO_LARGE = ("核对有没有大得不合理的数", "look for figures that are unreasonably large")


def _shaped(engine: Engine, cap: Capability, source: str, values: dict[str, Any]) -> pl.DataFrame:
    table, have = cap.writes, engine.columns(source, values)
    rows = engine.rows(f"{exact(table, have, source)} order by {table.order()}", values)
    if carried(table):
        engine.table("rounded", rounded(table, rows))
        rows = engine.rows(f"{table.shaped(have, 'select * from rounded')} order by {table.order()}")
    return checked(table, rows, cap.name)


def _sandbox(inputs: Inputs, cap: Capability, queries: str) -> Sandbox:
    # Some of these queries were written by hospitals: they see the rows of this batch, and no engine that can read files.
    # The rows are fetched once, and only where a query names them.
    sandbox = Sandbox()
    sandbox.give("run_month", inputs.engine.rows("select * from run_month"))
    for name, table in cap.reads.items():
        if name.lower() in queries.lower():
            sandbox.give(name, inputs.engine.rows(table.digest(inputs.view(table))))
    return sandbox


def _one_by_one(sandbox: Sandbox, table: type[Table], queries: list[sql], values: dict[str, Any]) -> str:
    for n, query in enumerate(queries):
        try:
            sandbox.judge(query)
            sandbox.keep(f"piece_{n}", table.shaped(sandbox.columns(query, values), query), values)
        except TableError as e:
            if not query.otherwise:
                raise
            known = values | {"error": e.zh}
            sandbox.keep(f"piece_{n}", table.shaped(sandbox.columns(query.otherwise, known), query.otherwise), known)
    return " union all ".join(f"select * from piece_{n}" for n in range(len(queries))) or table.empty()


def checked(table: type[Table], rows: pl.DataFrame, where: str) -> pl.DataFrame:
    """核对必填与编码 · Required columns are filled and codes are in their lists, or TableError."""
    coded = [pl.col(n).unique().implode() for n, c in table.columns.items() if c.codes]
    empty, found = rows.null_count().row(0, named=True), rows.select(coded).row(0, named=True) if coded else {}
    for name, column in table.columns.items():
        if not column.optional and empty[name]:
            raise TableError(f"列 {column.zh} 有空值", f"column {name} is empty in some rows", where=f"{where} → {table.__name__}")
        strange = set(found.get(name, ())) - set(column.codes) - {None}
        if strange:
            raise TableError(
                f"列 {column.zh} 有编码表以外的值 {sorted(strange)[:3]}",
                f"column {name} has values outside its code list: {sorted(strange)[:3]}",
                where=f"{where} → {table.__name__}",
            )
    return rows


def _rows(engine: Engine, table: type[Table], name: str) -> Table:
    order = table.order() + (", month" if table.dated() else "")
    return table(lambda: engine.rows(f"select * from {name} order by {order}"))


def output_types(inputs: Inputs, cap: Capability, rules: dict[str, Params]) -> dict[str, str]:
    """一项 SQL 能力给出的列类型 · Column types an SQL capability gives on empty tables; empty for a Python one."""
    inputs.name(cap.reads)
    out: Any = cap.run(**{n: _rows(inputs.engine, t, n) for n, t in cap.reads.items()}, **rules)
    values = {k: v for r in rules.values() for k, v in r.values().items()}
    return inputs.engine.columns(str(out), values) if isinstance(out, sql) else {}
