"""任务 · Jobs: how far what was asked for is, and what came of it; a job that is under way can be stopped."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from heng.core.errors import AccessError, DeskError
from heng.desk.jobs import job_of, jobs, stop
from heng.desk.schema import Job
from heng.serve.api.affairs import JobList, JobSaid
from heng.serve.api.answers import answered
from heng.serve.api.asked import Plain
from heng.serve.api.caller import Caller, Calling
from heng.serve.api.changes import Key, changed
from heng.serve.api.problem import NotThereError
from heng.serve.web.doing import SCENARIO, open_to
from heng.serve.web.trying import Tried

router = APIRouter(tags=["jobs"])
Number = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/jobs", response_model=JobList)
def listed(caller: Calling, _: Plain) -> Response:
    """任务清单 · The newest jobs that may be seen, without what came of them."""
    return answered({"jobs": [said(j) | {"result": {}} for j, _ in jobs(caller.desk.db) if _open(caller, j)]})


@router.get("/jobs/{number}", response_model=JobSaid)
def one(caller: Calling, number: Number, _: Plain) -> Response:
    """一件任务 · How far a job is; of one that is done, what came of it."""
    return answered(said(_seen(caller, number)))


@router.post("/jobs/{number}/stop", response_model=JobSaid)
def stopped(caller: Calling, number: Number, key: Key, _: Plain) -> Response:
    """取消 · Have a job stopped: at once while it waits, else at the next point where nothing is half."""
    job = _seen(caller, number)
    return changed(caller, key, {"stop": number}, lambda: said(stop(caller.desk.db, job.id, caller.login, caller.role)))


def said(job: Job) -> dict[str, Any]:
    """说一件任务 · A job as an answer tells it."""
    names = "id kind state made began ended done total said_zh said_en result"
    return {n: getattr(job, n) for n in names.split()} | {"orgs": job.asked["orgs"]}


def _seen(caller: Caller, number: int) -> Job:
    try:
        job = job_of(caller.desk.db, number)
    except DeskError:
        job = None
    if job is None or not _open(caller, job):
        raise NotThereError(f"没有任务 {number}", f"there is no job {number}", where="number", mend=("任务列在 /jobs", "see /jobs"))
    if job.kind == SCENARIO and job.state == "done":  # what it shows is looked at again: she may see less by now
        Tried(caller.reader(), job.asked, job.result, caller.voice)
    return job


def _open(caller: Caller, job: Job) -> bool:
    try:
        return open_to(caller, job)
    except AccessError:
        return False
