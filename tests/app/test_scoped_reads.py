"""凡看必有范围 · Nothing is read by a person without a scope, read off the source: who may fetch rows, and who may say for whom."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.test_house_rules import HOUSE, Source, called, functions, source

FETCHING = {
    "app/opened.py",  # for a reader, through her scope
    "app/compute.py",  # what follows is computation: it gives rows to capabilities, not to people
    "app/batch.py",
    "app/execute.py",
    "app/trial.py",
    "app/inputs.py",
    "app/closing.py",  # whether a month ties
    "app/load.py",  # which of two files tells more
    "app/decided.py",  # which decisions a closed month was worked out with
    "app/alerts.py",  # signals become cases of those who answer for them
    "app/return_cases.py",  # returns that differ become cases of those who settle them
    "app/corrections.py",  # checks that fail become cases of those who mend the data
    "app/effects.py",  # the figure of a month that closes a case
    "app/doctor.py",  # settings of the engine
}
"""取行的模块 · The modules of `heng.app` that may fetch rows."""
DOORS = {"DuckDB", "open_engine", "stored", "select_parts", "read_parquet", "scan_parquet", "read_parquet_schema", "raw", "frame"}
ENGINE = ("duckdb", "heng.store.engine", "heng.store.engines", "heng.store.parts", "heng.store.spark", "heng.store.sandbox")
INSIDE = ("heng.app.opened", "heng.app.execute", "heng.app.charge_lines", "heng.app.inputs")
SPEAKING = (
    "serve/cli/session.py",
    "app/asking.py",
    "app/doing.py",
    "app/departments.py",  # the dictionary of a hospital's departments, by which what is typed is understood
)
"""说明谁在看的模块 · The modules that may say who reads or acts."""
FACING = ("serve/web/", "serve/api/")
"""对外的面 · What faces a network: pages and the interface."""
OPEN = ("log_in", "oidc", "setup", "manifest")
"""还不知道是谁就要开的页 · Pages that are open before it is known who asks; they show no data."""
KNOWN = {"Visiting", "Calling", "Visit", "Caller", "Reader", "Doer", "Task"}
"""知道是谁在问 · What a function takes that knows who asks."""
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
    for n in ast.walk(s.tree) if s.path not in SPEAKING else ():
        if called(n) in ("Reader", "Doer", "DeskDoer"):
            yield f"line {n.lineno}: {called(n)}()"  # type: ignore[attr-defined]


def what_gives_rows_takes_a_reader(s: Source) -> Iterator[str]:
    asked = {f for c in ast.walk(s.tree) if isinstance(c, ast.ClassDef) for f in c.body}  # a method has what its class was given
    for f in functions(s) if s.path in READING else ():
        gives = ast.unparse(f.returns) if f.returns else ""
        takes = [ast.unparse(a.annotation) for a in f.args.args if a.annotation]
        if "DataFrame" in gives and not f.name.startswith("_") and f not in asked and "Reader" not in takes:
            yield f"{f.name}({', '.join(takes)})"
        if "Region" in takes and "DataFrame" in gives:
            yield f"{f.name} takes a Region"


def a_way_knows_who_asks(s: Source) -> Iterator[str]:
    for f in functions(s) if s.path.startswith(FACING) else ():
        routes = [d for d in f.decorator_list if ast.unparse(d).startswith("router.")]
        takes = {ast.unparse(a.annotation) for a in f.args.args if a.annotation}
        if routes and not takes & KNOWN and not s.path.endswith(tuple(f"/{name}.py" for name in OPEN)):
            yield f"{f.name}({', '.join(sorted(takes))})"


def what_faces_a_network_never_reads_as_the_owner(s: Source) -> Iterator[str]:
    if s.path.startswith(FACING) and s.path != "serve/web/beginning.py":  # who sets a region up is its owner
        yield from (f"line {n.lineno}: {n.id}" for n in ast.walk(s.tree) if isinstance(n, ast.Name) and n.id in ("OWNER", "NOBODY"))


def what_faces_a_network_gives_rows_to_who_is_known(s: Source) -> Iterator[str]:
    inside = {f for c in ast.walk(s.tree) if isinstance(c, ast.ClassDef) for f in c.body}
    for f in functions(s) if s.path.startswith(FACING) else ():
        takes = {ast.unparse(a.annotation) for a in f.args.args if a.annotation}
        gives = ast.unparse(f.returns) if f.returns else ""
        if "DataFrame" in gives and f not in inside and takes & {"Region", "House", "Desk", "Path"} and not takes & KNOWN:
            yield f"{f.name}({', '.join(sorted(takes))})"


def a_refusal_says_what_to_do(s: Source) -> Iterator[str]:
    for n in ast.walk(s.tree):
        if called(n) == "AccessError" and not any(k.arg == "mend" for k in n.keywords):  # type: ignore[attr-defined]
            yield f"line {n.lineno}: AccessError() without mend"  # type: ignore[attr-defined]


RULES: dict[Callable[[Source], Iterator[str]], tuple[str, str]] = {  # each with a module that it must catch
    who_speaks_to_people_has_no_engine: ("serve/cli/show.py", "from heng.store.engine import DuckDB"),
    who_speaks_to_people_fetches_no_rows: ("desk/cases.py", "rows = pl.read_parquet(path)"),
    only_named_modules_fetch_rows: ("app/period.py", "rows = stored(engine, folder, manifest, cells)"),
    only_a_chain_of_reasons_is_followed_beyond_the_scope: ("app/held.py", "rows = opened.unscoped(table, None)"),
    the_owner_or_the_desk_says_who_reads: ("serve/cli/show.py", "reader = Reader(region, OWNER)"),
    a_refusal_says_what_to_do: ("desk/forms.py", 'raise AccessError("不行", "no", where="forms")'),
    a_way_knows_who_asks: ("serve/api/routes/tables.py", '@router.get("/x")\ndef rows(name: str) -> Response: return 1'),
    what_faces_a_network_never_reads_as_the_owner: ("serve/web/pages/table.py", "reader = reading(OWNER)"),
    what_faces_a_network_gives_rows_to_who_is_known: ("serve/web/asking.py", "def rows(region: Region) -> pl.DataFrame: return 1"),
    what_gives_rows_takes_a_reader: ("app/period.py", "def see(region: Region, table: str) -> pl.DataFrame: return 1"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    assert [f"heng/{s.path}: {offence}" for s in HOUSE for offence in rule(s)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_the_rule_catches_its_sample(rule: Callable[[Source], Iterator[str]]) -> None:
    assert list(rule(source(*RULES[rule])))
