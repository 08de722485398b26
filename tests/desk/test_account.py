"""登录 · Passwords, one-time codes, sessions and the shut door, on both databases."""

from datetime import UTC, timedelta
from hashlib import sha256

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from heng.core.errors import AccessError, DeskError
from heng.core.scope import OWNER
from heng.desk import account, people
from heng.desk.audit import Sought, trail
from heng.desk.database import Database
from heng.desk.notices import notices_of
from heng.desk.people import NewDeputy
from heng.desk.schema import Emergency, Person
from heng.desk.schema import Session as SignedIn
from tests.desk.conftest import Hands, someone

PASSWORD = "正确的马电池订书钉"  # noqa: S105 - nobody's
NEW = "another long enough one"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 takes long on purpose; here it need not."""
    monkeypatch.setattr(account, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def wang(database: Database) -> str:
    """A head of department with a password."""
    someone(database, "wang", "head", "H01", "0401")
    account.set_password(database, "wang", account.reset(database, "wang", OWNER.login), PASSWORD + "。")
    return PASSWORD + "。"


def wrong(db: Database, times: int = 1, login: str = "wang") -> None:
    """Wrong attempts, none of which says more than it must."""
    for _ in range(times):
        with pytest.raises(AccessError, match=r"is wrong|wrong 5 times"):
            account.log_in(db, login, "not the password")


def now_code(secret: str, hands: Hands, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(hands.moment.replace(tzinfo=UTC) + timedelta(seconds=30 * steps))


def test_who_logs_in_is_known_by_the_token_and_holds_todays_posts(database: Database, wang: str) -> None:
    token = account.log_in(database, "Wang", wang, purpose="audit")
    who = account.signed(database, token)
    assert (who.person.login, [p.role for p in who.posts], who.purpose) == ("wang", ["head"], "audit")
    account.log_out(database, token)
    account.log_out(database, token)
    with pytest.raises(AccessError, match="log in again"):
        account.signed(database, token)


def test_neither_tokens_nor_codes_nor_passwords_are_kept(database: Database, wang: str) -> None:
    token, code = account.log_in(database, "wang", wang), account.reset(database, "wang", OWNER.login)
    with database.reading() as session:
        kept = session.scalars(select(SignedIn.token)).all()
        person = session.scalars(select(Person)).one()
    assert kept == [sha256(token.encode()).hexdigest()]
    assert len(token) == 43  # 256 bits
    assert person.reset == sha256(code.replace("-", "").encode()).hexdigest()
    assert str(person.password).startswith("$argon2id$")


def test_changing_the_password_needs_the_old_one_and_ends_every_session(database: Database, wang: str) -> None:
    token = account.log_in(database, "wang", wang)
    with pytest.raises(AccessError, match="is wrong"):
        account.set_password(database, "wang", "not it at all", NEW)
    account.set_password(database, "wang", wang, NEW)
    for shut in (lambda: account.signed(database, token), lambda: account.log_in(database, "wang", wang)):
        with pytest.raises(AccessError):
            shut()
    assert account.log_in(database, "wang", NEW)


@pytest.mark.usefixtures("wang")
def test_a_code_handed_over_sets_a_password_once_within_a_day(database: Database, hands: Hands) -> None:
    first, code = account.reset(database, "wang", OWNER.login), account.reset(database, "wang", OWNER.login)
    with pytest.raises(AccessError):  # only the last one made is good
        account.set_password(database, "wang", first, NEW)
    account.set_password(database, "wang", code.lower().replace("-", " "), NEW)
    with pytest.raises(AccessError):
        account.set_password(database, "wang", code, PASSWORD * 2)
    late = account.reset(database, "wang", OWNER.login)
    hands.pass_by(hours=24)
    with pytest.raises(AccessError):
        account.set_password(database, "wang", late, PASSWORD * 2)
    assert account.log_in(database, "wang", NEW)


@pytest.mark.usefixtures("wang")
def test_only_the_security_administrator_resets_and_not_her_own(database: Database) -> None:
    for login, role in (("sec", "security_admin"), ("sys", "system_admin")):
        someone(database, login, role, "")
    assert account.reset(database, "wang", "sec")
    for by, login in (("sys", "wang"), ("wang", "wang"), ("sec", "sec")):
        with pytest.raises(AccessError):
            account.reset(database, login, by)


def test_five_wrong_attempts_shut_the_door_for_fifteen_minutes(database: Database, wang: str, hands: Hands) -> None:
    wrong(database, 5)
    for minutes in (0, 14):
        hands.pass_by(minutes=minutes)
        with pytest.raises(AccessError, match=f"try again in {15 - minutes} minutes"):
            account.log_in(database, "wang", wang)
    hands.pass_by(minutes=1)
    assert account.log_in(database, "wang", wang)


def test_wrong_attempts_count_for_fifteen_minutes_and_no_longer_than_until_a_right_one(database: Database, wang: str, hands: Hands) -> None:
    wrong(database, 4)
    assert account.log_in(database, "wang", wang)
    wrong(database, 4)
    hands.pass_by(minutes=16)
    wrong(database, 4)
    assert account.log_in(database, "wang", wang)
    for _ in range(5):  # five in sixteen minutes are not five in fifteen
        wrong(database)
        hands.pass_by(minutes=4)
    assert account.log_in(database, "wang", wang)


def test_a_login_that_does_not_exist_is_answered_the_same(database: Database, hands: Hands) -> None:
    said = []
    someone(database, "wang")
    for login in ("wang", "nobody"):
        for _ in range(6):
            with pytest.raises(AccessError) as told:
                account.log_in(database, login, "whatever it is")
            said.append((login, told.value.en))
    assert [en for login, en in said if login == "wang"] == [en for login, en in said if login == "nobody"]
    hands.pass_by(minutes=15)
    wrong(database, 1, "nobody")


@pytest.mark.usefixtures("wang")
def test_a_reset_opens_a_shut_door(database: Database) -> None:
    wrong(database, 5)
    account.set_password(database, "wang", account.reset(database, "wang", OWNER.login), NEW)
    assert account.log_in(database, "wang", NEW)


@pytest.fixture
def phone(database: Database, wang: str, hands: Hands) -> str:
    """The secret that the phone of the head of department has; its first code is used up."""
    secret, address = account.new_totp("wang")
    assert address.startswith("otpauth://totp/Heng:wang?secret=")
    token = account.log_in(database, "wang", wang)
    with pytest.raises(DeskError, match="code is wrong"):
        account.set_totp(database, token, secret, "000000")
    account.set_totp(database, token, secret, now_code(secret, hands))
    with pytest.raises(DeskError, match="in use already"):
        account.set_totp(database, token, secret, now_code(secret, hands, 1))
    return secret


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_time_is_refused(database: Database, wang: str, phone: str, hands: Hands, steps: int) -> None:
    hands.pass_by(hours=1)
    with pytest.raises(AccessError):
        account.log_in(database, "wang", wang, now_code(phone, hands, steps))


def test_no_one_time_code_is_accepted_twice(database: Database, wang: str, phone: str, hands: Hands) -> None:
    for code in (now_code(phone, hands), now_code(phone, hands, -1), "一二三四五六", ""):
        with pytest.raises(AccessError):
            account.log_in(database, "wang", wang, code)
    assert account.log_in(database, "wang", wang, now_code(phone, hands, 1))  # the phone's clock may be fast
    hands.pass_by(seconds=30)
    with pytest.raises(AccessError):  # it was accepted half a minute ago
        account.log_in(database, "wang", wang, now_code(phone, hands))
    hands.pass_by(seconds=30)
    assert account.log_in(database, "wang", wang, now_code(phone, hands))


def test_a_lost_phone_is_mended_by_a_reset(database: Database, wang: str, phone: str, hands: Hands) -> None:
    account.set_password(database, "wang", wang, NEW)
    with pytest.raises(AccessError):  # a new password does not take the codes away
        account.log_in(database, "wang", NEW)
    assert account.log_in(database, "wang", NEW, now_code(phone, hands, 1))
    account.set_password(database, "wang", account.reset(database, "wang", OWNER.login), wang)
    assert account.log_in(database, "wang", wang)


def test_a_session_ends_when_idle_and_after_twelve_hours(database: Database, wang: str, hands: Hands) -> None:
    idle = account.log_in(database, "wang", wang)
    hands.pass_by(minutes=19)
    account.signed(database, idle)
    hands.pass_by(minutes=19)
    account.signed(database, idle)
    hands.pass_by(minutes=20)
    with pytest.raises(AccessError, match="log in again"):
        account.signed(database, idle)
    busy = account.log_in(database, "wang", wang)
    for _ in range(71):
        hands.pass_by(minutes=10)
        account.signed(database, busy)
    hands.pass_by(minutes=10)
    with pytest.raises(AccessError, match="log in again"):
        account.signed(database, busy)
    with pytest.raises(AccessError):
        account.signed(database, account.log_in(database, "wang", wang), timedelta())


def test_who_has_gone_is_out_at_once(database: Database, wang: str) -> None:
    token = account.log_in(database, "wang", wang)
    people.end(database, "wang", OWNER.login)
    with pytest.raises(AccessError):
        account.signed(database, token)
    wrong(database)
    with pytest.raises(AccessError):
        account.log_in(database, "wang", wang)


def test_a_code_ends_every_session_and_tells_whose_it_is_who_made_it(database: Database, wang: str, hands: Hands) -> None:
    someone(database, "sec", "security_admin", "")
    tokens = [account.log_in(database, "wang", wang) for _ in range(2)]
    account.reset(database, "wang", OWNER.login)
    hands.pass_by(minutes=5)
    code = account.reset(database, "wang", "sec")
    for token in tokens:
        with pytest.raises(AccessError, match="log in again"):
            account.signed(database, token)
    newest, first = notices_of(database, people.find(database, "wang").id)  # none of the code for the first password
    assert "sec" in newest.body
    assert "2026-03-02 09:05" in newest.body
    assert "主人" in first.body
    assert code not in newest.body
    (row,) = trail(database, OWNER.login, Sought(login="sec", action=account.RESET))
    assert (row.object, row.role, row.allowed) == ("wang", "security_admin", True)
    assert account.signed(database, account.log_in(database, "wang", wang)).person.login == "wang"  # the old password still opens


def test_no_session_outlives_the_lock_of_a_broken_glass(database: Database, wang: str, hands: Hands) -> None:
    person = people.find(database, "wang").id
    with database.writing() as session:
        broken = Emergency(person=person, org="H01", subject="P1", reason="抢救", began=hands.moment, until=hands.moment)
        broken.approved_by = broken.approved_at = None
        session.add(broken)
    hands.pass_by(hours=23, minutes=50)
    token = account.log_in(database, "wang", wang)
    assert account.signed(database, token)
    hands.pass_by(minutes=11)
    with pytest.raises(AccessError, match="locked"):
        account.signed(database, token)
    hands.pass_by(minutes=1)
    with database.writing() as session:
        row = session.get_one(Emergency, broken.id)
        row.approved_by, row.approved_at = "guard", hands.moment
    with pytest.raises(AccessError, match="log in again"):
        account.signed(database, token)
    assert account.signed(database, account.log_in(database, "wang", wang))


def test_a_glass_approved_of_in_time_ends_no_session(database: Database, wang: str, hands: Hands) -> None:
    token, person = account.log_in(database, "wang", wang), people.find(database, "wang").id
    began, approved = hands.moment - timedelta(hours=23, minutes=50), hands.moment + timedelta(minutes=5)
    with database.writing() as session:
        session.add(Emergency(person=person, org="H01", subject="P1", reason="抢救", began=began, until=began, approved_at=approved))
    hands.pass_by(minutes=15)  # a day and five minutes after the glass was broken
    assert account.signed(database, token)


def test_a_deputy_is_signed_in_with_the_posts_of_who_is_away(database: Database, wang: str) -> None:
    someone(database, "li", "finance")
    people.stand_in(database, "li", NewDeputy("wang", database.today, database.today + timedelta(days=1)), OWNER.login)
    assert [p.role for p in account.signed(database, account.log_in(database, "wang", wang)).posts] == ["head", "finance"]


@pytest.mark.parametrize("token", ["", " ", "x" * 10**5, "令牌", "\x00", "' or 1=1 --"])
def test_what_is_no_token_is_nobody(database: Database, wang: str, token: str) -> None:
    account.log_in(database, "wang", wang)
    with pytest.raises(AccessError, match="log in again"):
        account.signed(database, token)


@pytest.mark.parametrize("code", ["", "0", "000000", "-1", "1e5", "９９９９９９", "9" * 10**5, "一二三四五六", "\x00" * 6])
def test_what_is_no_code_opens_nothing(database: Database, wang: str, phone: str, code: str) -> None:
    assert phone
    with pytest.raises(AccessError, match="is wrong"):
        account.log_in(database, "wang", wang, code)


def test_every_attempt_is_in_the_audit(database: Database, wang: str) -> None:
    account.log_out(database, account.log_in(database, "wang", wang))
    wrong(database, 6)
    told = [(a.action, a.allowed) for a in trail(database, OWNER.login, Sought(login="wang"))]
    seen = [("account.shut", False)] + [(account.LOG_IN, False)] * 5
    assert told == [*seen, ("account.log_out", True), (account.LOG_IN, True), (account.SET_PASSWORD, True)]
