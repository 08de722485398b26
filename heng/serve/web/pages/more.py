"""更多：这个身份用得到的全部页面 · More: every page that the role can use, by purpose; language and log-out for who holds a phone."""

from fastapi import APIRouter, Request, Response

from heng.serve.web.shown import page
from heng.serve.web.visit import Visiting
from heng.serve.web.ways import all_ways

router = APIRouter()


@router.get("/more")
def more(request: Request, visit: Visiting) -> Response:
    """更多 · Every page."""
    return page(request, "more.html", visit, ways=all_ways(visit))
