"""政策参数 · Dated values of policy with their documents; a hospital's own are shown to those who reach it."""

from typing import Any

from fastapi import APIRouter, Response

from heng.core.errors import PolicyError
from heng.serve.api.answers import RuleList, answered
from heng.serve.api.asked import Name, Plain
from heng.serve.api.caller import Caller, Calling
from heng.serve.api.problem import NotThereError
from heng.serve.web.rules import Rule, named, rules

router = APIRouter(tags=["policy"])


@router.get("/policy", response_model=RuleList)
def policy(caller: Calling, _: Plain) -> Response:
    """全部参数 · Every parameter with its dated values, by key."""
    return _answer(caller, rules(caller.reader(), caller.desk.db.today))


@router.get("/policy/{name}", response_model=RuleList)
def one(caller: Calling, name: Name, _: Plain) -> Response:
    """一组参数或一个 · The parameters of `costing.step_down`, or the one `costing.step_down.peer`."""
    try:
        return _answer(caller, named(rules(caller.reader(), caller.desk.db.today), name))
    except PolicyError as e:
        raise NotThereError(e.zh, e.en, where="name", mend=e.mend) from e


def _answer(caller: Caller, found: "tuple[Rule, ...] | list[Rule]") -> Response:
    return answered({"generation": caller.region.manifest.generation, "rules": [_said(r) for r in found]})


def _said(rule: Rule) -> dict[str, Any]:
    values = [{"scope": v.scope, "since": v.since, "value": v.text, "source": v.source, "now": v.now} for v in rule.values]
    return {
        "key": rule.key,
        "zh": rule.meaning.zh,
        "en": rule.meaning.en,
        "values": values,
        "capabilities": [c.name for c in rule.users],
    }
