"""通知 · `heng desk notices`: what I was told, sending what is due, trying a channel, the log of deliveries."""

from dataclasses import dataclass, field
from typing import Annotated

from typer import Argument, Option

from heng.core.errors import DeskError, did_you_mean
from heng.serve.cli.command import command
from heng.serve.cli.console import say, tell
from heng.serve.cli.desk_group import LARGEST, group
from heng.serve.cli.desk_open import DeskOptions, opened
from heng.serve.cli.desk_show import cell, done, give, print_data

notices = group("notices", "通知：页面、邮件、群机器人 · notices: page, mail, robots")
Limit = Annotated[int, Option("--limit", min=1, max=10000, help="最多行数 · rows at most")]


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """我的通知的选项 · Options of `heng desk notices list`."""

    all: Annotated[bool, Option("--all", help="也列读过的 · those that I have read, too")] = False
    limit: Limit = 30


@dataclass(kw_only=True)
class ReadOptions(DeskOptions):
    """读过的选项 · Options of `heng desk notices read`."""

    numbers: Annotated[list[int], Argument(metavar="NUMBER…", min=0, max=LARGEST, help="号码，见 list · numbers, see list")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class TrialOptions(DeskOptions):
    """试发的选项 · Options of `heng desk notices test-send`."""

    channel: Annotated[str, Argument(metavar="CHANNEL", help="通道的 name · name of the channel")]
    to: Annotated[str, Option("--to", help="邮件地址 · mail address", show_default=False)] = ""


@dataclass(kw_only=True)
class LogOptions(DeskOptions):
    """投递记录的选项 · Options of `heng desk notices log`."""

    limit: Limit = 30


@command("list", ListOptions, notices)
def list_notices(asked: ListOptions) -> None:
    """我的通知，新的在前 · My notices, the newest first."""
    from heng.desk.notices import notices_of

    with opened(asked) as at:
        found = notices_of(at.db, at.me.id, unread=not asked.all, limit=asked.limit)
        if asked.json:
            names = ("id", "case", "subject", "body", "made", "read")
            print_data({"notices": [{n: getattr(notice, n) for n in names} for notice in found]})
            return
        for n in found:
            tell(f"{n.id} · {cell('made', n.made)} · {n.subject}", *(f"  {line}" for line in n.body.splitlines()))
        if not found:
            say("desk.none")


@command("read", ReadOptions, notices)
def read_notices(asked: ReadOptions) -> None:
    """标为读过 · Mark notices as read."""
    from heng.desk.notices import mark_read

    with opened(asked) as at:
        done("notices_read", as_data=asked.json, n=mark_read(at.db, at.me.id, asked.numbers))


@command("deliver", DeskOptions, notices)
def deliver_notices(asked: DeskOptions) -> int:
    """把该送的送出去；有通道不通时退出码 1 · Send what is due; exit code 1 when something could not be sent. For a timer."""
    from heng.desk.delivery import deliver

    with opened(asked) as at:
        at.keeper("notices.deliver")
        made = deliver(at.db, at.desk.channels)
        told = {"sent": made.sent, "failed": made.failed, "given_up": made.given_up, "nowhere": made.nowhere}
        if asked.json:
            print_data({**told, "down": list(made.down)})
        else:
            say("desk.delivered", **told)
            for name in made.down:
                say("desk.down", channel=name)
        return 1 if made.failed or made.given_up else 0


@command("test-send", TrialOptions, notices)
def send_trial(asked: TrialOptions) -> int:
    """试发一条，看通道设好没有 · Send a trial: is the channel set up?"""
    from heng.desk.delivery import trial

    with opened(asked) as at:
        at.keeper("notices.test_send")
        channels = {c.name: c for c in at.desk.channels}
        if asked.channel not in channels:
            near = did_you_mean(asked.channel, channels)
            raise DeskError(
                f"没有通道「{asked.channel}」",
                f"there is no channel {asked.channel!r}",
                where="heng.yaml notices.channels",
                mend=near
                if near[0]
                else ("在 heng.yaml 里设好通道，见 docs/how-to/desk.md", "set channels up in heng.yaml: docs/how-to/desk.md"),
            )
        made = trial(at.db, channels[asked.channel], asked.to)
        done("notices_trial", as_data=asked.json, channel=made.channel, address=made.address, outcome=made.outcome, said=made.said)
        return 0 if made.outcome == "sent" else 1


@command("log", LogOptions, notices)
def show_log(asked: LogOptions) -> None:
    """投递记录，新的在前 · The log of deliveries, the newest first."""
    from heng.desk.delivery import deliveries

    with opened(asked) as at:
        at.keeper("notices.log")
        names = ("id", "tried", "channel", "address", "notice", "attempt", "outcome", "said")
        give([{n: getattr(d, n) for n in names} for d in deliveries(at.db, limit=asked.limit)], as_data=asked.json, name="deliveries")
