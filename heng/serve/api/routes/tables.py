"""表 · Tables: which there are, what their columns mean, and their rows page by page."""

from typing import Any

from fastapi import APIRouter, Request, Response

from heng.app.period import Page, see
from heng.app.reader import Reader
from heng.core.capability import writer
from heng.core.errors import AccessError
from heng.core.table import TABLES, Column, Table
from heng.serve.api.answers import Rows, TableList, TableSchema, answered, page_address
from heng.serve.api.asked import AskedRows, Plain, TableName, table_named
from heng.serve.api.caller import Calling
from heng.serve.api.cursor import first_of, mark
from heng.serve.columns import as_json
from heng.serve.web.asking import Asking
from heng.serve.web.naming import cautions

router = APIRouter(tags=["tables"])


@router.get("/tables", response_model=TableList)
def tables(caller: Calling, _: Plain) -> Response:
    """看得到的表 · The tables that may be seen, in the order of their names."""
    reader = caller.reader()
    found = [_said(reader, t) for _, t in sorted(TABLES.items()) if _open(reader, t)]
    return answered({"generation": reader.region.manifest.generation, "tables": found})


@router.get("/tables/{name}", response_model=TableSchema)
def schema(caller: Calling, name: TableName, _: Plain) -> Response:
    """一张表的约定 · A table: its key and columns, and which of these may be seen."""
    reader, table = caller.reader(), table_named(name)
    seen = reader.sight(table).columns
    columns = [_column(n, c) | {"seen": n in seen} for n, c in table.columns.items()]
    return answered(_said(reader, table) | {"key": table.full_key(), "columns": columns})


@router.get("/tables/{name}/rows", response_model=Rows)
def rows(request: Request, caller: Calling, name: TableName, asked: AskedRows) -> Response:
    """一张表的行 · The rows of a table over a period, page by page, with the totals of all of them."""
    found = Asking(caller.reader(), table_named(name), asked.query(request.url.path), caller.voice)
    reader, generation = found.reader, found.reader.region.manifest.generation
    first = first_of(request, asked.cursor, generation)
    page = Page(first, asked.size, found.page.sort)
    shown = see(reader, found.table, found.view, page)
    columns = {n: found.known[n] for n in found.file_columns}
    count, last = found.whole.rows, first + shown.height
    following = page_address(request, mark(request, generation, last)) if last < count else ""
    data = {
        "name": found.table.__name__,
        "period": found.view.period.name,
        "generation": generation,
        **cautions(reader, found.view, found.table).data(),
        "count": count,
        "total": {n: v for n, v in found.sums.items() if n in columns},
        "rows": as_json(shown, columns),
        "next": following or None,
    }
    return answered(data, next_page=following)


def _open(reader: Reader, table: type[Table]) -> bool:
    return any(reader.sees(table, org) for org in reader.region.hospitals)


def _said(reader: Reader, table: type[Table]) -> dict[str, Any]:
    try:
        held = reader.held(table)
    except AccessError:
        held = set()
    made = writer(table)
    return {
        "name": table.__name__,
        "zh": table.zh,
        "en": table.en,
        "grain": table.grain,
        "source": table.source,
        "capability": made.name if made else None,
        "months": sorted({m for _, m in held if m}),
        "orgs": sorted({o for o, _ in held if o}),
    }


def _column(name: str, column: Column) -> dict[str, Any]:
    return {
        "name": name,
        **{n: getattr(column, n) for n in ("zh", "en", "type", "unit", "optional", "private", "derived")},
        "codes": {code: {"key": code, "zh": zh, "en": en} for code, (zh, en) in column.codes.items()},
    }
