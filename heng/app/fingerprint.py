"""一次运行由数据、政策与代码决定 · A run is a function of data, policy and code: the same three, the same bytes.

The code of a capability is its module, whatever runs it (inputs, macros), every heng module that these import, and
the engine's versions.
"""

import inspect
import re
import sys
from functools import cache, lru_cache
from pathlib import Path

from heng.app.execute import execute
from heng.core.capability import Capability
from heng.core.params import Params, Value
from heng.store.engine import VERSION
from heng.store.files import digest


def fingerprint(cap: Capability, rules: dict[str, Params], files: list[str]) -> str:
    """一个分区的指纹 · Fingerprint of one partition: code, values with their sources, input files."""
    values = [told(v) for r in rules.values() for v in r.used.values()]
    return digest("\n".join([code(cap.run.__module__), *values, *files]).encode())


@lru_cache(4096)
def told(v: Value) -> str:
    """一个值的写法 · A value with its source, as a fingerprint knows it; many months go by the same values."""
    return f"{v.key}={v.value!r}@{v.since}:{v.scope}:{v.source}"


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
            todo += imports(m)
    return seen


@cache
def imports(module: str) -> tuple[str, ...]:
    """一个模块引入的本项目模块 · The modules of this project that a module imports."""
    # `from heng.methods import step_down` names a package and, in it, the module that matters.
    found = list[str]()
    for package, several, one, plain in IMPORT.findall(REMARK.sub("", source(module))):
        names = [n.split()[0] for n in (several or one).split(",") if n.strip()]
        found += [plain] if plain else [package, *(f"{package}.{n}" for n in names)]
    return tuple(m for m in found if m.startswith("heng.") and m in sys.modules)


REMARK = re.compile(r"#.*")
IMPORT = re.compile(r"^ *(?:from (heng[.\w]*) import (?:\(([^)]*)\)|(.*))|import (heng[.\w]*))", re.MULTILINE)
"""引入语句 · A statement that imports from here, read off the text: to parse it all takes ten times as long."""
