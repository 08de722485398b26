"""审计 · The audit trail, for the audit administrator: who, what, when, allowed or not; page by page, and as a file."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from heng.desk.audit import Deed, Sought, refusal_noted, trail
from heng.desk.database import begins
from heng.desk.people import spelt
from heng.desk.standing import AUDITING
from heng.serve.web.administration import refused
from heng.serve.web.filled import Form, until, whole
from heng.serve.web.listing import Listing, carried, listing
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting
from heng.tables.codes import ROLE

router = APIRouter()
COLUMNS = ("id", "at", "login", "role", "action", "object", "scope", "rows", "allowed", "purpose")
SIZE, MOST = 50, 100_000
"""一页几行；一个文件至多几行 · Rows of a page; rows of a file at most."""
ACTIONS = (
    ("account.", ("登录与口令", "log-in and passwords")),
    ("people.", ("人与任职", "people and posts")),
    ("grants.", ("授权", "grants")),
    ("emergency.", ("紧急查看", "break-glass")),
    ("see", ("看数据", "data seen")),
    ("export", ("带走数据", "data taken out")),
    ("load", ("装入", "loads")),
    ("run", ("运行", "runs")),
    ("cases.", ("事项", "cases")),
    ("audit.", ("查审计", "the audit itself")),
)
"""常找的动作 · What is often looked for: beginnings of actions."""


@router.get("/audit")
@router.get("/audit.{kind}")
def audit(request: Request, visit: Visiting, kind: str = "") -> Response:
    """查审计 · The newest first; `before` is the number of the last row of the page above."""
    asked: Form = {n: v.strip() for n, v in request.query_params.items()}
    with refusal_noted(visit.desk.db, visit.login, Deed("page/audit", role=visit.role)):
        if visit.role != AUDITING:
            raise refused(visit, (AUDITING,))
    before = whole(asked, "before") if asked.get("before") else None
    found = _found(visit, asked, MOST if kind else SIZE + 1, before)
    if kind:
        return carried(found, f".{kind}", visit.voice)
    more = len(found.rows) > SIZE
    shown = Listing(found.title, found.heads, found.lines[:SIZE], found.rows[:SIZE])
    values: dict[str, Any] = {
        "list": shown,
        "asked": asked,
        "roles": [(r, visit.voice.pick(*words)) for r, words in ROLE.items()],
        "actions": [(a, f"{visit.voice.pick(*words)}（{a}）") for a, words in ACTIONS],
        "older": str(shown.rows[-1]["id"]) if more else "",
        "newer": before is not None,
        "week": (visit.desk.db.today - timedelta(days=6)).isoformat(),
    }
    return page(request, "audit.html", visit, **values)


def _found(visit: Visit, asked: Form, limit: int, before: int | None) -> Listing:
    last: date | None = until(asked)
    since: date | None = until(asked, "since")
    sought = Sought(
        login=spelt(asked["who"]) if asked.get("who") else None,
        role=asked.get("role") or None,
        action=asked.get("action") or None,
        object=asked.get("object") or None,
        allowed=False if asked.get("refused") else None,
        since=begins(since) if since else None,
        until=begins(last) if last else None,
    )
    rows = [{n: getattr(row, n) for n in COLUMNS} for row in trail(visit.desk.db, visit.login, sought, limit, before)]
    return listing(visit.voice.pick("审计", "Audit"), " ".join(COLUMNS), rows, visit.voice)
