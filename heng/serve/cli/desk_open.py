"""谁在用案头 · Who works at the desk in this command: a person who logged in, or the owner of the region's folder.

`--as LOGIN` logs in for this one command (password asked for, or in HENG_PASSWORD; one-time code in HENG_CODE). Without it
the session of `heng desk login` counts; without that, whoever can open the desk's database is its owner.
"""

import getpass
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from heng.core.errors import AccessError, HengError
from heng.serve.cli.command import Asker, Json, Login
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.desk import Desk
    from heng.app.doing import Doer
    from heng.app.reader import Reader
    from heng.app.region import Region
    from heng.desk.database import Database
    from heng.desk.rights import Asking
    from heng.desk.schema import Person, Post


@dataclass(kw_only=True)
class DeskOptions:
    """案头命令都有的选项 · Options of every command of the desk."""

    login: Login = ""
    json: Json = False


@dataclass(frozen=True)
class At:
    """在案头的人 · The desk, and who works at it: `by` is empty for the owner of the folder."""

    desk: "Desk"
    by: str = ""
    token: str = ""
    person: "Person | None" = None
    posts: "tuple[Post, ...]" = field(default=())

    @property
    def db(self) -> "Database":
        """数据库 · The database."""
        return self.desk.db

    @property
    def me(self) -> "Person":
        """我 · The person who is logged in; AccessError for the owner of the folder, who is nobody in particular."""
        if self.person is None:
            raise AccessError(
                "这件事要有人登录才能做",
                "somebody must be logged in for this",
                where="heng desk",
                mend=("先 heng desk login 账号，或加 --as 账号", "heng desk login LOGIN first, or add --as LOGIN"),
            )
        return self.person

    @property
    def roles(self) -> tuple[str, ...]:
        """今天的角色 · The roles that may be acted in today: her own first, then those of the people she stands in for."""
        return tuple(dict.fromkeys(p.role for p in self.posts))

    def must_answer(self, org: str, dept: str | None) -> None:
        """须有答复的权限 · AccessError unless one of the roles held today has the right to answer for a place."""
        from heng.desk.answering import must_answer

        must_answer(self.db, self.desk.rights, (self.by, self.roles), (org, dept))

    def keeper(self, action: str) -> None:
        """须是系统管理员 · AccessError unless a system administrator, or the owner of the folder (a timer, say), is at work."""
        from heng.desk.audit import Deed, acting
        from heng.desk.standing import SYSTEM

        if self.by:
            with acting(self.db, self.by, (SYSTEM,), Deed(action)):
                return

    def readers(self, action: str = "see") -> "Iterator[Reader]":
        """谁在看 · The region as it is seen in each of the roles held today; the owner of the folder sees all of it."""
        from heng.app.asking import reading_as
        from heng.desk.rights import Asking

        if self.person is None:
            yield session().reader(region=self.desk.region)
        for role in self.roles:
            yield reading_as(self.desk, Asking(self.by, role, action=action))

    def org(self, written: str) -> str:
        """医院编码 · The code of a hospital given by code or name; empty stays empty: the region."""
        return self.desk.region.hospital(written).code if written else ""

    def dept(self, org: str, written: str) -> str | None:
        """科室编码 · The code of a department of a hospital, given by code or name; None where none is written.

        A hospital without a dictionary of departments yet keeps it as it is written.
        """
        from heng.app.departments import Departments

        if written and not org:
            raise HengError(
                f"科室「{written}」是哪家医院的？",
                f"of which hospital is the department {written}?",
                where="--dept",
                mend=("加 --org 医院", "add --org HOSPITAL"),
            )
        return Departments(self.desk.region, org, self.db.today).code(written) if written else None


@contextmanager
def opened(asked: DeskOptions) -> Iterator[At]:
    """打开案头 · Open the desk of the current region for who asks; AccessError for who cannot log in."""
    from heng.app.desk import Desk
    from heng.desk.account import log_out, signed

    desk = Desk(session().region())
    try:
        kept = session_file(desk)
        # A session file that is empty or damaged is a session that has ended, never the owner's.
        token = log_in(desk, asked.login) if asked.login else kept.read_text("utf8", "replace") if kept.exists() else None
        try:
            who = signed(desk.db, token) if token is not None else None
            yield At(desk, who.person.login, token or "", who.person, who.posts) if who else At(desk)
        finally:
            if asked.login and token:
                log_out(desk.db, token)
    finally:
        desk.db.close()


def reader_of(asked: Asker, region: "Region", action: str) -> "Reader":
    """以谁的身份看 · The region as a person sees it who logs in for this one command; AccessError where her role is not said."""
    from heng.app.asking import reading_as

    return reading_as(*_asking(asked, region, action))


def doer_of(asked: Asker, region: "Region", action: str) -> "Doer":
    """以谁的身份做 · The person who acts, logged in for this one command; AccessError where her role is not said."""
    from heng.app.asking import acting_as

    return acting_as(*_asking(asked, region, action))


def _asking(asked: Asker, region: "Region", action: str) -> "tuple[Desk, Asking]":
    from heng.app.desk import Desk
    from heng.desk.account import log_out, signed
    from heng.desk.rights import Asking

    desk = Desk(region)
    token = log_in(desk, asked.login, asked.purpose)
    who = signed(desk.db, token)
    log_out(desk.db, token)
    login, roles = who.person.login, tuple(dict.fromkeys(p.role for p in who.posts))  # the login as it is kept, however it was typed
    return desk, Asking(login, one_role(login, roles, asked.role), asked.purpose, action)


def one_role(login: str, roles: tuple[str, ...], said: str) -> str:
    """用哪个角色 · The role that is said, or the only one held; AccessError when that is not clear."""
    if not said and len(roles) != 1:
        raise AccessError(
            f"{login} 有 {len(roles)} 个角色，要说明用哪一个",
            f"{login} holds {len(roles)} roles: say which",
            where="--role",
            mend=(f"写一个：{'、'.join(roles)}", f"one of {', '.join(roles)}"),
        )
    return said or roles[0]


def log_in(desk: "Desk", login: str, purpose: str = "") -> str:
    """登录 · The token of a new session; the password is asked for, or taken from HENG_PASSWORD."""
    from heng.desk.account import log_in as let_in

    password, code = ask("HENG_PASSWORD", session().say("desk.ask.password", login=login)), os.environ.get("HENG_CODE")
    if code is None:
        code = "" if "HENG_PASSWORD" in os.environ else ask("HENG_CODE", session().say("desk.ask.code"))
    return let_in(desk.db, login, password, code.strip(), purpose)


def ask(variable: str, prompt: str) -> str:
    """问一个秘密 · What an environment variable holds, or what the person types unseen; HengError where nobody can be asked."""
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise HengError(
            "没有人可以问口令",
            "there is nobody to ask for a password",
            where=variable,
            mend=(f"把它放在环境变量 {variable} 里", f"give it in the environment variable {variable}"),
        )
    return getpass.getpass(prompt)


def session_file(desk: "Desk") -> Path:
    """会话文件 · Where the token of this user's session at this desk is kept, readable by nobody else."""
    name = hashlib.sha256(desk.db.url.render_as_string(hide_password=True).encode()).hexdigest()[:16]
    return Path.home() / ".heng" / f"session-{name}"


def day(text: str, default: date | None = None) -> date:
    """一天 · A day as people write it; HengError when it is none."""
    try:
        return default if default and not text else date.fromisoformat(text)
    except ValueError as e:
        raise HengError(
            f"「{text}」不是日期", f"{text!r} is not a day", where="--day --since --until", mend=("写成 2026-03-02", "write 2026-03-02")
        ) from e


def until(text: str) -> date | None:
    """结束日 · The day on which it holds no longer; None when it is not written."""
    return day(text) if text else None
