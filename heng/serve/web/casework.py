"""事项怎样说给人 · How a case is told: where it is, whose step, by when, what was said, what is to be answered now."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any

from heng.app.attached import Attached, parted
from heng.app.region import Region
from heng.core.case import CASE_TYPES, CLOSED, StepType
from heng.core.errors import HengError
from heng.desk.cases import Work, late, work_of
from heng.desk.database import in_china
from heng.desk.measured import asked
from heng.desk.owners import step_type
from heng.desk.people import find
from heng.desk.schema import Case, Step
from heng.desk.steps import unpublished
from heng.methods.workdays import Workdays
from heng.rooms.steering.workdays import workdays
from heng.serve.columns import plain_data
from heng.serve.labels import Labels
from heng.serve.voice import Voice
from heng.serve.web.cards import roles
from heng.serve.web.naming import labels_of
from heng.serve.web.visit import Visit

KINDS = {"deadline": "date", "figure": "number", "figure_month": "month", "owner": "text", "measure": "text", "goal": "text"}
"""怎样填 · How a thing is typed; what is not named here is a text of several lines."""
EVIDENCE = "evidence"
CHINESE = re.compile("[\u4e00-\u9fff]")
SAYING = "say."
"""表单里要写明的 · What the name of a field begins with that is part of an answer."""


@lru_cache(maxsize=4)
def calendar(region: Region) -> Workdays:
    """工作日历 · The working days of a region, read once."""
    return workdays(region.policy)


def moment(at: datetime | None) -> str:
    """时刻 · A moment as the clocks in China show it; a dash where there is none."""
    return f"{in_china(at):%Y-%m-%d %H:%M}" if at else "—"


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """供 JSON 用 · A row for JSON: moments carry their zone."""
    return {n: v.replace(tzinfo=UTC).isoformat() if isinstance(v, datetime) else plain_data(v) for n, v in row.items()}


def worded(case_type: str, name: str, voice: Voice) -> str:
    """叫法 · An outcome, or what an answer says, in words."""
    found = CASE_TYPES.get(case_type)
    return voice.pick(*found.words.get(name, (name, name))) if found else name


def kind_of(case_type: str, voice: Voice) -> str:
    """哪类事项 · The kind of a case in words."""
    found = CASE_TYPES.get(case_type)
    return voice.pick(found.zh, found.en) if found else case_type


def step_named(case_type: str, name: str, voice: Voice) -> str:
    """哪一步 · A step in words."""
    found = next((s for t in (CASE_TYPES.get(case_type),) if t for s in t.steps if s.key == name), None)
    return voice.pick(found.zh, found.en) if found else name


@dataclass(frozen=True)
class Term:
    """期限 · The day something is due, in working days from today, with its level and words."""

    day: date
    left: int
    level: str
    words: str


def term(visit: Visit, due: date) -> Term:
    """离期限还有几个工作日 · How many working days are left; what is late is red, what is due by tomorrow yellow."""
    today, pick = visit.desk.db.today, visit.voice.pick
    left = calendar(visit.region).between(today, due)
    if due < today:
        over = pick(f"逾期 {-left} 个工作日", f"{-left} working days late") if left else pick("已逾期", "overdue")
        return Term(due, left, "red", over)
    if not left:
        return Term(due, left, "yellow", pick("今天到期", "due today"))
    days = pick(f"还有 {left} 个工作日", f"{left} working day{'s' if left > 1 else ''} left")
    return Term(due, left, "yellow" if left == 1 else "none", days)


class Places:
    """地方的叫法 · What hospitals and departments are called, for one visitor."""

    def __init__(self, visit: Visit) -> None:
        """这位来访者看得到的叫法 · What she may see of them; of the rest, the code."""
        self.visit = visit

    @cached_property
    def labels(self) -> Labels:
        """字典 · The dictionaries, read when the first name is asked for."""
        return labels_of(self.visit.reader(), self.visit.voice)

    def hospital(self, org: str) -> str:
        """医院 · A hospital by name; empty is the region."""
        found = self.visit.region.hospitals.get(org)
        return found.name if found else org or self.visit.region.name

    def dept(self, org: str, dept: str | None) -> str:
        """科室 · A department by name; empty for the whole hospital."""
        return self.labels.departments.get(org, {}).get(dept, dept) if dept else ""

    def named(self, org: str, dept: str | None) -> str:
        """全名 · Hospital and department."""
        return f"{self.hospital(org)} {self.dept(org, dept)}".strip()


@dataclass(frozen=True)
class Taken:
    """走过的一步 · A step as it is told. `term`: None once it is done; `said`: names and words; `remarks`: what happened to it."""

    number: int
    name: str
    owner: str
    place: str
    began: str
    due: date
    term: Term | None
    late: bool
    done: str
    by: str
    outcome: str
    said: tuple[tuple[str, Attached], ...]
    remarks: tuple[str, ...]


def taken(visit: Visit, places: Places, case: Case, found: tuple[Step, str]) -> Taken:
    """说一步 · A step in words: whose, since when, by when, what was answered."""
    step, by = found
    voice = visit.voice
    said = tuple((worded(case.type, n, voice), parted(str(v))) for n, v in step.data.get("said", {}).items())
    return Taken(
        number=step.number,
        name=step_named(case.type, step.name, voice),
        owner=roles([step.role], voice),
        place=places.named(step.org, step.dept),
        began=moment(step.began),
        due=step.due,
        term=None if step.done else term(visit, step.due),
        late=late(step, visit.desk.db.today),
        done=moment(step.done) if step.done else "",
        by=find(visit.desk.db, by).name if by else "",
        outcome=worded(case.type, step.outcome, voice) if step.outcome else "",
        said=said,
        remarks=tuple(_remarks(step, voice)),
    )


def _remarks(step: Step, voice: Voice) -> Iterable[str]:
    data, pick = step.data, voice.pick
    if again := data.get("reopened"):
        yield pick(f"重开：{again['reason']}（{again['by']}）", f"opened again: {again['reason']} ({again['by']})")
    if first := data.get("asked"):
        whose = roles([first], voice)
        yield pick(
            f"原应由{whose}答复；无人担任，由上一级答复", f"meant for the {whose}; nobody holds that post, so the next above answers"
        )
    if step.escalated:
        up = data.get("passed_up")
        whom = roles([up["role"]], voice) if up else ""
        known = pick(f"{moment(step.escalated)} 逾期上报", f"passed up as overdue on {moment(step.escalated)}")
        yield known + (
            pick(f"{whom}：两级都可答复", f" to the {whom}: both may answer") if whom else pick("：上面没有人", ": nobody is above")
        )
    for m in data.get("moved", ()):
        yield voice.say("desk.moved", **m)
    if not step.done and (years := unpublished(step)):
        yield pick(f"{years} 年放假安排尚未公布，期限只扣除周末", f"the days off of {years} are not published: only weekends are left out")


@dataclass(frozen=True)
class Field:
    """要填的一项 · One thing to be said: its name, label, how it is typed, what was typed, and whether it has to be said."""

    name: str
    label: str
    kind: str
    value: str
    needed: bool


@dataclass(frozen=True)
class Choice:
    """一种结论 · An outcome to choose, what it needs, and where it leads; `open`: it was chosen and something was wrong."""

    outcome: str
    words: str
    fields: tuple[Field, ...]
    open: bool
    to: str


def choices(case: Case, typed: Mapping[str, str], voice: Voice) -> list[Choice]:
    """现在可以怎样答复 · The outcomes of the present step, what was typed kept; none for a closed case."""
    if case.state == CLOSED:
        return []
    kind, chosen = step_type(case), typed.get("outcome", "")
    return [
        Choice(
            outcome,
            worded(case.type, outcome, voice),
            tuple(_fields(case, asked(case, kind, outcome), typed if outcome == chosen else {}, voice)),
            outcome == chosen,
            _leads(case, kind, outcome, voice),
        )
        for outcome in kind.outcomes
    ]


def _fields(case: Case, needed: list[str], typed: Mapping[str, str], voice: Voice) -> Iterable[Field]:
    # Whoever has something to say may show evidence for it, also where none is asked for.
    shows = [EVIDENCE] if needed and EVIDENCE in CASE_TYPES[case.type].words else []
    for name in dict.fromkeys([*needed, *shows]):
        kind = EVIDENCE if name == EVIDENCE else KINDS.get(name, "area")
        yield Field(name, worded(case.type, name, voice), kind, typed.get(SAYING + name, ""), name in needed)


def _leads(case: Case, kind: StepType, outcome: str, voice: Voice) -> str:
    to, pick = kind.outcomes[outcome], voice.pick
    if to == CLOSED:
        return pick("事项结束", "the case is closed")
    if to == "reopen":
        return pick("从头再办一轮", "one more round from the first step")
    return pick(f"转到{step_named(case.type, to, voice)}", f"on to: {step_named(case.type, to, voice)}")


def refused(error: HengError, voice: Voice) -> list[str]:
    """为什么没做成 · What a form says that was refused: what is wrong and what to do, without the place, which is this very page.

    A way out by the command line is none for who holds a phone.
    """
    what, mend = voice.pick(error.zh, error.en), voice.pick(*error.mend)
    return [what, f"→ {mend}"] if mend and "heng " not in mend else [what]


def one_language(lines: list[str], voice: Voice) -> list[str]:
    """只说一种语言 · The lines of a notice in the visitor's language, where its first half is Chinese and its second English; else all."""
    half = len(lines) // 2
    zh, en = lines[:half], lines[half:]
    if len(zh) == len(en) and all(map(CHINESE.search, zh)) and not any(map(CHINESE.search, en)):
        return zh if voice.lang == "zh" else en
    return lines


def mine(visit: Visit, case: int | None = None) -> list[Work]:
    """归我办的 · What she may answer today, the most urgent first; of one case where it is named."""
    found = work_of(visit.desk.db, visit.signed.person.id)
    return [w for w in found if case in (None, w.case.id)]
