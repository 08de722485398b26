"""试算 · What if: another value of a parameter is tried by a job; nothing of the region changes."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from heng.serve.api.affairs import JobSaid
from heng.serve.api.answers import AT
from heng.serve.api.asked import Plain
from heng.serve.api.caller import Calling
from heng.serve.api.changes import Key, changed, named
from heng.serve.api.routes.jobs import said
from heng.serve.web.pages.scenario import Trial, queued

router = APIRouter(tags=["scenarios"])
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Wanted(BaseModel):
    """试什么 · A parameter and its other value (as policy files write it), what to look at, where, from which month to which."""

    model_config = ConfigDict(extra="forbid", strict=True)
    key: str = Field(min_length=1, max_length=200, description="参数，列在 /policy · a parameter of /policy")
    value: str = Field(min_length=1, max_length=20_000, description="YAML")
    show: str = Field(min_length=1, max_length=200, description="指标或能力 · an indicator or a capability")
    orgs: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=200)
    first: Month
    last: Month | None = None


@router.post("/scenarios", response_model=JobSaid, status_code=202)
def try_out(caller: Calling, wanted: Wanted, key: Key, _: Plain) -> Response:
    """试算 · Try another value; the job tells before, after and difference of the rows that move."""
    trial = Trial(wanted.key, wanted.value, wanted.show, tuple(wanted.orgs), wanted.first, wanted.last or "", named(key))
    return changed(caller, key, {"scenario": wanted.model_dump()}, lambda: said(queued(caller, trial)), at=f"{AT}/jobs")
