"""口令、动态码与登录 · Passwords, one-time codes and log-in: who is let in, for how long, and when the door stays shut.

Passwords are kept as argon2, tokens and reset codes as SHA-256. Five wrong attempts within fifteen minutes shut a login for
fifteen, whether it exists or not: the answer never tells. Without mail a password is set anew by a code that the security
administrator makes and hands over in person; it takes the old one-time codes away as well.
"""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import takewhile

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from heng.core.errors import AccessError, DeskError
from heng.desk.audit import Deed, acting, note
from heng.desk.database import Database, day_of, in_china, now
from heng.desk.lock import locked_since, not_locked
from heng.desk.notices import Message, notify
from heng.desk.people import not_oneself, present, sign_off, spelt
from heng.desk.schema import Audit, Person, Post
from heng.desk.schema import Session as SignedIn
from heng.desk.standing import SECURITY, acting_posts
from heng.desk.turn import remembered

WRONG, SHUT = 5, timedelta(minutes=15)
IDLE, LIFE, SEEN = timedelta(minutes=20), timedelta(hours=12), timedelta(minutes=1)
HANDED_OVER = timedelta(hours=24)
LOG_IN, SET_PASSWORD, RESET = "account.log_in", "account.set_password", "account.reset"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 that nobody confuses: sixteen of them are 80 bits
hasher = PasswordHasher()


@dataclass(frozen=True)
class Signed:
    """登录着的人 · Who is logged in, the posts she may act in today (her own first, then as deputy), and for which purpose."""

    person: Person
    posts: tuple[Post, ...]
    purpose: str


def reset(db: Database, login: str, by: str) -> str:
    """重设口令的一次性代码 · A code to hand over in person: with it a new password is set, once, within a day.

    Every session of the person ends; who had a password is told by a notice who made the code.
    """
    with acting(db, by, (SECURITY,), Deed(RESET, spelt(login))) as session:
        return new_code(session, present(session, login), by)


def new_code(session: Session, person: Person, by: str) -> str:
    """一次性代码 · As `reset`, inside the caller's transaction."""
    not_oneself(person, by, RESET)
    code = spoken_code()
    person.reset, person.reset_until = hashed(plain(code)), now(session) + HANDED_OVER
    sign_off(session, person)
    if person.password is not None:  # the first code is no news to who waits for it
        notify(session, [person.id], _told_of_code(person, by, now(session)))
    return code


def spoken_code() -> str:
    """可以念的代码 · A code that can be read aloud and typed: four times four letters, 80 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def plain(typed: str) -> str:
    """代码的一种写法 · A code as it is compared, however it was typed."""
    return re.sub(r"[\s-]", "", typed).upper()


def hashed(token: str) -> str:
    """只留哈希 · What is kept of a token or a code: it cannot be found out from this."""
    return sha256(token.encode()).hexdigest()


def _told_of_code(person: Person, by: str, moment: datetime) -> Message:
    zh, en = (by, by) if by else ("区域文件夹的主人", "the owner of the region's folder")
    at = f"{in_china(moment):%Y-%m-%d %H:%M}"
    body = (
        f"{at} {zh}为您的账号 {person.login} 做了设口令的一次性代码，您的登录都已退出。不是您要的，请马上告诉安全管理员。\n"
        f"{at} {en} made a code to set the password of your account {person.login}; you are logged out everywhere. "
        "If you did not ask for it, tell the security administrator at once."
    )
    key = f"{RESET}/{person.login}/{secrets.token_hex(8)}"  # two codes are two notices
    return Message(key, "有人为您做了设口令的代码 · A code for your password was made", body)


def set_password(db: Database, login: str, proof: str, new: str) -> None:
    """设口令 · Set a password; `proof` is the present one or the code handed over. Every session of the person ends."""
    login = spelt(login)
    _fit(login, new)
    proven, kept, code = _proven(db, login, proof), hasher.hash(new), hashed(plain(proof))
    with db.writing() as session:

        def by_code(person: Person) -> bool:
            fresh = person.reset_until is not None and now(session) < person.reset_until
            return fresh and hmac.compare_digest(person.reset or "", code)

        person = _attempt(session, login, SET_PASSWORD, lambda p: by_code(p) or (proven is not None and p.password == proven))
        if person is not None:
            if by_code(person):
                person.totp = None
            person.password, person.reset, person.reset_until = kept, None, None
            sign_off(session, person)
    if person is None:
        raise _kept_out(db, login)


def log_in(db: Database, login: str, password: str, code: str = "", purpose: str = "") -> str:
    """登录 · Let a person in, and give the token of the session; it is kept nowhere, only its hash."""
    login, token = spelt(login), secrets.token_urlsafe(32)
    proven = _proven(db, login, password)
    with db.writing() as session:
        moment = now(session)
        person = _attempt(session, login, LOG_IN, lambda p: proven is not None and p.password == proven and _once(p, code, moment))
        if person is not None:
            session.add(SignedIn(token=hashed(token), person=person.id, purpose=purpose, began=moment, seen=moment))
    if person is None:
        raise _kept_out(db, login)
    return token


def signed(db: Database, token: str, idle: timedelta = IDLE) -> Signed:
    """这是谁 · Who a token belongs to. A session ends after `idle` without a sign of life, and twelve hours after log-in.

    Signs of life are written down once a minute, so a session may end that minute early.
    """
    with db.reading() as session:
        live = _live(session, token, idle)
        person = session.get_one(Person, live.person)
        day = day_of(now(session))
        posts = remembered(session, ("posts", person.id, day), lambda: tuple(acting_posts(session, person, day)))
        found = Signed(person, posts, live.purpose)
        unwritten = now(session) - live.seen >= SEEN
    if unwritten:
        with db.writing() as session:
            _live(session, token, idle).seen = now(session)
    return found


def log_out(db: Database, token: str) -> None:
    """退出 · End a session; one that has ended stays so."""
    with db.writing() as session:
        live = session.scalar(select(SignedIn).where(SignedIn.token == hashed(token), SignedIn.ended.is_(None)))
        if live is not None:
            live.ended = now(session)
            note(session, session.get_one(Person, live.person).login, Deed("account.log_out"))


def new_totp(login: str) -> tuple[str, str]:
    """动态码的密钥 · A secret for one-time codes, and the address that a phone reads as a picture."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=spelt(login), issuer_name="Heng")


def set_totp(db: Database, token: str, secret: str, code: str) -> None:
    """启用动态码 · From now on log-in needs a code; a first code shows that the phone has the secret."""
    with db.writing() as session:
        person = session.get_one(Person, _live(session, token, IDLE).person)
        if person.totp is not None:
            raise DeskError(
                "动态码已经启用",
                "one-time codes are in use already",
                where="totp",
                mend=("换手机请找安全管理员重设", "for a new phone ask the security administrator for a reset"),
            )
        person.totp, person.totp_used = secret, 0
        if not (_readable(secret) and _once(person, code, now(session))):
            raise DeskError(
                "动态码不对，或密钥抄错",
                "the secret or the one-time code is wrong",
                where="totp",
                mend=(
                    "密钥照抄 heng desk people totp 给的；再看手机时间是否准确，输入最新的代码",
                    "copy the secret as heng desk people totp gave it; see that the phone's clock is right and take the newest code",
                ),
            )
        note(session, person.login, Deed("account.set_totp"))


def _fit(login: str, password: str) -> None:
    mend = ("请换一个：至少 10 个字符，不是账号", "choose another: at least 10 characters, and not the login")
    if len(password) < 10:
        raise DeskError(
            f"口令只有 {len(password)} 个字符", f"the password has only {len(password)} characters", where="password", mend=mend
        )
    if len(password) > 1000:
        raise DeskError("口令超过 1000 个字符", "the password is longer than 1000 characters", where="password", mend=mend)
    if spelt(password) == login:
        raise DeskError("口令与账号相同", "the password is the login", where="password", mend=mend)


@cache
def _nobody() -> str:
    return hasher.hash(secrets.token_urlsafe(32))


def _proven(db: Database, login: str, password: str) -> str | None:
    """The hash that a password fits. It takes long on purpose, so no transaction waits for it, and as long for nobody's login."""
    with db.reading() as session:
        kept = session.scalar(select(Person.password).where(Person.login == login))
    try:
        hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return None
    return kept


def _attempt(session: Session, login: str, action: str, fits: Callable[[Person], bool]) -> Person | None:
    """One attempt, written down whether it fits or not; while a login is shut nothing is tried, and nothing counts."""
    shut = _shut_until(session, login) is not None
    person = None if shut else session.scalar(select(Person).where(Person.login == login, Person.ended.is_(None)))
    if person is not None and not fits(person):
        person = None
    note(session, login, Deed("account.shut" if shut else action, allowed=person is not None))
    return person


def _shut_until(session: Session, login: str) -> datetime | None:
    own = and_(Audit.login == login, Audit.action.in_((LOG_IN, SET_PASSWORD)))
    opened = and_(Audit.action == RESET, Audit.object == login, Audit.allowed)
    recent = select(Audit).where(Audit.at > now(session) - 2 * SHUT, or_(own, opened)).order_by(Audit.id.desc()).limit(WRONG)
    wrong = list(takewhile(lambda row: not row.allowed, session.scalars(recent)))
    if len(wrong) < WRONG or wrong[0].at - wrong[-1].at > SHUT or now(session) >= wrong[0].at + SHUT:
        return None
    return wrong[0].at + SHUT


def _kept_out(db: Database, login: str) -> AccessError:
    with db.reading() as session:
        shut = _shut_until(session, login)
    if shut is None:
        return AccessError(
            "账号、口令或动态码不对",
            "login, password or one-time code is wrong",
            where=login,
            mend=(
                "核对后再试；忘了口令或换了手机，请找安全管理员要代码",
                "check them and try again; for a forgotten password or a new phone ask the security administrator for a code",
            ),
        )
    minutes = -(-(shut - db.clock()) // timedelta(minutes=1))
    return AccessError(
        f"错了 {WRONG} 次，{minutes} 分钟后才能再试",
        f"wrong {WRONG} times: try again in {minutes} minutes",
        where=login,
        mend=("忘了口令请找安全管理员重设", "for a forgotten password ask the security administrator"),
    )


def _once(person: Person, code: str, moment: datetime) -> bool:
    """Whether the code fits this half minute or a neighbour, later than the last one accepted; it is then used up."""
    if person.totp is None:
        return True
    step, totp = int(moment.replace(tzinfo=UTC).timestamp()) // 30, pyotp.TOTP(person.totp)
    for near in (step - 1, step, step + 1):
        if near > person.totp_used and hmac.compare_digest(totp.generate_otp(near).encode(), code.encode()):
            person.totp_used = near
            return True
    return False


def _readable(secret: str) -> bool:
    try:
        return len(pyotp.TOTP(secret).byte_secret()) >= 10
    except ValueError:  # no base32
        return False


def _live(session: Session, token: str, idle: timedelta) -> SignedIn:
    live = session.scalar(select(SignedIn).where(SignedIn.token == hashed(token), SignedIn.ended.is_(None)))
    if live is not None:
        not_locked(session, live.person)
    over = live is None or now(session) >= min(live.seen + idle, live.began + LIFE) or locked_since(session, live.person, live.began)
    if live is None or over or session.get_one(Person, live.person).ended:
        raise AccessError(
            "没有登录，或登录已过期", "not logged in, or too long ago", where="session", mend=("请重新登录", "please log in again")
        )
    return live
