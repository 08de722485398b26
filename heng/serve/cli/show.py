"""看一张表或一个指标 · Show a table or an indicator over a period, as people read it, as JSON, or as a file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.serve.cli.command import Asker, Dept, Json, Month, Orgs, Where, command
from heng.serve.cli.console import say, show
from heng.serve.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from heng.app.period import View
    from heng.app.reader import Reader
    from heng.core.indicator import Indicator
    from heng.core.table import Column, Table

PERIOD = "2026-03 | 2026Q1 | 2026 | 2026YTD05 | 2026-01..2026-03"


@dataclass(kw_only=True)
class ShowOptions(Asker):
    """看表的选项 · Options of `heng show`."""

    name: Annotated[
        str, Argument(metavar="[NAME]", help="能力、表或指标；不写则列出全部 · capability, table or indicator; all when left out")
    ] = ""
    org: Orgs = field(default_factory=list)
    period: Annotated[str, Option("--period", metavar="PERIOD", help=f"期间 · {PERIOD}", show_default=False)] = ""
    month: Month = ""
    dept: Dept = ""
    where: Where = field(default_factory=list)
    group: Annotated[bool, Option("--group", help="各医院合为集团 · all hospitals as one")] = False
    compare: Annotated[
        str, Option("--compare", metavar="yoy,mom", help="同比、环比 · with a year ago, the period before", show_default=False)
    ] = ""
    columns: Annotated[str, Option("--columns", help="只看这些列，逗号分开 · these columns only, with commas", show_default=False)] = ""
    limit: Annotated[int, Option("--limit", min=1, help="最多行数 · rows at most")] = 30
    all: Annotated[bool, Option("--all", help="全部行 · every row")] = False
    json: Json = False
    csv: Annotated[Path | None, Option("--csv", help="写成 CSV 文件 · write a CSV file")] = None
    xlsx: Annotated[Path | None, Option("--xlsx", help="写成 Excel 文件 · write an Excel file")] = None


@command("show", ShowOptions)
def show_table(asked: ShowOptions) -> None:
    """看一张表或一个指标 · Show a table or an indicator."""
    import heng.app.region  # noqa: F401 - declares all tables and capabilities
    from heng.app.period import sight_of
    from heng.core.indicator import Indicator
    from heng.serve.columns import chosen
    from heng.serve.question import Asked, subject, view
    from heng.serve.receipt import receipt
    from heng.tables.costing import Allocation

    if not asked.name:
        _catalogue(as_data=asked.json)
        return
    reader, found = session().reader(asked, action="export" if asked.csv or asked.xlsx else "see"), subject(asked.name)
    table = found.of if isinstance(found, Indicator) else found
    question = Asked(tuple(asked.org), asked.period or asked.month, asked.dept, tuple(asked.where), asked.group, asked.compare)
    seen = view(reader, table, question)
    rows, columns = seen_rows(reader, found, seen, by_dept=bool(asked.dept))
    columns = chosen(columns, asked.columns, sight_of(reader, table, seen)) if asked.columns else columns
    if asked.dept and table is Allocation and not (asked.json or asked.csv or asked.xlsx or asked.columns):
        rows, columns = receipt(rows)
    _give(reader, asked, Answer(found, seen, rows, columns))


@dataclass(frozen=True)
class Answer:
    """答案 · What was asked about, how it was seen, the rows, and what their columns mean."""

    found: "type[Table] | Indicator"
    seen: "View"
    rows: "pl.DataFrame"
    columns: "dict[str, Column]"

    @property
    def table(self) -> "type[Table]":
        """依据的表 · The table behind it."""
        from heng.core.indicator import Indicator

        return self.found.of if isinstance(self.found, Indicator) else self.found

    @property
    def title(self) -> str:
        """标题 · The title: name and period."""
        return f"{session().pick(self.found.zh, self.found.en)} · {self.seen.period.name}"


def seen_rows(
    reader: "Reader", found: "type[Table] | Indicator", seen: "View", *, by_dept: bool = False
) -> "tuple[pl.DataFrame, dict[str, Column]]":
    """取数 · The rows of a table or an indicator under a view, and what their columns mean."""
    from heng.serve.whatif import seen_rows as rows_of

    return rows_of(reader, found, seen, by_dept=by_dept)


def _give(reader: "Reader", asked: ShowOptions, answer: Answer) -> None:
    from heng.serve.caution import caution
    from heng.serve.cli.caution import caution_told
    from heng.serve.cli.output import print_json
    from heng.serve.columns import as_json

    known = caution(reader, answer.seen, answer.table)
    for path in filter(None, (asked.csv, asked.xlsx)):
        _write(reader, answer, path)
        if not asked.json:
            say("show.written", path=path, n=answer.rows.height)
    if asked.json:
        head = {"name": asked.name, "period": answer.seen.period.name, "generation": reader.region.manifest.generation}
        print_json({**head, **known.data(), "rows": as_json(answer.rows, answer.columns)})
    elif not (asked.csv or asked.xlsx):
        _draw(reader, answer, None if asked.all else asked.limit)
    caution_told(known)


def _draw(reader: "Reader", answer: Answer, limit: int | None) -> None:
    from heng.serve.cli.output import draw
    from heng.serve.labels import Labels

    if not answer.rows.height:
        say("show.nothing", title=answer.title)
        return
    labels = Labels(reader, session(), answer.seen.period.months)
    for part in draw(answer.rows, answer.columns, labels, title=answer.title, limit=limit):
        show(part)


def _write(reader: "Reader", answer: Answer, path: Path) -> None:
    from heng.serve.labels import Labels
    from heng.serve.saved import save

    labels = Labels(reader, session(), answer.seen.period.months)
    save(answer.rows, answer.table, labels, path, {"value": (answer.found.zh, answer.found.en)})


def _catalogue(*, as_data: bool) -> None:
    from rich import box
    from rich.table import Table as Drawn

    from heng.serve.cli.output import print_json

    rows = _everything()
    if as_data:
        print_json(rows)
        return
    now = session()
    drawn = Drawn(now.say("show.head.kind"), now.say("show.head.name"), "中文", "English", box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        drawn.add_row(now.say(f"show.kind.{row['kind']}"), row["name"], row["zh"], row["en"])
    show(drawn)


def _everything() -> list[dict[str, Any]]:
    from heng.core.capability import CAPABILITIES
    from heng.core.indicator import INDICATORS
    from heng.core.table import TABLES

    caps = [{"kind": "capability", "name": c.name, "zh": c.zh, "en": c.en, "table": c.writes.__name__} for c in CAPABILITIES.values()]
    tables = [
        {"kind": "source" if t.source else "table", "name": t.__name__, "zh": t.zh, "en": t.en, "table": t.__name__}
        for t in TABLES.values()
    ]
    numbers = [{"kind": "indicator", "name": i.key, "zh": i.zh, "en": i.en, "table": i.of.__name__} for i in INDICATORS.values()]
    return [r for group in (caps, tables, numbers) for r in sorted(group, key=lambda r: (r["kind"], r["name"]))]
