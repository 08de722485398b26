"""数据字典 · The data dictionary: every table and column, in Chinese and English, with unit, codes, privacy and origin."""

from typing import Any

import polars as pl
from fastapi import APIRouter, Request, Response

from heng.core.table import Table, table
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.serve.voice import Voice
from heng.serve.web.downloads import as_file, as_json, parted
from heng.serve.web.drill import address
from heng.serve.web.shown import page
from heng.serve.web.visit import Visiting
from heng.serve.web.words import HEADERS, entries, origin, ours, privacy

router = APIRouter()


@router.get("/dictionary")
@router.get("/dictionary.{kind}")
def dictionary(request: Request, visit: Visiting, kind: str = "") -> Response:
    """全部表 · Every table; as a file, every column of every table."""
    if kind:
        return _file(ours(), visit.voice, f".{kind}", visit.voice.pick("数据字典", "dictionary"))
    rows = [_table(t, visit.voice) for t in ours()]
    return page(request, "dictionary.html", visit, rows=rows)


@router.get("/dictionary/{name}")
def columns(request: Request, visit: Visiting, name: str) -> Response:
    """一张表的各列 · The columns of one table."""
    stem, ending = parted(name)
    of = table(stem)
    if ending:
        return _file([of], visit.voice, ending, visit.voice.pick(of.zh, of.__name__))
    told = _table(of, visit.voice)
    return page(request, "dictionary_table.html", visit, table=of, told=told, rows=entries(of, visit.voice))


def _table(of: type[Table], voice: Voice) -> dict[str, Any]:
    doc = (of.__doc__ or "").strip().partition("\n")[0].partition(" · ")
    return {
        "name": of.__name__,
        "zh": of.zh,
        "en": of.en,
        "said": voice.pick(doc[0], doc[2] or doc[0]),
        "columns": len(of.columns),
        "origin": origin(of, voice),
        "privacy": voice.pick(*privacy(of)),
        "key": voice.pick("、", ", ").join(voice.pick(of.columns[n].zh, of.columns[n].en.partition(";")[0]) for n in of.full_key()),
        "href": address(of),
        "source": of.source,
    }


def _file(tables: list[type[Table]], voice: Voice, ending: str, name: str) -> Response:
    rows = [{n: e[n] for n in HEADERS} for t in tables for e in entries(t, voice)]
    if ending == ".json":
        return as_json(rows)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(HEADERS, pl.String))
    return as_file(name, ending, lambda path: write_rows(frame, None, path, Words(voice.lang, {}, HEADERS)))
