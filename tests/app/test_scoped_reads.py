"""凡看必有范围 · Nothing is read by a person without a scope, read off the source: who may fetch rows, and who may say for whom."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.test_house_rules import HOUSE, Source, called, functions, source

FETCHING = {
    "app/opened.py",  # for a reader, through her scope
    "app/compute.py",  # what follows is computation: it gives rows to capabilities, not to people
    "app/execute.py",
    "app/trial.py",
    "app/inputs.py",
    "app/closing.py",  # whether a month ties
    "app/load.py",  # which of two files tells more
    "app/alerts.py",  # signals become cases of those who answer for them
    "app/corrections.py",  # checks that fail become cases of those who mend the data
    "app/effects.py",  # the figure of a month that closes a case
    "app/doctor.py",  # settings of the engine
}
"""取行的模块 · The modules of `heng.app` that may fetch rows."""
DOORS = {"DuckDB", "open_engine", "stored", "select_parts", "read_parquet", "scan_parquet", "read_parquet_schema", "raw", "frame"}
ENGINE = ("duckdb", "heng.store.engine", "heng.store.engines", "heng.store.parts", "heng.store.spark", "heng.store.sandbox")
INSIDE = ("heng.app.opened", "heng.app.execute", "heng.app.charge_lines", "heng.app.inputs")
READING = ("app/period.py", "app/held.py", "app/difference.py", "app/why.py")


def people(s: Source) -> bool:
    """Whether a module speaks to people, or keeps their affairs: the layers that have rows of nobody."""
    return s.path.startswith(("serve/", "desk/"))


def imports(s: Source) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of everything imported."""
    for n in ast.walk(s.tree):
        if isinstance(n, ast.ImportFrom) and n.module:
            yield from ((n.lineno, n.module, a.name) for a in n.names)
        elif isinstance(n, ast.Import):
            yield from ((n.lineno, a.name, "") for a in n.names)


def who_speaks_to_people_has_no_engine(s: Source) -> Iterator[str]:
    for line, module, name in imports(s) if people(s) else ():
        if module.startswith(ENGINE) or (module.startswith(INSIDE) and name != "Cell"):
            yield f"line {line}: {module} {name}"


def who_speaks_to_people_fetches_no_rows(s: Source) -> Iterator[str]:
    for n in ast.walk(s.tree) if people(s) else ():
        if called(n) in DOORS | {"unscoped"}:
            yield f"line {n.lineno}: {called(n)}()"  # type: ignore[attr-defined]


def only_named_modules_fetch_rows(s: Source) -> Iterator[str]:
    for n in ast.walk(s.tree) if s.path.startswith("app/") and s.path not in FETCHING else ():
        if called(n) in DOORS:
            yield f"line {n.lineno}: {called(n)}()"  # type: ignore[attr-defined]


def only_a_chain_of_reasons_is_followed_beyond_the_scope(s: Source) -> Iterator[str]:
    for n in ast.walk(s.tree) if s.path not in ("app/why.py", "app/opened.py") else ():
        if called(n) == "unscoped":
            yield f"line {n.lineno}"  # type: ignore[attr-defined]


def the_owner_or_the_desk_says_who_reads(s: Source) -> Iterator[str]:
    for n in ast.walk(s.tree) if s.path not in ("serve/cli/session.py", "app/asking.py") else ():
        if called(n) == "Reader":
            yield f"line {n.lineno}: Reader()"  # type: ignore[attr-defined]


def what_gives_rows_takes_a_reader(s: Source) -> Iterator[str]:
    asked = {f for c in ast.walk(s.tree) if isinstance(c, ast.ClassDef) for f in c.body}  # a method has what its class was given
    for f in functions(s) if s.path in READING else ():
        gives = ast.unparse(f.returns) if f.returns else ""
        takes = [ast.unparse(a.annotation) for a in f.args.args if a.annotation]
        if "DataFrame" in gives and not f.name.startswith("_") and f not in asked and "Reader" not in takes:
            yield f"{f.name}({', '.join(takes)})"
        if "Region" in takes and "DataFrame" in gives:
            yield f"{f.name} takes a Region"


RULES: dict[Callable[[Source], Iterator[str]], tuple[str, str]] = {  # each with a module that it must catch
    who_speaks_to_people_has_no_engine: ("serve/cli/show.py", "from heng.store.engine import DuckDB"),
    who_speaks_to_people_fetches_no_rows: ("desk/cases.py", "rows = pl.read_parquet(path)"),
    only_named_modules_fetch_rows: ("app/period.py", "rows = stored(engine, folder, manifest, cells)"),
    only_a_chain_of_reasons_is_followed_beyond_the_scope: ("app/held.py", "rows = opened.unscoped(table, None)"),
    the_owner_or_the_desk_says_who_reads: ("serve/cli/show.py", "reader = Reader(region, OWNER)"),
    what_gives_rows_takes_a_reader: ("app/period.py", "def see(region: Region, table: str) -> pl.DataFrame: return 1"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    assert [f"heng/{s.path}: {offence}" for s in HOUSE for offence in rule(s)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_the_rule_catches_its_sample(rule: Callable[[Source], Iterator[str]]) -> None:
    assert list(rule(source(*RULES[rule])))
