"""问卷：每人每月一份，够数才显示，看不出谁怎么答 · Surveys: one reply a person and month; nobody's answer is read off."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from heng.core.errors import AccessError, DeskError, HengError, PolicyError
from heng.core.scope import OWNER
from heng.desk import partners, people
from heng.desk.database import Database
from heng.desk.forms import Forms, Question, Reply, Results, Tally, Wanted, _tally, fill, latest, results, survey, surveys
from heng.desk.people import NewDeputy, NewPost
from heng.desk.schema import Audit, Form
from heng.store.policy_files import read_policy
from tests.desk.conftest import Hands, someone
from tests.desk.rights_world import rights

DAY = date(2026, 3, 2)
POLICY = read_policy()
FORMS = Forms(POLICY, DAY)
FIVE = ("p1", "p2", "p3", "p4", "p5")
ASKED = ("standards", "sharing", "stability", "patients")
MIXED = Forms(
    POLICY.scenario(
        {
            "desk.forms.forms": [{"form": "ward", "zh": "病区", "en": "ward"}],
            "desk.forms.questions": [
                {"form": "ward", "question": "trained", "kind": "yes_no", "zh": "受过培训吗", "en": "trained?"},
                {"form": "ward", "question": "wish", "kind": "text", "zh": "最想改进什么", "en": "what to improve"},
            ],
            "desk.forms.rubric": [],
        }
    ),
    DAY,
)


def say(db: Database, login: str, key: str = "", /, **answers: str) -> Form:
    return fill(db, FORMS, Reply(login, "collaboration", "H01", answers, key))


def seen(db: Database, by: str = OWNER.login, forms: Forms = FORMS, form: str = "collaboration") -> Results:
    return results(db, rights(DAY), forms, Wanted(by, form, "H01", "2026-03"))


def staff(db: Database, *logins: str) -> None:
    for login in logins:
        someone(db, login, "accountant")


def deeds(db: Database, action: str) -> list[tuple[str, str, bool]]:
    with db.reading() as session:
        return [(a.login, a.object, a.allowed) for a in session.scalars(select(Audit).where(Audit.action == action).order_by(Audit.id))]


def test_the_survey_has_the_four_items_and_says_what_each_mark_means() -> None:
    (only,) = surveys(FORMS)
    assert tuple(q.key for q in only.questions) == ASKED
    assert [q.words[0].partition("：")[0] for q in only.questions] == [
        "区域成本标准统一度",
        "数据共享满意度",
        "协同机制运行稳定性",
        "患者对跨区域就医体验的满意度",
    ]
    assert all(list(q.rubric) == ["1", "2", "3", "4", "5"] for q in only.questions)
    assert all(zh and en for q in only.questions for zh, en in q.rubric.values())
    assert FORMS.least == 5


def test_a_rubric_that_misses_a_mark_is_refused_and_words_of_no_survey_too() -> None:
    short = [r for r in FORMS.rubric if (r["question"], r["mark"]) != ("sharing", 3)]
    with pytest.raises(PolicyError, match="sharing 没有写明 3 分"):
        surveys(Forms(POLICY.scenario({"desk.forms.rubric": short}), DAY))
    with pytest.raises(PolicyError, match="collaboration"):
        surveys(Forms(POLICY.scenario({"desk.forms.forms": []}), DAY))


def test_fewer_than_three_can_never_be_enough() -> None:
    with pytest.raises(PolicyError, match="least"):
        Forms(POLICY.scenario({"desk.forms.least": 2}), DAY)


def test_five_replies_give_mean_and_distribution_by_hand(database: Database, hands: Hands) -> None:
    staff(database, *FIVE)
    for login, mark in zip(FIVE, "45354", strict=True):  # 4 + 5 + 3 + 5 + 4 = 21
        say(database, login, sharing=mark)
    hands.pass_by(days=30)
    found = seen(database)
    sharing = found.tallies[1]
    assert (found.count, found.over, sharing.n, sharing.mean) == (5, True, 5, Fraction(21, 5))
    assert sharing.distribution == {"1": 0, "2": 0, "3": 1, "4": 2, "5": 2}


def test_four_replies_show_nothing_and_each_question_needs_its_own_five(database: Database, hands: Hands) -> None:
    staff(database, *FIVE)
    for login in FIVE[:4]:
        say(database, login, sharing="4", standards="2")
    say(database, "p5", standards="2")
    hands.pass_by(days=30)
    found = seen(database)
    assert [t.n for t in found.tallies] == [5, None, None, None]
    assert found.tallies[1] == Tally(found.tallies[1].question)
    assert found.count == 5


def test_before_the_month_is_over_only_the_count_is_told(database: Database, hands: Hands) -> None:
    """Otherwise the results before and after the sixth reply would tell the sixth reply."""
    staff(database, *FIVE)
    for login in FIVE:
        say(database, login, sharing="4")
    hands.moment = hands.moment.replace(day=31, hour=15, minute=59)  # one minute to midnight in China
    before = seen(database)
    assert (before.count, before.over, [t.n for t in before.tallies]) == (5, False, [None] * 4)
    hands.pass_by(minutes=1)
    assert seen(database).tallies[1].n == 5


def test_a_correction_replaces_the_reply_and_both_stay(database: Database, hands: Hands) -> None:
    staff(database, "p1")
    first = say(database, "p1", "k1", sharing="2")
    hands.pass_by(days=1)
    second = say(database, "p1", "k2", sharing="4", patients="3")
    assert (second.id, latest(second)) == (first.id, {"sharing": "4", "patients": "3"})
    assert [r["answers"]["sharing"] for r in second.data["replies"]] == ["2", "4"]
    assert deeds(database, "forms.fill") == [("p1", "collaboration H01 2026-03: 1", True)]
    assert deeds(database, "forms.correct") == [("p1", "collaboration H01 2026-03: 2", True)]


def test_what_is_sent_again_is_there_once_even_after_a_correction_or_midnight(database: Database, hands: Hands) -> None:
    staff(database, "p1")
    say(database, "p1", "k1", sharing="2")
    say(database, "p1", "k2", sharing="4")
    assert latest(say(database, "p1", "k1", sharing="2")) == {"sharing": "4"}
    assert len(say(database, "p1", sharing="4").data["replies"]) == 2
    hands.pass_by(days=30)
    assert say(database, "p1", "k2", sharing="4").month == "2026-03"
    assert say(database, "p1", "k3", sharing="1").month == "2026-04"
    with database.reading() as session:
        assert [latest(r)["sharing"] for r in session.scalars(select(Form).order_by(Form.id))] == ["4", "1"]


def test_another_persons_key_finds_nothing_of_hers(database: Database) -> None:
    staff(database, "p1", "p2")
    say(database, "p1", "k", sharing="2")
    assert latest(say(database, "p2", "k", sharing="5")) == {"sharing": "5"}


def test_two_posts_give_one_reply(database: Database) -> None:
    person = someone(database, "p1", "accountant")
    people.give(database, person, NewPost("head", "H01", "D1", DAY), OWNER.login)
    say(database, "p1", sharing="4")
    say(database, "p1", sharing="5")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Form)) == 1


def test_only_who_has_a_post_in_the_hospital_replies_and_a_refusal_is_noted(database: Database) -> None:
    someone(database, "other", "accountant", "H02")
    someone(database, "wei", "commission", "")
    someone(database, "nobody")
    for login in ("other", "wei", "nobody"):
        with pytest.raises(AccessError):
            say(database, login, sharing="4")
    with pytest.raises(AccessError):
        fill(database, FORMS, Reply("wei", "collaboration", "", {"sharing": "4"}))
    with pytest.raises(DeskError):
        say(database, OWNER.login, sharing="4")
    assert [(who, allowed) for who, _, allowed in deeds(database, "forms.fill")] == [
        ("other", False),
        ("wei", False),
        ("nobody", False),
        ("wei", False),
    ]


@pytest.mark.parametrize("answers", [{"sharing": "6"}, {"sharing": "4.5"}, {"sharing": "yes"}, {"shared": "4"}, {}, {"sharing": " "}])
def test_an_answer_that_does_not_fit_is_refused(database: Database, answers: dict[str, str]) -> None:
    staff(database, "p1")
    with pytest.raises(DeskError) as refused:
        say(database, "p1", **answers)
    assert all(refused.value.mend)


def test_an_unknown_survey_and_a_period_that_is_no_month_are_refused(database: Database) -> None:
    with pytest.raises(DeskError, match="collaboration"):
        survey(FORMS, "colaboration")
    for written in ("2026", "2026-13", "March"):
        with pytest.raises(HengError):
            results(database, rights(DAY), FORMS, Wanted(OWNER.login, "collaboration", "H01", written))


def test_results_are_seen_by_heads_the_president_and_the_commission_of_that_place(database: Database) -> None:
    someone(database, "head", "head", "H01", "D1")
    someone(database, "yuan", "president")
    someone(database, "wei", "commission", "")
    someone(database, "elsewhere", "president", "H02")
    someone(database, "qian", "accountant")
    someone(database, "watching", "supervisor", "")
    people.stand_in(database, "yuan", NewDeputy("qian", DAY + timedelta(days=1), DAY + timedelta(days=9)), OWNER.login)
    for login in ("head", "yuan", "wei"):
        assert seen(database, login).count == 0
    for login in ("elsewhere", "qian", "watching", "unknown"):
        with pytest.raises(AccessError):
            seen(database, login)
    partners.pair(database, partners.NewPartner("H01", "H02", DAY, reason="医联体"), OWNER.login)
    told = deeds(database, "forms.results")
    assert [(who, allowed) for who, _, allowed in told[:3]] == [("head", True), ("yuan", True), ("wei", True)]
    assert {allowed for _, _, allowed in told[3:]} == {False}
    assert seen(database, "elsewhere").count == 0  # the aggregates of a partner are open to its president, as its figures are


def test_a_deputy_sees_what_the_president_sees_while_she_is_away(database: Database, hands: Hands) -> None:
    someone(database, "yuan", "president")
    someone(database, "qian", "accountant")
    people.stand_in(database, "yuan", NewDeputy("qian", DAY + timedelta(days=1), DAY + timedelta(days=9)), OWNER.login)
    hands.pass_by(days=1)
    assert seen(database, "qian").count == 0


def test_yes_and_no_count_as_a_share_and_texts_come_in_order_without_names(database: Database, hands: Hands) -> None:
    staff(database, *FIVE)
    wishes = ("数据要全", "早点对账", "电话 13812345678", "少填表", "不知道")
    for login, wish in zip(FIVE, wishes, strict=True):
        fill(database, MIXED, Reply(login, "ward", "H01", {"trained": "no" if login == "p3" else "yes", "wish": wish}))
    hands.pass_by(days=30)
    trained, wish = seen(database, forms=MIXED, form="ward").tallies
    assert (trained.mean, trained.distribution) == (Fraction(4, 5), {"yes": 4, "no": 1})
    assert list(wish.texts) == sorted(wish.texts)
    assert (wish.n, len(wish.texts), "13812345678" in "".join(wish.texts)) == (5, 5, False)


def test_four_texts_are_not_shown(database: Database, hands: Hands) -> None:
    staff(database, *FIVE)
    for login in FIVE:
        said = {"trained": "yes"} | ({} if login == "p5" else {"wish": login})
        fill(database, MIXED, Reply(login, "ward", "H01", said))
    hands.pass_by(days=30)
    trained, wish = seen(database, forms=MIXED, form="ward").tallies
    assert (trained.n, wish.n, wish.texts) == (5, None, ())


def test_a_text_is_one_short_line(database: Database) -> None:
    staff(database, "p1")
    row = fill(database, MIXED, Reply("p1", "ward", "H01", {"wish": " 两\n行 "}))
    assert latest(row) == {"wish": "两 行"}
    with pytest.raises(DeskError, match="200"):
        fill(database, MIXED, Reply("p1", "ward", "H01", {"wish": "长" * 201}))


@given(st.lists(st.sampled_from("12345"), max_size=30), st.integers(3, 9))
def test_law_results_depend_on_how_many_gave_each_mark_and_on_nothing_else(marks: list[str], least: int) -> None:
    question = Question("q", "scale", ("问", "q"), {})
    told = _tally(question, marks, least)
    assert told == _tally(question, sorted(marks, reverse=True), least)
    if len(marks) < least:
        assert told == Tally(question)
    else:
        assert told.mean == Fraction(sum(map(int, marks)), len(marks))
        assert Counter(told.distribution) == Counter(marks)
        assert sum(told.distribution.values()) == told.n == len(marks)
