"""对预警的决定 · What people decided about a signal: acknowledged, muted until a day or no more, a new baseline, real or not real.

Who owns the watch may decide, with a reason; the same decision twice in a row is there once. What the review of an alert's
case found counts as well: accepted is real, dismissed is not.
"""

from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from heng.core.case import CLOSED
from heng.core.errors import DeskError
from heng.core.scope import OWNER
from heng.desk.audit import Deed, note, refused
from heng.desk.database import Database, day_of, now
from heng.desk.notices import Message, notify
from heng.desk.owners import finder
from heng.desk.people import present
from heng.desk.schema import Case, Decision, Step
from heng.tables.steering import DECISION

ACTION = "signal.decide"
AFTER = " after "
"""改了主意再改回来也是新的决定 · Joins a key to the decision before it: who thinks again, and again, decides anew."""
FOUND = {"accepted": "real", "dismissed": "not_real"}
"""核查结论即是否属实 · What the review of a case says of its alert."""


@dataclass(frozen=True)
class NewDecision:
    """一个决定 · About which watch, where, in which month; `until` ends a mute (a day; on it the mute still holds)."""

    key: str
    watch: str
    org: str
    dept: str | None
    month: str
    kind: str
    reason: str
    until: date | None = None


@dataclass(frozen=True)
class Decided:
    """做过的决定 · A decision as it is given to the figures: nobody's name, but the key it can be found by."""

    watch: str
    org: str
    dept: str | None
    month: str
    kind: str
    until: date | None
    reason: str


def decide(db: Database, by: str, roles: tuple[str, ...], new: NewDecision) -> Decision:
    """做决定 · By somebody who holds one of the watch's roles there; AccessError (and a row of audit) for others."""
    with db.writing() as session:
        _sound(new, day_of(now(session)))
        last = _last(session, new, Decision.month == new.month)
        if last and last.key.split(AFTER)[0] == new.key:
            return last
        held = _role(session, by, roles, new)
        if held is not None:
            _to_take_back(session, new)
            made = Decision(**{n: getattr(new, n) for n in ("watch", "org", "dept", "kind", "month", "until", "reason")})
            made.key, made.by, made.at = f"{new.key}{AFTER}{last.id}" if last else new.key, by, now(session)
            session.add(made)
            note(session, by, Deed(ACTION, _object(new), held, new.reason, new.org))
            return made
        note(session, by, Deed(ACTION, _object(new), purpose=new.reason, scope=new.org, allowed=False))
    raise refused(by, roles, ACTION)


def decisions(db: Database) -> list[Decided]:
    """全部决定 · Every decision in the order made, what the reviews of alerts found among them, each about the month of its alert."""
    with db.reading() as session:
        made = [
            (d.at, Decided(d.watch, d.org, d.dept, d.month, d.kind, d.until, d.reason))
            for d in session.scalars(select(Decision).order_by(Decision.id))
        ]
        reviewed = (
            select(Case, Step).join(Step, Step.case == Case.id).where(Case.type == "alert", Step.outcome.in_(FOUND)).order_by(Step.id)
        )
        for case, step in session.execute(reviewed).all():
            if watch := case.data.get("watch"):
                said = step.data.get("said", {})
                reason = str(said.get("reason") or said.get("evidence") or case.title_zh)
                found = Decided(watch, case.org, case.dept, case.month, FOUND[step.outcome or ""], None, reason)
                made.append((step.done or step.began, found))
        return [decided for _, decided in sorted(made, key=itemgetter(0))]


def inform(db: Database, case: int, roles: tuple[str, ...]) -> None:
    """知会 · Tell the holders of further roles of an open case, once each."""
    with db.writing() as session:
        row, find = session.get_one(Case, case), finder(session)
        if row.state == CLOSED:
            return
        owners = [find(role, row.org, row.dept) for role in roles]
        body = f"{row.title_zh}\n{row.title_en}"
        notify(session, [p for o in owners if o for p in o.people], Message(f"case/{case}/inform", row.title_zh[:200], body), case)


def _last(session: Session, new: NewDecision, which: ColumnElement[bool]) -> Decision | None:
    """The last decision of those at the same place."""
    same = [getattr(Decision, n) == getattr(new, n) for n in ("watch", "org", "dept")]
    return session.scalar(select(Decision).where(*same, which).order_by(Decision.id.desc()).limit(1))


def _to_take_back(session: Session, new: NewDecision) -> None:
    """DeskError for a mute that is taken back where none holds."""
    if new.kind != "unmute":
        return
    last = _last(session, new, Decision.kind.in_(("mute", "unmute")))
    if last is None or last.kind == "unmute" or (last.until or date.max) < day_of(now(session)):
        raise DeskError(
            "这里没有静音，或静音已经到期",
            "nothing is muted here, or the mute is over",
            where=_object(new),
            mend=("heng desk signals list 的「状态」列写明哪些已静音", "heng desk signals list tells which are muted"),
        )


def _role(session: Session, by: str, roles: tuple[str, ...], new: NewDecision) -> str | None:
    if by == OWNER.login:
        return OWNER.role
    person, find = present(session, by), finder(session)
    return next((r for r in roles if (o := find(r, new.org, new.dept)) and person.id in o.people), None)


def _sound(new: NewDecision, today: date) -> None:
    if new.kind not in DECISION or not new.reason.strip() or (new.kind == "mute") != (new.until is not None):
        raise DeskError(
            "决定须写明种类与理由；静音须写明到哪一天",
            "a decision needs its kind and a reason; a mute needs the day on which it ends",
            where=_object(new),
            mend=(f"种类：{'、'.join(DECISION)}", f"kinds: {', '.join(DECISION)}"),
        )
    if new.until is not None and new.until < today:
        raise DeskError(
            f"静音至 {new.until}，已经过去",
            f"muted until {new.until}, which is past",
            where=_object(new),
            mend=("写今天或以后的一天", "write today or a later day"),
        )


def _object(new: NewDecision) -> str:
    return f"{new.watch} · {new.org} {new.dept or ''} {new.month} · {new.kind}"
