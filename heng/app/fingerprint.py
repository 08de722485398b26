"""一次运行由数据、政策与代码决定 · A run is a function of data, policy and code: the same three, the same bytes.

The code of a capability is its module, whatever runs it (inputs, macros), every heng module that these import, and
the engine's versions.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from heng.app.execute import execute
from heng.core.capability import Capability
from heng.core.params import Params
from heng.store.engine import VERSION
from heng.store.files import digest


def fingerprint(cap: Capability, rules: dict[str, Params], files: list[str]) -> str:
    """一个分区的指纹 · Fingerprint of one partition: code, values with their sources, input files."""
    values = [f"{v.key}={v.value!r}@{v.since}:{v.scope}:{v.source}" for r in rules.values() for v in r.used.values()]
    return digest("\n".join([code(cap.run.__module__), *values, *files]).encode())


@cache
def code(module: str) -> str:
    """一个能力模块及其所用代码的指纹 · Fingerprint of a capability's module and of all code that it runs by."""
    texts = [source(m) for m in sorted(_closure(module, execute.__module__))]
    return digest("\n".join([VERSION, *texts]).encode())


@cache
def source(module: str) -> str:
    """模块的源文 · The source text of a module."""
    return Path(inspect.getfile(sys.modules[module])).read_text("utf8")


def _closure(*modules: str) -> set[str]:
    todo, seen = list(modules), set[str]()
    while todo:
        m = todo.pop()
        if m not in seen:
            seen.add(m)
            todo += _imports(m)
    return seen


@cache
def _imports(module: str) -> tuple[str, ...]:
    named = (name for node in _statements(ast.parse(source(module))) for name in _named(node))
    return tuple(m for m in named if m.startswith("heng.") and m in sys.modules)


def _statements(module: ast.Module) -> Iterator[ast.AST]:
    # Imports are statements, and statements stand in statements only: the expressions, most of a tree, are passed over.
    todo: list[ast.AST] = [module]
    while todo:
        yield (node := todo.pop())
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            todo += getattr(node, part, ())


def _named(node: ast.AST) -> Iterator[str]:
    # `from heng.methods import step_down` names a package and, in it, the module that matters.
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
