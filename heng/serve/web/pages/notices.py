"""通知 · Notices: what was sent to me, the unread first to be seen; marked as read one by one or all at once."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import AccessError
from heng.desk.notices import mark_read, notices_of
from heng.serve.web.casework import moment, one_language, plain, refused
from heng.serve.web.downloads import as_json, parted
from heng.serve.web.filled import Number
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()
MOST = 200
"""至多几条 · Notices listed at most, the newest."""


@router.get("/notices")
@router.get("/notices.json")
def notices(request: Request, visit: Visiting, unread: bool = False) -> Response:  # noqa: FBT001, FBT002 - a word of the address
    """通知 · The visitor's notices, the newest first; only those unread when asked."""
    if parted(request.url.path)[1]:
        found = notices_of(visit.desk.db, visit.signed.person.id, unread=unread, limit=MOST)
        names = ("id", "case", "subject", "body", "made", "read")
        return as_json({"notices": [plain({n: getattr(f, n) for n in names}) for f in found]})
    return _shown(request, visit, unread=unread)


@router.post("/notices/read")
def read(request: Request, visit: Visiting, notice: Annotated[list[Number], Form()]) -> Response:
    """读过 · Mark notices as read; only her own."""
    try:
        mark_read(visit.desk.db, visit.signed.person.id, notice)
    except AccessError as e:
        return _shown(request, visit, status=403, lines=refused(e, visit.voice))
    return RedirectResponse("/notices", 303)


def _shown(request: Request, visit: Visit, *, unread: bool = False, status: int = 200, lines: list[str] | None = None) -> Response:
    found = notices_of(visit.desk.db, visit.signed.person.id, unread=unread, limit=MOST)
    rows = [
        {
            "id": n.id,
            "subject": n.subject,
            "body": one_language(n.body.splitlines(), visit.voice),
            "made": moment(n.made),
            "unread": n.read is None,
            "case": n.case,
        }
        for n in found
    ]
    return page(request, "notices.html", visit, status=status, rows=rows, only=unread, most=MOST, lines=lines or [])
