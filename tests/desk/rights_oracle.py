"""谁能看什么，一格一格地问 · Who may see what, asked cell by cell: plain Python, no set and no query, as the rules read aloud.

It knows nothing of `heng.desk.grants` or `heng.tables.access`; tests hold the two against each other.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

PATIENT = ("visit", "record", "patient")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


class PostRow(NamedTuple):
    person: str
    role: str
    org: str
    dept: str | None
    since: date
    until: date | None


class Pair(NamedTuple):
    """Two people (away, deputy) or two hospitals, from a day until another."""

    one: str
    other: str
    since: date
    until: date | None


class GrantRow(NamedTuple):
    role: str
    action: str
    relation: str
    org: str | None
    holder: str | None
    purpose: str
    tables: str
    columns: str
    level: int
    since: date
    until: date | None


class Break(NamedTuple):
    person: str
    org: str
    subject: str
    began: datetime
    until: datetime
    approved: bool


class TableSpec(NamedTuple):
    """A table as a person would describe it: its level, which columns name a person or a department."""

    name: str
    level: int
    columns: tuple[str, ...]
    private: tuple[str, ...]
    depts: tuple[str, ...]


class Question(NamedTuple):
    login: str
    role: str
    purpose: str
    action: str
    moment: datetime


@dataclass
class World:
    """Everything that stands in the desk. `templates` are the rows of the policy file."""

    templates: list[dict]
    ended: set[str] = field(default_factory=set)
    posts: list[PostRow] = field(default_factory=list)
    deputies: list[Pair] = field(default_factory=list)
    partners: list[Pair] = field(default_factory=list)
    grants: list[GrantRow] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    answers: dict[Question, list | None] = field(default_factory=dict)

    def welcome(self, q: Question) -> bool:
        """Whether who asks is known, not locked, and acts in the role that day."""
        if q.role == "public":
            return True
        if q.login not in self.people or q.login in self.ended:
            return False
        if any(b.person == q.login and not b.approved and b.began + timedelta(hours=24) <= q.moment for b in self.breaks):
            return False
        return bool(self.acting(q))

    def acting(self, q: Question) -> list[PostRow]:
        """The posts she acts in: her own, and (no administrator's) those of whom she stands in for, and of whom they stand in for."""
        today = china(q.moment)
        return [p for p in self.posts if p.role == q.role and lasts(p, today) and self.speaks_for(q.login, p.person, q, ())]

    def speaks_for(self, who: str, whom: str, q: Question, through: tuple[str, ...]) -> bool:
        if who == whom:
            return True
        if q.role in ADMINISTRATORS or who in through:
            return False
        away = [d.one for d in self.deputies if d.other == who and lasts(d, china(q.moment)) and d.one not in self.ended]
        return any(self.speaks_for(one, whom, q, (*through, who)) for one in away)

    def friends(self, one: str, other: str, today: date) -> bool:
        return one != other and any({one, other} == {p.one, p.other} and lasts(p, today) for p in self.partners)

    def right(self, q: Question) -> list[tuple[int, str, str | None, PostRow | None, str, str]] | None:
        """What counts for a question, None for who is turned away; kept, for the same question is asked of many rows."""
        if q not in self.answers:
            self.answers[q] = self.rights(q) if self.welcome(q) else None
        return self.answers[q]

    def rights(self, q: Question) -> list[tuple[int, str, str | None, PostRow | None, str, str]]:
        """What counts: (level, relation, named hospital, post, tables, columns)."""
        found = [
            (t["level"], "everybody", None, None, "*", "*")
            for t in self.templates
            if t["role"] == "public" and t["action"] == q.action and t["level"] is not None
        ]
        for post in self.acting(q) if q.role != "public" else []:
            usual = [t for t in self.templates if t["role"] == q.role and t["action"] == q.action and t["level"] is not None]
            found += [(t["level"], t["relation"], None, post, "*", "*") for t in usual]
            for g in self.grants:
                mine = g.role == q.role and g.action == q.action and lasts(g, china(q.moment))
                if mine and g.holder in (None, post.org) and g.purpose in ("", q.purpose):
                    found.append((g.level, g.relation, g.org, post, g.tables, g.columns))
        return found

    def seen(self, q: Question, table: TableSpec, row: dict[str, str | None]) -> set[str]:
        """The columns of one row that may be seen."""
        right = self.right(q)
        if right is None:
            return set()
        if q.purpose == "emergency" and q.role != "public":
            return set(table.columns) if q.action == "see" and any(self.opened(b, q, table, row) for b in self.breaks) else set()
        columns = set[str]()
        for level, relation, named, post, tables, names in right:
            if level < table.level or (tables != "*" and table.name not in tables.split()):
                continue
            if relation != "everybody" and post and not self.related(relation, named, post, table, row, china(q.moment)):
                continue
            columns |= {c for c in table.columns if (names == "*" or c in names.split()) and (level == 4 or c not in table.private)}
        return columns

    def opened(self, b: Break, q: Question, table: TableSpec, row: dict[str, str | None]) -> bool:
        open_now = b.person == q.login and b.began <= q.moment < b.until
        return open_now and table.level >= 2 and row["org"] == b.org and any(row[c] == b.subject for c in table.private if c in PATIENT)

    def related(  # noqa: PLR0913, PLR0917 - a relation is of all these
        self, relation: str, named: str | None, post: PostRow, table: TableSpec, row: dict[str, str | None], today: date
    ) -> bool:
        """Whether a row stands in a relation to a post. Rows of the whole region do to whoever has that relation to anything."""
        if relation == "region":
            return post.org == ""
        org = row.get("org")
        regional = table.level <= 1
        if relation in ("own", "dept"):
            if not post.org or (relation == "dept" and not post.dept):
                return False
            own = regional or org == post.org
            return own and (relation == "own" or regional or any(row[c] == post.dept for c in table.depts))
        if relation == "partner":
            return self.has_friend(post, today) if regional else bool(post.org and org and self.friends(post.org, org, today))
        reachable = not post.org or named == post.org or self.friends(post.org, named or "", today)
        return reachable and (regional or org == named)

    def has_friend(self, post: PostRow, today: date) -> bool:
        return bool(post.org) and any(post.org in (p.one, p.other) and lasts(p, today) for p in self.partners)


def china(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()


def lasts(row: PostRow | Pair | GrantRow, today: date) -> bool:
    return row.since <= today and (row.until is None or today < row.until)
