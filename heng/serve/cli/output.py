"""把一张表画在终端，或写成 JSON · A table drawn on the terminal, or printed as JSON.

Columns that say the same in every row move into the title, so that what differs stays readable.
"""

import json
import sys
from decimal import Decimal
from typing import Any

import polars as pl
from rich import box
from rich.cells import cell_len
from rich.table import Table as Drawn
from rich.text import Text

from heng.core.table import Column
from heng.serve.cli.console import out
from heng.serve.columns import heading, numeric, plain_data, spoken
from heng.serve.labels import ABSENT, Labels
from heng.serve.totals import totals

FOLD = 24
"""文字列在窄屏上至少留的宽度 · Text columns are folded to no less than this on a narrow screen."""


def draw(rows: pl.DataFrame, columns: dict[str, Column], labels: Labels, *, title: str = "", limit: int | None = None) -> list[Any]:
    """画表 · The renderables: a title with what all rows share, the table with a totals row, what was left out for want of room."""
    columns = spoken(columns, labels.now.lang)
    shared = _shared(rows, columns)
    part = rows if limit is None else rows.head(limit)
    grid = {n: [_cell(columns[n], v, labels, o) for v, o in zip(part[n], _orgs(part), strict=True)] for n in columns if n not in shared}
    sums = totals(rows, columns) if rows.height > 1 else {}
    shown = _fitting(grid, columns, labels)
    drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False)
    for n in shown:
        right = numeric(columns[n])
        drawn.add_column(heading(columns[n], labels), justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in zip(*(grid[n] for n in shown), strict=True):
        drawn.add_row(*row)
    if any(n in sums for n in shown):
        drawn.add_section()
        drawn.add_row(*_footer(shown, columns, sums, labels))
    colon = labels.now.pick("：", ": ")
    said = [f"{_plain_name(columns[n], labels)}{colon}{labels.text(columns[n], v)}" for n, v in shared.items() if v not in ("", None)]
    lead = [*([Text(title, style="bold")] if title else []), *([Text(" · ".join(said), style="dim")] if said else [])]
    more = [labels.now.say("show.more", shown=part.height, all=rows.height)] if part.height < rows.height else []
    return [*lead, drawn, *more, *_hidden([_plain_name(columns[n], labels) for n in grid if n not in shown], labels)]


def _hidden(names: list[str], labels: Labels) -> list[str]:
    if not names:
        return []
    said = "、".join(names[:6]) + (labels.now.say("show.andmore", n=len(names)) if len(names) > 6 else "")
    return [labels.now.say("show.hidden", columns=said)]


def _orgs(rows: pl.DataFrame) -> list[str]:
    return [o or "" for o in rows["org"]] if "org" in rows.columns else [""] * rows.height


def _plain_name(column: Column, labels: Labels) -> str:
    return heading(column, labels).partition("\n(")[0].replace("\n", "·")


def _fitting(grid: dict[str, list[Text]], columns: dict[str, Column], labels: Labels) -> list[str]:
    # Long words may fold into two lines, numbers may not; what does not fit is named below the table, never squeezed.
    room, shown = out().width, list[str]()
    for n, cells in grid.items():
        head = max(cell_len(line) for line in heading(columns[n], labels).split("\n"))
        body = max((cell.cell_len for cell in cells), default=0)
        word = max((len(w) for cell in cells for w in cell.plain.split() if w.isascii()), default=0)
        room -= 3 + max(head, body if numeric(columns[n]) else min(body, max(FOLD, word)))
        if room < 0 and shown:
            break
        shown.append(n)
    return shown


def print_json(data: Any) -> None:
    """只打印数据 · Print the data and nothing else."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=plain_data) + "\n")


def _shared(rows: pl.DataFrame, columns: dict[str, Column]) -> dict[str, Any]:
    if rows.height < 2:
        return {}
    same = {n: rows[n][0] for n, c in columns.items() if not numeric(c) and rows[n].n_unique() == 1}
    return same if len(same) < len(columns) else {}


def _cell(column: Column, value: Any, labels: Labels, org: str) -> Text:
    text = labels.text(column, value, org)
    negative = isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0
    return Text(text, style="red" if negative else "dim" if text == ABSENT else "")


def _footer(shown: list[str], columns: dict[str, Column], sums: dict[str, Any], labels: Labels) -> list[Text]:
    cells = [_cell(columns[n], sums[n], labels, "") if n in sums else Text("") for n in shown]
    named = next((i for i, n in enumerate(shown) if n not in sums), None)
    if named is not None:
        cells[named] = Text(labels.now.say("show.total"))
    return cells
