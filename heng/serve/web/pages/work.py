"""我的工作 · What waits for me: cases to answer, the overdue first; notices that are unread; surveys of this month."""

from typing import Any

from fastapi import APIRouter, Request, Response

from heng.desk.cases import Work
from heng.desk.forms import replied
from heng.desk.notices import notices_of
from heng.serve.web.cards import roles
from heng.serve.web.casework import Places, kind_of, mine, moment, plain, step_named, term
from heng.serve.web.downloads import as_json, parted
from heng.serve.web.pages.survey import offered, own_orgs
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()
ICONS = {"alert": "alert-triangle", "correction": "pencil"}
FEW = 5
"""首页几条通知 · Notices that the page shows; the rest is one click away."""


@router.get("/work")
@router.get("/work.json")
def work(request: Request, visit: Visiting) -> Response:
    """我的工作 · What waits for the visitor, in any of her roles and as deputy."""
    waiting = mine(visit)
    if parted(request.url.path)[1]:
        return as_json({"work": [_data(w) for w in waiting]})
    places = Places(visit)
    rows = [_row(visit, places, w) for w in waiting]
    unread = notices_of(visit.desk.db, visit.signed.person.id, unread=True)
    values: dict[str, Any] = {
        "rows": rows,
        "late": sum(r["term"].level == "red" for r in rows),
        "notices": [{"id": n.id, "subject": n.subject, "made": moment(n.made), "case": n.case} for n in unread[:FEW]],
        "unread": len(unread),
        "surveys": [
            {"key": s.key, "name": visit.voice.pick(*s.words), "org": org, "hospital": places.hospital(org)}
            for org in own_orgs(visit)
            for s in offered(visit, org)
            if replied(visit.desk.db, visit.login, s.key, org) is None
        ],
    }
    return page(request, "work.html", visit, **values)


def _row(visit: Visit, places: Places, found: Work) -> dict[str, Any]:
    case, step, role = found
    voice = visit.voice
    return {
        "id": case.id,
        "title": voice.pick(case.title_zh, case.title_en),
        "kind": kind_of(case.type, voice),
        "icon": ICONS.get(case.type, "flag"),
        "place": places.named(case.org, case.dept),
        "month": case.month,
        "step": step_named(case.type, step.name, voice),
        "role": roles([role], voice),
        "term": term(visit, step.due),
        "up": step.escalated is not None,
    }


def _data(found: Work) -> dict[str, Any]:
    names = "id title_zh title_en org dept month"
    told = {n: getattr(found.case, n) for n in names.split()}
    return plain(told | {"step": found.step.name, "role": found.role, "due": found.step.due})
