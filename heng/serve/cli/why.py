"""为什么是这个数 · Why a figure is what it is: formula, parameters with their documents, leg by leg, files and rows."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from heng.serve.cli.command import Asker, Dept, Json, Month, Org, Where, command
from heng.serve.cli.console import say, show, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from heng.app.why import Why
    from heng.serve.labels import Labels


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
    from heng.serve.caution import caution
    from heng.serve.cli.caution import caution_told
    from heng.serve.cli.output import print_json
    from heng.serve.labels import Labels
    from heng.serve.question import Asked, subject, view
    from heng.serve.reasons import as_data

    reader, found = session().reader(asked), subject(asked.name)
    table = found.of if isinstance(found, Indicator) else found
    seen = view(reader, table, Asked((asked.org,), asked.month, asked.dept, tuple(asked.where)))
    (org,), month = seen.orgs, seen.period.months[-1]
    answer = Question(reader, org, month).why(table.__name__, dict(seen.where))
    known = caution(reader, replace(seen, period=Period(month, (month,))), table)
    if asked.json:
        print_json(as_data(answer, known))
    else:
        _print(answer, Labels(reader, session(), [month]), None if asked.all else asked.limit)
    caution_told(known)


def _print(answer: "Why", labels: "Labels", limit: int | None) -> None:
    from heng.serve.cli.output import draw
    from heng.serve.receipt import receipt

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
    from heng.serve.cli.output import draw
    from heng.serve.reasons import source_columns

    rows = answer.sources.drop("file")  # its id, which the name stands for
    if rows.height:
        title = session().say("why.sources", n=f"{rows.height:,}")
        for part in draw(rows, source_columns(rows.columns), labels, title=title, limit=limit):
            show(part)
