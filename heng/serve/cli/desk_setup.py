"""建立案头、登录与退出 · Set the desk up, bring its tables up to date, log in and out."""

import os
from dataclasses import dataclass
from typing import Annotated

from typer import Option

from heng.core.errors import HengError
from heng.serve.cli.command import Json, Purpose, command
from heng.serve.cli.console import say
from heng.serve.cli.desk_group import Who, desk
from heng.serve.cli.desk_open import DeskOptions, log_in, opened, session_file
from heng.serve.cli.desk_show import done, give, print_data
from heng.serve.cli.session import session


@dataclass(kw_only=True)
class SetupOptions:
    """建立的选项 · Options of `heng desk setup`."""

    system: Annotated[str, Option("--system", metavar="LOGIN=NAME", help="系统管理员 · system administrator")]
    security: Annotated[str, Option("--security", metavar="LOGIN=NAME", help="安全管理员 · security administrator")]
    audit: Annotated[str, Option("--audit", metavar="LOGIN=NAME", help="审计管理员 · audit administrator")]
    json: Json = False


@dataclass(kw_only=True)
class UpgradeOptions:
    """升级的选项 · Options of `heng desk upgrade`."""

    json: Json = False


@dataclass(kw_only=True)
class LoginOptions:
    """登录的选项 · Options of `heng desk login`."""

    who: Who
    purpose: Purpose = ""
    json: Json = False


@command("setup", SetupOptions, desk)
def setup(asked: SetupOptions) -> None:
    """建立案头与三位管理员 · Make the desk and its three administrators, each with a code to set a password with."""
    from heng.app.desk import Desk
    from heng.desk.founding import Administrator, found
    from heng.desk.migration import upgrade
    from heng.desk.people import spelt

    wanted = [Administrator(f"{k}_admin", *_named(getattr(asked, k), f"--{k}")) for k in ("system", "security", "audit")]
    made = Desk(session().region(), new=True)
    try:
        upgrade(made.db)
        codes = found(made.db, wanted)
    finally:
        made.db.close()
    rows = ({"role": a.role, "login": spelt(a.login), "name": a.name, "code": codes[a.role]} for a in wanted)
    give(rows, as_data=asked.json, name="administrators")
    if not asked.json:
        say("desk.handover")


def _named(text: str, option: str) -> tuple[str, str]:
    login, _, name = text.partition("=")
    if not login.strip() or not name.strip():
        raise HengError(
            f"「{text}」要写成 账号=姓名", f"{text!r}: write LOGIN=NAME", where=option, mend=("如 wang=王小明", "such as wang=王小明")
        )
    return login.strip(), name.strip()


@command("upgrade", UpgradeOptions, desk)
def upgrade_tables(asked: UpgradeOptions) -> None:
    """把案头的表更新到这个版本 · Bring the desk's tables up to this release."""
    from heng.app.desk import Desk
    from heng.desk.migration import newest, upgrade

    made = Desk(session().region())
    try:
        before = upgrade(made.db)
    finally:
        made.db.close()
    done("upgrade", as_data=asked.json, before=before, now=newest())


@command("login", LoginOptions, desk)
def login(asked: LoginOptions) -> None:
    """登录：以后的命令都以此身份 · Log in: the commands that follow are yours."""
    from heng.app.desk import Desk
    from heng.desk.account import signed

    made = Desk(session().region())
    try:
        token, file = log_in(made, asked.who, asked.purpose), session_file(made)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as kept:
            os.fchmod(kept.fileno(), 0o600)  # also where the file was there before
            kept.write(token)
        who = signed(made.db, token)
    finally:
        made.db.close()
    done("login", as_data=asked.json, login=who.person.login, name=who.person.name)


@command("logout", DeskOptions, desk)
def logout(asked: DeskOptions) -> None:
    """退出 · Log out; the session ends on the server, too."""
    from heng.app.desk import Desk
    from heng.desk.account import log_out

    made = Desk(session().region())
    try:
        file = session_file(made)
        if file.exists():
            log_out(made.db, file.read_text("utf8", "replace"))
            file.unlink()
    finally:
        made.db.close()
    done("logout", as_data=asked.json)


@command("whoami", DeskOptions, desk)
def whoami(asked: DeskOptions) -> None:
    """我是谁、今天担任什么、代理什么 · Who I am at the desk, and the posts I hold today, also as a deputy."""
    with opened(asked) as at:
        names = ("role", "org", "dept", "since", "until")
        held = [{n: getattr(p, n) for n in names} | {"deputy": p.person != at.me.id} for p in at.posts]
        if asked.json:
            print_data({"login": at.by, "name": at.person.name if at.person else "", "posts": held})
        elif at.person is None:
            say("desk.owner")
        else:
            say("desk.whoami", login=at.by, name=at.person.name)
            give(held, as_data=False, name="posts")
