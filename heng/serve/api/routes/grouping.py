"""分组 · Grouping of a case under the schemes that are held: the group, and the way to it in words; nothing of the case is kept."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from heng.methods.grouping.engine import UNGROUPED, Record
from heng.serve.api.answers import answered
from heng.serve.api.asked import Plain, whole
from heng.serve.api.caller import Calling
from heng.serve.api.problem import NotThereError
from heng.serve.web.explored import CODES, LONGEST, Verdict
from heng.serve.web.pages.group import exploring

router = APIRouter(tags=["grouping"])
Code = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class CaseGiven(BaseModel):
    """一个病例 · A case: codes in their order, the principal ones first; null where something is not told."""

    model_config = ConfigDict(extra="forbid", strict=True)
    dx: list[Code] = Field(min_length=1, max_length=CODES, description="诊断 · diagnoses")
    ops: list[Code] = Field(default_factory=list, max_length=CODES, description="手术操作 · procedures")
    sex: Literal["", "1", "2"] = Field("", description="1 男 male，2 女 female")
    age: Annotated[int, Field(ge=0, le=150), BeforeValidator(whole)] | None = Field(None, description="岁 · in years")
    age_days: Annotated[int, Field(ge=0, le=54_900), BeforeValidator(whole)] | None = Field(
        None, description="天，不足一岁 · in days, under one year"
    )
    weight: Annotated[int, Field(ge=1, le=300_000), BeforeValidator(whole)] | None = Field(
        None, description="新生儿体重，克 · of a newborn, in grams"
    )
    codes: Literal["医保", "国临"] = Field("医保", description="编码体系：医保版、国临版 · code set: of the insurer, clinical")
    pack: str = Field("", max_length=200, description="只看这个方案，默认全部 · this scheme alone; all by default")


class StepSaid(BaseModel):
    """一步 · A step of the way."""

    zh: str
    en: str


class Grouped(BaseModel):
    """一个方案下的结果 · What a scheme makes of the case; empty where it is in no group of that level."""

    pack: str
    use: str = Field(description="pays 用于付费，beside 并列比较 · in use to pay, or beside it; empty: not switched on")
    status: str
    mdc: str
    adrg: str
    drg: str
    severity: str
    why: str = Field(description="原因码 · reason codes")
    excluded: list[str] = Field(description="被主要诊断排除的诊断 · diagnoses that the principal one excludes")
    trace: list[StepSaid]


class GroupedAll(BaseModel):
    """各方案下的结果 · The case under every scheme, the one that pays first; provisional: what the insurer settles is final."""

    generation: int
    results: list[Grouped]


@router.post("/grouping", response_model=GroupedAll)
def group(caller: Calling, case: CaseGiven, _: Plain) -> Response:
    """给一个病例分组 · Group a case. It changes nothing, keeps nothing of the case, and needs no Idempotency-Key."""
    explorer = exploring(caller)
    record = Record(case.dx, case.ops, int(case.sex) if case.sex else None, case.age, case.age_days, case.weight)
    found = [v for v in explorer.verdicts(record, case.codes) if case.pack in ("", v.pack)]
    if case.pack and not found:
        raise NotThereError(f"没有装入分组方案「{case.pack}」", f"no grouping scheme {case.pack!r} is held", where="pack")
    return answered({"generation": caller.region.manifest.generation, "results": [_said(v) for v in found]})


def _said(found: Verdict) -> dict[str, Any]:
    got = found.found
    return {
        "pack": found.pack,
        "use": found.use,
        "status": got.status,
        "mdc": got.mdc,
        "adrg": got.adrg,
        "drg": "" if got.drg == UNGROUPED else got.drg,
        "severity": got.severity,
        "why": got.why,
        "excluded": list(found.excluded),
        "trace": [{"zh": zh, "en": en} for zh, en in found.steps],
    }
