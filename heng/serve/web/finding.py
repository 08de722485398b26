"""查找 · What can be found by name: indicators, results, tables, columns, policy, hospitals and departments in scope.

By Chinese, English, pinyin and first letters. What is the same for everybody is gathered once; names of hospitals and departments
once a generation and scope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from heng.app.reader import Reader
from heng.core.capability import CAPABILITIES
from heng.core.errors import Say
from heng.core.indicator import INDICATORS
from heng.core.table import TABLES, Table
from heng.serve.voice import Voice
from heng.serve.web.drill import address
from heng.serve.web.naming import labels_of
from heng.serve.web.pinyin import plain, spellings
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.stock import stock
from heng.tables.costing import DeptResult

KINDS: dict[str, Say] = {
    "indicator": ("指标", "indicator"),
    "capability": ("结果", "result"),
    "dept": ("科室", "department"),
    "org": ("医院", "hospital"),
    "table": ("表", "table"),
    "policy": ("政策参数", "policy"),
    "column": ("列", "column"),
}
"""找到的是什么 · What is found, the likeliest first."""
MOST = 60
"""至多列几条 · Entries listed at most."""


@dataclass(frozen=True)
class Entry:
    """一条 · What it is, its name in both languages, where it stands, where it leads, how it may be typed; `table`: seen with it only."""

    kind: str
    zh: str
    en: str
    about: str
    href: str
    typed: tuple[str, ...]
    table: str = ""

    def rank(self, asked: str) -> int:
        """像不像 · 0 the very word, 1 begins with it, 2 has it inside, 3 not."""
        if asked in self.typed:
            return 0
        if any(t.startswith(asked) for t in self.typed):
            return 1
        return 2 if any(asked in t for t in self.typed) else 3


def search(reader: Reader, asked: str, voice: Voice) -> list[Entry]:
    """查 · What fits best first, of what the reader may see; nothing for an empty question."""
    bare = plain(asked)
    if not bare:
        return []
    tables, kinds = stock(reader), list(KINDS)
    every = [*_declared(), *REMEMBERED.of(reader, ("names", voice.lang), lambda r: tuple(_own(r, voice)))]
    seen = [e for e in every if not e.table or e.table in tables]
    found = [(e.kind == "column", rank, kinds.index(e.kind), len(e.zh), n) for n, e in enumerate(seen) if (rank := e.rank(bare)) < 3]
    return [seen[n] for *_, n in sorted(found)[:MOST]]


@cache
def _declared() -> tuple[Entry, ...]:
    return (*_numbers(), *_results(), *_tables())


def _numbers() -> Iterator[Entry]:
    for i in INDICATORS.values():
        yield _entry("indicator", (i.zh, i.en, i.key), i.formula[0], f"/indicator/{i.key}", i.of.__name__)


def _results() -> Iterator[Entry]:
    for c in CAPABILITIES.values():
        yield _entry("capability", (c.zh, c.en, c.name, c.writes.__name__, c.writes.zh), c.name, address(c.writes), c.writes.__name__)


def _tables() -> Iterator[Entry]:
    made = {c.writes for c in CAPABILITIES.values()}
    ours = [t for t in TABLES.values() if t.__module__.startswith("heng.")]
    for t in ours:
        if t not in made:
            yield _entry("table", (t.zh, t.en, t.__name__), t.__name__, address(t), t.__name__)
    within: dict[tuple[str, str, str], list[type[Table]]] = {}
    for t in ours:
        for n, c in t.columns.items():
            within.setdefault((c.zh, c.en.partition(";")[0], n), []).append(t)
    for names, some in within.items():
        about = "、".join(t.zh for t in some[:3]) + (f" … {len(some)}" if len(some) > 3 else "")
        yield _entry("column", names, about, f"/dictionary/{some[0].__name__}#{names[2]}")


def _own(reader: Reader, voice: Voice) -> Iterator[Entry]:
    """What a region and a scope have of their own: policy, hospitals, departments."""
    for m in reader.region.policy.meanings.values():
        yield _entry("policy", (m.zh, m.en, m.key), m.key, f"/policy/{m.key}")
    page, hospitals = address(DeptResult), reader.region.hospitals
    for org in hospitals:
        if reader.sees(DeptResult, org):
            yield _entry("org", (hospitals[org].name, hospitals[org].name, org), org, f"{page}?org={org}")
    for org, names in labels_of(reader, voice).departments.items():
        for code, name in names.items():
            about = f"{hospitals[org].name} {code}" if org in hospitals else code
            yield _entry("dept", (name, name, code), about, f"{page}?org={org}&dept={code}")


def _entry(kind: str, names: tuple[str, ...], about: str, href: str, table: str = "") -> Entry:
    return Entry(kind, names[0], names[1], about, href, tuple(dict.fromkeys(s for word in names for s in spellings(word))), table)
