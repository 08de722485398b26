"""初次使用 · The first run: a folder becomes a region, its desk gets three administrators, and somebody who loads its first files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from heng.app.desk import Desk
from heng.app.region import Hospital, Region, new_region
from heng.core.errors import DeskError, HengError
from heng.core.scope import OWNER
from heng.desk.account import reset
from heng.desk.founding import Administrator, found
from heng.desk.migration import current, upgrade
from heng.desk.people import NewPerson, NewPost, add, find, give, sound, spelt
from heng.desk.register import people, posts
from heng.desk.standing import APART, AUDITING, SECURITY, SYSTEM

THREE = (SYSTEM, SECURITY, AUDITING)
LOADER = "it"
"""装入第一批文件的角色 · The role of who loads a hospital's first files."""


@dataclass(frozen=True)
class Named:
    """写下的一个人 · Somebody as she was written down: role, hospital ("" for the region), login and name."""

    role: str
    org: str = ""
    login: str = ""
    name: str = ""


@dataclass(frozen=True)
class Slip:
    """交给本人的一张条 · What is handed over to a person: who she is, and the code to set a password with."""

    who: Named
    code: str


def make_region(folder: Path, name: str, lines: str) -> None:
    """建立区域 · The folder becomes a region; `lines`: a hospital each, as it is copied from a sheet: code, name, level."""
    if not name.strip():
        raise HengError("区域名称是空的", "the region's name is blank", mend=("写上名称", "give it a name"))
    made = [_hospital(n, line) for n, line in enumerate(lines.splitlines(), 1) if line.strip()]
    if not made:
        raise HengError("还没有写医院", "no hospital is named", mend=("至少写一家", "name one at least"))
    new_region(folder, name.strip(), made)


def written(region: Region, desk: Desk | None) -> list[Named]:
    """写到哪里了 · The people to be named, as an interrupted beginning left them: three administrators, and a loader each hospital."""
    wanted = [*(Named(role) for role in THREE), *(Named(LOADER, org) for org in region.hospitals)]
    if desk is None or current(desk.db) is None:
        return wanted
    names = {p["login"]: p["name"] for p in people(desk.db, OWNER.login)}
    held = {(p["role"], p["org"]): p["login"] for p in posts(desk.db, OWNER.login, desk.db.today)}
    return [Named(w.role, w.org, at, names[at]) if (at := held.get((w.role, w.org))) else w for w in wanted]


def begin(region: Region, wanted: Sequence[Named]) -> list[Slip]:
    """建立案头 · The desk with its administrators and loaders, each with a code; the same again makes new codes."""
    named = [w for w in wanted if w.login.strip() or w.name.strip() or w.role in APART]
    _sound(named)
    desk = Desk(region, new=True)
    try:
        upgrade(desk.db)
        three = [w for w in named if w.role in APART]
        codes = found(desk.db, [Administrator(w.role, w.login.strip(), w.name.strip()) for w in three])
        slips = [Slip(w, codes[w.role]) for w in three]
        return slips + [Slip(w, _loader(desk, w)) for w in named if w.role == LOADER]
    finally:
        desk.db.close()


def _sound(named: Iterable[Named]) -> None:
    seen = set[str]()
    for who in named:
        login = sound(NewPerson(who.login.strip(), who.name.strip(), who.org))
        if login in seen:
            raise DeskError(
                f"账号 {login} 写了两次", f"the login {login} is written twice", where="person", mend=("每人一个账号", "one login a person")
            )
        seen.add(login)


def _loader(desk: Desk, who: Named) -> str:
    login = spelt(who.login.strip())
    if login not in {p["login"] for p in people(desk.db, OWNER.login, who.org)}:
        add(desk.db, NewPerson(login, who.name.strip(), who.org), OWNER.login)
    give(desk.db, find(desk.db, login), NewPost(LOADER, who.org, None, desk.db.today, None, "/setup"), OWNER.login)
    return reset(desk.db, login, OWNER.login)


def _hospital(number: int, line: str) -> Hospital:
    code, *rest = line.replace("，", ",").replace(",", " ").split()
    if not rest:
        raise HengError(
            f"第 {number} 行「{line.strip()}」缺名称",
            f"line {number}, {line.strip()!r}: the name is missing",
            mend=("写成：H01 示范市第一医院 三级", "write: H01 First-Hospital level"),
        )
    return Hospital(code, rest[0], " ".join(rest[1:]))
