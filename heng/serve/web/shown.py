"""把页面写出来 · Pages written out of templates: what every template knows, and how a link to a file of the program is written."""

from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import heng
from heng.serve.voice import Voice
from heng.serve.web.on_page import on_page
from heng.serve.web.visit import Visit, voice_of
from heng.serve.web.ways import main_ways
from heng.tables.codes import ROLE

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {"static": static, "version": heng.__version__, "ROLE": ROLE}
    return made


@cache
def static(name: str) -> str:
    """程序文件的地址 · The address of a file of the program; it changes with the file, so a browser may keep it for ever."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def page(request: Request, template: str, visit: Visit | None = None, /, status: int = 200, **values: Any) -> HTMLResponse:
    """写一页 · A page. A template knows `t` (中文, English), `visit` (None before log-in), where it is, and `values`.

    Where it is: `here` (path and query), `path`, `query` (name and value of each), and `again(name=value)`: the same query with
    another value.
    """
    voice = visit.voice if visit else voice_of(request)
    path, query = request.url.path, request.query_params.multi_items()
    place = {"path": path, "query": query, "here": path + (f"?{request.url.query}" if query else ""), "again": partial(_again, query)}
    ways = main_ways(visit) if visit else []
    known = {"t": voice.pick, "lang": voice.lang, "visit": visit, "part": "hx-request" in request.headers, "main_ways": ways}
    return HTMLResponse(_templates().get_template(template).render(known | place | values), status)


def _again(query: list[tuple[str, str]], **changed: str) -> str:
    # The first page again, where something else is asked for.
    kept = [(n, v) for n, v in query if n not in changed and n != "page"]
    return urlencode([*kept, *((n, v) for n, v in changed.items() if v)])


def told(error: Any, voice: Voice) -> list[str]:
    """错误的话 · What an error says in the visitor's language, line by line."""
    return [on_page(line, voice) for line in error.told(voice.lang)]
