"""问卷：定性指标由人来评 · Surveys: what is judged and not counted, by the people of a hospital, once a month each.

A reply can be corrected until its month ends. Results are told when the month is over, so that nobody reads one reply off two
results, and only of questions that enough people answered. They name nobody; texts stand in order of their letters. The
audit tells who replied and corrected when, not what: each reply stays with its row.
"""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError, PolicyError, Say, did_you_mean
from heng.core.params import Params
from heng.core.period import period
from heng.core.scope import OWNER
from heng.desk.audit import Deed, note
from heng.desk.audit import refused as refused_role
from heng.desk.database import Database, day_of, now
from heng.desk.grants import must, scope_of
from heng.desk.notices import struck_out
from heng.desk.people import present
from heng.desk.rights import Asking, Rights
from heng.desk.schema import Form
from heng.desk.standing import posts_of

READERS = ("head", "president", "commission")
"""谁看结果 · The roles that see results, each of the hospitals that it reaches."""
KINDS = {"scale": ("1–5 分", "1–5"), "yes_no": ("是否", "yes or no"), "text": ("短文", "a short text")}
"""答法 · How a question is answered."""
MARKS = {"scale": ("1", "2", "3", "4", "5"), "yes_no": ("yes", "no")}
SCORE = {**{mark: int(mark) for mark in MARKS["scale"]}, "yes": 1, "no": 0}
"""每种答案算几分：是为 1，否为 0，均值即“是”的比例 · What an answer counts; the mean of yes and no is the share of yes."""
LONGEST = 200
"""短文最长多少字 · The letters that a short text may have."""


class Forms(Params, at="desk.forms"):
    """申明的问卷 · The surveys in force on a day: `Forms(policy, day, org)`."""

    least: int
    forms: list[Any]
    questions: list[Any]
    rubric: list[Any]


@dataclass(frozen=True)
class Question:
    """一个问题 · A question, how it is answered, and what each mark means."""

    key: str
    kind: str
    words: Say
    rubric: dict[str, Say]


@dataclass(frozen=True)
class Survey:
    """一份问卷 · A survey."""

    key: str
    words: Say
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Reply:
    """一份答复 · Who answers what about which hospital; `key` is the same when it is sent again."""

    by: str
    form: str
    org: str
    answers: dict[str, str]
    key: str = ""


@dataclass(frozen=True)
class Wanted:
    """要看的结果 · Whose results are asked for, by whom."""

    by: str
    form: str
    org: str
    month: str


@dataclass(frozen=True)
class Tally:
    """一个问题的结果 · The results of a question. None: withheld. A text has no mean and no distribution, only words."""

    question: Question
    n: int | None = None
    mean: Fraction | None = None
    distribution: dict[str, int] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """结果 · The results of a survey: how many replied, whether the month is over, each question."""

    survey: Survey
    count: int
    over: bool
    tallies: tuple[Tally, ...]


def surveys(forms: Forms) -> list[Survey]:
    """全部问卷 · Every survey; PolicyError where a scale lacks the meaning of a mark, or words belong to no survey."""
    made = [Survey(f["form"], (f["zh"], f["en"]), tuple(_questions(forms, f["form"]))) for f in forms.forms]
    asked = {(s.key, q.key) for s in made for q in s.questions if q.kind == "scale"}
    known = {s.key for s in made}
    stray = [q["form"] for q in forms.questions if q["form"] not in known]
    stray += [f"{r['form']} {r['question']}" for r in forms.rubric if (r["form"], r["question"]) not in asked]
    if stray:
        raise PolicyError(
            f"{stray[0]} 不属于任何问卷",
            f"{stray[0]} belongs to no survey",
            where="desk.forms",
            mend=("forms、questions、rubric 要对得上", "forms, questions and rubric must fit together"),
        )
    return made


def survey(forms: Forms, key: str) -> Survey:
    """一份问卷 · The survey of a key; DeskError when there is none."""
    known = {s.key: s for s in surveys(forms)}
    if key not in known:
        near = did_you_mean(key, known)
        raise DeskError(
            f"没有问卷 {key}",
            f"there is no survey {key}",
            where="forms",
            mend=near if any(near) else ("heng desk forms list 列出全部", "heng desk forms list lists them"),
        )
    return known[key]


def fill(db: Database, forms: Forms, reply: Reply) -> Form:
    """填一份 · Reply for this month, or correct this month's reply; what is sent twice is there once.

    AccessError (and a row of audit) for who holds no post in the hospital today.
    """
    answers = _checked(survey(forms, reply.form), reply.answers)
    with db.writing() as session:
        person, day = present(session, reply.by), day_of(now(session))
        row = None
        if reply.org and any(post.org == reply.org for post in posts_of(session, person, day)):
            row = _kept(session, reply, person.login, answers)
        else:
            note(session, person.login, Deed("forms.fill", f"{reply.form} {reply.org}", allowed=False))
    if row is None:
        raise AccessError(
            f"{reply.by} 今天在 {reply.org} 没有任职，不能填",
            f"{reply.by} holds no post in {reply.org} today and may not reply",
            where="forms.fill",
            mend=("请为自己任职的医院填", "reply for the hospital that you work in"),
        )
    return row


def results(db: Database, rights: Rights, forms: Forms, wanted: Wanted) -> Results:
    """结果 · The results of a hospital's month, for who reaches it as head, president or commission; every look is in the audit."""
    asked, month = survey(forms, wanted.form), _month(wanted.month)
    held = _reader(db, rights, wanted)
    with db.writing() as session:
        rows = list(session.scalars(select(Form).where(Form.form == asked.key, Form.org == wanted.org, Form.month == month)))
        over = month < day_of(now(session)).isoformat()[:7]
        deed = Deed("forms.results", f"{asked.key} {wanted.org} {month}", held or "", rows=len(rows) if held else 0)
        note(session, wanted.by, deed if held else Deed(deed.action, deed.object, allowed=False))
    if held is None:
        raise refused_role(wanted.by, READERS, "forms.results")
    said = [latest(row) for row in rows]
    tallies = (_tally(q, [a[q.key] for a in said if q.key in a], forms.least if over else None) for q in asked.questions)
    return Results(asked, len(rows), over, tuple(tallies))


def replied(db: Database, by: str, form: str, org: str) -> dict[str, str] | None:
    """本人本月填的 · What a person has answered this month, to look at and to correct; None while she has not."""
    with db.reading() as session:
        mine = (Form.form == form, Form.org == org, Form.by == by, Form.month == day_of(now(session)).isoformat()[:7])
        row = session.scalar(select(Form).where(*mine))
        return None if row is None else latest(row)


def latest(row: Form) -> dict[str, str]:
    """现在的答复 · The answers that count: those of the last reply."""
    answers: dict[str, str] = row.data["replies"][-1]["answers"]
    return answers


def _questions(forms: Forms, form: str) -> list[Question]:
    made = list[Question]()
    for q in (q for q in forms.questions if q["form"] == form):
        meant = {str(r["mark"]): (r["zh"], r["en"]) for r in forms.rubric if (r["form"], r["question"]) == (form, q["question"])}
        if q["kind"] == "scale" and (missing := [mark for mark in MARKS["scale"] if mark not in meant]):
            raise PolicyError(
                f"{form} {q['question']} 没有写明 {'、'.join(missing)} 分的含义",
                f"{form} {q['question']} does not say what the marks {', '.join(missing)} mean",
                where="desk.forms.rubric",
                mend=("五分都要写", "write all five"),
            )
        made.append(Question(q["question"], q["kind"], (q["zh"], q["en"]), dict(sorted(meant.items()))))
    return made


def _checked(asked: Survey, answers: dict[str, str]) -> dict[str, str]:
    """The answers as they are kept; a question may be left out, and then counts nowhere."""
    kinds = {q.key: q.kind for q in asked.questions}
    kept = {name: line for name, text in answers.items() if (line := " ".join(str(text).split()))}
    for name, text in kept.items():
        if name not in kinds:
            raise _wrong(asked, (f"没有问题 {name}", f"there is no question {name}"), did_you_mean(name, kinds))
        if not _fits(kinds[name], text):
            zh, en = (f"1 至 {LONGEST} 个字", f"up to {LONGEST} letters") if kinds[name] == "text" else (" ".join(MARKS[kinds[name]]),) * 2
            raise _wrong(asked, (f"{name} 不能答 {text[:20]}", f"{name} cannot be answered with {text[:20]}"), (zh, en))
    if not kept:
        listed = "、".join(kinds), ", ".join(kinds)
        raise _wrong(asked, ("一个问题也没有答", "no question is answered"), (f"问题：{listed[0]}", f"questions: {listed[1]}"))
    return kept


def _fits(kind: str, text: str) -> bool:
    return text in MARKS[kind] if kind in MARKS else len(text) <= LONGEST


def _kept(session: Session, reply: Reply, login: str, answers: dict[str, str]) -> Form:
    month = day_of(now(session)).isoformat()[:7]
    mine = {r.month: r for r in session.scalars(select(Form).where(Form.form == reply.form, Form.org == reply.org, Form.by == login))}
    for old in mine.values():  # of earlier months, too: what is sent again after midnight is no new reply
        if reply.key and reply.key in (r["key"] for r in old.data["replies"]):
            return old
    row, at = mine.get(month), now(session)
    if row is None:
        row = Form(key=f"{reply.form}/{reply.org}/{month}/{login}", form=reply.form, org=reply.org, month=month, by=login, at=at)
        row.data = {"replies": []}
        session.add(row)
    elif latest(row) == answers:
        return row
    replies = [*row.data["replies"], {"key": reply.key, "at": at.isoformat(), "answers": answers}]
    row.data = {"replies": replies}
    deed = "forms.fill" if len(replies) == 1 else "forms.correct"
    note(session, login, Deed(deed, f"{reply.form} {reply.org} {month}: {len(replies)}", rows=1))
    session.flush()
    return row


def _reader(db: Database, rights: Rights, wanted: Wanted) -> str | None:
    """As which role a person reaches the hospital's figures; the owner of the folder sees everything."""
    if wanted.by == OWNER.login:
        return OWNER.role
    return next((role for role in READERS if _reaches(db, rights, Asking(wanted.by, role), wanted.org)), None)


def _reaches(db: Database, rights: Rights, asking: Asking, org: str) -> bool:
    try:
        must(scope_of(db, rights, asking, db.today), org)
    except AccessError:
        return False
    return True


def _tally(question: Question, said: list[str], least: int | None) -> Tally:
    fitting = sorted(answer for answer in said if _fits(question.kind, answer))
    n = len(fitting)
    if least is None or n < least:
        return Tally(question)
    if question.kind == "text":
        return Tally(question, n, texts=tuple(struck_out(text) for text in fitting))
    counts = Counter(fitting)
    return Tally(question, n, Fraction(sum(SCORE[a] for a in fitting), n), {mark: counts[mark] for mark in MARKS[question.kind]})


def _month(written: str) -> str:
    months = period(written).months
    if months != (written,):
        raise DeskError(f"{written} 不是一个月", f"{written} is not a month", where="forms.results", mend=("写成 2026-03", "write 2026-03"))
    return written


def _wrong(asked: Survey, what: Say, mend: Say) -> DeskError:
    return DeskError(*what, where=asked.key, mend=mend)
