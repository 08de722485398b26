"""名册 · The registers of the desk as they are looked at: people, posts, deputies, partners, grants, cases, by name and not by number."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError
from heng.core.scope import Reach, Scope
from heng.desk.audit import Deed, acting, looked, refusal_noted
from heng.desk.database import Database
from heng.desk.grants import must, scope_of
from heng.desk.owners import answerers, finder
from heng.desk.people import spelt
from heng.desk.rights import Asking, Rights
from heng.desk.schema import Case, Deputy, Emergency, Grant, Partner, Person, Post, Step
from heng.desk.standing import AUDITING, SECURITY, SYSTEM, lasting
from heng.desk.steps import unpublished
from heng.desk.turn import remembered

ADMINISTRATORS = (SYSTEM, SECURITY, AUDITING)
Row = dict[str, Any]


def people(db: Database, by: str, org: str | None = None, *, gone: bool = False) -> list[Row]:
    """人员名册 · The people (of a hospital; "" for the region's), those who have left when asked. For administrators."""
    with acting(db, by, ADMINISTRATORS, Deed("people.list", org or "")) as session:
        wanted = select(Person).order_by(Person.org, Person.login)
        wanted = wanted if org is None else wanted.where(Person.org == org)
        found = session.scalars(wanted if gone else wanted.where(Person.ended.is_(None)))
        return [
            {**_pick(p, "login name org dept staff_no mail ended"), "password": p.password is not None, "totp": p.totp is not None}
            for p in found
        ]


def posts(db: Database, by: str, day: date, login: str | None = None) -> list[Row]:
    """任职名册 · Who holds which post on a day, with the numbers by which posts are taken away."""
    return _kept(
        db,
        by,
        "posts.list",
        lambda s: _named(s, s.scalars(select(Post).where(*lasting(Post, day)).order_by(Post.id)), "role org dept", login),
    )


def deputies(db: Database, by: str, day: date, login: str | None = None) -> list[Row]:
    """代理名册 · Who stands in for whom on a day or later."""
    return _kept(
        db,
        by,
        "deputies.list",
        lambda s: _named(s, s.scalars(select(Deputy).where(Deputy.until > day).order_by(Deputy.id)), "deputy", login),
    )


def partnerships(db: Database, by: str, day: date) -> list[Row]:
    """合作名册 · Which hospitals work together on a day."""

    def read(session: Session) -> list[Row]:
        found = session.scalars(select(Partner).where(*lasting(Partner, day)).order_by(Partner.id))
        return [_pick(p, "id org partner since until by reason") for p in found]

    return _kept(db, by, "partners.list", read)


def grant_register(db: Database, by: str, day: date, *, every: bool = False) -> list[Row]:
    """授权名册 · The grants in force on a day; every one that ever was when asked."""

    def read(session: Session) -> list[Row]:
        wanted = select(Grant).order_by(Grant.id)
        found = session.scalars(wanted if every else wanted.where(*lasting(Grant, day)))
        return [_pick(g, "id role action relation org holder level purpose tables columns since until by reason") for g in found]

    return _kept(db, by, "grants.list", read)


def emergencies(db: Database, by: str) -> list[Row]:
    """紧急查看名册 · Every broken glass, the newest first, without the patient's number."""

    def read(session: Session) -> list[Row]:
        names = _logins(session)
        found = session.scalars(select(Emergency).order_by(Emergency.id.desc()))
        return [{"id": e.id, "login": names[e.person], **_pick(e, "org reason began until approved_by approved_at")} for e in found]

    return _kept(db, by, "emergency.list", read)


class Eyes:
    """一个人看得见哪些事项 · Which places a person sees: in any of the roles held today; the owner of the folder sees all."""

    def __init__(self, db: Database, rights: Rights, login: str, roles: Iterable[str]) -> None:
        """按今天的任职 · By the posts of today."""
        self.login, self.roles, self.everything = login, tuple(dict.fromkeys(roles)), not login
        self.scopes = [scope_of(db, rights, Asking(login, role), db.today) for role in self.roles] if login else []

    @property
    def key(self) -> tuple[bool, tuple[tuple[Reach, ...], ...]]:
        """看得见的都一样的人 · The same for whoever sees the same."""
        return self.everything, tuple(scope.reaches for scope in self.scopes)

    def deed(self, action: str, what: str, rows: int = 0) -> Deed:
        """这样看一次 · A look at cases as the audit keeps it."""
        return Deed(action, what, " ".join(self.roles), rows=rows)

    def see(self, org: str, dept: str | None) -> bool:
        """看得见吗 · Whether figures of a place are hers to see."""
        return self.everything or any(_reached(scope, org, dept) for scope in self.scopes)


def cases(db: Database, eyes: Eyes, org: str | None = None, state: str | None = None) -> list[Row]:
    """事项一览 · The cases that a person sees, the newest first, with the day their open step is due."""
    with db.reading() as session:
        rows = remembered(session, ("cases", eyes.key, org, state), lambda: _cases(session, eyes, org, state))
    looked(db, eyes.login, eyes.deed("cases.list", org or "", len(rows)))
    return [dict(row) for row in rows]


def _cases(session: Session, eyes: Eyes, org: str | None, state: str | None) -> list[Row]:
    wanted = select(Case).order_by(Case.id.desc())
    wanted = wanted if org is None else wanted.where(Case.org == org)
    found = [c for c in session.scalars(wanted if state is None else wanted.where(Case.state == state)) if eyes.see(c.org, c.dept)]
    steps = {s.case: s for s in session.scalars(select(Step).where(Step.done.is_(None)))}
    columns = "id key type org dept month title_zh title_en state step opened closed reopened"
    return [_pick(c, columns) | _due(steps.get(c.id)) for c in found]


def case_of(db: Database, eyes: Eyes, number: int, person: int | None = None) -> tuple[Case, list[tuple[Step, str]]]:
    """一件事项与经过 · A case with its steps and who answered them; AccessError when it is not hers to see, also when there is none.

    Whoever answered a step of it, or may answer the one that is open (a deputy, or a role that it was passed up to), sees it.
    """
    deed = eyes.deed("cases.show", f"case/{number}", rows=1)
    with refusal_noted(db, eyes.login, replace(deed, rows=0)), db.reading() as session:
        case = session.get(Case, number)
        steps = list(session.scalars(select(Step).where(Step.case == number).order_by(Step.number)))
        if case is None or not (eyes.see(case.org, case.dept) or person in _concerned(session, steps)):
            raise AccessError(
                f"没有事项 {number}，或不在您的范围内",
                f"there is no case {number}, or it is out of your scope",
                where=f"case {number}",
                mend=("heng desk cases list 列出看得到的", "heng desk cases list lists what you see"),
            )
        names = _logins(session)
    looked(db, eyes.login, deed)
    return case, [(s, names.get(s.person or 0, "")) for s in steps]


def _concerned(session: Session, steps: Iterable[Step]) -> set[int]:
    """Who answered a step, or may answer the one that is open."""
    answered, asked = {s.person for s in steps if s.person}, [s for s in steps if s.done is None]
    return answered.union(*(answerers(finder(session), s) for s in asked))


def _due(step: Step | None) -> Row:
    return {"due": step.due, "unpublished": unpublished(step)} if step else {"due": None, "unpublished": None}


def _reached(scope: Scope, org: str, dept: str | None) -> bool:
    try:
        must(scope, org, dept)
    except AccessError:
        return False
    return True


def _kept(db: Database, by: str, action: str, read: Callable[[Session], list[Row]]) -> list[Row]:
    with acting(db, by, ADMINISTRATORS, Deed(action)) as session:
        return read(session)


def _named(session: Session, found: Iterable[Post | Deputy], columns: str, login: str | None) -> list[Row]:
    who = {p.id: p for p in session.scalars(select(Person))}
    rows = [{"id": f.id, **_pick(who[f.person], "login name"), **_pick(f, f"{columns} since until by reason")} for f in found]
    for row in rows:
        if "deputy" in row:
            row["deputy"] = who[row["deputy"]].login
    return [r for r in rows if login is None or spelt(login) in (r["login"], r.get("deputy"))]


def _logins(session: Session) -> dict[int, str]:
    return {p.id: p.login for p in session.scalars(select(Person))}


def _pick(row: Any, columns: str) -> Row:
    return {name: getattr(row, name) for name in columns.split()}
