"""授权 · `heng desk grants`: the register of grants, giving and withdrawing them."""

from dataclasses import dataclass, field
from typing import Annotated

from typer import Argument, Option

from heng.core.errors import HengError
from heng.serve.cli.command import Purpose, command
from heng.serve.cli.desk_group import Day, Number, Since, Until, group
from heng.serve.cli.desk_open import DeskOptions, day, opened, until
from heng.serve.cli.desk_show import done, give

grants = group("grants", "授权：超出平时的权限 · grants: rights beyond those of the roles")
Why = Annotated[str, Option("--reason", help="理由 · reason")]


@dataclass(kw_only=True)
class GiveOptions(DeskOptions):
    """授权的选项 · Options of `heng desk grants give`."""

    role: Annotated[str, Argument(metavar="ROLE", help="给哪个角色 · to which role")]
    action: Annotated[str, Argument(metavar="ACTION", help="做什么，如 see · to do what, such as see")]
    relation: Annotated[str, Argument(metavar="RELATION", help="own dept partner named region")]
    level: Annotated[int, Option("--level", min=0, max=4, help="看到第几级 · down to which level of data")]
    reason: Why
    org: Annotated[str, Option("--org", help="named 时是哪家医院 · which hospital, for named", show_default=False)] = ""
    holder: Annotated[str, Option("--holder", help="只给这家医院的人 · only to people of this hospital", show_default=False)] = ""
    purpose: Purpose = ""
    table: Annotated[list[str], Option("--table", help="只这些表，可多次 · only these tables", show_default=False)] = field(
        default_factory=list
    )
    column: Annotated[list[str], Option("--column", help="只这些列，可多次 · only these columns", show_default=False)] = field(
        default_factory=list
    )
    since: Since = ""
    until: Until = ""


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """授权名册的选项 · Options of `heng desk grants list`."""

    day: Day = ""
    all: Annotated[bool, Option("--all", help="也列已结束的 · those that have ended, too")] = False


@dataclass(kw_only=True)
class WithdrawOptions(DeskOptions):
    """收回的选项 · Options of `heng desk grants withdraw`."""

    number: Number
    reason: Why


@command("give", GiveOptions, grants)
def give_grant(asked: GiveOptions) -> None:
    """授权（安全管理员；不能给自己） · Grant; nobody grants to herself."""
    from heng.core.scope import Level
    from heng.core.table import TABLES
    from heng.desk.grants import Given, grant

    with opened(asked) as at:
        if strange := [t for t in asked.table if t not in TABLES]:
            from heng.core.errors import did_you_mean

            near = did_you_mean(strange[0], TABLES)
            raise HengError(f"没有表 {strange[0]}", f"there is no table {strange[0]}", where="--table", mend=near)
        made = grant(
            at.db,
            at.desk.rights,
            at.by,
            Given(
                asked.role,
                asked.action,
                asked.relation,
                Level(asked.level),
                asked.reason,
                org=at.org(asked.org) or None,
                holder=at.org(asked.holder) or None,
                purpose=asked.purpose,
                tables=tuple(asked.table),
                columns=tuple(asked.column),
                since=day(asked.since, at.db.today),
                until=until(asked.until),
            ),
        )
        done("grants_give", as_data=asked.json, id=made.id, role=made.role, level=made.level)


@command("list", ListOptions, grants)
def list_grants(asked: ListOptions) -> None:
    """授权名册 · The register of grants."""
    from heng.desk.register import grant_register

    with opened(asked) as at:
        found = grant_register(at.db, at.by, day(asked.day, at.db.today), every=asked.all)
        give(found, as_data=asked.json, name="grants")


@command("withdraw", WithdrawOptions, grants)
def withdraw_grant(asked: WithdrawOptions) -> None:
    """收回授权（安全管理员） · Withdraw a grant: it ends today."""
    from heng.desk.grants import withdraw

    with opened(asked) as at:
        made = withdraw(at.db, at.by, asked.number, asked.reason)
        done("grants_withdraw", as_data=asked.json, id=made.id, until=made.until)
