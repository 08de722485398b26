"""试算 · What if: choose a parameter, write another value, choose what to look at; the region is not changed."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.capability import Capability
from heng.core.errors import AccessError, HengError, PolicyError
from heng.core.indicator import Indicator
from heng.core.period import last_day, span
from heng.desk.jobs import jobs
from heng.desk.schema import Job
from heng.serve.web.doing import SCENARIO, doer, open_ones, ordered, places
from heng.serve.web.pages.jobs import entry
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.rules import Rule, named, rules
from heng.serve.web.shown import page, told
from heng.serve.web.trying import affected, checked
from heng.serve.web.visit import Visit, Visiting
from heng.store.policy_files import as_yaml

router = APIRouter()


@dataclass
class Trial:
    """试什么 · The form: parameter, its other value, what to look at, hospitals, from which month to which."""

    key: Annotated[str, Form()] = ""
    value: Annotated[str, Form()] = ""
    show: Annotated[str, Form()] = ""
    org: Annotated[tuple[str, ...], Form()] = ()
    first: Annotated[str, Form()] = ""
    last: Annotated[str, Form()] = ""
    once: Annotated[str, Form()] = ""
    lines: list[str] = field(default_factory=list)


@router.get("/scenario")
def scenario(request: Request, visit: Visiting, key: str = "") -> Response:
    """试算 · Choose the parameter; with it, the form."""
    return _page(request, visit, Trial(key=key))


@router.post("/scenario")
def try_it(request: Request, visit: Visiting, trial: Annotated[Trial, Depends()]) -> Response:
    """试一试 · Queue the trial; a value that may not stand there is refused in place, and what was typed stays."""
    try:
        return RedirectResponse(f"/jobs/{queued(visit, trial).id}", 303)
    except AccessError:
        raise
    except HengError as e:
        trial.lines = told(e, visit.voice)
        return _page(request, visit, trial, status=400)


def queued(visit: Visit, trial: Trial) -> Job:
    """排上试算 · Queue a trial; HengError for what cannot be tried."""
    named(_usable(visit), trial.key)
    orgs = [visit.region.hospital(o).code for o in trial.org] or places(visit, "run")
    months = span(trial.first, trial.last or trial.first) if trial.first else []
    cells = visit.region.cells(orgs, months)
    if not months or not cells:
        raise HengError("这些医院与月份没有数据", "nothing is held for these hospitals and months", mend=("换医院或月份", "choose others"))
    checked(visit.region.policy, trial.key, trial.value, cells)
    if trial.show not in {name for _, some in _choices(visit, trial.key) for name, _ in some}:
        raise HengError("请选看什么", "choose what to look at", where=trial.show, mend=("从清单里选一项", "choose from the list"))
    period = months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"
    asked = {"orgs": sorted({o for o, _ in cells}), "key": trial.key, "value": trial.value, "show": trial.show, "period": period}
    return ordered(visit, SCENARIO, trial.once or secrets.token_hex(8), asked)


def _page(request: Request, visit: Visit, trial: Trial, status: int = 200) -> Response:
    orgs = places(visit, "run")
    if not orgs:
        doer(visit, "run").must(visit.orgs or [""])  # says what is missing
    months = sorted({m for _, m in visit.region.cells(orgs)}, reverse=True)
    values: dict[str, Any] = {"rules": _grouped(visit, _usable(visit)), "trial": trial, "rule": None}
    if trial.key:
        rule = named(_usable(visit), trial.key)[0]
        newest = months[0] if months else f"{visit.desk.db.today:%Y-%m}"
        values |= {"rule": rule, "present": _present(visit, rule.key, newest, orgs), "choices": _choices(visit, rule.key)}
        values["shape"] = visit.voice.pick(*rule.meaning.shape.told()) if rule.meaning.shape else ""
    recent = [entry(visit, j, n) for j, n in open_ones(visit, jobs(visit.desk.db, (SCENARIO,)))]
    values |= {
        "orgs": [(o, f"{o} {visit.region.hospitals[o].name}") for o in orgs],
        "months": months,
        "recent": recent[:5],
        "once": secrets.token_hex(8),
    }
    return page(request, "scenario.html", visit, status=status, **values)


def _usable(visit: Visit) -> list[Rule]:
    return [r for r in rules(visit.reader(), visit.desk.db.today) if r.users]


def _grouped(visit: Visit, found: Iterable[Rule]) -> dict[str, list[tuple[str, str]]]:
    pick, groups = visit.voice.pick, dict[str, list[tuple[str, str]]]()
    for rule in found:
        title = pick(rule.users[0].zh, rule.users[0].en)
        groups.setdefault(title, []).append((rule.key, pick(rule.meaning.zh, rule.meaning.en)))
    return groups


def _present(visit: Visit, key: str, month: str, orgs: list[str]) -> str:
    """The value in force in the newest month, at her own hospital where she has one; empty where none is."""
    try:
        value = visit.region.policy.value(key, last_day(month), orgs[0] if len(orgs) == 1 else "").value
    except PolicyError:
        return ""
    return "\n".join(f"- {as_yaml(one)}" for one in value) if value and isinstance(value, list) else as_yaml(value)


def _choices(visit: Visit, key: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators and results that may differ, by name, as far as she sees them."""
    found = REMEMBERED.of(visit.reader(), ("affected", key), lambda r: tuple(affected(r, key)))
    pick = visit.voice.pick
    numbers = [(i.key, pick(i.zh, i.en)) for i in found if isinstance(i, Indicator)]
    results = [(c.name, pick(c.zh, c.en)) for c in found if isinstance(c, Capability)]
    named_groups = ((pick("指标", "indicators"), numbers), (pick("结果", "results"), results))
    return [(name, some) for name, some in named_groups if some]
