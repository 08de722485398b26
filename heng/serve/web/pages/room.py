"""一室 · The page of a room: its capabilities with their sentence, their newest month, and how they stand."""

from fastapi import APIRouter, Request, Response

from heng.core.indicator import INDICATORS
from heng.serve.web.downloads import as_json
from heng.serve.web.pages.catalogue import data, entry
from heng.serve.web.rooms import about, rooms, within
from heng.serve.web.shown import page
from heng.serve.web.stock import stock
from heng.serve.web.visit import Visiting

router = APIRouter()


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
    return page(request, "room.html", visit, name=rooms()[room], said=about(room), entries=[entry(visit, s) for s in near], numbers=numbers)
