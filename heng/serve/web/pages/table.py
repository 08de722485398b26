"""任一张表 · Any table or result: 50 rows at a time, sorted, filtered and compared where the data lie; and the same as a file."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.app.period import COMPARED, Page, see
from heng.core.capability import CAPABILITIES, writer
from heng.core.errors import WiringError, did_you_mean
from heng.core.table import Column, Table, table
from heng.serve.columns import as_json, numeric
from heng.serve.saved import Chosen
from heng.serve.web.asking import Asking
from heng.serve.web.downloads import as_json as data
from heng.serve.web.downloads import parted
from heng.serve.web.drill import address, trail
from heng.serve.web.files import bounded, taken
from heng.serve.web.grid import Grid, Sheet, grid
from heng.serve.web.naming import cautions
from heng.serve.web.pictures import NOTES, picture
from heng.serve.web.query import Query, Querying
from heng.serve.web.rooms import rooms, sentence
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting

CHOICES = 400
"""下拉至多几项 · Options of a list at most: of more, the code is typed."""


router = APIRouter()


@router.get("/{room:room}/{name}")
def capability_page(request: Request, visit: Visiting, asked: Querying, room: str, name: str) -> Response:
    """一项能力的结果 · The rows that a capability wrote: path is meaning."""
    stem, ending = parted(name)
    known = {c.name: c.writes for c in CAPABILITIES.values()}
    if f"{room}.{stem}" not in known:
        near = did_you_mean(f"{room}.{stem}", known)
        raise WiringError(f"没有名为 {room}.{stem} 的能力", f"there is no capability {room}.{stem}", mend=near)
    return _answer(request, visit, known[f"{room}.{stem}"], asked, ending)


@router.get("/table/{name}")
def table_page(request: Request, visit: Visiting, asked: Querying, name: str) -> Response:
    """一张表 · The rows of a table, by its name."""
    stem, ending = parted(name)
    return _answer(request, visit, table(stem), asked, ending)


def _answer(request: Request, visit: Visit, of: type[Table], asked: Query, ending: str) -> Response:
    if to := asked.tidied():
        return RedirectResponse(to, 303)
    reader = visit.reader("export" if ending in (".csv", ".xlsx") else "see")
    found = Asking(reader, of, asked, visit.voice)
    if ending == ".json":
        return data(_data(found))
    if ending:
        return _file(found, ending)
    return page(request, "table.html", visit, **_values(visit, found))


def _file(found: Asking, ending: str) -> Response:
    of, voice = found.table, found.voice
    bounded(ending, found.whole.rows)
    rows = see(found.reader, of, found.view, Page(size=-1, sort=found.page.sort))
    name = f"{voice.pick(of.zh, of.__name__)} {found.view.period.name}"
    return taken(Chosen(rows, of, found.file_columns, found.sums), found.labels, name, ending)


def _data(found: Asking) -> dict[str, Any]:
    """The page as JSON: the words of `heng show --json`, and which page of how many rows."""
    columns = {n: found.known[n] for n in found.file_columns}
    return {
        "name": found.table.__name__,
        "period": found.view.period.name,
        "generation": found.reader.region.manifest.generation,
        **cautions(found.reader, found.view, found.table).data(),
        "count": found.whole.rows,
        "page": found.query.number,
        "size": found.query.size,
        "total": {n: v for n, v in found.sums.items() if n in columns},
        "rows": as_json(found.rows, columns),
    }


def _values(visit: Visit, found: Asking) -> dict[str, Any]:
    of, voice, made = found.table, visit.voice, writer(found.table)
    sheet = Sheet(of, found.rows, found.columns, found.sums, found.whole.rows, found.place)
    shown: Grid = grid(sheet, found.labels, found.query)
    months = sorted({m for _, m in found.reader.cells(of, found.view.orgs)}, reverse=True)
    return {
        "table": of,
        "made": made,
        "room": made.name.partition(".")[0] if made else "",
        "rooms": rooms(),
        "said": voice.pick(*sentence(made.name)) if made else voice.pick(*_first(of.__doc__ or "")),
        "grid": shown,
        "asked": found.query,
        "at": found.place,
        "seen": found.view,
        "trail": trail(of, found.place, found.labels),
        "months": months,
        "dated": of.grain in ("month", "region_month"),
        "cautions": [voice.say(key, **values) for key, values in cautions(found.reader, found.view, of).phrases()],
        "path": address(of),
        "orgs": [(o, found.labels.org(o)) for o in found.reader.orgs(of)] if "org" in of.columns else [],
        "fields": [_field(found, n, c) for n, c in found.known.items() if n in of.columns and n not in ("org", "month")],
        "choosable": [(n, voice.pick(c.zh, c.en.partition(":")[0].partition(";")[0]), n in found.columns) for n, c in found.known.items()],
        "compare": [(how, voice.pick(*said), how in found.view.compare) for how, said in COMPARED.items()] if _comparable(of) else [],
        "dictionary": f"/dictionary/{of.__name__}",
        "picture": picture(found),
        "provisional": NOTES.get(of),
    }


def _first(doc: str) -> tuple[str, str]:
    zh, _, en = doc.strip().partition("\n")[0].partition(" · ")
    return zh, en or zh


def _comparable(of: type[Table]) -> bool:
    return of.grain == "month" and not of.source and not any(of.columns[k].local for k in of.key)


def _field(found: Asking, name: str, column: Column) -> dict[str, Any]:
    """One column of the filter form: choices, from and to, or a part of the text; with what is asked now."""
    now, voice = found.query.filters(), found.voice
    names = (name, column.zh)
    given = {how: next((now[n, how] for n in names if (n, how) in now), "") for how in ("=", ">=", "<=", "~")}
    kind = "range" if numeric(column) or column.type in ("date", "timestamp") else "text"
    choices = _choices(found, column)
    return {
        "name": name,
        "label": voice.pick(column.zh, column.en.partition(":")[0].partition(";")[0]),
        "kind": "choice" if choices else kind,
        "choices": choices,
        "day": column.type == "date",
        "given": given,
        "asked": any(given.values()),
    }


def _choices(found: Asking, column: Column) -> list[tuple[str, str]]:
    voice = found.voice
    if column.codes:
        return [(code, voice.pick(*words)) for code, words in column.codes.items()]
    if column.type == "boolean":
        return [("true", voice.pick("是", "yes")), ("false", voice.pick("否", "no"))]
    if column.of == "dept":
        orgs = found.view.orgs or tuple(found.labels.departments)
        codes = sorted({code for org in orgs for code in found.labels.departments.get(org, {})})
        return [(code, found.labels.dept(code, orgs[0] if len(orgs) == 1 else "")) for code in codes] if len(codes) <= CHOICES else []
    return []
