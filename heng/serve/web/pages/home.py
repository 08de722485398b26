"""首页：每个身份的驾驶舱 · The cockpit of each role: at most six decisions, one chart, one ranking, what is to do."""

from typing import Any

from fastapi import APIRouter, Request, Response

from heng.serve.months import spans
from heng.serve.web.cards import Card
from heng.serve.web.cockpit import Cockpit
from heng.serve.web.drill import Placing
from heng.serve.web.ranking import Ranking
from heng.serve.web.shown import page
from heng.serve.web.tiles import cards
from heng.serve.web.visit import Visiting
from heng.serve.web.ways import all_ways

router = APIRouter()
LISTED, RANKED = 8, 12
"""至多列几件事项、几行排名 · Cases and rows of the ranking listed at most; the rest is one click away."""


@router.get("/")
def home(request: Request, visit: Visiting, asked: Placing) -> Response:
    """首页 · The cockpit; `org`, `dept` and `period` in the address look elsewhere or at another time."""
    cockpit = Cockpit(visit, visit.reader(), asked)
    return page(request, "home.html", visit, ways=all_ways(visit), **shown(cockpit))


def shown(cockpit: Cockpit) -> dict[str, Any]:
    """首页上有什么 · What stands on the cockpit."""
    ranking = Ranking(cockpit)
    made: list[Card] = cards(cockpit)
    return {
        "cockpit": cockpit,
        "cards": made,
        "crumbs": crumbs(cockpit),
        "cautions": cautions(cockpit),
        "picture": ranking.picture,
        "columns": ranking.columns,
        "rows": ranking.rows(RANKED),
        "all_rows": (len(ranking.ordered), ranking.page),
        "cases": cockpit.cases[:LISTED],
        "more_cases": max(len(cockpit.cases) - LISTED, 0),
        "today": cockpit.visit.desk.db.today,
    }


def crumbs(cockpit: Cockpit) -> list[tuple[str, str]]:
    """来路 · The levels above, each a link; the present one last, without."""
    at, period = cockpit.at, f"period={cockpit.at.period}"
    levels = [(cockpit.visit.region.name, f"/?{period}")] if not cockpit.visit.orgs else []
    if at.org:
        levels.append((cockpit.named(at.org), f"/?org={at.org}&{period}"))
    if at.dept:
        levels.append((cockpit.named(at.org, at.dept), ""))
    return [*levels[:-1], (levels[-1][0], "")] if levels else [(cockpit.visit.region.name, "")]


def cautions(cockpit: Cockpit) -> list[str]:
    """要当心的 · What is to be known of the figures, in words."""
    found, pick = cockpit.caution, cockpit.voice.pick
    said = []
    for cells, zh, en in (
        (found.missing, "没有算出", "not worked out"),
        (found.stale, "算完以后数据、参数或程序又有改动，数还是旧的", "data, policy or program changed since it was worked out"),
    ):
        orgs = list(dict.fromkeys(cockpit.named(o) for o, _ in cells))
        if orgs:
            whole = orgs == [cockpit.named(o) for o in cockpit.orgs] and len(orgs) > 1
            who = pick("各医院", "every hospital") if whole else pick("、", ", ").join(orgs)
            said.append(f"{who} {spans(m for _, m in cells)}{pick('：', ': ')}{pick(zh, en)}")
    if cockpit.lost:
        lost = pick(
            f"科室字典里没有您任职的科室 {cockpit.lost}，先看全院 → 请安全管理员改任职",
            f"the dictionary has no department {cockpit.lost}, of your post: here is the hospital → ask the security administrator",
        )
        said.append(lost)
    return said
