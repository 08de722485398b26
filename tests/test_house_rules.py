"""家规 · The house rules, read off the source: each rule is a function that names offences, and is shown a sample it must catch."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PURE = ("core", "methods", "tables", "rooms")
VAGUE = {"util", "utils", "common", "helper", "helpers", "manager", "base", "misc"}
VAGUE_CLASS = re.compile(r"(Utils?|Helpers?|Manager|Misc|Common)$|^Base$")
TITLE = re.compile(r"^(?=.*[\u4e00-\u9fff]).+ · (?=.*[A-Za-z]).+$")
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source(NamedTuple):
    """一个源文件 · A module: its path below heng/, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def pure(self) -> bool:
        """Whether it lies in a layer that reaches nothing outside."""
        return self.path.split("/")[0] in PURE


def source(path: str, text: str) -> Source:
    """Parse a module."""
    return Source(path, text, ast.parse(text))


HOUSE = [source(p.relative_to(ROOT / "heng").as_posix(), p.read_text("utf8")) for p in sorted((ROOT / "heng").rglob("*.py"))]


def functions(s: Source) -> Iterator[Function]:
    """Every function of a module, nested ones too."""
    return (n for n in ast.walk(s.tree) if isinstance(n, Function))


def statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """A body without its docstring."""
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return body[1:] if documented else body


def idle(body: list[ast.stmt]) -> bool:
    """Whether nothing happens: pass, …, or nothing at all."""
    return all(isinstance(x, ast.Pass) or (isinstance(x, ast.Expr) and isinstance(x.value, ast.Constant)) for x in body)


def called(n: ast.AST) -> str:
    """The last name of what a call calls: `open`, `now`, `sql`."""
    if not isinstance(n, ast.Call):
        return ""
    return n.func.id if isinstance(n.func, ast.Name) else n.func.attr if isinstance(n.func, ast.Attribute) else ""


def a_file_has_at_most_300_lines(s: Source) -> Iterator[str]:
    if len(s.text.splitlines()) > 300:
        yield f"{len(s.text.splitlines())} lines"


def a_function_has_at_most_40_lines(s: Source) -> Iterator[str]:
    for f in functions(s):
        if (long := (f.end_lineno or 0) - f.lineno + 1) > 40:
            yield f"{f.name}: {long} lines"


def a_function_has_at_most_5_parameters(s: Source) -> Iterator[str]:
    for f in functions(s):
        a = f.args
        names = [x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg) if x and x.arg not in ("self", "cls")]
        wiring = any(called(d) == "capability" for d in f.decorator_list)  # a capability names every table it reads
        if len(names) > 5 and f.name != "__init_subclass__" and not wiring:  # there the parameters are the words of a declaration
            yield f"{f.name}: {len(names)} parameters"


def no_name_is_vague(s: Source) -> Iterator[str]:
    parts = Path(s.path).with_suffix("").parts
    # `base` alone is vague; in `base_total` it is the accountant's word.
    yield from (f"module {part}" for part in parts if part in VAGUE or VAGUE - {"base"} & set(part.split("_")))
    yield from (f"class {n.name}" for n in ast.walk(s.tree) if isinstance(n, ast.ClassDef) and VAGUE_CLASS.search(n.name))


def a_docstring_opens_in_both_languages(s: Source) -> Iterator[str]:
    for owner, name in documented(s.tree, "module"):
        first = (ast.get_docstring(owner) or "").partition("\n")[0]
        if not TITLE.match(first):
            yield f"{name}: {first!r} is not `中文 · English`"


def documented(owner: ast.Module | ast.ClassDef | Function, name: str) -> Iterator[tuple[ast.Module | ast.ClassDef | Function, str]]:
    """A module, its public classes and its public functions and methods (an override says what its parent says)."""
    yield owner, name
    for n in owner.body if not isinstance(owner, Function) else []:
        if isinstance(n, Function | ast.ClassDef) and not n.name.startswith("_") and not marked(n, "overload", "override", "setter"):
            yield from documented(n, n.name)


def marked(n: Function | ast.ClassDef, *names: str) -> bool:
    """Whether a decorator of one of these names stands above."""
    return any(ast.unparse(d).split(".")[-1] in names for d in n.decorator_list)


def no_function_is_a_stub(s: Source) -> Iterator[str]:
    promises = {f for c in ast.walk(s.tree) if isinstance(c, ast.ClassDef) and "Protocol" in ast.unparse(c) for f in ast.walk(c)}
    for f in functions(s):
        if idle(statements(f.body)) and f not in promises and not marked(f, "overload", "abstractmethod"):
            yield f"{f.name} does nothing"


def nothing_is_left_to_do(s: Source) -> Iterator[str]:
    yield from (f"line {i}: {x.strip()}" for i, x in enumerate(s.text.splitlines(), 1) if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", x))
    yield from (f"line {n.lineno}" for n in ast.walk(s.tree) if isinstance(n, ast.Raise) and "NotImplemented" in ast.unparse(n))


def no_error_is_swallowed(s: Source) -> Iterator[str]:
    # A function that tries one candidate after another and ends in `raise` swallows nothing.
    last_resort = {h for f in functions(s) if isinstance(f.body[-1], ast.Raise) for h in ast.walk(f)}
    for n in ast.walk(s.tree):
        if isinstance(n, ast.ExceptHandler):
            kind = ast.unparse(n.type) if n.type else "everything"
            broad = kind in ("everything", "Exception", "BaseException") and not any(isinstance(x, ast.Raise) for x in ast.walk(n))
            skips = all(isinstance(x, ast.Continue) for x in n.body) and n not in last_resort
            if broad or skips or idle(n.body):
                yield f"line {n.lineno}: {kind}"
        elif isinstance(n, ast.Call) and called(n) == "suppress" and "Exception" in {ast.unparse(a) for a in n.args}:
            yield f"line {n.lineno}: suppress(Exception)"


def pure_code_neither_prints_nor_opens_nor_asks_the_time(s: Source) -> Iterator[str]:
    for n in ast.walk(s.tree) if s.pure else ():
        if called(n) in ("print", "input", "open", "breakpoint", "exec", "eval", "now", "today", "utcnow", "__import__"):
            yield f"line {n.lineno}: {called(n)}()"  # type: ignore[attr-defined]


def queries(s: Source) -> Iterator[tuple[int, ast.expr]]:
    """What is passed to `sql(…)`, the text that auditors read; a constant of the module stands for its text."""
    texts = {t.id: n.value for n in s.tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    for n in ast.walk(s.tree):
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "sql":
            yield from ((n.lineno, texts.get(a.id, a) if isinstance(a, ast.Name) else a) for a in n.args)


def sql_is_a_plain_text(s: Source) -> Iterator[str]:
    for line, query in queries(s):
        if not (isinstance(query, ast.Constant) and isinstance(query.value, str)) and not isinstance(query, ast.Name):
            yield f"line {line}: {ast.unparse(query)[:60]}"


def sql_neither_divides_nor_averages_with_floats(s: Source) -> Iterator[str]:
    """In DuckDB `/` and `avg()` turn DECIMAL into DOUBLE; `ratio(a, b)` does not."""
    for line, query in queries(s):
        text = query.value if isinstance(query, ast.Constant) and isinstance(query.value, str) else ""
        bare = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", text, flags=re.DOTALL).lower()
        yield from (
            f"line {line}: {x}" for x in re.findall(r"(?<!/)/(?!/)|\b(?:avg|mean|fsum|kahan_sum)\s*\(|\b(?:double|float|real)\b", bare)
        )


RULES: dict[Callable[[Source], Iterator[str]], str] = {  # each with a sample that it must catch
    a_file_has_at_most_300_lines: "\n" * 301,
    a_function_has_at_most_40_lines: "def f():\n" + "    x = 1\n" * 41,
    a_function_has_at_most_5_parameters: "def f(a, b, c, *, d, e, f): return a",
    no_name_is_vague: "class RowHelper:\n    x = 1",
    a_docstring_opens_in_both_languages: '"""中文 · English."""\nclass A:\n    """只有中文"""',
    no_function_is_a_stub: "def f():\n    '说 · Said.'\n    ...",
    nothing_is_left_to_do: "x = 1  # TO" + "DO later",
    no_error_is_swallowed: "try:\n    x = 1\nexcept Exception:\n    x = 2",
    pure_code_neither_prints_nor_opens_nor_asks_the_time: "x = datetime.now()",
    sql_is_a_plain_text: "sql(f'select {x}')",
    sql_neither_divides_nor_averages_with_floats: "sql('''select sum(cost) -- a/b\n / sum(visits) from T''')",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    assert [f"heng/{s.path}: {offence}" for s in HOUSE for offence in rule(s)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_the_rule_catches_its_sample(rule: Callable[[Source], Iterator[str]]) -> None:
    assert list(rule(source("core/sample.py", RULES[rule])))


def test_a_query_kept_in_a_constant_is_read_like_any_other() -> None:
    kept = "WORKED = 'select cost / visits from T'\ndef f():\n    return sql(WORKED)\n"
    assert list(sql_neither_divides_nor_averages_with_floats(source("rooms/sample.py", kept)))
    assert list(sql_is_a_plain_text(source("rooms/sample.py", kept.replace("'select", "f'select"))))


def test_trying_candidates_until_one_fits_swallows_nothing_but_skipping_rows_does() -> None:
    attempt = "def f(x):\n for e in x:\n  try:\n   return g(e)\n  except ValueError:\n   continue\n"
    assert not list(no_error_is_swallowed(source("core/sample.py", attempt + " raise KeyError(x)")))
    assert list(no_error_is_swallowed(source("core/sample.py", attempt + " return 0")))


@pytest.mark.parametrize("path", ["core/utils.py", "store/row_helpers.py", "rooms/base.py"])
def test_vague_module_names_are_caught(path: str) -> None:
    assert list(no_name_is_vague(source(path, "")))


def tracked() -> Iterator[tuple[str, str]]:
    """Name and text of every file but this one that git tracks or would track; of a source archive, which has no git, of all."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.glob("[!.]*/**/*")]
    for path in (ROOT / n for n in names if n):
        if path.is_file() and path != Path(__file__).resolve() and b"\0" not in (raw := path.read_bytes()):
            yield path.relative_to(ROOT).as_posix(), raw.decode("utf8", "replace")


MACHINE = re.compile(r"(?<![\w.}*/-])/(?:work/|(?:home|root|tmp|Users)(?:/|\b(?![\w-])))")  # /work is a page of ours
HOSTS = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|npmmirror|anaconda\.org|(?:tuna|aliyun)[\w.]*\.(?:cn|com)")


@pytest.mark.parametrize(
    ("pattern", "sample"),
    [(MACHINE, "open('/home/li/heng')"), (HOSTS, "https://pypi.org/simple")],
    ids=["machine paths", "registry hosts"],
)
def test_the_files_say_nothing_of_the_machine_they_were_made_on(pattern: re.Pattern[str], sample: str) -> None:
    assert pattern.search(sample)
    told = [f"{name}:{text.count(chr(10), 0, m.start()) + 1}: {m[0]}" for name, text in tracked() for m in pattern.finditer(text)]
    assert told == []
