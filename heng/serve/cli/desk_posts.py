"""任职、代理与合作 · `heng desk posts`, `deputies`, `partners`: who holds what where, who stands in, which hospitals work together."""

from dataclasses import dataclass
from typing import Annotated

from typer import Argument, Option

from heng.serve.cli.command import Dept, Org, Reason, command
from heng.serve.cli.desk_group import Day, Number, Since, Until, Who, group
from heng.serve.cli.desk_open import DeskOptions, day, opened, until
from heng.serve.cli.desk_show import done, give

posts = group("posts", "任职：谁在哪里是什么角色 · posts: who holds which role where")
deputies = group("deputies", "代理：不在时由谁代 · deputies: who stands in for whom")
partners = group("partners", "合作医院 · hospitals that work together")

Role = Annotated[str, Argument(metavar="ROLE", help="角色，如 head 科主任 · role")]


@dataclass(kw_only=True)
class GiveOptions(DeskOptions):
    """任职的选项 · Options of `heng desk posts give`."""

    who: Who
    role: Role
    org: Org = ""
    dept: Dept = ""
    since: Since = ""
    until: Until = ""
    reason: Reason = ""


@dataclass(kw_only=True)
class RegisterOptions(DeskOptions):
    """名册的选项 · Options of a register."""

    who: Annotated[str, Argument(metavar="[LOGIN]", help="只看此人 · of this person only")] = ""
    day: Day = ""


@dataclass(kw_only=True)
class EndOptions(DeskOptions):
    """结束的选项 · Options to end what has a number."""

    number: Number
    day: Day = ""


@dataclass(kw_only=True)
class DeputyOptions(DeskOptions):
    """代理的选项 · Options of `heng desk deputies add`."""

    who: Who
    deputy: Annotated[str, Argument(metavar="DEPUTY", help="由谁代 · login of who stands in")]
    until: Annotated[str, Option("--until", metavar="2026-03-09", help="哪天回来 · the day of return")]
    since: Since = ""
    reason: Reason = ""


@dataclass(kw_only=True)
class PairOptions(DeskOptions):
    """合作的选项 · Options of `heng desk partners add`."""

    one: Annotated[str, Argument(metavar="ORG", help="医院 · hospital")]
    other: Annotated[str, Argument(metavar="PARTNER", help="合作医院 · its partner")]
    since: Since = ""
    until: Until = ""
    reason: Reason = ""


@dataclass(kw_only=True)
class PairsOptions(DeskOptions):
    """合作名册的选项 · Options of `heng desk partners list`."""

    day: Day = ""


@command("give", GiveOptions, posts)
def give_post(asked: GiveOptions) -> None:
    """给一个任职（安全管理员）；不写 --org 就是区域的 · Give a post; without --org a post of the region."""
    from heng.desk.people import NewPost, find
    from heng.desk.people import give as hand

    with opened(asked) as at:
        org = at.org(asked.org)
        new = NewPost(asked.role, org, at.dept(org, asked.dept), day(asked.since, at.db.today), until(asked.until), asked.reason)
        made = hand(at.db, find(at.db, asked.who), new, at.by)
        done("posts_give", as_data=asked.json, id=made.id, login=asked.who, role=made.role, org=made.org, dept=made.dept)


@command("list", RegisterOptions, posts)
def list_posts(asked: RegisterOptions) -> None:
    """任职名册 · The posts held on a day."""
    from heng.desk.register import posts as read

    with opened(asked) as at:
        give(read(at.db, at.by, day(asked.day, at.db.today), asked.who or None), as_data=asked.json, name="posts")


@command("take", EndOptions, posts)
def take_post(asked: EndOptions) -> None:
    """免去一个任职（安全管理员） · Take a post away; on that day it is held no longer."""
    from heng.desk.people import take

    with opened(asked) as at:
        when = day(asked.day, at.db.today)
        take(at.db, asked.number, when, at.by)
        done("posts_take", as_data=asked.json, id=asked.number, day=when)


@command("add", DeputyOptions, deputies)
def add_deputy(asked: DeputyOptions) -> None:
    """请人代理：本人或安全管理员 · Name who stands in: the person herself, or the security administrator."""
    from heng.desk.people import NewDeputy, stand_in

    with opened(asked) as at:
        new = NewDeputy(asked.deputy, day(asked.since, at.db.today), day(asked.until), asked.reason)
        made = stand_in(at.db, asked.who, new, at.by)
        done("deputies_add", as_data=asked.json, id=made.id, login=asked.who, deputy=asked.deputy, since=made.since, until=made.until)


@command("list", RegisterOptions, deputies)
def list_deputies(asked: RegisterOptions) -> None:
    """代理名册 · Who stands in on a day or later."""
    from heng.desk.register import deputies as read

    with opened(asked) as at:
        give(read(at.db, at.by, day(asked.day, at.db.today), asked.who or None), as_data=asked.json, name="deputies")


@command("add", PairOptions, partners)
def add_partner(asked: PairOptions) -> None:
    """两家医院结成合作（安全管理员） · Two hospitals become partners."""
    from heng.desk.partners import NewPartner, pair

    with opened(asked) as at:
        one, other = at.org(asked.one), at.org(asked.other)
        made = pair(at.db, NewPartner(one, other, day(asked.since, at.db.today), until(asked.until), asked.reason), at.by)
        done("partners_add", as_data=asked.json, id=made.id, org=made.org, partner=made.partner)


@command("list", PairsOptions, partners)
def list_partners(asked: PairsOptions) -> None:
    """合作名册 · The hospitals that work together."""
    from heng.desk.register import partnerships

    with opened(asked) as at:
        give(partnerships(at.db, at.by, day(asked.day, at.db.today)), as_data=asked.json, name="partners")


@command("end", EndOptions, partners)
def end_partner(asked: EndOptions) -> None:
    """结束合作（安全管理员） · Two hospitals are partners no longer."""
    from heng.desk.partners import part

    with opened(asked) as at:
        when = day(asked.day, at.db.today)
        part(at.db, asked.number, when, at.by)
        done("partners_end", as_data=asked.json, id=asked.number, day=when)
