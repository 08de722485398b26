"""一次运行由数据、政策与代码决定 · A run is a function of data, policy and code: the same three, the same bytes.

The code of a capability is its module and every heng module it imports, and the engine's versions.
"""

import ast
import inspect
import sys
from functools import cache
from pathlib import Path

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
    """一个模块及其所用 heng 模块的指纹 · Fingerprint of a module and all heng modules it imports."""
    texts = [source(m) for m in sorted(_closure(module))]
    return digest("\n".join([VERSION, *texts]).encode())


def source(module: str) -> str:
    """模块的源文 · The source text of a module."""
    return Path(inspect.getfile(sys.modules[module])).read_text("utf8")


def _closure(module: str) -> set[str]:
    todo, seen = [module], set[str]()
    while todo:
        m = todo.pop()
        if m not in seen:
            seen.add(m)
            todo += _imports(m)
    return seen


@cache
def _imports(module: str) -> tuple[str, ...]:
    found = (n.module for n in ast.walk(ast.parse(source(module))) if isinstance(n, ast.ImportFrom) and n.module)
    return tuple(m for m in found if m.startswith("heng.") and m in sys.modules)
