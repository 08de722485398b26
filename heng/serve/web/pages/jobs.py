"""任务 · Jobs: what is being done and how far, what came of it; a job that is under way can be stopped."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import HengError, Say
from heng.desk.database import in_china
from heng.desk.jobs import OPEN, STATE, ahead, asked_by, job_of, jobs, stop
from heng.desk.schema import Job
from heng.serve.saved import save
from heng.serve.web.doing import SCENARIO, open_ones, open_to
from heng.serve.web.downloads import as_file, as_json, parted
from heng.serve.web.on_page import on_page
from heng.serve.web.outcome import outcome
from heng.serve.web.shown import page
from heng.serve.web.trying import Tried
from heng.serve.web.visit import Visit, Visiting
from heng.serve.web.worker import EVERY

router = APIRouter()
LEVELS = {"done": "green", "failed": "red", "stopped": "yellow"}


@router.get("/jobs")
def every_job(request: Request, visit: Visiting, kind: str = "") -> Response:
    """任务清单 · The newest jobs that the visitor may see."""
    kinds = (kind,) if kind in EVERY else ()
    seen = [entry(visit, job, name) for job, name in open_ones(visit, jobs(visit.desk.db, kinds))]
    names = {k: visit.voice.pick(v.zh, v.en) for k, v in EVERY.items()}
    return page(request, "jobs.html", visit, jobs=seen, kinds=names, kind=kind)


@router.get("/jobs/{name}")
def one_job(request: Request, visit: Visiting, name: str) -> Response:
    """一件任务 · How far a job is, and what came of it; of a trial also as a file."""
    number, ending = parted(name)
    job = opened(visit, number)
    if ending == ".json":
        if job.kind == SCENARIO and job.state == "done":
            Tried(visit.reader(), job.asked, job.result, visit.voice)  # she may see less by now
        return as_json({**_plain(job), "result": job.result})
    if ending:
        return _file(visit, job, ending)
    told = entry(visit, job, asked_by(visit.desk.db, job).name)
    more = outcome(visit, job, request.query_params.get("page", "1")) if job.state == "done" else {}
    return page(request, "job.html", visit, job=job, told=told, before=ahead(visit.desk.db, job) if told["open"] else 0, **more)


@router.post("/jobs/{number}/stop")
def stop_job(visit: Visiting, number: str) -> Response:
    """取消 · Have a job stopped."""
    job = opened(visit, number)
    stop(visit.desk.db, job.id, visit.login, visit.role)
    return RedirectResponse(f"/jobs/{job.id}", 303)


def opened(visit: Visit, number: str) -> Job:
    """取一件 · The job of that number; HengError when there is none that the visitor may see."""
    job = job_of(visit.desk.db, int(number)) if number.isdecimal() and len(number) < 16 else None
    if job is None or not open_to(visit, job):
        raise HengError(f"没有第 {number} 号任务", f"there is no job {number}", mend=("看任务清单", "see the list of jobs"))
    return job


def entry(visit: Visit, job: Job, name: str) -> dict[str, Any]:
    """一行 · A job as the list and its page show it."""
    kind, pick = EVERY[job.kind], visit.voice.pick
    hospitals = visit.region.hospitals
    orgs = [f"{o} {hospitals[o].name}" if o in hospitals else o for o in job.asked["orgs"] if o]
    return {
        "id": job.id,
        "name": pick(kind.zh, kind.en),
        "about": about(visit, job),
        "orgs": pick("、", ", ").join(orgs)
        if len(orgs) <= 3
        else pick(f"{orgs[0]} 等 {len(orgs)} 家", f"{orgs[0]} and {len(orgs) - 1} more"),
        "by": name,
        "made": f"{in_china(job.made):%Y-%m-%d %H:%M}",
        "took": _took(job),
        "state": pick(*_state(job)[1]),
        "level": _state(job)[0],
        "open": job.state in OPEN,
        "said": on_page(pick(job.said_zh, job.said_en), visit.voice),
    }


def about(visit: Visit, job: Job) -> str:
    """关于什么 · What a job is about, in a few words."""
    asked, pick = job.asked, visit.voice.pick
    if job.kind == "load":
        names = asked["names"]
        return str(names[0]) + (pick(f" 等 {len(names)} 个文件", f" and {len(names) - 1} more") if len(names) > 1 else "")
    if job.kind == "run":
        return pick(f"{len(asked['cells'])} 个院月", f"{len(asked['cells'])} hospital-months")
    if job.kind == SCENARIO and asked["key"] in visit.region.policy.meanings:
        meaning = visit.region.policy.meanings[asked["key"]]
        return pick(meaning.zh, meaning.en).partition("；")[0].partition("：")[0]
    return str(asked.get("key") or " ".join(filter(None, (asked.get("file", ""), asked.get("month", "")))))


def _state(job: Job) -> tuple[str, Say]:
    """Its sign, and in words: what is done may still have something to mend, or have taken nothing."""
    found = job.result
    if job.state == "done" and found.get("refused") and not (found["loaded"] or found["unchanged"]):
        return "red", ("没有收下", "refused")
    if job.state == "done" and (found.get("refused") or found.get("blocked") or found.get("findings", {}).get("error")):
        return "yellow", ("做完，有要改的", "done, with things to mend")
    return LEVELS.get(job.state, "none"), STATE[job.state]


def _took(job: Job) -> str:
    if not (job.began and job.ended):
        return ""
    return f"{(job.ended - job.began).total_seconds():.0f} s"


def _plain(job: Job) -> dict[str, Any]:
    known = {"id": job.id, "kind": job.kind, "state": job.state, "done": job.done, "total": job.total}
    return {**known, "said_zh": job.said_zh, "said_en": job.said_en, "asked": {k: v for k, v in job.asked.items() if k != "folder"}}


def _file(visit: Visit, job: Job, ending: str) -> Response:
    if job.kind != SCENARIO or job.state != "done":
        raise HengError("这个任务没有可下载的表", "this job has no table to download")
    tried = Tried(visit.reader("export"), job.asked, job.result, visit.voice)
    headers = {n: (c.zh.replace("\n", " "), c.en.replace("\n", " ")) for n, c in tried.columns.items()}
    name = visit.voice.pick(f"试算 {job.asked['key']}", f"what if {job.asked['key']}")
    return as_file(name, ending, lambda path: save(tried.rows, tried.table, tried.labels, path, headers))
