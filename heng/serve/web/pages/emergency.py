"""紧急查看 · Break-glass: one patient for an hour at most; a second person looks at what was read and approves."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import AccessError, HengError
from heng.desk.audit import Deed, refusal_noted
from heng.desk.emergency import Glass, approve, begin, reads
from heng.desk.register import emergencies
from heng.desk.rights import EMERGENCY, Asking
from heng.desk.standing import SECURITY
from heng.serve.web.administration import orgs, tabs, tried
from heng.serve.web.filled import Filled, Form, Number, whole
from heng.serve.web.listing import listing
from heng.serve.web.shown import page, told
from heng.serve.web.visit import PURPOSE, Visit, Visiting
from heng.serve.web.ways import may

router = APIRouter()


@router.get("/emergency")
def register(request: Request, visit: Visiting, number: str = "") -> Response:
    """紧急查看 · Where a glass is broken, by whom that is open; the register for the security administrator."""
    if number:
        return RedirectResponse(f"/emergency/{whole({'number': number}, 'number')}", 303)
    return _shown(request, visit, {})


@router.post("/emergency")
def break_glass(request: Request, visit: Visiting, form: Filled) -> Response:
    """打破玻璃 · It opens at once, and the owner of the data is told at once."""
    desk = visit.desk
    try:
        glass = Glass(form.get("org", ""), form.get("subject", ""), form.get("reason", ""), whole(form, "minutes"))
        begin(desk.db, desk.rights, _asking(visit), glass)
    except HengError as e:
        return _shown(request, visit, form, told(e, visit.voice))
    answer = RedirectResponse("/emergency?done=1", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(PURPOSE, EMERGENCY, max_age=glass.minutes * 60, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/emergency/{number}")
def review(request: Request, visit: Visiting, number: Number) -> Response:
    """看了什么 · What was read under it, for who may approve."""
    return _reviewed(request, visit, number)


@router.post("/emergency/{number}/approve")
def second(request: Request, visit: Visiting, number: Number) -> Response:
    """第二人核准 · A second person approves, when it has ended and within a day."""
    desk = visit.desk
    return tried(
        request,
        visit,
        f"/emergency/{number}",
        lambda: approve(desk.db, desk.rights, _asking(visit), number),
        lambda lines: _reviewed(request, visit, number, lines),
    )


def _asking(visit: Visit) -> Asking:
    return Asking(visit.login, visit.role)


def _reviewed(request: Request, visit: Visit, number: int, lines: Sequence[str] = ()) -> Response:
    names = ("at", "login", "role", "object", "rows", "allowed", "purpose")
    rows = [{n: getattr(r, n) for n in names} for r in reads(visit.desk.db, visit.desk.rights, _asking(visit), number)]
    found = listing(visit.voice.pick("看了什么", "What was read"), " ".join(names), rows, visit.voice)
    values: dict[str, Any] = {"number": number, "list": found, "lines": list(lines), "tabs": tabs(visit)}
    done = bool(request.query_params.get("done")) and not lines
    return page(request, "emergency_one.html", visit, 400 if lines else 200, done=done, **values)


def _shown(request: Request, visit: Visit, form: Form, lines: list[str] | None = None) -> Response:
    guard, breaks, approves = visit.role == SECURITY, may(EMERGENCY)(visit), may("approve")(visit)
    with refusal_noted(visit.desk.db, visit.login, Deed("page/emergency", role=visit.role)):
        if not (guard or breaks or approves):
            raise AccessError(
                "您现在的身份不能紧急查看，也不核准",
                "in your present role you neither break a glass nor approve of one",
                mend=("请医务科来做，由院长核准", "medical affairs does it, the president approves"),
            )
    columns = "id login org reason began until approved_by approved_at"
    rows = emergencies(visit.desk.db, visit.login) if guard else []
    found = listing(visit.voice.pick("紧急查看", "Break-glass"), columns, rows, visit.voice, lambda r: f"/emergency/{r['id']}")
    values: dict[str, Any] = {
        "tabs": tabs(visit),
        "guard": guard,
        "breaks": breaks,
        "list": found,
        "orgs": [(o, n) for o, n in orgs(visit) if not visit.orgs or o in visit.orgs],
        "form": form,
        "lines": lines or [],
        "done": bool(request.query_params.get("done")) and not lines,
    }
    return page(request, "emergency.html", visit, 400 if lines else 200, **values)
