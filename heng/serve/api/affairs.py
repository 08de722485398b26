"""事务的回答 · What answers about cases and jobs look like."""

from pydantic import BaseModel, JsonValue


class CaseSaid(BaseModel):
    """一件事项 · A case: what it is about, which step it is at, until when."""

    id: int
    key: str
    type: str
    org: str
    dept: str | None
    month: str
    title_zh: str
    title_en: str
    state: str
    step: str
    opened: str
    closed: str | None
    reopened: int


class CaseDue(CaseSaid):
    """名单中的一件 · A case of the list, with the day its open step is due."""

    due: str | None
    unpublished: str | None


class CaseList(BaseModel):
    """看得到的事项 · The cases that may be seen, the newest first."""

    count: int
    cases: list[CaseDue]
    next: str | None


class StepSaid(BaseModel):
    """走过或要走的一步 · A step: whose, until when, what was answered."""

    number: int
    name: str
    role: str
    org: str
    dept: str | None
    began: str
    due: str
    escalated: str | None
    done: str | None
    outcome: str | None
    by: str
    said: dict[str, str]


class CaseWhole(CaseSaid):
    """一件事项与经过 · A case with its facts and steps; `outcomes`: what the open step may be answered, and what each needs said."""

    data: dict[str, JsonValue]
    steps: list[StepSaid]
    outcomes: dict[str, list[str]]


class JobSaid(BaseModel):
    """一件任务 · A job: what it is, how far, and what came of it."""

    id: int
    kind: str
    state: str
    orgs: list[str]
    made: str
    began: str | None
    ended: str | None
    done: int
    total: int
    said_zh: str
    said_en: str
    result: dict[str, JsonValue]


class JobList(BaseModel):
    """看得到的任务 · The newest jobs that may be seen."""

    jobs: list[JobSaid]
