"""沙箱：只看得见给它的行 · Sandbox: SQL that a hospital wrote sees the rows it was given and nothing else.

Two walls, neither of which looks at words: the session has no file, folder, extension or setting it could reach, and
every query is parsed by the engine itself and refused unless it is one SELECT over the given tables.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, Timer
from typing import Any

import polars as pl

from heng.core.errors import TableError
from heng.store.engine import DuckDB

SECONDS = 300.0
"""一条查询最多算多久 · How long one query may take, far beyond any honest one: a cross join of everything ends here."""
ROW_SOURCES = frozenset({"unnest", "range", "generate_series"})
"""可当表用的函数 · Functions that may stand for a table: they make rows out of their arguments alone."""
CLOCK = frozenset({"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"})
"""不带括号的时钟 · The clock in words without brackets, which parse as columns."""
RAISED = "error"
"""自己报错的函数 · The one function without a constant result that is let through: it only raises."""

_HARMLESS: set[tuple[str, frozenset[str]]] = set()
"""判过无害的 · Queries found harmless beside the tables that they may read: the same checks come with every month and hospital."""


class Sandbox(DuckDB):
    """一个只读给定行的会话 · A session without files in which queries read the given tables only."""

    def __init__(self) -> None:
        """打开，空无一物 · Open with nothing in it."""
        super().__init__()
        self._given: set[str] = set()

    def give(self, name: str, rows: pl.DataFrame) -> None:
        """交给它一张表 · Hand it a table under the name by which queries may read it."""
        self.table("handed", rows)
        super().keep(name, "select * from handed")
        self._given.add(name.lower())

    def judge(self, query: str) -> None:
        """查询可否运行 · TableError unless the text is one SELECT over given tables, without clock, chance or settings."""
        if (asked := (query, frozenset(self._given))) in _HARMLESS:
            return
        statements, nodes = self._parsed(query)
        named = {str(pair["key"]).lower() for n in nodes for pair in n.get("cte_map", {}).get("map", ())}
        strange = next((s for n in nodes if (s := _strange(n, self._given | named))), "")
        if len(statements) != 1 or strange:
            raise _refused(strange or ";")
        _HARMLESS.add(asked)

    def keep(self, name: str, select: str, values: dict[str, Any] | None = None) -> None:
        """限时算出并留下 · Work a SELECT out and keep its rows; TableError when it takes longer than `SECONDS`."""
        with self._in_time():
            super().keep(name, select, values)

    def _parsed(self, query: str) -> tuple[list[Any], list[dict[str, Any]]]:
        # The statements, and every node of them, as the parser of JSON comes by.
        nodes = list[dict[str, Any]]()

        def noted(node: dict[str, Any]) -> dict[str, Any]:
            nodes.append(node)
            return node

        text = self.rows("select json_serialize_sql($query) as parsed", {"query": query})["parsed"][0]
        try:
            parsed: dict[str, Any] = json.loads(text, object_hook=noted)
        except RecursionError as e:
            raise _refused("((((…") from e
        if parsed["error"]:
            told = str(parsed["error_message"]).splitlines()[0]
            raise TableError(f"查询出错：{told}", f"the query failed: {told}")
        return list(parsed["statements"]), nodes

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        late = Event()

        def stop() -> None:
            late.set()
            self._db.interrupt()

        timer = Timer(SECONDS, stop)
        timer.start()
        try:
            yield
        except TableError as e:
            raise (_too_slow() if late.is_set() else e) from e
        finally:
            timer.cancel()


def _strange(node: dict[str, Any], known: set[str]) -> str:
    """不许的部分 · What a part of a parsed query reaches for beyond the known tables, "" when nothing."""
    kind, names = str(node.get("type", "")), node.get("column_names") or [""]
    if kind == "BASE_TABLE":
        outside = node.get("catalog_name") or node.get("schema_name") or str(node["table_name"]).lower() not in known
        return str(node["table_name"]) if outside else ""
    if kind == "TABLE_FUNCTION":
        called = str(node["function"].get("function_name", "")).lower()
        return "" if called in ROW_SOURCES else called
    if kind == "SHOW_REF" or kind.endswith("_QUERY_NODE"):  # INSERT_QUERY_NODE and its like: WITH may hold a statement that changes rows
        return kind
    called = str(node.get("function_name", "")).lower()
    if called in _inconstant() or (len(names) == 1 and str(names[0]).lower() in CLOCK):
        return called or str(names[0])
    return ""


@cache
def _inconstant() -> frozenset[str]:
    """结果不定的函数 · Functions whose result is not given by their arguments: clock, chance, settings, by the engine's own list."""
    select = "select distinct function_name as name from duckdb_functions() where function_type = 'scalar' and stability <> 'CONSISTENT'"
    return frozenset(DuckDB().rows(select)["name"]) - {RAISED}


def _refused(what: str) -> TableError:
    return TableError(
        f"自定 SQL 只能是一个 SELECT，只读本次运行的各表，不用时钟、随机数与设置：{what}",
        f"own SQL is one SELECT over the run's tables, without clock, chance or settings: {what}",
        mend=("月份与月末在 run_month 里", "the month and its last day stand in run_month"),
    )


def _too_slow() -> TableError:
    return TableError(
        f"查询超过 {SECONDS:g} 秒，已停止",
        f"the query took longer than {SECONDS:g} seconds and was stopped",
        mend=("请检查是否缺少连接条件", "does a join lack its condition?"),
    )
