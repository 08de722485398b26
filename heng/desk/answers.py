"""答复要写什么 · What an answer must say: each outcome names it. A deadline is a day to come, a figure is a number.

The outcome that tells of an effect needs a figure back within the line of the case (no line: better than the figure it was
opened for), and where the step waits for a month, a figure of that month or a later one that is over. A case about an
indicator takes the figure from the books.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from heng.core.case import CASE_TYPES, StepType
from heng.core.errors import DeskError, HengError, Say, did_you_mean
from heng.core.period import ordinal, shift
from heng.desk.measured import Measure, differs, number
from heng.desk.schema import Case, Step

Said = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """要答复的一步 · What is to be answered today: a step of a case, and how it is declared."""

    case: Case
    step: Step
    kind: StepType
    today: date
    measure: Measure | None = None


def checked(question: Question, outcome: str, said: Said) -> Said:
    """核对一份答复 · The answer as it is kept, in words. DeskError for what is unknown, missing, or not as it must be."""
    kind, words = question.kind, CASE_TYPES[question.case.type].words
    if outcome not in kind.outcomes:
        near = did_you_mean(outcome, kind.outcomes)
        listed = "、".join(f"{o}（{words[o][0]}）" for o in kind.outcomes), ", ".join(f"{o} ({words[o][1]})" for o in kind.outcomes)
        raise _refused(question, (f"没有结论 {outcome}，可选：{listed[0]}", f"there is no outcome {outcome}, only {listed[1]}"), near)
    kept = {name: str(value).strip() for name, value in said.items() if value is not None and str(value).strip()}
    if question.measure and "indicator" in question.case.data and "figure" in kind.needs.get(outcome, ()):
        kept = _measured(question, question.measure, kept)
    if missing := [name for name in kind.needs.get(outcome, ()) if name not in kept]:
        zh, en = ("、".join(f"{words[n][0]}（{n}）" for n in missing), ", ".join(f"{words[n][1]} ({n})" for n in missing))
        raise _refused(question, (f"还要写明：{zh}", f"still to be said: {en}"), ("补上再答复", "say it and answer again"))
    for name in FORMS.keys() & kept.keys():
        FORMS[name](question, kept[name])
    if outcome == kind.effect:
        _effect(question, kept)
    return kept


def _measured(question: Question, measure: Measure, said: Said) -> Said:
    month = said.get("figure_month") or question.step.data.get("figure_month", question.case.month)
    _figure_month(question, month)
    found = measure(question.case, month)
    if reason := differs(question.case, month, said.get("figure", ""), found):
        raise _refused(question, *reason)
    return {**said, "figure_month": month, "figure": str(found)}


def _deadline(question: Question, said: str) -> None:
    try:
        passed = date.fromisoformat(said) < question.today
    except ValueError:
        passed = True
    if passed:
        how = ("写成 2026-03-31，不早于今天", "write 2026-03-31, today or later")
        raise _refused(question, (f"完成期限不能是 {said}", f"the deadline cannot be {said}"), how)


def _figure(question: Question, said: str) -> None:
    if number(said) is None:
        raise _refused(question, (f"{said} 不是数", f"{said} is not a number"), ("只写数字，如 0.08", "write digits only, such as 0.08"))


def _figure_month(question: Question, said: str) -> None:
    first = question.step.data.get("figure_month", question.case.month)
    try:
        late_enough = said == shift(said, 0) and ordinal(first) <= ordinal(said) < ordinal(question.today.isoformat()[:7])
    except (HengError, ValueError):
        late_enough = False
    if not late_enough:
        how = (f"写 {first} 或以后、已结束的月份，写法如 {first}", f"write a month from {first} on that is over, in the form {first}")
        raise _refused(question, (f"核对的月份不能是 {said}", f"the month of the figure cannot be {said}"), how)


FORMS: dict[str, Callable[[Question, str], None]] = {"deadline": _deadline, "figure": _figure, "figure_month": _figure_month}
"""要核对的内容 · What is judged wherever it is said."""


def _effect(question: Question, said: Said) -> None:
    # A whole month in which the plan was at work must show it: no closing on a promise.
    about = question.case.data
    figure, line, before = (number(v) for v in (said.get("figure"), about.get("line"), about.get("value")))
    sign = -1 if about.get("better") == "higher" else 1
    held = figure is not None and (
        (line is not None and sign * figure <= sign * line) or (line is None and before is not None and sign * figure < sign * before)
    )
    if not held:
        against = about.get("line", about.get("value"))
        what = (f"没有效果：{said.get('figure')}，应为 {against} 以内", f"no effect: {said.get('figure')}, against {against}")
        raise _refused(question, what, ("选择没有效果的结论，事项回到自查", "choose the outcome without effect: the case goes back"))


def _refused(question: Question, what: Say, mend: Say) -> DeskError:
    where = f"{question.case.key} · {question.kind.zh} {question.kind.en}"
    return DeskError(what[0], what[1], where=where, mend=mend)
