"""为什么是这个数 · Why a figure is what it is: formula, parameters with their documents, leg by leg, files and rows."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.serve.cli.command import Asker, Dept, Json, Month, Org, Where, command
from heng.serve.cli.console import say, show, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from heng.app.why import Why
    from heng.serve.cli.caution import Caution
    from heng.serve.cli.labels import Labels


@dataclass(kw_only=True)
class WhyOptions(Asker):
    """追问的选项 · Options of `heng why`."""

    name: Annotated[str, Argument(metavar="NAME", help="能力、表或指标 · capability, table or indicator")]
    org: Org
    month: Month = ""
    dept: Dept = ""
    where: Where = field(default_factory=list)
    limit: Annotated[int, Option("--limit", min=1, help="每段最多行数 · rows a section at most")] = 20
    all: Annotated[bool, Option("--all", help="全部行 · every row")] = False
    json: Json = False


@command("why", WhyOptions)
def why(asked: WhyOptions) -> None:
    """为什么是这个数：公式、参数及依据、逐笔、来源文件与行 · Why: formula, parameters, legs, files and rows."""
    import heng.app.region  # noqa: F401 - declares all tables and capabilities
    from heng.app.why import Asked as Question
    from heng.core.indicator import Indicator
    from heng.core.period import Period
    from heng.serve.cli.caution import caution
    from heng.serve.cli.labels import Labels
    from heng.serve.cli.question import Asked, subject, view

    reader, found = session().reader(asked), subject(asked.name)
    table = found.of if isinstance(found, Indicator) else found
    seen = view(reader, table, Asked((asked.org,), asked.month, asked.dept, tuple(asked.where)))
    (org,), month = seen.orgs, seen.period.months[-1]
    answer = Question(reader, org, month).why(table.__name__, dict(seen.where))
    known = caution(reader, replace(seen, period=Period(month, (month,))), table)
    if asked.json:
        _print_json(answer, known)
    else:
        _print(answer, Labels(reader, session(), [month]), None if asked.all else asked.limit)
    known.say()


def _print(answer: "Why", labels: "Labels", limit: int | None) -> None:
    from heng.serve.cli.output import draw
    from heng.serve.cli.receipt import receipt

    now, cap = session(), answer.capability
    tell(f"{cap.name} {now.pick(cap.zh, cap.en)}", "", answer.formula)
    if answer.figure is not None:
        say("why.figure", figure=f"{answer.figure:,}")
    if answer.sql:
        say("why.sql")
        tell(*(f"  {line}" for line in answer.sql.splitlines()))
    _params(answer.params)
    if answer.legs.height:
        legs, columns = receipt(answer.legs)
        for part in draw(legs, columns, labels, title=now.say("why.legs", n=legs.height), limit=limit):
            show(part)
    for part in draw(answer.rows, cap.writes.columns, labels, title=now.say("why.rows", n=answer.rows.height), limit=limit):
        show(part)
    _sources(answer, labels, limit)
    if answer.beyond:
        say("why.beyond", amount=f"{answer.beyond:,}")


def _params(params: "pl.DataFrame") -> None:
    now = session()
    if params.height:
        say("why.params")
    for row in params.iter_rows(named=True):
        tell(
            f"  {row['key']} {now.pick(row['zh'], row['en'])} = {_short(row['value'])}（{row['scope']}，{row['since']}）",
            f"    {row['source']}",
        )


def _short(value: str, most: int = 100) -> str:
    return value if len(value) <= most else f"{value[: most - 1]}…"


def _sources(answer: "Why", labels: "Labels", limit: int | None) -> None:
    from heng.core.table import TABLES, code, measured, money, number, text
    from heng.serve.cli.output import draw
    from heng.tables.costing import CostLine

    rows = answer.sources
    if not rows.height:
        return
    own: dict[str, Any] = {
        "name": text("文件", "file"),
        "sheet": text("工作表", "sheet"),
        "row": number("行", "row"),
        "feed": code("来源表", "table", {n: (t.zh, t.en) for n, t in TABLES.items()}),
        "charged": text("收费项目", "service charged"),
        "quantity": measured("数量", "quantity", unit="按项目"),
        "amount": money("入账金额", "amount booked"),
        "contribution": money("其中计入", "counted here"),
    }
    columns = {n: own.get(n) or CostLine.columns[n] for n in rows.columns}
    for part in draw(rows, columns, labels, title=session().say("why.sources", n=f"{rows.height:,}"), limit=limit):
        show(part)


def _print_json(answer: "Why", known: "Caution") -> None:
    from heng.serve.cli.output import print_json

    cap = answer.capability
    print_json(
        {
            "capability": cap.name,
            "zh": cap.zh,
            "en": cap.en,
            "figure": answer.figure,
            "beyond": answer.beyond,
            "formula": answer.formula,
            "sql": answer.sql,
            "params": answer.params.to_dicts(),
            "legs": answer.legs.to_dicts(),
            "rows": answer.rows.to_dicts(),
            "sources": answer.sources.to_dicts(),
            **known.data(),
        }
    )
