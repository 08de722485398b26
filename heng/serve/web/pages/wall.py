"""大屏：墙上四区，自己轮换，不用鼠标 · The wall: four zones read from four metres; it turns by itself from place to place."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from heng.serve.web.cockpit import Cockpit
from heng.serve.web.drill import Place
from heng.serve.web.pages.home import cautions
from heng.serve.web.ranking import Ranking
from heng.serve.web.shown import page
from heng.serve.web.tiles import cards
from heng.serve.web.visit import Visiting

router = APIRouter()
SHORTEST, LONGEST = 10, 600
FIGURES, LISTED, BARS = 4, 6, 8
"""每区写多少 · How many figures, alerts and bars a zone holds."""


@dataclass(frozen=True)
class Turn:
    """轮到哪一屏 · Which screen it is, and how many seconds each stays."""

    view: Annotated[int, Query(ge=0, le=10_000)] = 0
    seconds: Annotated[int, Query(ge=SHORTEST, le=LONGEST)] = 30


@router.get("/wall")
def wall(request: Request, visit: Visiting, turn: Annotated[Turn, Depends()], period: str = "") -> Response:
    """大屏 · One screen of the wall; the browser asks for the next one after `seconds`. A role without figures keeps one screen."""
    own = visit.orgs if len(visit.orgs) > 1 else ("",)  # of one post: its own place
    places = own if visit.orgs else ("", *visit.region.hospitals)
    number, kept = turn.view % len(places), {"period": period} if period else {}
    cockpit = Cockpit(visit, visit.reader(), Place(period, places[number]))
    ranking, figures = Ranking(cockpit, BARS), [c for c in cards(cockpit) if c.definition and c.value.sign is not None]
    values: dict[str, Any] = {
        "cockpit": cockpit,
        "figures": figures[:FIGURES],
        "picture": ranking.picture,
        "course": ranking.course,
        "signals": cockpit.standing[:LISTED],
        "cautions": cautions(cockpit),
        "next": "/wall?" + urlencode({"view": (number + 1) % len(places), "seconds": turn.seconds} | kept),
        "seconds": turn.seconds,
        "screen": (number + 1, len(places)),
    }
    answer = page(request, "wall.html", visit, **values)
    if number == 0 and "hx-request" in request.headers:
        answer.headers["HX-Refresh"] = "true"  # once a round the whole page comes anew: a wall runs for months
    return answer
