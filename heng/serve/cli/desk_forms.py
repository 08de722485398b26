"""问卷 · `heng desk forms`: the surveys, one with its rubric, replying to it, and what came of it."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import HengError
from heng.serve.cli.command import Org, command
from heng.serve.cli.console import say, tell
from heng.serve.cli.desk_group import group
from heng.serve.cli.desk_open import At, DeskOptions, opened
from heng.serve.cli.desk_show import cell, done, give, print_data
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from datetime import date

    from heng.desk.forms import Forms, Question, Results, Survey, Tally

forms = group("forms", "问卷：定性指标由人来评 · forms: what is judged and not counted")
Key = Annotated[str, Argument(metavar="FORM", help="问卷的键，见 list · the key of the survey, see list")]


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """问卷一览的选项 · Options of `heng desk forms list`."""

    org: Org = ""


@dataclass(kw_only=True)
class ShowOptions(ListOptions):
    """一份问卷的选项 · Options of `heng desk forms show`."""

    form: Key


@dataclass(kw_only=True)
class FillOptions(ShowOptions):
    """填报的选项 · Options of `heng desk forms fill`."""

    answers: Annotated[
        list[str], Option("--answer", metavar="问题=答案", help="可多次，如 sharing=4 · question=answer", show_default=False)
    ] = field(default_factory=list)
    key: Annotated[str, Option("--key", help="重复提交时不变的键 · the same when it is sent again", show_default=False)] = ""


@dataclass(kw_only=True)
class ResultsOptions(DeskOptions):
    """看结果的选项 · Options of `heng desk forms results`."""

    form: Key
    month: Annotated[str, Argument(metavar="MONTH", help="月份，如 2026-03 · month")]
    org: Annotated[str, Option("--org", help="医院编码或名称 · hospital code or name")]


@command("list", ListOptions, forms)
def list_forms(asked: ListOptions) -> None:
    """问卷一览 · The surveys in force today."""
    from heng.desk.forms import surveys

    with opened(asked) as at:
        found = surveys(_declared(at, _org(at, asked.org), at.db.today))
        rows = ({"key": s.key, "form_zh": s.words[0], "form_en": s.words[1], "questions": len(s.questions)} for s in found)
        give(rows, as_data=asked.json, name="forms")


@command("show", ShowOptions, forms)
def show_form(asked: ShowOptions) -> None:
    """一份问卷：问题与每一分的含义 · A survey: its questions, and what each mark means."""
    from heng.desk.forms import survey

    with opened(asked) as at:
        found = survey(_declared(at, _org(at, asked.org), at.db.today), asked.form)
        if asked.json:
            named = {"form": found.key, "form_zh": found.words[0], "form_en": found.words[1]}
            print_data(named | {"questions": [_question(q) | {"rubric": q.rubric} for q in found.questions]})
        else:
            _show(found)


@command("fill", FillOptions, forms)
def fill_form(asked: FillOptions) -> None:
    """填一份，或改本月填过的 · Reply for this month, or correct this month's reply."""
    from heng.core.period import last_day
    from heng.desk.forms import Reply, fill

    with opened(asked) as at:
        me, org = at.me, _org(at, asked.org)
        reply = Reply(me.login, asked.form, org, _answers(asked.answers), asked.key)
        made = fill(at.db, _declared(at, org, at.db.today), reply)
        done("forms_fill", as_data=asked.json, id=made.id, form=made.form, org=made.org, month=made.month, day=last_day(made.month))


@command("results", ResultsOptions, forms)
def form_results(asked: ResultsOptions) -> None:
    """一家医院一个月的结果，不记名 · The results of a hospital's month; they name nobody."""
    from heng.core.period import last_day, period
    from heng.desk.forms import Wanted, results

    with opened(asked) as at:
        org, month = at.org(asked.org), period(asked.month).months[-1]
        declared = _declared(at, org, last_day(month))
        found = results(at.db, at.desk.rights, declared, Wanted(at.by, asked.form, org, asked.month))
        rows = [_tally(t) for t in found.tallies]
        if asked.json:
            counted = {"form": found.survey.key, "org": org, "month": month, "count": found.count, "over": found.over}
            print_data(counted | {"least": declared.least, "questions": rows})
        else:
            _tell(found, declared.least, (org, month))


def _show(found: "Survey") -> None:
    tell(session().pick(*found.words))
    for q in found.questions:
        said = session().pick("{}（{}，{}）", "{} ({}, {})").format(q.key, cell("answer", q.kind), session().say("desk.forms.silent"))
        tell("", said, f"  {session().pick(*q.words)}")
        tell(*(f"  {mark}  {session().pick(*meant)}" for mark, meant in q.rubric.items()))


def _tell(found: "Results", least: int, place: tuple[str, str]) -> None:
    say("desk.forms.counted", form=session().pick(*found.survey.words), org=place[0], month=place[1], n=found.count)
    if rows := [_tally(t) for t in found.tallies if t.n is not None]:
        names = ("question_zh", "question_en", "n", "mean")
        give(({n: r[n] for n in names} | {"distribution": _spread(r)} for r in rows), as_data=False, name="questions")
        tell(*(f"{r['question']}: {text}" for r in rows for text in r["texts"]))
    if not found.over:
        say("desk.forms.running")
    elif len(rows) < len(found.tallies):
        say("desk.forms.few", least=least)


def _question(q: "Question") -> dict[str, Any]:
    return {"question": q.key, "question_zh": q.words[0], "question_en": q.words[1], "answer": q.kind}


def _tally(t: "Tally") -> dict[str, Any]:
    # A reader who wants the mean to the last digit works it out from the distribution.
    mean = None if t.mean is None else (Decimal(t.mean.numerator) / t.mean.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _question(t.question) | {"n": t.n, "mean": mean, "distribution": t.distribution, "texts": list(t.texts)}


def _spread(row: dict[str, Any]) -> str:
    return "  ".join(f"{mark}×{n}" for mark, n in row["distribution"].items())


def _declared(at: At, org: str, day: "date") -> "Forms":
    from heng.desk.forms import Forms

    return Forms(at.desk.region.policy, day, org)


def _org(at: At, written: str) -> str:
    """The hospital that is meant: the one written, or the person's own."""
    return at.org(written) or (at.person.org if at.person else "")


def _answers(written: list[str]) -> dict[str, str]:
    pairs = [w.partition("=") for w in written]
    if strange := [name for name, equals, _ in pairs if not equals]:
        raise HengError(
            f"「{strange[0]}」要写成 问题=答案",
            f"{strange[0]!r}: write QUESTION=ANSWER",
            where="--answer",
            mend=("如 sharing=4", "such as sharing=4"),
        )
    return {name.strip(): text for name, _, text in pairs}
