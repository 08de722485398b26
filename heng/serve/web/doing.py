"""以来访者的身份做 · Doing as the visitor: what she may do and where, by the rights of her role."""

import json
from collections.abc import Iterable
from copy import copy
from hashlib import sha256
from typing import Any

from heng.app.asking import acting_as
from heng.app.doing import Doer
from heng.app.working import KINDS, level_of
from heng.desk.jobs import Order, put
from heng.desk.schema import Job
from heng.serve.web.visit import Visit

SCENARIO = "scenario"


def doer(visit: Visit, action: str) -> Doer:
    """她来做 · The visitor at a region of her own to act in; AccessError when the role is not hers."""
    return acting_as(visit.desk.at(copy(visit.region)), visit.asking(action))


def places(visit: Visit, action: str) -> list[str]:
    """在哪些医院准做 · The hospitals at which she may, in the order of the region."""
    who = doer(visit, action)
    return [org for org in visit.region.hospitals if who.may(org)]


def action_of(kind: str) -> str:
    """须有哪项权限 · The right that a kind of job needs."""
    return KINDS[kind].action if kind in KINDS else "run"


def ordered(visit: Visit, kind: str, key: str, asked: dict[str, Any]) -> Job:
    """排上一件 · A job in her name, at once where she has the right for all its hospitals; AccessError where she has not.

    The same form sent twice is one job; what is asked otherwise from it (after going back, say) is another.
    """
    doer(visit, action_of(kind)).must(asked["orgs"], level_of(asked))
    said = json.dumps([key, kind, {n: v for n, v in asked.items() if n != "folder"}], sort_keys=True)
    return put(
        visit.desk.db, Order(sha256(said.encode()).hexdigest(), kind, visit.signed.person.id, visit.role, asked, visit.signed.purpose)
    )


def open_ones(visit: Visit, found: Iterable[tuple[Job, str]]) -> list[tuple[Job, str]]:
    """给她看的 · Of jobs (each with a name) those that the visitor may see.

    These are her own trials; and of what changes a hospital's data, the jobs of hospitals where she may do the same.
    """
    who, seen = dict[str, Doer](), list[tuple[Job, str]]()
    for job, name in found:
        action = action_of(job.kind)
        if action not in who:
            who[action] = doer(visit, action)
        hers = job.kind != SCENARIO or job.person == visit.signed.person.id
        if hers and all(who[action].may(org, level_of(job.asked)) for org in job.asked["orgs"]):
            seen.append((job, name))
    return seen


def open_to(visit: Visit, job: Job) -> bool:
    """给不给她看 · Whether the visitor may see a job."""
    return bool(open_ones(visit, [(job, "")]))
