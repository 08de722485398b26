"""结账与反结账 · Close a month, reopen it, list what is closed."""

from dataclasses import dataclass
from typing import Annotated

from typer import Argument, Option

from heng.core.errors import HengError
from heng.core.period import period
from heng.serve.cli.command import Asker, Json, Org, Reason, command
from heng.serve.cli.console import say
from heng.serve.cli.session import session


@dataclass(kw_only=True)
class CloseOptions(Asker):
    """结账的选项 · Options of `heng close`."""

    month: Annotated[str, Argument(metavar="[MONTH]", help="月份 · month")] = ""
    org: Org = ""
    by: Annotated[str, Option("--by", help="经办人 · who does it", show_default=False)] = ""
    reason: Reason = ""
    reopen: Annotated[bool, Option("--reopen", help="反结账，须另一人 · reopen; another person must")] = False
    list: Annotated[bool, Option("--list", help="列出已结账的月份 · list what is closed")] = False
    json: Json = False


@command("close", CloseOptions)
def close(asked: CloseOptions) -> None:
    """结账：锁住一个月；--reopen 反结账 · Close (lock) a month, or reopen it."""
    from heng.app.closing import close as lock
    from heng.app.closing import reopen

    if asked.list or asked.json:
        _list(asked)
        return
    doer = session().doer(asked, "close")
    region, by = doer.region, _by(asked)
    org, months = region.hospital(_given(asked.org, "--org")).code, period(_given(asked.month, "MONTH")).months
    doer.must([org])
    for month in months:
        if asked.reopen:
            made = reopen(region, org, month, by or (region.by if asked.login else ""), asked.reason)
            say("close.reopened", org=org, month=month, by=made.by, generation=made.generation)
        else:
            made = lock(region, org, month, by, asked.reason)
            say("close.closed", org=org, month=month, by=made.by, generation=made.generation)


def _by(asked: CloseOptions) -> str:
    if asked.by and asked.login:
        raise HengError(
            "--as 已说明是谁，不能再写 --by",
            "--as says who does it: --by cannot say another",
            where="--by",
            mend=("去掉 --by", "leave out --by"),
        )
    return asked.by


def _list(asked: CloseOptions) -> None:
    from dataclasses import asdict

    from heng.serve.cli.output import print_json

    doer = session().doer(asked, "see")
    held = doer.region.manifest
    found = {kind: [c for c in rows if doer.may(c.org)] for kind, rows in (("closed", held.closed), ("reopened", held.reopened))}
    if asked.json:
        print_json({kind: [asdict(c) for c in rows] for kind, rows in found.items()})
        return
    for kind, rows in found.items():
        for c in rows:
            say(f"close.list.{kind}", org=c.org, month=c.month, by=c.by, at=c.at, generation=c.generation, reason=c.reason)
    if not any(found.values()):
        say("close.list.none")


def _given(value: str, option: str) -> str:
    if not value:
        raise HengError(
            "请写明月份与医院",
            "name the month and the hospital",
            where=option,
            mend=("如 heng close 2026-03 --org H01", "as in heng close 2026-03 --org H01"),
        )
    return value
