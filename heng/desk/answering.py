"""答复的权限 · The right to answer: a step may be somebody's, and the templates of rights still give no answer there."""

from collections.abc import Iterable

from sqlalchemy import select

from heng.core.scope import OWNER
from heng.desk.audit import Deed, refusal_noted
from heng.desk.database import Database
from heng.desk.grants import reached, scope_of
from heng.desk.owners import answerers, finder
from heng.desk.rights import PUBLIC, Asking, Rights, lacking
from heng.desk.schema import Case, Person, Step
from heng.desk.standing import acting_posts


def must_answer(db: Database, rights: Rights, by: tuple[str, Iterable[str]], place: tuple[str, str | None]) -> None:
    """须有答复的权限 · AccessError, kept in the audit, unless a login may answer for a place in one of the roles it holds today.

    The owner of the folder may.
    """
    login, asked = by[0], [Asking(by[0], role, action="answer") for role in by[1]]
    deed = Deed("answer", " ".join(filter(None, place)), " ".join(a.role for a in asked))
    with refusal_noted(db, login, deed):
        if login != OWNER.login and not any(reached(scope_of(db, rights, a, db.today), *place) for a in asked):
            raise lacking(rights, asked[0] if asked else Asking(login, PUBLIC, action="answer"), place[0])


def must_answer_case(db: Database, rights: Rights, case: int, person: int) -> None:
    """办自己那一步也须有权限 · As `must_answer`, for a person whose the open step of a case is; whose it is not is told so elsewhere."""
    with db.reading() as session:
        about, who = session.get(Case, case), session.get(Person, person)
        steps = list(session.scalars(select(Step).where(Step.case == case, Step.done.is_(None))))
        if about is None or who is None or not any(person in answerers(finder(session), step) for step in steps):
            return
        roles = [p.role for p in acting_posts(session, who, db.today)]
    must_answer(db, rights, (who.login, roles), (about.org, about.dept))
