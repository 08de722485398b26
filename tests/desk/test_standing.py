"""在任与代理 · Who holds what on a day, and who stands in for whom: seen from above and from below it is the same."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heng.core.errors import DeskError
from heng.core.scope import OWNER
from heng.desk import people
from heng.desk.database import Database, begins, day_of, in_china
from heng.desk.people import NewDeputy, NewPost
from heng.desk.schema import Deputy, Person, Post
from heng.desk.standing import acting_posts, holding, posts_of, stood_in_for
from tests.desk.conftest import Hands, someone

DAY = date(2026, 3, 2)
ROLES = ("head", "finance", "security_admin")
NUMBERS = count(1)
WEEK = st.integers(0, 6)
SPANS = st.tuples(WEEK, WEEK).map(lambda span: (min(span), max(span) + 1))


def acting(db: Database, login: str, day: date) -> list[tuple[str, str | None]]:
    """The posts that somebody may act in on a day."""
    with db.reading() as session:
        return [(p.role, p.dept) for p in acting_posts(session, people.person_of(session, login), day)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(ROLES), SPANS), max_size=5),
    away=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), SPANS), max_size=6),
    gone=st.dictionaries(st.integers(0, 4), WEEK, max_size=2),
)
def test_who_may_act_in_a_post_is_exactly_who_is_found_for_it(
    database: Database,
    held: list[tuple[int, str, tuple[int, int]]],
    away: list[tuple[int, int, tuple[int, int]]],
    gone: dict[int, int],
) -> None:
    """From above: the holders of a role and their deputies. From below: the posts of a person and of those she stands in for."""
    number, org = next(NUMBERS), f"H{next(NUMBERS)}"
    days = [DAY + timedelta(days=n) for n in range(8)]
    with database.writing() as session:
        made = [Person(login=f"p{number}-{n}", name="p", org=org, made=begins(DAY)) for n in range(5)]
        session.add_all(made)
        session.flush()
        for n, day in gone.items():
            made[n].ended = begins(days[day]) + timedelta(hours=9)
        for n, role, (since, until) in held:
            session.add(Post(person=made[n].id, role=role, org=org, since=days[since], until=days[until], by="", reason=""))
        for n, deputy, (since, until) in away:
            session.add(Deputy(person=made[n].id, deputy=made[deputy].id, since=days[since], until=days[until], by="", reason=""))
    with database.reading() as session:
        everybody = [session.get_one(Person, p.id) for p in made]
        for day in days[::2]:
            there = {p.id for p in everybody if p.ended is None or day_of(p.ended) > day}
            acting = {p.id: acting_posts(session, p, day) for p in everybody}
            for role in ROLES[:2]:
                below = {p for p in there if any(q.role == role and q.person in there for q in acting[p])}
                assert {p.id for p in holding(session, role, org, None, day)} == below, (day, role)
            for p in everybody:  # an administrator's post is nobody else's
                assert all(q.role != ROLES[2] or q.person == p.id for q in acting[p.id])


def test_a_deputy_acts_while_the_person_is_away_and_no_day_longer(database: Database) -> None:
    someone(database, "wang", "head", "H01", "0401")
    someone(database, "li", "accountant")
    people.stand_in(database, "wang", NewDeputy("li", DAY + timedelta(days=1), DAY + timedelta(days=3)), OWNER.login)
    mine, hers = ("accountant", None), ("head", "0401")
    assert [acting(database, "li", DAY + timedelta(days=n)) for n in range(4)] == [[mine], [mine, hers], [mine, hers], [mine]]


def test_a_deputy_of_an_administrator_does_not_act_as_one(database: Database) -> None:
    someone(database, "sec", "security_admin", "")
    someone(database, "li", "finance")
    people.stand_in(database, "sec", NewDeputy("li", DAY, DAY + timedelta(days=3)), OWNER.login)
    assert acting(database, "li", DAY) == [("finance", None)]


def test_administrators_are_kept_apart_through_a_chain_of_deputies(database: Database) -> None:
    someone(database, "sys", "system_admin", "")
    sec = someone(database, "sec")
    someone(database, "li")
    week = (DAY, DAY + timedelta(days=7))
    people.stand_in(database, "sys", NewDeputy("li", *week), OWNER.login)
    people.stand_in(database, "li", NewDeputy("sec", *week), OWNER.login)
    with pytest.raises(DeskError, match="kept apart"):
        people.give(database, sec, NewPost("security_admin", "", None, DAY), OWNER.login)
    people.give(database, sec, NewPost("security_admin", "", None, week[1]), OWNER.login)


def test_nobody_stands_in_through_somebody_who_has_gone(database: Database, hands: Hands) -> None:
    someone(database, "wang", "head", "H01", "0401")
    for login in ("li", "zhao"):
        someone(database, login)
    week = (DAY, DAY + timedelta(days=7))
    people.stand_in(database, "wang", NewDeputy("li", *week), OWNER.login)
    people.stand_in(database, "li", NewDeputy("zhao", *week), OWNER.login)
    hands.pass_by(days=1)
    people.end(database, "li", OWNER.login)
    tomorrow = DAY + timedelta(days=1)
    assert [acting(database, "zhao", day) for day in (DAY, tomorrow)] == [[("head", "0401")], []]
    assert [p.login for p in people.holders(database, "head", "H01", "0401", tomorrow)] == ["wang"]


def test_who_leaves_leaves_the_posts_that_were_to_come_too(database: Database, hands: Hands) -> None:
    wang = someone(database, "wang")
    people.give(database, wang, NewPost("head", "H01", "0401", DAY + timedelta(days=9)), OWNER.login)
    hands.pass_by(days=1)
    people.end(database, "wang", OWNER.login)
    with database.reading() as session:
        assert posts_of(session, wang, DAY + timedelta(days=10)) == []
        assert [p.login for p in stood_in_for(session, wang, DAY)] == ["wang"]


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), DAY, date.max])
def test_the_first_and_the_last_day_of_all_are_days(database: Database, day: date) -> None:
    someone(database, "wang", "head", "H01", "0401")
    assert day_of(begins(day)) == max(day, date(1900, 1, 1))
    assert [p.login for p in people.holders(database, "head", "H01", "0401", day)] == (["wang"] if day >= DAY else [])
    assert begins(day) == begins(day)
    assert in_china(begins(DAY)).strftime("%Y-%m-%d %H:%M") == "2026-03-02 00:00"
