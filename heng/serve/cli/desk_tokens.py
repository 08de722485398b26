"""令牌 · `heng desk tokens`: the tokens by which machines ask and send: the register, a new one, taking one back."""

from dataclasses import dataclass, field
from typing import Annotated

from typer import Argument, Option

from heng.serve.cli.command import Purpose, command
from heng.serve.cli.desk_group import Number, Who, group
from heng.serve.cli.desk_open import DeskOptions, day, opened
from heng.serve.cli.desk_show import done, give

tokens = group("tokens", "令牌：机器的通行证 · tokens: what machines show")


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """令牌名册的选项 · Options of `heng desk tokens list`."""

    all: Annotated[bool, Option("--all", help="也列已失效的 · those that have ended, too")] = False


@dataclass(kw_only=True)
class MakeOptions(DeskOptions):
    """做令牌的选项 · Options of `heng desk tokens make`."""

    machine: Who
    role: Annotated[str, Argument(metavar="ROLE", help="以哪个角色 · in which role")]
    name: Annotated[str, Option("--name", help="给哪台机器、做什么 · for which machine")]
    until: Annotated[str, Option("--until", metavar="2027-03-02", help="哪天起失效，至多一年 · the first day no more, within a year")]
    action: Annotated[list[str], Option("--action", help="能做什么，可多次：see load answer … · for what")] = field(
        default_factory=lambda: ["see"]
    )
    org: Annotated[list[str], Option("--org", help="只在这些医院，可多次 · at these hospitals only", show_default=False)] = field(
        default_factory=list
    )
    purpose: Purpose = ""


@dataclass(kw_only=True)
class WithdrawOptions(DeskOptions):
    """收回的选项 · Options of `heng desk tokens withdraw`."""

    number: Number


@command("list", ListOptions, tokens)
def list_tokens(asked: ListOptions) -> None:
    """令牌名册，不含令牌本身（安全管理员） · The register of tokens; never what they say."""
    from heng.desk.tokens import tokens as register

    with opened(asked) as at:
        give(register(at.db, at.by, every=asked.all), as_data=asked.json, name="tokens")


@command("make", MakeOptions, tokens)
def make_token(asked: MakeOptions) -> None:
    """做令牌，只显示这一次（安全管理员） · Make a token; it is shown this once."""
    from heng.desk.tokens import NewToken, make

    with opened(asked) as at:
        orgs = tuple(at.org(o) for o in asked.org)
        new = NewToken(asked.machine, asked.name, asked.role, tuple(asked.action), day(asked.until), orgs, asked.purpose)
        number, told = make(at.db, at.by, new)
        done("tokens_make", as_data=asked.json, id=number, token=told)


@command("withdraw", WithdrawOptions, tokens)
def withdraw_token(asked: WithdrawOptions) -> None:
    """收回令牌，立即失效（安全管理员） · Take a token back: it ends at once."""
    from heng.desk.tokens import withdraw

    with opened(asked) as at:
        withdraw(at.db, at.by, asked.number)
        done("tokens_withdraw", as_data=asked.json, id=asked.number)
