"""事项 · Cases: the list of those that may be seen, one with its steps, and an answer to the open step."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from heng.app.effects import answered as answer_step
from heng.core.case import CLOSED
from heng.core.errors import AccessError
from heng.desk.cases import Answer
from heng.desk.measured import asked as needed
from heng.desk.owners import step_type
from heng.desk.register import Eyes, case_of, cases
from heng.desk.rights import SEE
from heng.desk.schema import Case, Step
from heng.serve.api.affairs import CaseList, CaseSaid, CaseWhole
from heng.serve.api.answers import answered, page_address
from heng.serve.api.asked import AskedCases, Plain, Whole
from heng.serve.api.caller import Caller, Calling
from heng.serve.api.changes import Key, changed
from heng.serve.api.cursor import first_of, mark
from heng.serve.api.problem import NotThereError

router = APIRouter(tags=["cases"])
Number = Annotated[int, Path(ge=1, le=2**53)]
CASE = "id key type org dept month title_zh title_en state step opened closed reopened"


class Reply(BaseModel):
    """答复 · An outcome of a step, with what it needs said; which step it is meant for."""

    model_config = ConfigDict(extra="forbid", strict=True)
    step: Whole = Field(ge=1, le=10_000)
    outcome: str = Field(min_length=1, max_length=100)
    said: dict[str, Annotated[str, Field(max_length=4000)]] = Field(default_factory=dict, max_length=50)


@router.get("/cases", response_model=CaseList)
def listed(request: Request, caller: Calling, asked: AskedCases) -> Response:
    """事项一览 · The cases in scope, the newest first."""
    org = caller.region.hospital(asked.org).code if asked.org else None
    seen = [c for c in cases(caller.desk.db, _eyes(caller), org, asked.state or None) if caller.near(c["org"])]
    first = first_of(request, asked.cursor, 0)
    last = min(first + asked.size, len(seen))
    following = page_address(request, mark(request, 0, last)) if last < len(seen) else ""
    return answered({"count": len(seen), "cases": seen[first:last], "next": following or None}, next_page=following)


@router.get("/cases/{number}", response_model=CaseWhole)
def one(caller: Calling, number: Number, _: Plain) -> Response:
    """一件事项 · A case with its steps, and what its open step may be answered."""
    case, steps = _seen(caller, number)
    outcomes = {} if case.state == CLOSED else {o: needed(case, step_type(case), o) for o in step_type(case).outcomes}
    return answered(_case(case) | {"data": case.data, "steps": [_step(s, by) for s, by in steps], "outcomes": outcomes})


@router.post("/cases/{number}/answers", response_model=CaseSaid)
def answer(caller: Calling, number: Number, reply: Reply, key: Key, _: Plain) -> Response:
    """答复 · Answer the open step of a case whose step is the machine's; the same key again changes nothing."""
    caller.asking("answer")
    _seen(caller, number)
    said = Answer(caller.signed.person.id, reply.step, reply.outcome, dict(reply.said), f"api/{caller.login}/{key}")
    asked = {"case": number, **reply.model_dump()}
    return changed(caller, key, asked, lambda: _case(answer_step(caller.desk, number, said)))


def _eyes(caller: Caller) -> Eyes:
    caller.asking(SEE)
    return Eyes(caller.desk.db, caller.desk.rights, caller.login, caller.roles)


def _seen(caller: Caller, number: int) -> tuple[Case, list[tuple[Step, str]]]:
    eyes = _eyes(caller)  # what the token is not for is told as that
    try:
        found = case_of(caller.desk.db, eyes, number, caller.signed.person.id)
    except AccessError as e:
        raise NotThereError(e.zh, e.en, where=e.where, mend=("事项列在 /cases", "cases are listed at /cases")) from e
    if not caller.near(found[0].org):
        raise NotThereError(f"没有事项 {number}", f"there is no case {number}", mend=("事项列在 /cases", "cases are listed at /cases"))
    return found


def _case(case: Case) -> dict[str, Any]:
    return {n: getattr(case, n) for n in CASE.split()}


def _step(step: Step, by: str) -> dict[str, Any]:
    names = "number name role org dept began due escalated done outcome"
    said = {n: str(v) for n, v in step.data.get("said", {}).items()}
    return {n: getattr(step, n) for n in names.split()} | {"by": by, "said": said}
