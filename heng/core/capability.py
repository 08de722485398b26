"""能力：由表和参数到一张表的纯函数 · A capability is a pure function from tables and params to one table.

Its signature is its wiring: the annotations say which tables it reads, under which rules, and what it writes.
"""

import inspect
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Self, TypeVar

import polars as pl

from heng.core.errors import Say, WiringError, did_you_mean
from heng.core.params import Params
from heng.core.table import TABLES, Table


class sql(str):  # noqa: N801 - reads as a keyword in capability modules
    """能力写下的 SQL · SQL whose tables are the capability's parameter names and whose $names are its rule's values.

    `run_month` (org, month, first_day, last_day) is always there. In a list of queries each runs on its own; where one
    fails and has an `otherwise`, that SELECT stands in for it, with what went wrong as `$error`.
    """

    __slots__ = ("otherwise",)
    otherwise: str

    def __new__(cls, text: str, otherwise: str = "") -> Self:
        """写下查询，及它出错时的替代 · The query, and what stands in for it when it fails."""
        made = super().__new__(cls, text)
        made.otherwise = otherwise
        return made


Output = sql | list[sql] | pl.DataFrame
Run = TypeVar("Run", bound=Callable[..., object])


@dataclass(frozen=True)
class Capability:
    """一项能力的接线 · The wiring of one capability.

    `months`: how many months it reads, ending with the one it writes. `duckdb_only`: why its queries run on DuckDB only;
    on another engine their rows are fetched first.
    """

    zh: str
    en: str
    run: Callable[..., Output]
    reads: dict[str, type[Table]]
    rules: dict[str, type[Params]]
    writes: type[Table]
    months: int
    duckdb_only: Say | None = None

    @property
    def name(self) -> str:
        """路径即名字 · Path is name: `costing.step_down`."""
        return self.run.__module__.split("rooms.")[-1]


CAPABILITIES: dict[str, Capability] = {}


def capability(zh: str, en: str, *, months: int = 1, duckdb_only: Say | None = None) -> Callable[[Run], Run]:
    """登记一项能力 · Register the function; one capability a module, one writer a table.

    A parameter `**sources: Table` reads every source table, each under its own name.
    """

    def register(run: Run) -> Run:
        signature = inspect.signature(run, eval_str=True)
        named = signature.parameters.values()
        inputs = {p.name: p.annotation for p in named if p.kind is not p.VAR_KEYWORD}
        if len(inputs) < len(named):
            inputs |= {name: t for name, t in sorted(TABLES.items()) if t.source}
        made = Capability(
            zh,
            en,
            run,  # type: ignore[arg-type]  # checked when it runs: the output is cast to its table
            {n: t for n, t in inputs.items() if issubclass(t, Table)},
            {n: t for n, t in inputs.items() if issubclass(t, Params)},
            signature.return_annotation,
            months,
            duckdb_only,
        )
        _claim(made)
        return run

    return register


def _claim(made: Capability) -> None:
    for other in CAPABILITIES.values():
        if other.writes is made.writes or other.name == made.name:
            raise WiringError(
                f"{made.writes.zh} 已由 {other.name} 写出", f"{made.writes.__name__} is already written by {other.name}", where=made.name
            )
    CAPABILITIES[made.name] = made


def writer(table: type[Table]) -> Capability | None:
    """谁写这张表 · The capability that writes a table; None when people load it."""
    return next((c for c in CAPABILITIES.values() if c.writes is table), None)


def find(name: str) -> Capability:
    """按名字找能力 · Find by capability name (`costing.step_down`) or by the name of the table it writes."""
    for c in CAPABILITIES.values():
        if name in (c.name, c.writes.__name__):
            return c
    names = [n for c in CAPABILITIES.values() for n in (c.name, c.writes.__name__)]
    raise WiringError(f"没有名为 {name} 的能力", f"there is no capability {name}", mend=did_you_mean(name, names))


def order(wanted: Iterable[type[Table]] | None = None, given: Collection[type[Table]] = ()) -> list[Capability]:
    """可运行的次序 · Capabilities in an order in which they can run: all, or those the wanted tables need beyond the given ones."""
    graph = {c.writes: set(c.reads.values()) for c in CAPABILITIES.values() if c.writes not in given}
    todo, seen = list(graph if wanted is None else wanted), set[type[Table]]()
    while todo:
        t = todo.pop()
        if t not in seen:
            seen.add(t)
            todo += graph.get(t, ())
    by_name = sorted(seen, key=lambda t: t.__name__)
    ranked = TopologicalSorter({t: sorted(graph.get(t, ()), key=lambda u: u.__name__) for t in by_name}).static_order()
    return [c for t in ranked if (c := writer(t))]
