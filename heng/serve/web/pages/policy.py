"""政策参数 · Policy: every dated value with its document, which capabilities use it, and what would be if it were another."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from heng.core.capability import CAPABILITIES
from heng.core.params import NATION, REGION
from heng.serve.columns import UNITS
from heng.serve.web.downloads import ENDINGS, as_json
from heng.serve.web.rules import Rule, named, rules
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()


@router.get("/policy")
@router.get("/policy.json")
def policy(request: Request, visit: Visiting) -> Response:
    """全部参数 · Every key by what it belongs to, with how many values it has and since when the newest is in force."""
    found = rules(visit.reader(), visit.desk.db.today)
    if request.url.path.endswith(".json"):
        return as_json([_data(r) for r in found])
    groups: dict[str, list[Rule]] = {}
    for rule in found:
        groups.setdefault(rule.group, []).append(rule)
    return page(request, "policy.html", visit, groups=groups, owners=CAPABILITIES, unit=partial(_unit, visit))


@router.get("/policy/{name}")
def one(request: Request, visit: Visiting, name: str) -> Response:
    """一组参数 · The keys of `costing.step_down` (or one of them), every dated value of each."""
    ending = ".json" if name.endswith(".json") else ""
    found = named(rules(visit.reader(), visit.desk.db.today), name.removesuffix(ending))
    if ending in ENDINGS:
        return as_json([_data(r) for r in found])
    return page(
        request,
        "policy_group.html",
        visit,
        group=found[0].group,
        owner=CAPABILITIES.get(found[0].group),
        rules=found,
        scope=partial(_scope, visit),
        unit=partial(_unit, visit),
    )


def _scope(visit: Visit, scope: str) -> str:
    if scope == NATION:
        return visit.voice.pick("国家", "nation")
    if scope == REGION:
        return visit.voice.pick("区域", "region")
    return f"{scope} {visit.region.hospitals[scope].name}" if scope in visit.region.hospitals else scope


def _unit(visit: Visit, unit: str) -> str:
    return visit.voice.pick(unit, UNITS.get(unit, unit))


def _data(rule: Rule) -> dict[str, Any]:
    values = [{"scope": v.scope, "since": v.since, "value": v.text, "source": v.source, "in_force": v.now} for v in rule.values]
    meaning = rule.meaning
    more = {"unit": meaning.unit, "capabilities": [c.name for c in rule.users], "values": values}
    return {"key": rule.key, "zh": meaning.zh, "en": meaning.en, **more}
