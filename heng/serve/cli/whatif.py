"""假如参数不同 · What if parameters had other values: before, after, difference. Nothing of the region changes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import PolicyError
from heng.serve.cli.command import Asker, Dept, Json, Month, Orgs, Where, command
from heng.serve.cli.console import say, show
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.serve.labels import Labels
    from heng.serve.whatif import Difference


@dataclass(kw_only=True)
class WhatIfOptions(Asker):
    """假如的选项 · Options of `heng whatif`."""

    changes: Annotated[list[str], Argument(metavar="KEY=VALUE…", help="参数=值（YAML） · parameter=value in YAML")]
    name: Annotated[str, Option("--show", metavar="NAME", help="看哪个能力、表或指标 · which capability, table or indicator")]
    org: Orgs = field(default_factory=list)
    period: Annotated[str, Option("--period", help="期间 · period", show_default=False)] = ""
    month: Month = ""
    dept: Dept = ""
    where: Where = field(default_factory=list)
    group: Annotated[bool, Option("--group", help="各医院合为集团 · all hospitals as one")] = False
    limit: Annotated[int, Option("--limit", min=1, help="最多行数 · rows at most")] = 30
    all: Annotated[bool, Option("--all", help="全部行 · every row")] = False
    json: Json = False


@command("whatif", WhatIfOptions)
def whatif(asked: WhatIfOptions) -> None:
    """假如参数不同：前、后、差 · What if parameters had other values."""
    from heng.serve.caution import caution
    from heng.serve.cli.caution import caution_told
    from heng.serve.labels import Labels
    from heng.serve.question import Asked
    from heng.serve.whatif import Wanted, what_if

    doer = session().doer(asked, "run")
    question = Asked(tuple(asked.org), asked.period or asked.month, asked.dept, tuple(asked.where), asked.group)
    found = what_if(doer, Wanted(asked.name, question, dict(map(change, asked.changes))))
    reader = doer.reader()
    _print(asked, Labels(reader, session()), found)
    caution_told(caution(reader, found.seen, found.table))


def change(text: str) -> tuple[str, Any]:
    """一处改动 · `costing.step_down.peer={admin: true}` → the key and its value, read as YAML."""
    import yaml

    key, equals, value = text.partition("=")
    try:
        return key.strip(), yaml.safe_load(value) if equals else _no_value(text)
    except yaml.YAMLError as e:
        raise PolicyError(
            f"读不懂「{text}」的值", f"cannot read the value in {text!r}", where="heng whatif", mend=("值按 YAML 写", "write it as YAML")
        ) from e


def _print(asked: WhatIfOptions, labels: "Labels", found: "Difference") -> None:
    from heng.serve.cli.output import draw, print_json
    from heng.serve.columns import as_json

    if asked.json:
        print_json(as_json(found.rows, found.columns))
        return
    say("whatif.moved", n=found.rows.height, all=found.among)
    if found.rows.height:
        for part in draw(found.rows, found.columns, labels, title=" · ".join(asked.changes), limit=None if asked.all else asked.limit):
            show(part)


def _no_value(text: str) -> Any:
    raise PolicyError(f"读不懂「{text}」", f"cannot read {text!r}", where="heng whatif", mend=("写成 参数=值", "write parameter=value"))
