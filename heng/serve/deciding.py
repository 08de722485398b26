"""对预警作决定 · Deciding about a signal: the same rules and the same key whether a page or the command line asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from heng.app.desk import Desk
from heng.core.errors import HengError, did_you_mean
from heng.desk.answering import must_answer
from heng.desk.decisions import NewDecision, decide
from heng.desk.schema import Decision
from heng.rooms.steering.signals import Rule

Row = dict[str, Any]


@dataclass(frozen=True)
class Deciding:
    """要作的决定 · What is decided about a watch at a place (no `dept`: the whole hospital), and why; `until` ends a mute."""

    kind: str
    watch: str
    org: str
    dept: str | None
    reason: str
    until: date | None = None


@dataclass(frozen=True)
class Decider:
    """谁来决定 · Who decides: the login (empty: the owner of the folder), and the roles held today."""

    login: str
    roles: tuple[str, ...]


def decided(desk: Desk, by: Decider, asked: Deciding, row: Row) -> Decision:
    """作出决定 · Decide about the signal of a row (`month`, `owners`, `settled`); the same twice is there once.

    AccessError for who may not answer there or does not own the watch.
    """
    must_answer(desk.db, desk.rights, (by.login, by.roles), (asked.org, asked.dept))
    if asked.kind == "baseline" and not row["settled"]:
        raise HengError(
            "程序没有建议新基线：新水平还没有站稳",
            "no new baseline is proposed: the new level has not settled yet",
            where=" ".join(filter(None, (asked.watch, asked.org, asked.dept))),
            mend=("等它站稳再确认；要停一停用 mute", "confirm once it has settled; mute pauses it"),
        )
    month = row["month"]
    key = "/".join(("signal", asked.kind, asked.watch, asked.org, asked.dept or "-", month, by.login or "owner", str(asked.until or "-")))
    new = NewDecision(key, asked.watch, asked.org, asked.dept, month, asked.kind, asked.reason, asked.until)
    return decide(desk.db, by.login, tuple(row["owners"].split()), new)


def watched(desk: Desk, watch: str, org: str, month: str, months: Iterable[str]) -> Row:
    """监测本身 · A watch as a row to decide about where no alert of it stands: in the month named, else in the latest of `months`."""
    watches = {w["watch"]: w for w in Rule(desk.region.policy, desk.db.today, org).watches}
    if watch not in watches:
        raise HengError(
            f"没有监测 {watch}",
            f"there is no watch {watch}",
            where="heng desk signals unmute",
            mend=did_you_mean(watch, watches),
        )
    latest = month or max(months, default=desk.db.today.isoformat()[:7])
    return {"owners": watches[watch]["owners"], "month": latest, "settled": None}
