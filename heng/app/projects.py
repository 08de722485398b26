"""改进项目登记 · The register of improvement projects: who opens one names what it is about and its RACI.

R does the charter and the weekly reports, A accepts; both are roles of the hospital. The heads of a hospital, its finance
department, medical affairs and president open its projects, and so does the commission.
"""

from dataclasses import dataclass

from heng.app.desk import Desk
from heng.core.errors import AccessError, DeskError, did_you_mean
from heng.core.scope import OWNER
from heng.desk.audit import Deed, refusal_noted
from heng.desk.cases import About, open_case
from heng.desk.people import posts
from heng.desk.schema import Case
from heng.rooms.steering.project_case import ACCEPTANCE, CHARTER, PROJECT, WEEK
from heng.tables.codes import ROLE

OPENERS = ("head", "finance", "medical", "president", "commission")


@dataclass(frozen=True)
class NewProject:
    """新的项目 · Its title, where, from which month, and the roles that are responsible and accountable."""

    title: str
    org: str
    dept: str | None
    month: str
    responsible: str = CHARTER.role
    accountable: str = ACCEPTANCE.role


def open_project(desk: Desk, new: NewProject, by: str) -> Case:
    """立项 · Open a project, or find the one of this title there. AccessError for who may not, DeskError for a role that is none."""
    if strange := [r for r in (new.responsible, new.accountable) if r not in ROLE]:
        raise DeskError(f"没有角色 {strange[0]}", f"there is no role {strange[0]}", where="project", mend=did_you_mean(strange[0], ROLE))
    here = by == OWNER.login or any(p.role in OPENERS and p.org in (new.org, "") for p in posts(desk.db, by, desk.db.today))
    key = "/".join(("project", new.org, new.dept or "-", new.title))[:200]
    with refusal_noted(desk.db, by, Deed("case.open", key, scope=new.org)):
        if not here:
            raise _not_here(new, by)
    roles = {CHARTER.key: new.responsible, WEEK.key: new.responsible, ACCEPTANCE.key: new.accountable}
    title = (f"改进项目：{new.title}"[:200], f"improvement project: {new.title}"[:200])
    about = About(key, new.org, new.dept, new.month, title, {"roles": roles}, by)
    return open_case(desk.db, PROJECT, about, desk.workdays)


def _not_here(new: NewProject, by: str) -> AccessError:
    return AccessError(
        f"{by} 不能在 {new.org} 立项",
        f"{by} may not open a project of {new.org}",
        where="project",
        mend=("请科主任、财务科、医务科、院长或卫健委来立", "ask a head, finance, medical affairs, the president or the commission"),
    )
