"""一室 · The page of a room: its capabilities with their sentence, their newest month, and how they stand."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request, Response

from heng.core.errors import AccessError
from heng.core.indicator import INDICATORS, Indicator
from heng.serve.web.downloads import as_json
from heng.serve.web.drill import Place
from heng.serve.web.figures import UNKNOWN, Figure, figure
from heng.serve.web.indicated import Told
from heng.serve.web.pages.catalogue import data, entry
from heng.serve.web.pages.group import ROOM, catalogues, exploring
from heng.serve.web.rooms import about, rooms, within
from heng.serve.web.shown import page
from heng.serve.web.stock import Stock, stock
from heng.serve.web.visit import Visit, Visiting
from heng.tables.packs import Pack

router = APIRouter()
HEAD = ("cmi", "grouped_rate", "payment_margin", "case_margin", "loss_cases", "fee_to_standard", "high_outlier_rate", "low_outlier_rate")
"""室首的指标 · Indicators whose figure stands at the head of the room."""


@router.get("/{room:room}")
@router.get("/{room:room}.json")
def room_page(request: Request, visit: Visiting, room: str) -> Response:
    """一室的能力 · What the room works out."""
    found = stock(visit.reader())
    near = [found[c.writes.__name__] for c in within(room) if c.writes.__name__ in found]
    if request.url.path.endswith(".json"):
        return as_json({"room": room, "zh": rooms()[room][0], "en": rooms()[room][1], "capabilities": [data(s) for s in near]})
    tables = {s.table for s in near}
    numbers = [i for i in INDICATORS.values() if i.of in tables]
    values: dict[str, Any] = {"name": rooms()[room], "said": about(room), "entries": [entry(visit, s) for s in near], "numbers": numbers}
    return page(request, "room.html", visit, **values, lead=_lead(visit, numbers, near) if room == ROOM else None)


def _lead(visit: Visit, numbers: Iterable[Indicator], near: Iterable[Stock]) -> dict[str, Any]:
    """支付室先说的 · What the room of payment says first: its schemes, the figures of the newest month, where to go on."""
    there = {s.table.__name__: s.href for s in near if s.newest}
    known = {i.key: i for i in numbers if i.of.__name__ in there}
    told = [(known[key], *_figure(visit, known[key])) for key in HEAD if key in known]
    return {
        "schemes": exploring(visit).listed if visit.reader().sees(Pack, "") else None,
        "catalogues": catalogues(visit),
        "figures": told,
        "period": next((when for _, _, when in told if when), ""),
        "there": there,
    }


def _figure(visit: Visit, indicator: Indicator) -> tuple[Figure, str]:
    """最近一月的数 · The figure of the newest month and which that is; a dash where it is out of scope."""
    try:
        told = Told(visit, indicator, Place())
    except AccessError:
        return UNKNOWN, ""
    return figure(told.measured.now.value, told.measured.column, visit.voice), told.measured.period.name
