"""事项 · Cases: harmless when repeated, one of two at once, all or nothing, written down, and everybody sees what is hers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from heng.core.errors import AccessError, DeskError, HengError
from heng.core.scope import OWNER
from heng.desk import people
from heng.desk.cases import About, Answer, Reopen, answer, history, late, open_case, reopen, work_of
from heng.desk.database import Database
from heng.desk.escalation import escalate
from heng.desk.people import NewDeputy
from heng.desk.schema import Audit, Case, Notice, Step
from heng.rooms.steering.alert_case import ALERT, days
from heng.rooms.steering.project_case import PROJECT
from heng.rooms.steering.workdays import workdays
from heng.store.policy_files import read_policy
from tests.desk.conftest import Hands, someone

CALENDAR = workdays(read_policy())
LINE = {"value": "0.13", "line": "0.10"}
PLAN = {"cause": "高值耗材", "plan": "议价", "owner": "耗材组", "deadline": "2026-12-31"}


def about(key: str = "H01/D01/耗材占比/2026-02", dept: str | None = "D01", **data: object) -> About:
    return About(key, "H01", dept, "2026-02", ("耗材占比超线", "consumables over the line"), {**LINE, **data})


@pytest.fixture
def staff(database: Database) -> dict[str, int]:
    """A head, a second head, a president and the commission."""
    posts = {"wang": ("head", "D01"), "li": ("head", "D01"), "zhao": ("head", "D02"), "president": ("president", None)}
    made = {login: someone(database, login, role, dept=dept).id for login, (role, dept) in posts.items()}
    return made | {"commission": someone(database, "commission", "commission", "").id}


def rows(db: Database, table: type[Case | Step | Notice | Audit]) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all of them at the same moment; gives what each brought, an error too."""
    ready = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        ready.wait()
        try:
            return deed()
        except HengError as refused:
            return refused

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [f.result() for f in [pool.submit(do, d) for d in deeds]]


@pytest.mark.usefixtures("staff")
def test_the_same_case_is_opened_once_however_often_and_by_however_many(database: Database) -> None:
    made = at_once(*[lambda: open_case(database, ALERT, about(), CALENDAR)] * 6)
    assert len({c.id for c in made if isinstance(c, Case)}) == 1
    assert (rows(database, Case), rows(database, Step), rows(database, Notice)) == (1, 1, 2)  # two heads are told


def test_of_two_answers_at_once_one_stands_and_the_other_is_told_whose(database: Database, staff: dict[str, int]) -> None:
    case = open_case(database, ALERT, about(), CALENDAR).id
    replies = [Answer(staff[p], 1, "explained", PLAN, p) for p in ("wang", "li")]
    got = at_once(*[lambda r=r: answer(database, case, r, CALENDAR) for r in replies])  # type: ignore[misc]
    refused = [g for g in got if isinstance(g, DeskError)]
    assert len(refused) == 1
    assert [s.name for s in history(database, case)] == ["self_check", "review"]
    winner = {i: login for login, i in staff.items()}[history(database, case)[0].person or 0]
    assert f"已由 {winner} 答复" in refused[0].zh


def test_the_same_answer_sent_six_times_at_once_is_one(database: Database, staff: dict[str, int]) -> None:
    case = open_case(database, ALERT, about(), CALENDAR).id
    reply = Answer(staff["wang"], 1, "explained", PLAN, "k")
    got = at_once(*[lambda: answer(database, case, reply, CALENDAR)] * 6)
    assert all(isinstance(g, Case) for g in got)
    assert len(history(database, case)) == 2
    assert rows(database, Notice) == 3


def test_a_key_used_for_another_answer_is_refused(database: Database, staff: dict[str, int]) -> None:
    case = open_case(database, ALERT, about(), CALENDAR).id
    answer(database, case, Answer(staff["wang"], 1, "explained", PLAN, "k"), CALENDAR)
    with pytest.raises(DeskError, match="已由 wang 答复"):
        answer(database, case, Answer(staff["wang"], 1, "not_real", PLAN, "k"), CALENDAR)
    with pytest.raises(DeskError, match="已由 wang 答复"):  # the same outcome in other words is another answer: it is not lost unsaid
        answer(database, case, Answer(staff["wang"], 1, "explained", {**PLAN, "cause": "另一个原因"}, "k"), CALENDAR)
    with pytest.raises(DeskError, match="没有这件事项"):
        answer(database, case, Answer(staff["wang"], 7, "not_real", PLAN, "l"), CALENDAR)


def test_a_key_sent_again_for_the_step_that_is_current_by_then_answers_nothing(database: Database) -> None:
    wang = someone(database, "wang", "head", dept="D01").id
    someone(database, "president", "president")
    about_it = About("p", "H01", "D01", "2026-03", ("缩短住院日", "shorter stays"))
    case = open_case(database, PROJECT, about_it, CALENDAR).id
    charter = {"goal": "少 0.5 天", "measure": "平均住院日", "owner": "护士长", "deadline": "2026-06-30"}
    answer(database, case, Answer(wang, 1, "chartered", charter, "1"), CALENDAR)
    for number in (2, 3):  # the weekly report, and the same once more when the next week is current
        answer(database, case, Answer(wang, number, "on_track", {"progress": "已测现状"}, "week 10"), CALENDAR)
    assert [s.outcome for s in history(database, case)] == ["chartered", "on_track", None]


@pytest.mark.usefixtures("staff")
def test_an_overdue_case_is_passed_up_once_by_however_many(database: Database, hands: Hands) -> None:
    open_case(database, ALERT, about(), CALENDAR)
    hands.pass_by(days=5)
    passed = at_once(*[lambda: escalate(database, CALENDAR)] * 4)
    assert [len(p) for p in passed if isinstance(p, list)].count(1) == 1
    assert sum(len(p) for p in passed if isinstance(p, list)) == 1


def test_what_is_refused_changes_nothing_but_is_written_down(database: Database, staff: dict[str, int]) -> None:
    case = open_case(database, ALERT, about(), CALENDAR).id
    before = [rows(database, t) for t in (Step, Notice)]
    with pytest.raises(AccessError, match="不归您答复"):
        answer(database, case, Answer(staff["zhao"], 1, "explained", PLAN, "k"), CALENDAR)
    with pytest.raises(AccessError, match="不归您答复"):
        reopen(database, case, Reopen(staff["zhao"], "重开", "r"), CALENDAR)
    assert [rows(database, t) for t in (Step, Notice)] == before
    with database.reading() as session:
        trail = session.execute(select(Audit.login, Audit.action, Audit.allowed).where(Audit.action.startswith("case."))).all()
    assert [tuple(t) for t in trail] == [("", "case.open", True), ("zhao", "case.answer", False), ("zhao", "case.reopen", False)]


def test_where_the_next_step_has_no_owner_the_answer_is_refused_whole(database: Database) -> None:
    wang = someone(database, "wang", "head", dept="D01").id
    case = open_case(database, ALERT, about(), CALENDAR).id
    before = [rows(database, t) for t in (Step, Notice, Audit)]
    with pytest.raises(DeskError, match="无人担任 卫健委、监督委员"):
        answer(database, case, Answer(wang, 1, "explained", PLAN, "k"), CALENDAR)
    assert [rows(database, t) for t in (Step, Notice, Audit)] == before
    assert history(database, case)[0].done is None


def test_everybody_sees_what_is_hers_the_most_urgent_first(database: Database, staff: dict[str, int], hands: Hands) -> None:
    def work(login: str) -> list[tuple[str, str]]:
        return [(w.case.key, w.role) for w in work_of(database, staff[login])]

    open_case(database, ALERT, about("a"), CALENDAR)
    hands.pass_by(days=1)
    open_case(database, ALERT, about("b", "D02"), CALENDAR)
    open_case(database, ALERT, about("c"), CALENDAR)
    assert (work("wang"), work("li"), work("zhao"), work("president")) == (
        [("a", "head"), ("c", "head")],
        [("a", "head"), ("c", "head")],
        [("b", "head")],
        [],
    )
    people.stand_in(database, "zhao", NewDeputy("wang", date(2026, 3, 3), date(2026, 3, 4)), "zhao")
    assert work("wang") == [("a", "head"), ("b", "head"), ("c", "head")]
    hands.pass_by(days=3)  # Friday: `a` was due on Thursday
    escalate(database, CALENDAR)
    assert work("president") == [("a", "president")]
    assert work("wang") == [("a", "head"), ("c", "head")]


@pytest.mark.usefixtures("staff")
def test_who_has_left_is_no_owner_any_more(database: Database) -> None:
    open_case(database, ALERT, about(), CALENDAR)
    for login in ("wang", "li"):
        people.end(database, login, OWNER.login)
    assert [(p.why, p.role) for p in escalate(database, CALENDAR)] == [("vacant", "president")]
    people.end(database, "president", OWNER.login)
    people.end(database, "commission", OWNER.login)
    assert [p.why for p in escalate(database, CALENDAR)] == ["nobody"]  # and it is said again until somebody is there
    assert [p.why for p in escalate(database, CALENDAR)] == ["nobody"]
    someone(database, "newcomer", "commission", "")
    assert [(p.why, p.role) for p in escalate(database, CALENDAR)] == [("vacant", "commission")]


@pytest.mark.usefixtures("staff")
def test_the_days_of_each_step_are_policy(database: Database) -> None:
    policy = read_policy()
    told = days(policy, date(2026, 3, 2))
    assert told == {"self_check": 3, "review": 3, "regional_notice": 3, "effect": 10}
    assert {s.key: s.days for s in ALERT.steps} == told
    case = open_case(database, ALERT, about(days={**told, "self_check": 1}), CALENDAR)
    assert history(database, case.id)[0].due == date(2026, 3, 3)


@pytest.mark.usefixtures("staff")
def test_an_alert_that_nothing_can_be_measured_against_is_not_opened(database: Database) -> None:
    with pytest.raises(DeskError, match="没有说明效果与什么比"):
        open_case(database, ALERT, About("k", "H01", "D01", "2026-02", ("甲", "a")), CALENDAR)
    assert rows(database, Case) == 0


@pytest.mark.parametrize(
    ("data", "figure", "held"),
    [
        ({"line": "0.10", "value": "0.13"}, "0.1000", True),
        ({"line": "0.10", "value": "0.13"}, "0.1001", False),
        ({"line": "0.80", "value": "0.70", "better": "higher"}, "0.80", True),
        ({"line": "0.80", "value": "0.70", "better": "higher"}, "0.79", False),
        ({"value": "0.13"}, "0.1299", True),
        ({"value": "0.13"}, "0.13", False),
        ({"value": "0.13"}, "NaN", False),
    ],
)
def test_an_effect_is_a_figure_within_the_line(database: Database, hands: Hands, data: dict[str, str], figure: str, held: bool) -> None:  # noqa: FBT001
    head, board = (someone(database, *post).id for post in (("wang", "head"), ("commission", "commission", "")))
    case = open_case(database, ALERT, About("k", "H01", None, "2026-02", ("甲", "a"), data), CALENDAR).id
    for step, (person, outcome) in enumerate([(head, "explained"), (board, "accepted"), (board, "published")], 1):
        answer(database, case, Answer(person, step, outcome, {**PLAN, "notice": "通报"}, f"{step}"), CALENDAR)
    hands.moment = datetime.fromisoformat("2026-05-06 01:00")
    last = Answer(board, 4, "effective", {"figure_month": "2026-04", "figure": figure}, "4")
    if held:
        assert answer(database, case, last, CALENDAR).state == "closed"
    else:
        with pytest.raises(DeskError, match=r"没有效果|不是数"):
            answer(database, case, last, CALENDAR)
        assert history(database, case)[3].done is None


def test_a_notice_holds_nothing_that_was_written(database: Database, staff: dict[str, int]) -> None:
    case = open_case(database, ALERT, about(), CALENDAR).id
    answer(database, case, Answer(staff["wang"], 1, "explained", {**PLAN, "cause": "患者甲 330102199001011234"}, "k"), CALENDAR)
    with database.reading() as session:
        bodies = list(session.scalars(select(Notice.body)))
    assert bodies
    assert not [b for b in bodies if "患者甲" in b]
    assert all("2026-03-05" in b and "耗材占比超线" in b and "consumables over the line" in b for b in bodies)


@pytest.mark.usefixtures("staff")
def test_a_day_in_china_ends_at_sixteen_hours_universal_time(database: Database, hands: Hands) -> None:
    case = open_case(database, ALERT, about(), CALENDAR).id
    hands.moment = datetime.fromisoformat("2026-03-05 15:59:59")
    assert escalate(database, CALENDAR) == []
    assert not late(history(database, case)[0], database.today)
    hands.moment += timedelta(seconds=1)
    assert late(history(database, case)[0], database.today)
    assert [p.why for p in escalate(database, CALENDAR)] == ["overdue"]
