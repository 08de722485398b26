"""授权与范围：一次请求定一次 · Grants, and the scope that they make: one decision for each request.

A scope joins what the role's template gives, the grants in force that day, and who the hospital works with. A named hospital
is open to another's people only while the two work together. Days are those of China; `until` is the first day no more.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import heng.tables
from heng.core.errors import AccessError, DeskError, Say, did_you_mean
from heng.core.scope import Level, Reach, Scope
from heng.core.table import TABLES, table
from heng.desk.audit import Deed, acting, note, role_of
from heng.desk.audit import refused as refused_role
from heng.desk.database import Database, day_of, now
from heng.desk.lock import not_locked
from heng.desk.partners import partners
from heng.desk.rights import EMERGENCY, PUBLIC, SEE, Asking, Rights, refused, templates
from heng.desk.schema import Emergency, Grant, Person, Post
from heng.desk.standing import SECURITY, acting_posts, lasting, stood_in_for
from heng.desk.turn import remembered

for _module in pkgutil.iter_modules(heng.tables.__path__, f"{heng.tables.__name__}."):
    importlib.import_module(_module.name)  # a grant names tables: all are declared

ALL = "*"


@dataclass(frozen=True)
class Given:
    """要给的权限 · What is to be granted; the words are those of `schema.Grant`. Without `since` from today."""

    role: str
    action: str
    relation: str
    level: Level
    reason: str
    org: str | None = None
    holder: str | None = None
    purpose: str = ""
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


class At(NamedTuple):
    """一个任职在一天 · A post on a day."""

    post: Post
    day: date


def scope_of(db: Database, rights: Rights, asking: Asking, day: date) -> Scope:
    """这次请求的范围 · The scope of a request; AccessError for who is not, or does not hold the role that day, or is locked.

    It may be empty of reaches, where an administrator asks for data.
    """
    reaches = [Reach(t.level) for t in templates(rights, PUBLIC, asking.action) if t.level is not None]
    if asking.role != PUBLIC:
        with db.reading() as session:
            person = _person(session, asking)
            posts = remembered(session, ("posts", person.id, day), lambda: tuple(acting_posts(session, person, day)))
            held = _held(posts, asking)
            if asking.purpose == EMERGENCY:
                reaches = _broken(session, person) if asking.action == SEE else []  # looked at, never carried away
            else:
                reaches += remembered(
                    session,
                    ("reaches", rights, asking, day),
                    lambda: tuple(r for post in held for r in _reaches(session, rights, asking, At(post, day))),
                )
    return Scope(asking.login, asking.role, asking.purpose, tuple(dict.fromkeys(_narrowed(reaches, asking.orgs))))


def reached(scope: Scope, org: str, dept: str | None = None, level: Level = Level.HOSPITAL) -> bool:
    """够不够得着 · Whether the scope (of an action on no table) covers a hospital ("": all of them), or a department of it.

    What reaches only some tables, columns or one patient covers no place.
    """
    whole = [r for r in scope.reaches if r.level >= level and (r.tables, r.columns, r.subject) == (None, None, None)]
    return any((r.orgs is None or org in r.orgs) and (r.depts is None or dept in r.depts) for r in whole)


def must(scope: Scope, org: str, dept: str | None = None) -> None:
    """须够得着 · AccessError unless the scope covers a hospital, or a department of it, as `reached` says."""
    if not reached(scope, org, dept):
        raise AccessError(
            f"以此身份（{scope.role}）够不着 {org} {dept or ''}".rstrip(),
            f"as {scope.role} you do not reach {org} {dept or ''}".rstrip(),
            mend=("请由该处的责任人来做", "ask who answers for that place"),
        )


def grant(db: Database, rights: Rights, by: str, given: Given) -> Grant:
    """授权 · Grant, by a security administrator who does not act in the role himself; the same twice is there once.

    AccessError where that is not so; DeskError where the template does not allow it, or a purpose or an end is missing.
    """
    words = f"{given.role} {given.action} {given.relation} {given.org or ''} {given.level}: {given.reason}"
    with db.writing() as session:
        today = day_of(now(session))
        role, himself = role_of(session, by, (SECURITY,)), _himself(session, by, given, today)
        row = None if role is None or himself else _kept(session, rights, by, given, today)
        note(session, by, Deed("grants.grant", words, role=role or "", allowed=row is not None))
    if row is None:
        raise _to_himself(by) if himself else refused_role(by, (SECURITY,), "grants.grant")
    return row


def withdraw(db: Database, by: str, number: int, reason: str) -> Grant:
    """收回授权 · A grant ends today; DeskError when there is none of that number. What has ended stays as it is."""
    with acting(db, by, (SECURITY,), Deed("grants.withdraw", f"{number}: {reason}")) as session:
        row, today = session.get(Grant, number), day_of(now(session))
        if row is None or not reason.strip():
            raise DeskError(
                f"没有第 {number} 号授权，或没有写明理由",
                f"there is no grant {number}, or no reason is told",
                where="grants.withdraw",
                mend=("用 heng desk grants list 查看号码，并写明理由", "see the numbers with heng desk grants list, and say why"),
            )
        if row.until is None or row.until > today:
            row.until = today
        return row


def grants(db: Database, day: date) -> list[Grant]:
    """现有授权 · The grants in force on a day: the register."""
    with db.reading() as session:
        return list(session.scalars(select(Grant).where(*lasting(Grant, day)).order_by(Grant.id)))


def _person(session: Session, asking: Asking) -> Person:
    found = session.scalar(select(Person).where(Person.login == asking.login))
    if found is None or found.ended is not None:
        raise refused(asking, "没有这个账号，或已停用", "there is no such account, or it has ended")
    not_locked(session, found.id)
    return found


def _held(posts: Iterable[Post], asking: Asking) -> list[Post]:
    """Of her posts that day and those of people she stands in for, the ones in the role; AccessError when there is none."""
    held = [p for p in posts if p.role == asking.role]
    if not held:
        raise refused(asking, "当天不担任此角色", "they do not hold this role that day")
    return held


def _reaches(session: Session, rights: Rights, asking: Asking, at: At) -> Iterator[Reach]:
    friends = partners(session, at.post.org, at.day) if at.post.org else frozenset[str]()
    for t in templates(rights, asking.role, asking.action):
        if t.level is not None and (place := _place(t.relation, None, at.post, friends)) is not None:
            yield Reach(t.level, *place)
    rows = select(Grant).where(Grant.role == asking.role, Grant.action == asking.action, *lasting(Grant, at.day))
    rows = rows.where(Grant.purpose.in_(("", asking.purpose)), or_(Grant.holder.is_(None), Grant.holder == at.post.org))
    for g in session.scalars(rows.order_by(Grant.id)):
        if (place := _place(g.relation, g.org, at.post, friends)) is not None:
            yield Reach(Level(g.level), *place, _names(g.tables), _names(g.columns))


def _place(
    relation: str, named: str | None, post: Post, friends: frozenset[str]
) -> tuple[frozenset[str] | None, frozenset[str] | None] | None:
    """Hospitals and departments that a relation means for a post; None where it means none."""
    own = frozenset({post.org} if post.org else ())
    orgs = {
        "own": own,
        "dept": own,
        "partner": friends,
        # People of the region may be given any hospital, people of a hospital only one that they work with.
        "named": frozenset({named} if named else ()) & (own | friends if post.org else frozenset({named or ""})),
    }
    if relation == "region":
        return None if post.org else (None, None)
    depts = frozenset({post.dept} if post.dept else ()) if relation == "dept" else None
    return (orgs[relation], depts) if orgs[relation] and (depts is None or depts) else None


def _broken(session: Session, person: Person) -> list[Reach]:
    moment: datetime = now(session)
    rows = select(Emergency).where(Emergency.person == person.id, Emergency.began <= moment, Emergency.until > moment)
    return [Reach(Level.NAMED, frozenset({e.org}), subject=e.subject) for e in session.scalars(rows.order_by(Emergency.id))]


def _narrowed(reaches: Iterable[Reach], orgs: frozenset[str] | None) -> Iterator[Reach]:
    for reach in reaches:
        if orgs is None:
            yield reach
        elif kept := orgs if reach.orgs is None else orgs & reach.orgs:
            yield replace(reach, orgs=kept)


def _names(words: str) -> frozenset[str] | None:
    return None if words == ALL else frozenset(words.split())


def _himself(session: Session, by: str, given: Given, today: date) -> bool:
    """Whether who grants acts in the role, now or later, or stands in for who does, also through another deputy."""
    me = session.scalars(select(Person).where(Person.login == by))
    whose = [p.id for person in me for p in stood_in_for(session, person, today, date.max)]
    posts = select(Post.org).where(Post.role == given.role, *lasting(Post, today, date.max), Post.person.in_(whose))
    return any(given.holder in (None, org) for org in session.scalars(posts))


def _kept(session: Session, rights: Rights, by: str, given: Given, today: date) -> Grant:
    since = given.since or today
    _sound(rights, given, since, today)
    said = {
        **{n: getattr(given, n) for n in ("role", "action", "relation", "org", "holder", "purpose", "until")},
        **{n: " ".join(getattr(given, n)) or ALL for n in ("tables", "columns")},
        "level": int(given.level),
        "since": since,
        "reason": given.reason,
    }
    same = session.scalar(select(Grant).filter_by(**said).order_by(Grant.id))
    if same is None:
        same = Grant(**said, by=by)
        session.add(same)
        session.flush()
    return same


def _sound(rights: Rights, given: Given, since: date, today: date) -> None:
    for name, known in {n: table(n).columns for n in given.tables}.items() or {
        ALL: {c for t in TABLES.values() for c in t.columns}
    }.items():
        if wrong := sorted(set(given.columns) - set(known)):
            zh, en = (f"{name} ", name) if name != ALL else ("任何表都", "any table")
            raise _unsound(f"{zh}没有列 {', '.join(wrong)}", f"no column {', '.join(wrong)} in {en}", did_you_mean(wrong[0], known))
    rule = next((t for t in templates(rights, given.role, given.action) if t.relation == given.relation), None)
    if rule is None or given.level > rule.most:
        raise _unsound(
            f"模板不许 {given.role} 以 {given.relation} 关系 {given.action} 到第 {given.level} 级",
            f"the template does not let {given.role} {given.action} in relation {given.relation} down to level {given.level}",
        )
    if (given.relation == "named") != bool(given.org) or not given.reason.strip():
        raise _unsound("须写明理由；named 须写明医院，别的关系不写", "say why; and which hospital, for the relation named only")
    if given.until is not None and given.until <= max(since, today):
        raise _unsound(
            f"截止日 {given.until} 已过，或不晚于开始日 {since}",
            f"the end {given.until} is past, or not after the beginning {since}",
            ("截止日是不再有效的第一天，须晚于今天", "the end is the first day on which it holds no longer: later than today"),
        )
    beyond = rule.level is None or given.level > rule.level or (given.level >= Level.CASE and given.relation in ("partner", "named"))
    if beyond and not (given.purpose.strip() and given.until):
        raise _unsound("超出平时的权限须写明目的与截止日", "what goes beyond the rule needs a purpose and an end")


def _unsound(
    zh: str, en: str, mend: Say = ("改正后再授权；模板见 policy/desk/rights.yaml", "mend it; the templates: policy/desk/rights.yaml")
) -> DeskError:
    return DeskError(zh, en, where="grants.grant", mend=mend)


def _to_himself(by: str) -> AccessError:
    return AccessError(
        f"{by} 不能给自己授权",
        f"{by} cannot grant to themselves",
        where="grants.grant",
        mend=("请另一位安全管理员来授权", "ask another security administrator"),
    )
