"""目录 · The catalogue: every room, table and indicator, what is loaded of them, what is missing."""

from typing import Any

from fastapi import APIRouter, Request, Response

from heng.core.indicator import INDICATORS
from heng.serve.web.downloads import as_json, parted
from heng.serve.web.rooms import rooms, sentence, within
from heng.serve.web.shown import page
from heng.serve.web.stock import STATES, Stock, stock
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()


@router.get("/catalogue")
@router.get("/catalogue.json")
def catalogue(request: Request, visit: Visiting) -> Response:
    """目录 · What there is: files that people load, results by room, indicators."""
    found = stock(visit.reader())
    _, ending = parted(request.url.path)
    if ending:
        return as_json(
            {"generation": visit.region.manifest.generation, "tables": [data(s) for s in found.values()], "indicators": _numbers(found)}
        )
    sources = [entry(visit, s) for s in found.values() if s.table.source]
    made = {n: [entry(visit, found[c.writes.__name__]) for c in within(n) if c.writes.__name__ in found] for n in rooms()}
    other = [entry(visit, s) for s in found.values() if not s.table.source and not s.made]
    return page(request, "catalogue.html", visit, sources=sources, made=made, other=other, rooms=rooms(), indicators=len(_numbers(found)))


def entry(visit: Visit, found: Stock) -> dict[str, Any]:
    """一项 · One table as the catalogue lists it."""
    pick, hospitals = visit.voice.pick, visit.region.hospitals
    of, (level, zh, en) = found.table, STATES[found.state]
    doc = (of.__doc__ or "").strip().partition("\n")[0].partition(" · ")
    said = pick(*sentence(found.made.name)) if found.made else pick(doc[0], doc[2] or doc[0])
    named = found.missing if found.state == "part" else ()
    return {
        "name": pick(found.made.zh, found.made.en) if found.made else pick(of.zh, of.en),
        "key": found.made.name if found.made else of.__name__,
        "said": said,
        "href": found.href,
        "newest": found.newest,
        "months": len(found.months),
        "level": level,
        "state": pick(zh, en),
        "missing": "、".join(f"{o} {hospitals[o].name}" for o in named),
        "dictionary": f"/dictionary/{of.__name__}",
    }


def data(found: Stock) -> dict[str, Any]:
    """供 JSON 用 · The same for JSON."""
    of = found.table
    made = found.made.name if found.made else None
    more = {"months": list(found.months), "missing": list(found.missing), "state": found.state}
    return {"table": of.__name__, "zh": of.zh, "en": of.en, "source": of.source, "capability": made, "grain": of.grain, **more}


def _numbers(found: dict[str, Stock]) -> list[dict[str, str]]:
    return [
        {"key": i.key, "zh": i.zh, "en": i.en, "unit": i.unit, "table": i.of.__name__}
        for i in INDICATORS.values()
        if i.of.__name__ in found
    ]
