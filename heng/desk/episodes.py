"""一次一件：事项跟着它所说的那几个月走 · One case for one episode: a case follows the months that it is about.

What a case is about may turn out to have begun earlier or later, to be two episodes, or one with another: months come late and
are corrected. The case keeps its key, and its `since` moves; of two that have become one, the later is closed as merged.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.case import CLOSED, CaseType
from heng.core.errors import Say
from heng.desk.audit import Deed, note
from heng.desk.database import Database, day_of, now
from heng.desk.owners import answerers, finder
from heng.desk.schema import Case, Step
from heng.desk.steps import current, tell

MONTH = re.compile(r"\d{4}-\d\d(/\d+)?")
"""键的末尾 · How the key of a case ends: the month, and the round where it is not the first."""
MERGED = "merged"
"""并入的结论 · The outcome of a case that has become one with another."""


class Span(NamedTuple):
    """一次的首末月份 · The first and the last month of an episode."""

    first: str
    last: str


class Followed(NamedTuple):
    """跟到了哪里 · The case of each span, in order (None: there is none yet), and every key in use."""

    cases: list[Case | None]
    keys: list[str]


def follow(db: Database, type_: CaseType, subject: str, spans: Sequence[Span]) -> Followed:
    """对上号 · Give every case of a subject (how their keys begin) to its episode, so that each episode has one at most."""
    with db.writing() as session:
        here = (Case.type == type_.key, Case.key.startswith(f"{subject}/", autoescape=True))
        cases = session.scalars(select(Case).where(*here).order_by(Case.id))
        known = [c for c in cases if MONTH.fullmatch(c.key.removeprefix(f"{subject}/"))]  # and not of a place whose code goes on
        of = {c.id: _home(c, spans) for c in known}
        found = [_one(session, [c for c in known if of[c.id] == n]) for n in range(len(spans))]
        for case, span in zip(found, spans, strict=True):
            if case:
                _move(session, case, span)
        return Followed(found, [c.key for c in known])


def _home(case: Case, spans: Sequence[Span]) -> int | None:
    """The span of the month that a case was opened for, else the first that its own months meet."""
    if case.state == CLOSED and MERGED in case.data:  # it answers for nothing any more
        return None
    since, seen = case.data.get("since", case.month), case.data.get("seen", case.month)
    met = [n for n, s in enumerate(spans) if s.first <= seen and since <= s.last]
    return next((n for n in met if spans[n].first <= case.month <= spans[n].last), met[0] if met else None)


def _one(session: Session, cases: list[Case]) -> Case | None:
    open_ = [c for c in cases if c.state != CLOSED]
    for case in open_[1:]:
        step, into = current(session, case), open_[0]
        _told(
            session, case, step, (f"merged/{into.id}", (f"与事项 {into.id} 是同一次，并入", f"the same episode as case {into.id}: merged"))
        )
        step.done, step.outcome, step.data = now(session), MERGED, {**step.data, "said": {"into": f"{into.id} {into.key}"}}
        case.state, case.closed, case.data = CLOSED, now(session), {**case.data, MERGED: into.id}
        note(session, "", Deed("case.merged", f"{case.key} → {into.key}", scope=case.org))
    return next(iter(open_ or cases[-1:]), None)


def _move(session: Session, case: Case, span: Span) -> None:
    since = case.data.get("since", case.month)
    if (since, case.data.get("seen")) == span:
        return
    case.data = {**case.data, "since": span.first, "seen": span.last}
    if since == span.first:
        return
    note(session, "", Deed("case.moved", f"{case.key} · {since} → {span.first}", scope=case.org))
    if case.state != CLOSED:
        step = current(session, case)
        moved = {"was": since, "since": span.first, "on": day_of(now(session)).isoformat()}
        step.data = {**step.data, "moved": [*step.data.get("moved", []), moved]}
        _told(session, case, step, (f"moved/{since}/{span.first}", (f"起始月份改为 {span.first}", f"it began in {span.first}")))


def _told(session: Session, case: Case, step: Step, occasion: tuple[str, Say]) -> None:
    tell(session, case, step, occasion, answerers(finder(session), step))
