"""两代数据之间差在哪里 · Where two generations (or two region folders) differ."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from heng.core.errors import HengError
from heng.core.period import period
from heng.serve.cli.command import Asker, Json, Orgs, command
from heng.serve.cli.console import progress, say, show
from heng.serve.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from heng.app.inputs import Cell
    from heng.app.reader import Reader
    from heng.app.region import Region
    from heng.core.table import Column, Table


@dataclass(kw_only=True)
class DiffOptions(Asker):
    """比较的选项 · Options of `heng diff`."""

    before: Annotated[
        str, Argument(metavar="[A]", help="代号、now、closed:H01:2026-03 或区域文件夹 · generation, now, a closing, or a folder")
    ] = ""
    after: Annotated[str, Argument(metavar="[B]", help="同上 · the same")] = ""
    engines: Annotated[
        str, Option("--engines", metavar="X,Y", help="两个引擎各从头算一遍再比 · work out anew on two engines", show_default=False)
    ] = ""
    table: Annotated[list[str], Option("--table", help="只看这些表 · these tables only", show_default=False)] = field(default_factory=list)
    org: Orgs = field(default_factory=list)
    month: Annotated[str, Option("--month", help="月份或期间 · month or period", show_default=False)] = ""
    limit: Annotated[int, Option("--limit", min=1, help="每表最多行数 · rows a table at most")] = 30
    json: Json = False


@command("diff", DiffOptions)
def diff(asked: DiffOptions) -> int:
    """两代数据之间差在哪里 · Compare two generations, or what was closed with what is now; exit code 1 when they differ."""
    if asked.engines:
        return _engines(asked)
    if not (asked.before and asked.after):
        raise HengError(
            "没有写明比较什么",
            "it is not said what to compare",
            where="heng diff",
            mend=("heng diff A B，或 heng diff --engines duckdb,spark", "heng diff A B, or heng diff --engines duckdb,spark"),
        )
    old, new = generation(asked.before), generation(asked.after)
    before = session().reader(asked, old)
    return _compare(before, before.at(new) if new.path == old.path else session().reader(asked, new), asked)


def _engines(asked: DiffOptions) -> int:
    """两个引擎给出的行是否相同 · The region worked out anew on two engines, in scratch folders that go away."""
    from heng.app.compute import anew
    from heng.app.difference import unequal_files
    from heng.app.reader import beyond

    if asked.login:
        raise beyond("把整个区域重新算一遍", "working the whole region out anew")
    reader = session().reader()
    now, tables = reader.region, _tables(asked.table)
    cells = now.cells(*_asked(reader, asked))
    first, _, second = asked.engines.partition(",")
    with anew(now, cells, tables, first) as before, anew(now, cells, tables, second) as after:
        code, unequal = _compare(reader.at(before), reader.at(after), asked), unequal_files(before, after, tables)
        if code == 0 and not asked.json:
            for table in unequal:
                say("diff.bytes", table=session().pick(table.zh, table.__name__))
            if not unequal:
                rows = sum(p.rows for t in tables for p in after.manifest.of(t.__name__))
                say("diff.engines", tables=len(tables), rows=f"{rows:,}", engines=f"{first}, {second}")
        return 1 if unequal else code


def _compare(before: "Reader", after: "Reader", asked: DiffOptions) -> int:
    from heng.app.difference import difference

    tables = [t for t in _tables(asked.table) if asked.table or any(after.sees(t, org) for org in after.region.hospitals)]
    found: dict[str, pl.DataFrame] = {}
    with progress() as report:
        for n, table in enumerate(tables):
            report(table.zh, n, len(tables))
            cells = _cells(before, after, table, asked)
            rows = difference(before, after, table, cells) if cells else None
            if rows is not None and rows.height:
                found[table.__name__] = rows
    _print(after, {t.__name__: t for t in tables}, found, asked)
    return 1 if found else 0


def generation(text: str) -> "Region":
    """指的是哪一代 · A region at a generation number, `now`, `closed:H01:2026-03` (its latest closing), or another region's folder."""
    from heng.app.region import Region

    if Path(text).is_dir():
        return Region(Path(text))
    if text == "now":
        return session().region()
    if text.isdecimal():
        return session().region(int(text))
    word, _, rest = text.partition(":")
    org, _, month = rest.partition(":")
    held = session().region()
    closings = [c for c in (*held.manifest.closed, *held.manifest.reopened) if (c.org, c.month) == (org, month)]
    if word != "closed" or not closings:
        raise HengError(
            f"没有「{text}」这一代",
            f"there is no generation {text!r}",
            where="heng diff",
            mend=(
                "写代号（见 heng doctor）、now、closed:H01:2026-03 或区域文件夹",
                "write a number (see heng doctor), now, closed:H01:2026-03, or a region folder",
            ),
        )
    return session().region(max(c.generation for c in closings))


def _tables(names: list[str]) -> "list[type[Table]]":
    from heng.core.capability import CAPABILITIES, order
    from heng.core.indicator import Indicator
    from heng.serve.question import subject

    if not names:
        return [c.writes for c in order()] if CAPABILITIES else []
    found = [subject(n) for n in names]
    return [t.of if isinstance(t, Indicator) else t for t in found]


def _cells(before: "Reader", after: "Reader", table: "type[Table]", asked: DiffOptions) -> "list[Cell]":
    near = _asked(after, asked)
    return sorted({*before.cells(table, *near), *after.cells(table, *near)})


def _asked(reader: "Reader", asked: DiffOptions) -> tuple[list[str], tuple[str, ...]]:
    return [reader.hospital(o).code for o in asked.org], period(asked.month).months if asked.month else ()


def _print(reader: "Reader", tables: "dict[str, type[Table]]", found: "dict[str, pl.DataFrame]", asked: DiffOptions) -> None:
    from heng.serve.cli.output import draw, print_json
    from heng.serve.columns import as_json
    from heng.serve.labels import Labels

    meanings = {name: _meaning(tables[name], rows) for name, rows in found.items()}
    if asked.json:
        print_json({name: as_json(rows, meanings[name]) for name, rows in found.items()})
        return
    now = session()
    for name, rows in found.items():
        counts = dict(rows["change"].value_counts().iter_rows())
        say("diff.table", table=now.pick(tables[name].zh, name), **{k: counts.get(k, 0) for k in ("added", "removed", "changed")})
    for name, rows in found.items():
        for part in draw(rows, meanings[name], Labels(reader, now), title=now.pick(tables[name].zh, tables[name].en), limit=asked.limit):
            show(part)
    if not found:
        say("diff.same")


def _meaning(table: "type[Table]", rows: "pl.DataFrame") -> "dict[str, Column]":
    from dataclasses import replace

    from heng.core.table import code

    change = code("变化", "change", {"added": ("新增", "added"), "removed": ("去掉", "removed"), "changed": ("改变", "changed")})
    made = {n: table.columns.get(n, change) for n in rows.columns if n in table.columns or n == "change"}
    for n in _moving(table, rows):
        base = table.columns[n]
        for when, zh in (("before", "前"), ("after", "后")):
            made[f"{n}_{when}"] = replace(base, zh=f"{base.zh}\n{zh}", en=f"{base.en}\n{when}")
    return made


def _moving(table: "type[Table]", rows: "pl.DataFrame") -> list[str]:
    # Numbers first; a word that is the same before and after in every row that changed tells nothing.
    from heng.serve.columns import numeric

    same = rows.filter(rows["change"] == "changed")
    names = [n for n in table.columns if f"{n}_before" in rows.columns]
    moving = [n for n in names if numeric(table.columns[n]) or not same[f"{n}_before"].eq_missing(same[f"{n}_after"]).all()]
    return sorted(moving, key=lambda n: not numeric(table.columns[n]))
