"""事项 · `heng desk work` and `heng desk cases`: what is to do, the cases, answering and reopening them, passing up what is late."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import HengError
from heng.serve.cli.command import Org, command
from heng.serve.cli.console import say, tell
from heng.serve.cli.desk_group import Number, desk, group
from heng.serve.cli.desk_open import At, DeskOptions, opened
from heng.serve.cli.desk_show import cell, done, give, print_data
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.desk.register import Eyes
    from heng.desk.schema import Case, Step

cases = group("cases", "事项：步骤、责任人、期限 · cases: steps, owners, deadlines")


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """事项一览的选项 · Options of `heng desk cases list`."""

    org: Org = ""
    state: Annotated[str, Option("--state", help="open | closed", show_default=False)] = ""


@dataclass(kw_only=True)
class OneOptions(DeskOptions):
    """一件事项 · One case."""

    number: Number


@dataclass(kw_only=True)
class AnswerOptions(OneOptions):
    """答复的选项 · Options of `heng desk cases answer`."""

    outcome: Annotated[str, Argument(metavar="OUTCOME", help="结论，如 explained · outcome")]
    words: Annotated[
        list[str], Option("--say", metavar="名=内容", help="要写明的，可多次，如 cause=… · what is to be said", show_default=False)
    ] = field(default_factory=list)
    step: Annotated[int | None, Option("--step", min=1, help="第几步，默认当前一步 · which step; the current one", show_default=False)] = (
        None
    )
    key: Annotated[str, Option("--key", help="重复提交时不变的键 · the same when it is sent again", show_default=False)] = ""


@dataclass(kw_only=True)
class ReopenOptions(OneOptions):
    """重开的选项 · Options of `heng desk cases reopen`."""

    reason: Annotated[str, Option("--reason", help="理由 · reason")]
    key: Annotated[str, Option("--key", help="重复提交时不变的键 · the same when it is sent again", show_default=False)] = ""


@command("work", DeskOptions, desk)
def work(asked: DeskOptions) -> None:
    """我的待办，最急的在前 · What I have to do, the most urgent first."""
    from heng.desk.cases import late, work_of
    from heng.desk.steps import unpublished

    with opened(asked) as at:
        rows = [
            {
                "id": w.case.id,
                "title_zh": w.case.title_zh,
                "title_en": w.case.title_en,
                "org": w.case.org,
                "dept": w.case.dept,
                "month": w.case.month,
                "step": w.step.name,
                "role": w.role,
                "due": w.step.due,
                "late": late(w.step, at.db.today),
                "unpublished": unpublished(w.step),
            }
            for w in work_of(at.db, at.me.id)
        ]
        give(rows, as_data=asked.json, name="work")


@command("list", ListOptions, cases)
def list_cases(asked: ListOptions) -> None:
    """我看得到的事项，新的在前 · The cases that I see, the newest first."""
    from heng.desk.register import cases as read

    if asked.state not in ("", "open", "closed"):
        raise HengError(
            f"没有状态 {asked.state}",
            f"there is no state {asked.state}",
            where="--state",
            mend=("写 open 或 closed", "write open or closed"),
        )
    with opened(asked) as at:
        give(read(at.db, eyes(at), at.org(asked.org) or None, asked.state or None), as_data=asked.json, name="cases")


@command("show", OneOptions, cases)
def show_case(asked: OneOptions) -> None:
    """一件事项的经过，与现在要答复什么 · A case with its history, and what is to be answered now."""
    from heng.desk.register import case_of

    with opened(asked) as at:
        case, steps = case_of(at.db, eyes(at), asked.number, at.person.id if at.person else None)
        rows = [_step(step, who) for step, who in steps]
        choices = _choices(case)
        if asked.json:
            print_data({**_case(case), "data": case.data, "steps": rows, "outcomes": choices})
            return
        tell(f"{case.id} · {session().pick(case.title_zh, case.title_en)} · {cell('state', case.state)}")
        give([{k: v for k, v in row.items() if k not in ("said", "moved")} for row in rows], as_data=False, name="steps")
        for row in rows:
            for moved in row["moved"]:
                say("desk.moved", **moved)
            tell(*(f"  {row['number']} {_word(case, name)}：{text}" for name, text in row["said"].items()))
        for outcome, needs in choices.items():
            say(
                "desk.choice", outcome=outcome, word=_word(case, outcome), needs="、".join(f"{n}（{_word(case, n)}）" for n in needs) or "—"
            )


@command("answer", AnswerOptions, cases)
def answer_case(asked: AnswerOptions) -> None:
    """答复当前一步；核对效果的数值由系统取 · Answer the current step of a case; the figure of an effect is taken from the books."""
    from heng.app.effects import answered
    from heng.desk.cases import Answer, history

    with opened(asked) as at:
        me = at.me.id
        number = asked.step or _step_meant(history(at.db, asked.number), me, asked)
        key = asked.key or f"cli/{asked.number}/{number}/{me}/{asked.outcome}"
        made = answered(at.desk, asked.number, Answer(me, number, asked.outcome, _said(asked.words), key))
        done("cases_answer", as_data=asked.json, id=made.id, outcome=asked.outcome, state=made.state, step=made.step)


def _step_meant(steps: "list[Step]", me: int, asked: AnswerOptions) -> int:
    """The current step, or the last of a closed case; an error where it looks like the same answer given twice."""
    last = next((s for s in reversed(steps) if s.done), None)
    if not asked.key and last and (last.person, last.outcome) == (me, asked.outcome):
        raise HengError(
            f"第 {last.number} 步您已经答复（{last.outcome}）",
            f"you have answered step {last.number} already ({last.outcome})",
            where=f"heng desk cases answer {asked.number}",
            mend=(
                f"要答复下一步，先看 heng desk cases show {asked.number}，再加 --step 第几步",
                f"for the next one see heng desk cases show {asked.number}, then add --step N",
            ),
        )
    return steps[-1].number if steps else 0


@command("reopen", ReopenOptions, cases)
def reopen_case(asked: ReopenOptions) -> None:
    """重开已结束的事项 · Open a closed case again."""
    from heng.desk.cases import Reopen, reopen
    from heng.desk.register import case_of

    with opened(asked) as at:
        me = at.me.id
        before, _ = case_of(at.db, eyes(at), asked.number, me)
        at.must_answer(before.org, before.dept)
        key = asked.key or f"cli/{asked.number}/reopen/{before.reopened}/{me}"
        made = reopen(at.db, asked.number, Reopen(me, asked.reason, key), at.desk.workdays)
        done("cases_reopen", as_data=asked.json, id=made.id, step=made.step, reopened=made.reopened)


@command("escalate", DeskOptions, cases)
def escalate_cases(asked: DeskOptions) -> None:
    """上报今天逾期的步骤（每天一次，可由定时任务运行） · Pass up what is overdue today; run it once a day."""
    from heng.desk.escalation import escalate

    with opened(asked) as at:
        at.keeper("cases.escalate")
        give([p._asdict() for p in escalate(at.db, at.desk.workdays)], as_data=asked.json, name="passed")


def eyes(at: At) -> "Eyes":
    """看得见哪些 · What the person at the desk sees."""
    from heng.desk.register import Eyes

    return Eyes(at.db, at.desk.rights, at.by, at.roles)


def _case(case: "Case") -> dict[str, Any]:
    names = "id key type org dept month title_zh title_en state step opened closed reopened"
    return {n: getattr(case, n) for n in names.split()}


def _step(step: "Step", who: str) -> dict[str, Any]:
    from heng.desk.steps import unpublished

    names = "role org dept began due escalated done outcome"
    return {
        "number": step.number,
        "step": step.name,
        **{n: getattr(step, n) for n in names.split()},
        "by": who,
        "unpublished": None if step.done else unpublished(step),
        "said": step.data.get("said", {}),
        "moved": step.data.get("moved", []),
    }


def _choices(case: "Case") -> dict[str, list[str]]:
    from heng.desk.measured import asked
    from heng.desk.owners import step_type

    if case.state == "closed":
        return {}
    kind = step_type(case)
    return {outcome: asked(case, kind, outcome) for outcome in kind.outcomes}


def _word(case: "Case", name: str) -> str:
    from heng.core.case import CASE_TYPES

    return session().pick(*CASE_TYPES[case.type].words.get(name, (name, name)))


def _said(words: list[str]) -> dict[str, str]:
    pairs = [w.partition("=") for w in words]
    if strange := [name for name, equals, _ in pairs if not equals]:
        raise HengError(
            f"「{strange[0]}」要写成 名=内容",
            f"{strange[0]!r}: write NAME=TEXT",
            where="--say",
            mend=("如 cause=新开展手术", "such as cause=…"),
        )
    return {name.strip(): text for name, _, text in pairs}
