"""假如参数不同 · What if parameters had other values: before, after, difference. Nothing of the region changes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import PolicyError
from heng.serve.cli.command import Asker, Dept, Json, Month, Orgs, Where, command
from heng.serve.cli.console import say, show
from heng.serve.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from heng.core.table import Column
    from heng.serve.cli.labels import Labels


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
    from heng.app.compute import scenario
    from heng.core.indicator import Indicator
    from heng.serve.cli.caution import caution
    from heng.serve.cli.labels import Labels
    from heng.serve.cli.question import Asked, months_held, subject, view
    from heng.serve.cli.show import seen_rows

    reader = session().reader(asked)
    found = subject(asked.name)
    table = found.of if isinstance(found, Indicator) else found
    seen = view(reader, table, Asked(tuple(asked.org), asked.period or asked.month, asked.dept, tuple(asked.where), asked.group))
    before, columns = seen_rows(reader, found, seen, by_dept=bool(asked.dept))
    with scenario(reader.region, dict(map(change, asked.changes)), months_held(reader, table, seen), [table]) as other:
        after, _ = seen_rows(reader.at(other), found, seen, by_dept=bool(asked.dept))
    rows, meaning = compared(before, after, columns)
    _print(asked, Labels(reader, session()), rows, meaning, before.height)
    caution(reader, seen, table).say()


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


def compared(before: "pl.DataFrame", after: "pl.DataFrame", columns: "dict[str, Column]") -> "tuple[pl.DataFrame, dict[str, Column]]":
    """前、后、差 · Rows whose numbers differ: keys, then each number that moves: before, after, difference."""
    from dataclasses import replace

    import polars as pl

    from heng.serve.cli.output import numeric

    numbers = [n for n, c in columns.items() if numeric(c)]
    keys = [n for n in columns if n not in numbers]
    new = after.rename({n: f"{n}_after" for n in numbers})
    joined = before.join(new, on=keys, how="full", coalesce=True, nulls_equal=True) if keys else pl.concat([before, new], how="horizontal")
    moved = {n: ~pl.col(n).eq_missing(pl.col(f"{n}_after")) for n in numbers}
    differing = joined.filter(pl.any_horizontal(moved.values()))
    made, parts = {n: columns[n] for n in keys}, [pl.col(k) for k in keys]
    for n in (n for n in numbers if differing.select(moved[n].any()).item()):
        parts += [pl.col(n), pl.col(f"{n}_after"), (pl.col(f"{n}_after") - pl.col(n)).alias(f"{n}_difference")]
        for name, zh, en in ((n, "前", "before"), (f"{n}_after", "后", "after"), (f"{n}_difference", "差", "difference")):
            made[name] = replace(columns[n], zh=f"{columns[n].zh}\n{zh}", en=f"{columns[n].en}\n{en}")
    rows = differing.select(parts)
    return (rows.sort(keys, nulls_last=True) if keys else rows), made


def _print(asked: WhatIfOptions, labels: "Labels", rows: "pl.DataFrame", columns: "dict[str, Column]", among: int) -> None:
    from heng.serve.cli.output import as_json, draw, print_json

    if asked.json:
        print_json(as_json(rows, columns))
        return
    say("whatif.moved", n=rows.height, all=among)
    if rows.height:
        for part in draw(rows, columns, labels, title=" · ".join(asked.changes), limit=None if asked.all else asked.limit):
            show(part)


def _no_value(text: str) -> Any:
    raise PolicyError(f"读不懂「{text}」", f"cannot read {text!r}", where="heng whatif", mend=("写成 参数=值", "write parameter=value"))
