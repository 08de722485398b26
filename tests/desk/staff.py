"""试验用的人 · People for tests of the desk."""

from datetime import date, datetime

from heng.desk.database import Database
from heng.desk.schema import Person, Post

MADE = datetime(2026, 1, 5, 1, 0)  # noqa: DTZ001 - moments of the desk are UTC without zone


def person(db: Database, login: str, *, org: str = "H01", mail: str | None = None, role: str = "") -> int:
    """A person, with a post when a role is given; gives the id."""
    with db.writing() as session:
        made = Person(login=login, name=login, org=org, dept=None, staff_no=None, mail=mail, password=None, totp=None)
        made.made, made.ended = MADE, None
        session.add(made)
        session.flush()
        if role:
            session.add(Post(person=made.id, role=role, org=org, dept=None, since=date(2026, 1, 1), until=None, by="setup", reason="试验"))
        return made.id
