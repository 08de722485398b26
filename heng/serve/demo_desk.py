"""演示区域的人 · The people of the demo region: one for each role, all with the same password, which is no secret."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from heng.app.departments import Departments
from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.desk.account import reset, set_password
from heng.desk.migration import upgrade
from heng.desk.people import NewPerson, NewPost, add, find, give

PASSWORD = "heng-demo-2026"  # noqa: S105 - printed by `heng demo`: the region is invented, and so are its people
SINCE = "heng demo"


@dataclass(frozen=True)
class Somebody:
    """演示中的一个人 · A person of the demo: login, name, role, and where."""

    login: str
    name: str
    role: str
    org: str = ""
    dept: str | None = None


PEOPLE = (
    Somebody("xitong", "系统管理员", "system_admin"),
    Somebody("anquan", "安全管理员", "security_admin"),
    Somebody("shenji", "审计管理员", "audit_admin"),
    Somebody("weijian", "卫健委", "commission"),
    Somebody("yibao", "医保局", "insurance"),
    Somebody("jiandu", "监督委员", "supervisor"),
    Somebody("yuanzhang", "一院院长", "president", "H01"),
    Somebody("kuaiji", "一院成本会计", "accountant", "H01"),
    Somebody("caiwu", "一院财务科", "finance", "H01"),
    Somebody("yiwu", "一院医务科", "medical", "H01"),
    Somebody("xinxi", "一院信息科", "it", "H01"),
    Somebody("guke", "一院骨科主任", "head", "H01", "骨科"),
    Somebody("yuanzhang2", "二院院长", "president", "H02"),
    Somebody("kuaiji2", "二院成本会计", "accountant", "H02"),
)


def demo_desk(region: Region, people: Iterable[Somebody] = PEOPLE) -> Desk:
    """建立演示案头 · The desk of the demo region with its people; a head holds every department whose name begins as hers."""
    desk = Desk(region, new=True)
    upgrade(desk.db)
    named = list(people)
    for who in named:
        add(desk.db, NewPerson(who.login, who.name, who.org), OWNER.login)
        for dept in _depts(region, who, desk.db.today):
            give(desk.db, find(desk.db, who.login), NewPost(who.role, who.org, dept, desk.db.today, None, SINCE), OWNER.login)
    codes = {who.login: reset(desk.db, who.login, OWNER.login) for who in named}
    with ThreadPoolExecutor() as pool:  # a hash takes long on purpose
        list(pool.map(lambda login: set_password(desk.db, login, codes[login], PASSWORD), codes))
    return desk


def _depts(region: Region, who: Somebody, day: date) -> list[str | None]:
    if who.dept is None:
        return [None]
    names = Departments(region, who.org, day).names
    return [code for code, name in names.items() if name.startswith(who.dept)] or [who.dept]
