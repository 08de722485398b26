"""试算 · Trying another value: what the job does, and what is shown of it afterwards, as far as she who looks may still see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl
import yaml

from heng.app.compute import rules_at
from heng.app.reader import Reader
from heng.app.working import Kind, Task
from heng.core.capability import CAPABILITIES, Capability, order
from heng.core.errors import PolicyError
from heng.core.indicator import INDICATORS, Indicator
from heng.core.params import Policy
from heng.core.table import FRAME_TYPES, Column, Table
from heng.serve.columns import numeric, plain_data
from heng.serve.labels import Labels
from heng.serve.question import Asked, subject
from heng.serve.totals import OVERLAP
from heng.serve.voice import Voice
from heng.serve.web.charts import Option, bars
from heng.serve.web.naming import labels_of
from heng.serve.web.rules import users
from heng.serve.web.series import Point, Scale
from heng.serve.web.told import shown
from heng.serve.whatif import Wanted, own_columns, triples, what_if

MOST = 5_000
"""留下多少行 · Rows that are kept of what differs; of more, the trial is asked for again with fewer hospitals or months."""
Cell = tuple[str, str]


def try_out(task: Task) -> dict[str, Any]:
    """试算 · Work out what would differ; nothing of the region changes."""
    asked, english = task.asked, {c.zh: c.en for c in CAPABILITIES.values()}
    question = Asked(tuple(asked["orgs"]), asked["period"])

    def progress(zh: str, n: int, many: int) -> None:
        task.tell((zh, english[zh]), n, many)

    found = what_if(task.doer, Wanted(asked["show"], question, {asked["key"]: value_of(asked["value"])}), progress)
    rows = [[plain_data(v) for v in row] for row in found.rows.head(MOST).iter_rows()]
    told = {"columns": list(found.columns), "rows": rows, "moved": found.rows.height, "among": found.among}
    return {"generation": task.doer.region.manifest.generation, "period": found.seen.period.name, **told}


SCENARIO = Kind("试算", "what if", "run", writes=False, work=try_out)


def value_of(text: str) -> Any:
    """写的值 · A value as it was written, read as YAML; PolicyError when it cannot be read or is empty."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as e:
        raise PolicyError(
            "读不懂这个值", "this value cannot be read", mend=("按原来的样子写", "write it as the present one is written")
        ) from e
    if value is None:
        raise PolicyError(
            "没有写新的值", "no other value is written", mend=("写一个与现行值不同的值", "write one that differs from the present")
        )
    return value


def checked(policy: Policy, key: str, text: str, cells: list[Cell]) -> None:
    """合不合规矩 · PolicyError unless the value may stand there: its type and shape, for every capability that uses it."""
    changed = policy.scenario({key: value_of(text)})
    for made in using(key):
        for cell in cells:
            rules_at(made, changed, cell)


def using(key: str) -> tuple[Capability, ...]:
    """谁用它 · The capabilities that use a key; PolicyError when none does: then nothing could be seen of another value."""
    found = users().get(key, ())
    if not found:
        raise PolicyError(f"没有结果用到参数 {key}", f"no result uses the parameter {key}", mend=("换一个参数", "choose another parameter"))
    return found


def affected(reader: Reader, key: str) -> Iterator[Indicator | Capability]:
    """会受影响的 · The indicators and results that may differ when a key does, as far as the reader sees them."""
    made = {c.name for c in using(key)}
    moved = {c.writes for c in CAPABILITIES.values() if made & {b.name for b in order([c.writes])}}
    seen = [t for t in moved if any(reader.sees(t, org) for org in reader.region.hospitals)]
    yield from (i for i in INDICATORS.values() if i.of in seen)
    yield from (c for c in CAPABILITIES.values() if c.writes in seen)


@dataclass(frozen=True)
class Tried:
    """试出来的 · The result of a trial for who looks at it; AccessError when she may no longer see what it shows."""

    reader: Reader
    asked: Mapping[str, Any]
    result: Mapping[str, Any]
    voice: Voice

    def __post_init__(self) -> None:
        """看不看得到 · Look at the scope before anything is shown, and have it noted."""
        names = {n.removesuffix("_after").removesuffix("_difference") for n in self.result["columns"]} - {"value"}
        at = self.result["columns"].index("org") if "org" in self.result["columns"] else None
        orgs = {row[at] for row in self.result["rows"] if row[at]} if at is not None else set(self.asked["orgs"])
        self.reader.sight(self.table, orgs).refuse(names)
        self.reader.note(self.table.__name__, len(self.result["rows"]))

    @cached_property
    def found(self) -> type[Table] | Indicator:
        """看的是什么 · What was looked at."""
        return subject(self.asked["show"])

    @property
    def table(self) -> type[Table]:
        """依据的表 · The table behind it."""
        return self.found.of if isinstance(self.found, Indicator) else self.found

    @cached_property
    def columns(self) -> dict[str, Column]:
        """列 · The columns, before, after, difference."""
        return triples(own_columns(self.found), self.result["columns"])

    @cached_property
    def rows(self) -> pl.DataFrame:
        """行 · The rows that differ."""
        kept = {n: [_typed(row[i], c) for row in self.result["rows"]] for i, (n, c) in enumerate(self.columns.items())}
        return pl.DataFrame(kept, schema={n: _kind(c) for n, c in self.columns.items()})

    @cached_property
    def labels(self) -> Labels:
        """叫法 · What things are called."""
        return labels_of(self.reader, self.voice, ())

    @property
    def keys(self) -> list[str]:
        """哪一行 · The columns that tell rows apart."""
        return [n for n, c in self.columns.items() if not numeric(c)]

    @property
    def measure(self) -> str:
        """主要的数 · The number that is drawn: the first money that differs, else the first number; empty when nothing differs."""
        moved = [n.removesuffix("_after") for n in self.columns if n.endswith("_after") and n.removesuffix("_after") in self.columns]
        return next((n for n in moved if self.columns[n].unit == "元"), moved[0] if moved else "")

    def chart(self) -> tuple[Option, str] | None:
        """图与答案 · The largest differences, and in words which is the largest; None when nothing differs."""
        name = self.measure
        if not name:
            return None
        scale = Scale(self.columns[f"{name}_difference"], self.voice)
        shown_rows = self._apart()
        told = self._telling(shown_rows)
        points = [Point(self._named(row, told), row[f"{name}_difference"]) for row in shown_rows.iter_rows(named=True)]
        known = [(abs(Decimal(p.value)), p) for p in points if p.value is not None]
        if not known:
            return None
        first = max(known, key=lambda k: k[0])[1]
        column = self.columns[name].zh.partition("\n")[0], self.columns[name].en.partition("\n")[0]
        said = self.voice.pick(f"{column[0]}变动最大：{first.name}", f"{column[1]} moves most: {first.name}")
        sign = "+" if first.value and first.value > 0 else ""
        kept = " ".join(self._named(shown_rows.row(0, named=True), [n for n in OVERLAP if n in self.keys]).split())
        about = self.voice.pick(f"（{kept}）", f" ({kept})") if kept else ""
        return bars(points, scale), f"{said} {sign}{shown(Decimal(first.value or 0), scale.column, self.voice)}{about}"

    def _apart(self) -> pl.DataFrame:
        """The rows that hold no money twice: of columns that look at the same money several ways the first way only."""
        rows = self.rows
        for name in (n for n in OVERLAP if n in self.keys):
            rows = rows.filter(pl.col(name) == rows[name][0])
        return rows

    def _telling(self, rows: pl.DataFrame) -> list[str]:
        """The first few columns that tell the rows apart."""
        found = list[str]()
        for name in (n for n in self.keys if rows[n].n_unique() > 1):
            if found and rows.select(found).n_unique() == rows.height:
                break
            found.append(name)
        return found or self.keys[:1]

    def _named(self, row: Mapping[str, Any], names: list[str]) -> str:
        words = [self.labels.text(self.columns[n], row[n], str(row.get("org") or "")) for n in names if row[n] is not None]
        return " ".join(words)


def _kind(column: Column) -> pl.DataType:
    return (
        pl.Decimal(38, int(column.type.rpartition(",")[2].rstrip(")"))) if column.type.startswith("decimal") else FRAME_TYPES[column.type]
    )


def _typed(value: Any, column: Column) -> Any:
    if value is None:
        return None
    if column.type.startswith("decimal"):
        return Decimal(value)
    return {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}.get(column.type, lambda v: v)(value)
