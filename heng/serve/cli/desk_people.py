"""人员与账号 · `heng desk people`: who has an account, the staff file, passwords, codes and phones."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from heng.core.errors import HengError
from heng.serve.cli.command import Dept, Json, Org, command
from heng.serve.cli.console import say, tell
from heng.serve.cli.desk_group import Who, group
from heng.serve.cli.desk_open import DeskOptions, ask, opened
from heng.serve.cli.desk_show import done, give, print_data
from heng.serve.cli.session import session

people = group("people", "人员与账号 · people and their accounts")


@dataclass(kw_only=True)
class AddOptions(DeskOptions):
    """加人的选项 · Options of `heng desk people add`."""

    who: Who
    name: Annotated[str, Option("--name", help="姓名 · name")]
    org: Org = ""
    dept: Dept = ""
    staff_no: Annotated[str, Option("--staff-no", help="工号 · staff number", show_default=False)] = ""
    mail: Annotated[str, Option("--mail", help="邮件地址 · mail address", show_default=False)] = ""


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """名册的选项 · Options of `heng desk people list`."""

    org: Org = ""
    all: Annotated[bool, Option("--all", help="也列离开的人 · those who have left, too")] = False


@dataclass(kw_only=True)
class OneOptions(DeskOptions):
    """一个人 · One person."""

    who: Who


@dataclass(kw_only=True)
class ImportOptions(DeskOptions):
    """装入人员表的选项 · Options of `heng desk people import`."""

    file: Annotated[Path, Argument(metavar="FILE", help="人员表：工号、姓名、科室 · staff file")]
    org: Annotated[str, Option("--org", help="医院编码或名称 · hospital code or name")]


@dataclass(kw_only=True)
class PasswordOptions:
    """口令的选项 · Options of `heng desk people password`."""

    who: Who
    json: Json = False


@command("add", AddOptions, people)
def add(asked: AddOptions) -> None:
    """加一个人（系统管理员）；不写 --org 就是区域的人 · Add a person; without --org a person of the region."""
    from heng.desk.people import NewPerson
    from heng.desk.people import add as enter

    with opened(asked) as at:
        org = at.org(asked.org)
        new = NewPerson(asked.who, asked.name, org, at.dept(org, asked.dept), asked.staff_no or None, asked.mail or None)
        made = enter(at.db, new, at.by)
        done("people_add", as_data=asked.json, login=made.login, name=made.name, org=made.org, dept=made.dept)


@command("list", ListOptions, people)
def list_people(asked: ListOptions) -> None:
    """人员名册 · The people with an account."""
    from heng.desk.register import people as read

    with opened(asked) as at:
        give(read(at.db, at.by, at.org(asked.org) if asked.org else None, gone=asked.all), as_data=asked.json, name="people")


@command("end", OneOptions, people)
def end(asked: OneOptions) -> None:
    """离开：不能再登录，任职结束（系统管理员） · A person leaves: no log-in, no posts any more."""
    from heng.desk.people import end as leave

    with opened(asked) as at:
        leave(at.db, asked.who, at.by)
        done("people_end", as_data=asked.json, login=asked.who)


@command("import", ImportOptions, people)
def import_file(asked: ImportOptions) -> None:
    """按人员表加人、改科室（系统管理员） · Add people and move them as the staff file of a hospital says."""
    from heng.app.departments import Departments
    from heng.app.staff_file import read_staff
    from heng.desk.staff import import_staff

    with opened(asked) as at:
        known = Departments(at.desk.region, at.org(asked.org), at.db.today)
        found = import_staff(at.db, read_staff(asked.file, known), at.by)
    listed = {
        "added": [f"{r.staff_no} {r.name}" for r in found.added],
        "changed": [f"{b.staff_no} {b.name} {b.dept or ''} → {a.name} {a.dept or ''}" for b, a in found.changed],
        "ended": [f"{r.staff_no} {r.name}" for r in found.ended],
        "missing": [f"{r.staff_no} {r.name}" for r in found.missing],
    }
    if asked.json:
        print_data({**listed, "unchanged": found.unchanged})
        return
    say("desk.import.done", **{k: len(v) for k, v in listed.items()}, unchanged=found.unchanged)
    for kind in ("ended", "missing", "changed"):
        if listed[kind]:
            tell(session().say(f"desk.import.{kind}"), *(f"  {line}" for line in listed[kind]))


@command("code", OneOptions, people)
def code(asked: OneOptions) -> None:
    """重设口令的一次性代码，当面交给本人（安全管理员） · A code to set a new password with, handed over in person."""
    from heng.desk.account import reset

    with opened(asked) as at:
        done("people_code", as_data=asked.json, login=asked.who, code=reset(at.db, asked.who, at.by))


@command("password", PasswordOptions, people)
def password(asked: PasswordOptions) -> None:
    """设口令：凭原口令或交来的代码 · Set a password, with the present one (HENG_PASSWORD) or the code; the new one in HENG_NEW_PASSWORD."""
    from heng.app.desk import Desk
    from heng.desk.account import set_password

    proof = ask("HENG_PASSWORD", session().say("desk.ask.proof"))
    new = ask("HENG_NEW_PASSWORD", session().say("desk.ask.new"))
    if "HENG_NEW_PASSWORD" not in os.environ and ask("HENG_NEW_PASSWORD", session().say("desk.ask.again")) != new:
        raise HengError("两次输入的口令不同", "the two passwords differ", where="password", mend=("再输一遍", "type them again"))
    made = Desk(session().region())
    try:
        set_password(made.db, asked.who, proof, new)
    finally:
        made.db.close()
    done("people_password", as_data=asked.json, login=asked.who)


@command("totp", DeskOptions, people)
def totp(asked: DeskOptions) -> None:
    """启用动态码：给出密钥，再问手机上的码 · Use one-time codes: shows a secret once, then asks for the code of the phone.

    Scripts call it twice: the second time with the secret in HENG_TOTP and the code in HENG_CODE.
    """
    from heng.desk.account import new_totp, set_totp

    with opened(asked) as at:
        login, secret = at.me.login, os.environ.get("HENG_TOTP", "").strip()
        if not secret:
            secret, address = new_totp(login)
            done("people_secret", as_data=asked.json, secret=secret, address=address)
            if asked.json or not sys.stdin.isatty():
                return
        set_totp(at.db, at.token, secret, ask("HENG_CODE", session().say("desk.ask.phone")).strip())
        done("people_totp", as_data=asked.json, login=login)
