"""人与任职 · People, posts, deputies, partners and the staff file, on both databases."""

from datetime import date, timedelta

import pytest

from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER
from heng.desk import partners, people, staff
from heng.desk.audit import Sought, trail
from heng.desk.database import Database
from heng.desk.partners import NewPartner
from heng.desk.people import NewDeputy, NewPerson, NewPost
from heng.desk.schema import Person
from heng.desk.staff import StaffRow
from tests.desk.conftest import Hands, someone

DAY = date(2026, 3, 2)


def logins(found: list[Person]) -> list[str]:
    return [p.login for p in found]


def heads(db: Database, day: date) -> list[str]:
    return logins(people.holders(db, "head", "H01", "0401", day))


def test_a_post_is_held_from_its_day_until_the_day_before_its_end(database: Database) -> None:
    wang = someone(database, "wang")
    post = NewPost("head", "H01", "0401", DAY, DAY + timedelta(days=7))
    assert people.give(database, wang, post, OWNER.login).id == people.give(database, wang, post, OWNER.login).id
    held = [heads(database, DAY + timedelta(days=n)) for n in (-1, 0, 6, 7)]
    assert held == [[], ["wang"], ["wang"], []]


def test_a_role_is_held_at_exactly_the_place_asked_for(database: Database) -> None:
    someone(database, "wang", "head", "H01", "0401")
    someone(database, "caiwu", "finance", "H01")
    assert heads(database, DAY) == ["wang"]
    assert people.holders(database, "head", "H01", None, DAY) == []
    assert people.holders(database, "head", "H02", "0401", DAY) == []
    assert logins(people.holders(database, "finance", "H01", None, DAY)) == ["caiwu"]


def test_a_deputy_answers_for_who_is_away_and_a_deputy_of_the_deputy_too(database: Database) -> None:
    someone(database, "wang", "head", "H01", "0401")
    for login in ("li", "zhao"):
        someone(database, login)
    people.stand_in(database, "wang", NewDeputy("li", DAY, DAY + timedelta(days=5)), "wang")
    people.stand_in(database, "li", NewDeputy("zhao", DAY + timedelta(days=2), DAY + timedelta(days=3)), OWNER.login)
    people.stand_in(database, "zhao", NewDeputy("wang", DAY, DAY + timedelta(days=9)), OWNER.login)  # round in a circle
    held = [heads(database, DAY + timedelta(days=n)) for n in (-1, 0, 2, 3, 5)]
    assert held == [[], ["wang", "li"], ["wang", "li", "zhao"], ["wang", "li"], ["wang"]]


def test_who_has_gone_holds_nothing_and_stands_in_for_nobody(database: Database, hands: Hands) -> None:
    someone(database, "wang", "head", "H01", "0401")
    someone(database, "li", "head", "H01", "0401")
    someone(database, "zhao")
    people.stand_in(database, "wang", NewDeputy("zhao", DAY, DAY + timedelta(days=30)), "wang")
    hands.pass_by(days=1)
    for login in ("li", "zhao"):
        people.end(database, login, OWNER.login)
    assert heads(database, DAY) == ["wang", "li", "zhao"]  # what was, was so
    assert heads(database, DAY + timedelta(days=1)) == ["wang"]
    assert people.posts(database, "li", DAY + timedelta(days=1)) == []
    with pytest.raises(DeskError, match="has gone"):
        people.give(database, people.find(database, "li"), NewPost("it", "H01", None, DAY), OWNER.login)


def test_a_post_can_be_taken_at_once(database: Database) -> None:
    wang = someone(database, "wang", "head", "H01", "0401")
    (post,) = people.posts(database, "wang", DAY)
    people.take(database, post.id, DAY, OWNER.login)
    assert heads(database, DAY) == []
    assert trail(database, OWNER.login, Sought(action="people.take"))[0].object == f"post {post.id}: wang head H01 0401 –{DAY}"
    with pytest.raises(DeskError, match="ended before"):
        people.take(database, post.id, DAY, OWNER.login)
    assert people.give(database, wang, NewPost("head", "H01", "0401", DAY), OWNER.login).id != post.id


def test_only_the_right_administrator_may_and_every_attempt_is_written_down(database: Database) -> None:
    for login, role in (("sys", "system_admin"), ("sec", "security_admin"), ("aud", "audit_admin"), ("wang", "president")):
        someone(database, login, role, "")
    li = people.add(database, NewPerson("li", "李", "H01"), "sys")
    people.give(database, li, NewPost("it", "H01", None, DAY), "sec")
    for by in ("sec", "aud", "wang", "nobody"):
        with pytest.raises(AccessError, match="system_admin"):
            people.add(database, NewPerson("zhao", "赵", "H01"), by)
    for by in ("sys", "aud", "wang", "nobody"):
        with pytest.raises(AccessError, match="security_admin"):
            people.give(database, li, NewPost("finance", "H01", None, DAY), by)
    told = [(a.login, a.action, a.role, a.allowed) for a in trail(database, "aud", Sought(action="people."), limit=10)]
    denied = [(by, "people.give", "", False) for by in ("nobody", "wang", "aud", "sys")]
    denied += [(by, "people.add", "", False) for by in ("nobody", "wang", "aud", "sec")]
    assert told == [*denied, ("sec", "people.give", "security_admin", True), ("sys", "people.add", "system_admin", True)]
    with pytest.raises(AccessError, match="audit_admin"):
        trail(database, "sec", Sought())


def test_nobody_gives_herself_a_post_nor_stands_in_by_her_own_word(database: Database) -> None:
    sec = someone(database, "sec", "security_admin", "")
    someone(database, "wang", "president")
    with pytest.raises(AccessError, match="for herself"):
        people.give(database, sec, NewPost("president", "H01", None, DAY), "sec")
    with pytest.raises(AccessError, match="for herself"):
        people.stand_in(database, "wang", NewDeputy("sec", DAY, DAY + timedelta(days=1)), "sec")
    with pytest.raises(DeskError, match="stand in for herself"):
        people.stand_in(database, "wang", NewDeputy("wang", DAY, DAY + timedelta(days=1)), "wang")


def test_the_three_administrators_are_kept_apart(database: Database) -> None:
    sys = someone(database, "sys", "system_admin", "")
    sec = someone(database, "sec", "security_admin", "")
    with pytest.raises(DeskError, match="kept apart"):
        people.give(database, sys, NewPost("audit_admin", "", None, DAY), OWNER.login)
    with pytest.raises(DeskError, match="kept apart"):
        people.stand_in(database, "sys", NewDeputy("sec", DAY, DAY + timedelta(days=1)), "sys")
    people.take(database, people.posts(database, "sec", DAY)[0].id, DAY + timedelta(days=9), OWNER.login)
    people.give(database, sec, NewPost("audit_admin", "", None, DAY + timedelta(days=9)), OWNER.login)  # one after the other
    li = someone(database, "li")
    people.stand_in(database, "sys", NewDeputy("li", DAY, DAY + timedelta(days=1)), "sys")
    with pytest.raises(DeskError, match="kept apart"):
        people.give(database, li, NewPost("audit_admin", "", None, DAY), OWNER.login)
    people.give(database, li, NewPost("audit_admin", "", None, DAY + timedelta(days=1)), OWNER.login)


@pytest.mark.parametrize("login", ["wang", "WANG", "ｗａｎｇ"])
def test_a_login_is_the_same_in_capitals_and_full_width(database: Database, login: str) -> None:
    someone(database, "wang")
    assert people.find(database, login).login == "wang"
    with pytest.raises(DeskError, match="is taken"):
        someone(database, login)


@pytest.mark.parametrize("login", ["", "a", "a b", "a\n", "x" * 101, "' or 1=1 --"])
def test_odd_logins_are_refused(database: Database, login: str) -> None:
    with pytest.raises(DeskError, match="cannot be a login"):
        someone(database, login)


@pytest.mark.parametrize("spelt", ["wang", "WANG", "ｗａｎｇ"])
def test_whoever_is_away_names_her_deputy_however_she_writes_her_own_login(database: Database, spelt: str) -> None:
    for login in ("wang", "li"):
        someone(database, login)
    row = people.stand_in(database, spelt, NewDeputy("LI", DAY, DAY + timedelta(days=1)), "wang")
    assert (row.person, row.deputy, row.by) == (people.find(database, "wang").id, people.find(database, "li").id, "wang")
    with pytest.raises(AccessError, match="security_admin"):
        people.stand_in(database, spelt, NewDeputy("LI", DAY, DAY + timedelta(days=1)), "li")


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**40, 2**63 - 1])
def test_a_number_that_nothing_has_is_told_however_large(database: Database, number: int) -> None:
    for end in (people.take, partners.part):
        with pytest.raises(DeskError, match="or it ended before"):
            end(database, number, DAY, OWNER.login)


@pytest.mark.parametrize("number", [2**63, 2**64, 10**40])
def test_a_number_beyond_all_numbers_is_told(database: Database, number: int) -> None:
    for end in (people.take, partners.part):
        with pytest.raises(DeskError, match="too large"):
            end(database, number, DAY, OWNER.login)


@pytest.mark.parametrize("name", ["", " ", "王\n李", "王\x00", "王" * 201, "\u202e王"])
def test_odd_names_are_refused_in_words(database: Database, name: str) -> None:
    with pytest.raises(DeskError, match="the name of wang cannot be used") as told:
        people.add(database, NewPerson("wang", name, "H01"), OWNER.login)
    assert "\\" not in str(told.value)
    assert len(str(told.value)) < 300


def test_a_text_longer_than_its_column_is_refused_alike_on_both_databases(database: Database) -> None:
    wang = someone(database, "wang")
    with pytest.raises(DeskError, match="201 characters, at most 200") as told:
        people.give(database, wang, NewPost("it", "H01", None, DAY, None, "理" * 201), OWNER.login)
    assert told.value.where == "post.reason"
    assert people.posts(database, "wang", DAY) == []
    with pytest.raises(DeskError, match="at most 200"):
        people.add(database, NewPerson("li", "李", "H01", "科" * 201), OWNER.login)
    with pytest.raises(DeskError, match="at most 200"):
        staff.import_staff(database, [StaffRow("H01", "1", "王", "科" * 201)], OWNER.login)


def test_a_name_that_cannot_be_is_told_with_its_place_also_of_somebody_known(database: Database) -> None:
    staff.import_staff(database, [StaffRow("H01", "1", "王")], OWNER.login)
    for row in (StaffRow("H01", "1", "王\n李", None, "人员.csv 第 3 行"), StaffRow("H01", "2", "王\n李", None, "人员.csv 第 3 行")):
        with pytest.raises(DeskError, match="cannot be used") as told:
            staff.import_staff(database, [row], OWNER.login)
        assert told.value.where == "人员.csv 第 3 行"
    assert people.find(database, "h01-1").name == "王"


def test_mistakes_about_posts_are_told(database: Database) -> None:
    wang = someone(database, "wang")
    with pytest.raises(DeskError, match="did you mean accountant"):
        people.give(database, wang, NewPost("acountant", "H01", None, DAY), OWNER.login)
    with pytest.raises(DeskError, match="the roles are accountant"):
        people.give(database, wang, NewPost("皇帝", "H01", None, DAY), OWNER.login)
    with pytest.raises(DeskError, match="no longer"):
        people.give(database, wang, NewPost("it", "H01", None, DAY, DAY), OWNER.login)
    with pytest.raises(DeskError, match="there is no login"):
        people.find(database, "wong")


def test_partners_see_each_other_whichever_was_named_first(database: Database) -> None:
    pair = partners.pair(database, NewPartner("H01", "H02", DAY), OWNER.login)
    partners.pair(database, NewPartner("H03", "H01", DAY, DAY + timedelta(days=2)), OWNER.login)
    partners.part(database, pair.id, DAY + timedelta(days=4), OWNER.login)
    with database.reading() as session:
        seen = [sorted(partners.partners(session, "H01", DAY + timedelta(days=n))) for n in (-1, 0, 2, 4)]
        assert partners.partners(session, "H02", DAY) == {"H01"}
    assert seen == [[], ["H02", "H03"], ["H02"], []]
    with pytest.raises(DeskError, match="two hospitals"):
        partners.pair(database, NewPartner("H01", "H01", DAY), OWNER.login)


def test_the_staff_file_says_what_changed_and_changes_nothing_twice(database: Database) -> None:
    first = [StaffRow("H01", "001", "王", "0401"), StaffRow("H01", "002", "李", "0402"), StaffRow("H02", "001", "赵")]
    assert staff.import_staff(database, first, OWNER.login).added == tuple(first)
    assert staff.import_staff(database, reversed(first), OWNER.login) == staff.Imported(unchanged=3)
    people.end(database, "h02-001", OWNER.login)
    moved, new = StaffRow("H01", "001", "王", "0402"), StaffRow("H01", "003", "孙", "0401")
    told = staff.import_staff(database, [moved, new, first[2]], OWNER.login)
    assert told == staff.Imported((new,), ((first[0], moved),), (first[2],), (first[1],), 0)
    assert people.find(database, "H01-001").dept == "0402"
    assert people.find(database, "h01-002").ended is None


def test_a_staff_file_that_contradicts_itself_changes_nothing(database: Database) -> None:
    rows = [StaffRow("H01", "001", "王", "0401"), StaffRow("H01", "001", "王", "0402")]
    with pytest.raises(DeskError, match="that differ"):
        staff.import_staff(database, rows, OWNER.login)
    with pytest.raises(DeskError, match="is missing"):
        staff.import_staff(database, [rows[0], StaffRow("H01", "", "李")], OWNER.login)
    with pytest.raises(DeskError, match="there is no login"):
        people.find(database, "h01-001")
