"""三员的页面 · What the pages of the three administrators have in common: whose they are, their ways, what a form says when it is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from heng.app.departments import Departments
from heng.core.errors import AccessError, HengError, Say
from heng.desk.audit import Deed, refusal_noted
from heng.desk.standing import SECURITY, SYSTEM
from heng.serve.web.filled import Form
from heng.serve.web.shown import told
from heng.serve.web.visit import Visit
from heng.tables.codes import ROLE

TABS: tuple[tuple[str, Say, tuple[str, ...]], ...] = (
    ("/people", ("人员", "People"), (SYSTEM, SECURITY)),
    ("/posts", ("任职", "Posts"), (SYSTEM, SECURITY)),
    ("/deputies", ("代理", "Deputies"), (SECURITY,)),
    ("/partners", ("合作医院", "Partners"), (SECURITY,)),
    ("/grants", ("授权", "Grants"), (SECURITY,)),
    ("/tokens", ("接口令牌", "API tokens"), (SECURITY,)),
    ("/emergency", ("紧急查看", "Break-glass"), (SECURITY,)),
)
"""管理页面与看得见它们的身份 · The pages of administration, and in which roles they are seen."""
SIZE = 100
"""一页几行 · Rows of one page."""


@dataclass(frozen=True)
class Leaf:
    """一页 · One page of a long register: its rows, its number, how many pages and rows there are."""

    rows: list[Mapping[str, Any]]
    number: int
    pages: int
    count: int


def administering(visit: Visit, path: str) -> None:
    """只给管这事的人 · AccessError, written down, for who does not act in a role that this page belongs to."""
    roles = next(roles for at, _, roles in TABS if at == path)
    with refusal_noted(visit.desk.db, visit.login, Deed(f"page{path}", role=visit.role)):
        if visit.role not in roles:
            raise refused(visit, roles)


def refused(visit: Visit, roles: Sequence[str]) -> AccessError:
    """不是这身份的页面 · The error for who acts in another role."""
    names = [ROLE[r] for r in roles]
    now = ROLE.get(visit.role, (visit.role, visit.role))
    return AccessError(
        f"这一页归{'、'.join(n[0] for n in names)}，您现在是{now[0]}",
        f"this page is for the {' and the '.join(n[1] for n in names)}; you act as {now[1]}",
        mend=("请担任此职的人来办，或在右上角换身份", "ask who holds that post, or change your role at the top right"),
    )


def tabs(visit: Visit) -> list[tuple[str, Say]]:
    """看得见的页面 · The pages of administration that this role sees."""
    return [(path, name) for path, name, roles in TABS if visit.role in roles]


def orgs(visit: Visit) -> list[tuple[str, str]]:
    """医院 · The hospitals as a list to choose from."""
    return [(h.code, f"{h.code} {h.name}") for h in visit.region.hospitals.values()]


def place(visit: Visit, form: Form) -> tuple[str, str | None]:
    """医院与科室 · The hospital and the department that a form names, as codes; "" and None for the region."""
    org, dept = form.get("org", "").strip(), form.get("dept", "").strip()
    if dept and not org:
        raise HengError(f"科室「{dept}」是哪家医院的？", f"of which hospital is the department {dept}?", where="org")
    code = visit.region.hospital(org).code if org else ""
    return code, Departments(visit.region, code, visit.desk.db.today).code(dept) if dept else None


def leaf(rows: Sequence[Mapping[str, Any]], number: int) -> Leaf:
    """翻到一页 · One page of the rows."""
    pages = max(1, -(-len(rows) // SIZE))
    at = min(max(number, 1), pages)
    return Leaf(list(rows[(at - 1) * SIZE : at * SIZE]), at, pages, len(rows))


def tried(request: Request, visit: Visit, to: str, do: Callable[[], object], again: Callable[[list[str]], Response]) -> Response:
    """试着办 · Do it and go on to a page, or show the form again with what was wrong."""
    try:
        do()
    except HengError as e:
        return again(told(e, visit.voice))
    answer: Response = RedirectResponse(f"{to}{'&' if '?' in to else '?'}done=1", 303)
    if "hx-request" in request.headers:
        answer = Response(status_code=204, headers={"HX-Redirect": to})
    return answer
