"""排队的事怎么做 · What a job does: load, withdraw, run, close, reopen, each by the same functions as the command line.

Her rights are asked for again when the work begins: they may have ended while it waited. Whatever is done is published whole or
not at all, so that work broken off can be begun again.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from heng.app.closing import close, reopen
from heng.app.doing import Doer
from heng.app.load import LoadReport, load, remember_headers
from heng.app.load_schemes import load_schemes, must_load_schemes, no_scheme, parted, withdraw_scheme
from heng.app.opening import CaseReport
from heng.app.watched import run_watched
from heng.app.withdraw import withdraw
from heng.core.capability import CAPABILITIES
from heng.core.errors import HengError, Say
from heng.core.scope import Level
from heng.intake.delivery import Place
from heng.store.files import files_below

UPLOADS = "uploads"
"""交来的文件先放在这里 · The folder of a region in which files wait to be loaded."""
Tell = Callable[[Say, int, int], None]
"""报进度 · What is being done, as the how-manieth of how many."""


@dataclass(frozen=True)
class Task:
    """一件任务 · Who does it in which region, what was asked for, and whom to tell how far it is."""

    doer: Doer
    asked: Mapping[str, Any]
    tell: Tell


Work = Callable[[Task], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """一类任务 · Its name, the right that it needs, whether it writes to the region, and what it does."""

    zh: str
    en: str
    action: str
    writes: bool
    work: Work


def load_files(task: Task) -> dict[str, Any]:
    """装入 · Load the files that wait in a folder; what came in, what is wrong, what was refused."""
    region, of_all = task.doer.region, bool(task.asked.get("scheme"))
    org = "" if of_all else task.asked["orgs"][0]
    if of_all:
        must_load_schemes(task.doer)
    else:
        task.doer.must([org])
    folder = region.path / UPLOADS / task.asked["folder"]
    paths = sorted(folder / name for name in files_below(folder, "."))
    if not paths:  # the same files were handed in twice over, and are loaded by now
        raise HengError("交来的文件已经清掉了", "these files are no longer kept", mend=("请再交一次", "hand them in again"))
    if task.asked.get("headers"):
        remember_headers(region, org, task.asked["table"], task.asked["headers"])
    place = Place(org, task.asked.get("month", ""), {}, task.asked.get("table", ""))

    def progress(name: str, n: int, many: int) -> None:
        task.tell((f"读 {name}", f"reading {name}"), n, many)

    schemes, files = parted(paths)
    done = LoadReport()
    if of_all:
        done.refused += map(no_scheme, files)
    elif files:
        done = load(region, [(org, p) for p in files], place, overlap=task.asked.get("overlap", "refuse"), progress=progress)
    told_of = load_schemes(task.doer, schemes, done)
    return {"generation": region.manifest.generation, **_loaded(done), "schemes": told_of}


def _loaded(done: LoadReport) -> dict[str, Any]:
    found = done.findings
    return {
        "rows": done.rows,
        "months": {name: sorted(some) for name, some in done.months.items() if some},
        "loaded": done.loaded,
        "unchanged": done.unchanged,
        "returned": sorted({p.name for p in done.returned}),
        "refused": [told(e) for e in done.refused],
        "files": sorted(set(found["file"])) if found.height else [],
        "findings": dict(Counter(found["severity"])) if found.height else {},
    }


def told(error: HengError) -> dict[str, str]:
    """错误写成数据 · An error as data, in both languages."""
    return {"zh": error.zh, "en": error.en, "where": error.where, "mend_zh": error.mend[0], "mend_en": error.mend[1]}


def withdraw_file(task: Task) -> dict[str, Any]:
    """撤回 · Take a file out again; the rows that went, by table."""
    org, region = task.asked["orgs"][0], task.doer.region
    if task.asked.get("scheme"):
        gone = withdraw_scheme(task.doer, task.asked["file"])
        return {"generation": region.manifest.generation, "rows": gone}
    task.doer.must([org])
    gone = withdraw(region, org, [task.asked["file"]], task.asked.get("month", ""))
    return {"generation": region.manifest.generation, "rows": gone}


def run_months(task: Task) -> dict[str, Any]:
    """运行 · Work months out; what was written, which months stopped and why, the cases that came of it."""
    region, english = task.doer.region, {c.zh: c.en for c in CAPABILITIES.values()}
    cells = [(org, month) for org, month in task.asked["cells"]]
    task.doer.must({org for org, _ in cells})

    def progress(zh: str, n: int, many: int) -> None:
        task.tell((zh, english[zh]), n, many)

    found = run_watched(region, cells, progress, "duckdb")
    done = found.done
    return {
        "generation": region.manifest.generation,
        "written": done.written,
        "skipped": done.skipped,
        "blocked": [{"org": o, "month": m, "zh": zh, "en": en} for (o, m), (zh, en) in done.blocked.items()],
        "closed": [list(c) for c in done.closed],
        "alerts": _cases(found.alerts),
        "corrections": _cases(found.corrections),
        "returns": _cases(found.returns),
    }


def _cases(found: CaseReport) -> dict[str, Any]:
    cases = [{"id": c.id, "zh": c.title_zh, "en": c.title_en, "org": c.org, "month": c.month} for c in found.cases]
    return {"cases": cases, "without_owner": [{"case": k, "zh": zh, "en": en} for k, (zh, en) in found.without_owner.items()]}


def close_month(task: Task) -> dict[str, Any]:
    """结账 · Lock a month."""
    return _closing(task, lambda org, month, by: close(task.doer.region, org, month, by, task.asked.get("reason", "")))


def reopen_month(task: Task) -> dict[str, Any]:
    """反结账 · Open a closed month again, for a reason, by another person."""
    return _closing(task, lambda org, month, by: reopen(task.doer.region, org, month, by, task.asked.get("reason", "")))


def _closing(task: Task, act: Callable[[str, str, str], Any]) -> dict[str, Any]:
    org, month = task.asked["orgs"][0], task.asked["month"]
    task.doer.must([org])
    made = act(org, month, task.doer.asking.login)
    return {"generation": made.generation, "by": made.by}


def level_of(asked: Mapping[str, Any]) -> Level:
    """须有多深的权限 · How deep a right a job needs at its hospitals: what is the region's needs less than a hospital's own."""
    return Level.REGION if asked.get("scheme") else Level.HOSPITAL


KINDS: dict[str, Kind] = {
    "load": Kind("装入", "load", "load", writes=True, work=load_files),
    "withdraw": Kind("撤回文件", "withdraw a file", "load", writes=True, work=withdraw_file),
    "run": Kind("计算", "run", "run", writes=True, work=run_months),
    "close": Kind("结账", "close a month", "close", writes=True, work=close_month),
    "reopen": Kind("反结账", "reopen a month", "close", writes=True, work=reopen_month),
}
"""改动区域的任务 · The kinds of jobs that change a region."""
